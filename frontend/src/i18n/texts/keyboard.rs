//! The help on keys.

texts! {
    TITLE: "Keyboard", "Sneltoetsen";
    SEARCH: "Search", "Zoeken";
    CREATE: "Create a webhook", "Webhook aanmaken";
    GO_WEBHOOKS: "Go to webhooks", "Naar webhooks";
    GO_DELIVERIES: "Go to deliveries", "Naar afleveringen";
    GO_INSPECTOR: "Go to the inspector", "Naar de inspecteur";
    ROWS: "Next and previous row", "Volgende en vorige rij";
    OPEN: "Open the row", "Rij openen";
    CLOSE: "Close what is open", "Sluiten wat openstaat";
    PAUSE: "Pause the log", "Log stilzetten";
    SEND: "Send a form", "Formulier verzenden";
    HELP: "This help", "Deze hulp";
    SILENT: "While you type in a field, these keys are letters.", "Terwijl u in een veld typt, zijn deze toetsen gewone letters.";
    CLOSE_HELP: "Close", "Sluiten";
}
