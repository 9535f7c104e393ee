//! Moments and durations.

texts! {
    JUST_NOW: "just now", "zojuist";
    AT_ONCE: "now", "nu";
    AGO: "{span} ago", "{span} geleden";
    AHEAD: "in {span}", "over {span}";
    SECONDS: "{n} s", "{n} s";
    MINUTES: "{n} min", "{n} min";
    HOURS: "{n} h", "{n} uur";
    DAYS: "{n} {n?day|days}", "{n} {n?dag|dagen}";
    JANUARY: "Jan", "jan";
    FEBRUARY: "Feb", "feb";
    MARCH: "Mar", "mrt";
    APRIL: "Apr", "apr";
    MAY: "May", "mei";
    JUNE: "Jun", "jun";
    JULY: "Jul", "jul";
    AUGUST: "Aug", "aug";
    SEPTEMBER: "Sep", "sep";
    OCTOBER: "Oct", "okt";
    NOVEMBER: "Nov", "nov";
    DECEMBER: "Dec", "dec";
}
