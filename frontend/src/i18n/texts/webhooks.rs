//! The list of webhooks.

texts! {
    TITLE: "Webhooks", "Webhooks";
    CREATE_TITLE: "Create a webhook", "Webhook aanmaken";
    SUBTITLE: "Where Seinpost sends your events, and how that went in the last 24 h.", "Waar Seinpost uw gebeurtenissen naartoe stuurt, en hoe dat ging in de laatste 24 uur.";
    CHECK_ALL: "Check all", "Alles controleren";
    CREATE: "Create webhook", "Webhook aanmaken";
    FIND: "Find by URL, type or id", "Zoek op URL, soort of id";
    TYPE: "Type", "Soort";
    EVERY_TYPE: "Every type", "Alle soorten";
    SORT: "Sort by", "Sorteren op";
    SORT_STATUS: "Sort by: Status", "Sorteren op: Toestand";
    SORT_URL: "Sort by: Webhook", "Sorteren op: Webhook";
    SORT_SUCCESS: "Sort by: Success", "Sorteren op: Geslaagd";
    SORT_MEDIAN: "Sort by: Median", "Sorteren op: Mediaan";
    SORT_LAST: "Sort by: Last delivery", "Sorteren op: Laatste aflevering";
    CAPTION: "Webhooks, those that need you first", "Webhooks, eerst die aandacht vragen";
    WEBHOOK: "Webhook", "Webhook";
    LAST_DELIVERY: "Last delivery", "Laatste aflevering";
    ACTIONS: "Actions", "Acties";
    ACTIONS_FOR: "Actions for {url}", "Acties voor {url}";
    NEVER: "never", "nooit";
    SHOWN: "{n} of {all} webhooks", "{n} van {all} webhooks";
    FILTERED: "The list is filtered.", "De lijst is gefilterd.";
    NONE_MATCH: "No webhook matches.", "Geen webhook voldoet hieraan.";
    CLEAR_FILTER: "Clear the filter", "Filter wissen";
    FAILING_REFUSED: "The last call was refused with {status}.", "De laatste aanroep werd geweigerd met {status}.";
    FAILING_SILENT: "The last call got no answer.", "De laatste aanroep kreeg geen antwoord.";
    SEE_WHY: "See why", "Bekijk waarom";
    UNVERIFIED_BESIDE: "We send nothing until {file} stands beside {script} or in the root.", "We sturen niets voordat {file} naast {script} of in de hoofdmap staat.";
    UNVERIFIED_ROOT: "We send nothing until {file} stands in the root.", "We sturen niets voordat {file} in de hoofdmap staat.";
    FINISH_VERIFYING: "Finish verifying", "Verificatie afronden";
    PAUSED_NOTE: "Paused: events are kept until you resume.", "Gepauzeerd: gebeurtenissen worden bewaard tot u hervat.";
    DISABLED_NOTE: "Switched off by the server, since its calls failed for too long.", "Door de server uitgeschakeld, omdat aanroepen te lang mislukten.";
    CHECKING: "Checking", "Wordt gecontroleerd";
    CHECKING_N: "Checking {n} {n?webhook|webhooks}", "{n} {n?webhook wordt|webhooks worden} gecontroleerd";
    CHECK_ANSWERED: "Check: {status} in {time}", "Controle: {status} in {time}";
    CHECK_SILENT: "Check: no answer after {time}. {why}", "Controle: geen antwoord na {time}. {why}";
    CHECK_IMPOSSIBLE: "Could not be checked. {why}", "Kon niet worden gecontroleerd. {why}";
    VERIFY: "Verify", "Verifiëren";
    SEND_TEST: "Send a test", "Test versturen";
    SEE_DELIVERIES: "See deliveries", "Afleveringen bekijken";
    NOW_PAUSED: "Paused. Events are kept until you resume.", "Gepauzeerd. Gebeurtenissen worden bewaard tot u hervat.";
    NOW_ACTIVE: "Resumed. What waited is being sent.", "Hervat. Wat wachtte, wordt verstuurd.";
}
