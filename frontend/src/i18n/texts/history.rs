//! What happened to a webhook.

texts! {
    TITLE: "History", "Geschiedenis";
    CAPTION: "What happened to this webhook, newest first", "Wat er met deze webhook gebeurde, nieuwste eerst";
    WHEN: "When", "Wanneer";
    WHAT: "What", "Wat";
    NONE: "Nothing has happened yet.", "Er is nog niets gebeurd.";
    NEWER: "Newer", "Nieuwer";
    OLDER: "Older", "Ouder";
    CREATED: "Created", "Aangemaakt";
    VERIFIED: "Verified", "Geverifieerd";
    CHANGED: "Changed", "Gewijzigd";
    PAUSED: "Paused", "Gepauzeerd";
    RESUMED: "Resumed", "Hervat";
    DISABLED: "Switched off by the server", "Door de server uitgeschakeld";
    ROTATED: "New secret", "Nieuw geheim";
}
