/** The command's own words; those of the checks are in the report. */
export const WORDS = {
  en: {
    verified: (profile) => `It verifies (profile ${profile}).`,
    refused: (profile, { fail, pass, skip }) =>
      `It does not verify (profile ${profile}): ${fail} ${fail === 1 ? "check fails" : "checks fail"}, ${pass} pass, ${skip} ${skip === 1 ? "is" : "are"} skipped.`,
    outcomes: { pass: "passed", fail: "failed", skip: "skipped" },
    bytes: (number) => `${number.toLocaleString("en")} ${number === 1 ? "byte" : "bytes"} of body`,
    causes: "What most likely happened",
    signingString: "The signing string, as rebuilt from the call",
    event: "The event",
    undecodable: (message) => `The body cannot be read: ${message}`,
    noneSigned: (number) => `none of its ${number} requests carries a signature`,
    cannotRead: (message) => `it cannot be read: ${message}`,
    needsSecret: "Standard Webhooks are verified with a secret (whsec_…) or a public key (whpk_…): put it in a file and give that with --keys",
    noFile: "name a file, or - for standard input",
  },
  nl: {
    verified: (profile) => `De aanroep klopt (profiel ${profile}).`,
    refused: (profile, { fail, pass, skip }) =>
      `De aanroep klopt niet (profiel ${profile}): ${fail} ${fail === 1 ? "controle faalt" : "controles falen"}, ${pass} ${pass === 1 ? "slaagt" : "slagen"}, ${skip} ${skip === 1 ? "is" : "zijn"} overgeslagen.`,
    outcomes: { pass: "geslaagd", fail: "gefaald", skip: "overgeslagen" },
    bytes: (number) => `body van ${number.toLocaleString("nl")} ${number === 1 ? "byte" : "bytes"}`,
    causes: "Wat er vermoedelijk is gebeurd",
    signingString: "De te ondertekenen tekst, zoals opgebouwd uit de aanroep",
    event: "De gebeurtenis",
    undecodable: (message) => `De body kan niet worden gelezen: ${message}`,
    noneSigned: (number) => `geen van de ${number} aanroepen erin heeft een handtekening`,
    cannotRead: (message) => `het kan niet worden gelezen: ${message}`,
    needsSecret: "Standard Webhooks worden gecontroleerd met een geheim (whsec_…) of een publieke sleutel (whpk_…): zet die in een bestand en geef dat met --keys",
    noFile: "noem een bestand, of - voor de standaardinvoer",
  },
};
