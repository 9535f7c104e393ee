//! The logfiles.

texts! {
    TITLE: "Logfiles", "Logbestanden";
    SUBTITLE: "A day’s events of a kind, as SMTPeter’s logfiles have them. Days are UTC.", "De gebeurtenissen van een soort per dag, zoals in de logbestanden van SMTPeter. Dagen zijn in UTC.";
    DAY: "Day", "Dag";
    FILE: "File", "Bestand";
    HOLDS: "Holds", "Bevat";
    DOWNLOAD: "Download", "Downloaden";
    DOWNLOAD_AS: "Download {name} as {format}", "{name} downloaden als {format}";
    WITH_HEADER: "CSV with names of columns", "CSV met kolomnamen";
    NONE: "There are no logfiles yet", "Er zijn nog geen logbestanden";
    NONE_MEANING: "A file begins with the first event of its kind on a day.", "Een bestand begint met de eerste gebeurtenis van zijn soort op een dag.";
    ABUSES: "complaints", "spamklachten";
    ATTEMPTS: "attempts", "pogingen";
    BOUNCES: "bounces", "bounces";
    CLICKS: "clicks", "klikken";
    DELIVERIES: "accepted messages", "geaccepteerde berichten";
    FAILURES: "failures", "mislukkingen";
    OPENS: "opens", "openingen";
    RESPONSES: "automatic replies and the like", "automatische antwoorden en dergelijke";
}
