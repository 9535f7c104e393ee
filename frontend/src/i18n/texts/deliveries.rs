//! The delivery log.

texts! {
    TITLE: "Deliveries", "Afleveringen";
    SUBTITLE: "Every call to every webhook, the newest first.", "Elke aanroep van elke webhook, de nieuwste eerst.";
    CAPTION: "Deliveries, newest first", "Afleveringen, nieuwste eerst";
    FAILED: "Failed", "Mislukt";
    EVENT_ID: "Event id", "Id van de gebeurtenis";
    NEXT_ATTEMPT: "Next attempt", "Volgende poging";
    IN_TIME: "in {time}", "over {time}";
    WEBHOOK: "Webhook", "Webhook";
    LIVE: "Live", "Live";
    STILL: "Standing still", "Stilgezet";
    NEW: "{n} new {n?delivery|deliveries}", "{n} nieuwe {n?aflevering|afleveringen}";
    COUNT: "{n} {n?delivery|deliveries} on this page", "{n} {n?aflevering|afleveringen} op deze pagina";
    NEWER: "Newer", "Nieuwer";
    OLDER: "Older", "Ouder";
    PAGES: "Pages of the log", "Pagina’s van het log";
    NONE_YET: "Nothing has been sent yet", "Er is nog niets verstuurd";
    NONE_YET_MEANING: "Each event and each test shows here the moment it is sent, with what was sent and what came back.", "Elke gebeurtenis en elke test verschijnt hier zodra ze wordt verstuurd, met wat is verstuurd en wat terugkwam.";
    NONE_MATCH: "No delivery has this outcome.", "Geen aflevering heeft deze uitkomst.";
    CLEAR: "Show all", "Toon alle";
    ERROR_DNS: "name not found", "naam niet gevonden";
    ERROR_TARGET: "address not allowed", "adres niet toegestaan";
    ERROR_CONNECT: "no connection", "geen verbinding";
    ERROR_TLS: "TLS failed", "TLS mislukt";
    ERROR_TIMEOUT: "timeout", "te laat";
    ERROR_PROTOCOL: "not HTTP", "geen HTTP";
    ERROR_BROKEN: "broke off", "brak af";
    ERROR_INTERNAL: "not sent", "niet verstuurd";
}
