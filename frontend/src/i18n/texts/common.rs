//! Words of several pages.

texts! {
    ALL: "All", "Alle";
    ANSWER: "Answer", "Antwoord";
    CANCEL: "Cancel", "Annuleren";
    CLOSE: "Close", "Sluiten";
    COPIED: "Copied", "Gekopieerd";
    NOT_COPIED: "Not copied: the browser does not allow it. Select the text and copy it by hand.", "Niet gekopieerd: de browser staat het niet toe. Selecteer de tekst en kopieer die zelf.";
    DELETE_ASK: "Delete webhook…", "Webhook verwijderen…";
    ENABLE: "Enable", "Inschakelen";
    EVENT: "Event", "Gebeurtenis";
    FORM: "form", "formulier";
    FORMAT: "Format", "Formaat";
    JSON: "JSON", "JSON";
    KEEP_IT: "Keep it", "Behouden";
    NEWEST: "Newest", "Nieuwste";
    OUTCOME: "Outcome", "Uitkomst";
    PAUSE: "Pause", "Pauzeren";
    RESUME: "Resume", "Hervatten";
    PROFILE_LABEL: "Profile", "Profiel";
    CAVAGE: "cavage, as SMTPeter signs", "cavage, zoals SMTPeter ondertekent";
    STANDARD: "standard, Standard Webhooks", "standard, Standard Webhooks";
    RFC9421: "rfc9421, HTTP Message Signatures", "rfc9421, HTTP Message Signatures";
    SHOW_BEGINNING: "Show only the beginning", "Toon alleen het begin";
    SHOW_WHOLE: "Show all {n} characters", "Toon alle {n} tekens";
    STATUS_IN_TIME: "{status} in {time}", "{status} in {time}";
    SILENT_AFTER: "No answer after {time}", "Geen antwoord na {time}";
    TEST: "test", "test";
    TIME: "Time", "Tijd";
    TO_WEBHOOKS: "To the webhooks", "Naar de webhooks";
    BOUNCE: "bounce", "bounce";
    FAILURE: "failure", "mislukking";
    CLICK: "click", "klik";
    OPEN: "open", "opening";
    DELIVERY: "delivery", "aflevering";
    ABUSE: "abuse", "spamklacht";
    PROFILE: "profile", "profielwijziging";
    COPY_URL: "Copy the URL", "URL kopiëren";
    NONE_SO_FAR: "Nothing fits among the newest, as far as they were looked through. There is more.", "Tussen de nieuwste past niets, voor zover die zijn bekeken. Er is meer.";
    NONE_OLDER: "Nothing older fits.", "Niets ouders past.";
    LOOK_FURTHER: "Look further", "Verder zoeken";
}
