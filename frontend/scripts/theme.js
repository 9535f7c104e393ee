// Before the first paint: the reader's theme and language, so that neither flashes. Not a module, so that it blocks.
(function () {
  var root = document.documentElement;
  var theme = null;
  var language = null;
  try {
    theme = localStorage.getItem("seinpost.theme");
    language = localStorage.getItem("seinpost.language");
  } catch (error) {
    // Storage is off: the system's theme and the browser's language it is.
  }
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (language !== "en" && language !== "nl") {
    language = (navigator.languages || [navigator.language || "en"]).some(function (each) { return /^nl\b/i.test(each); }) ? "nl" : "en";
    var first = (navigator.languages && navigator.languages[0]) || navigator.language || "en";
    if (/^en\b/i.test(first)) language = "en";
  }
  root.lang = language;
})();
