//! What happened to a webhook.

texts! {
    TITLE: "History", "Geschiedenis";
    CAPTION: "What happened to this webhook, newest first", "Wat er met deze webhook gebeurde, nieuwste eerst";
    WHEN: "When", "Wanneer";
    WHAT: "What", "Wat";
    NONE: "Nothing has happened yet.", "Er is nog niets gebeurd.";
    CREATED: "Created", "Aangemaakt";
    VERIFIED: "Verified", "Geverifieerd";
    CHANGED: "Changed", "Gewijzigd";
    PAUSED: "Paused", "Gepauzeerd";
    RESUMED: "Resumed", "Hervat";
    DISABLED: "Switched off by the server", "Door de server uitgeschakeld";
    PAUSED_DETAIL: "its events are kept", "de gebeurtenissen worden bewaard";
    RESUMED_DETAIL: "what was kept meanwhile is sent", "wat intussen is bewaard, wordt verstuurd";
    VERIFIED_DETAIL: "the verification file was found", "het verificatiebestand is gevonden";
    ROTATED_DETAIL: "the old secret signs along for a day", "het oude geheim ondertekent een dag lang mee";
    GONE_DETAIL: "the receiver answered 410 (Gone): it wants no more calls", "de ontvanger antwoordde 410 (Gone): hij wil geen aanroepen meer";
    FAILED_DETAIL: "every call has failed for four days", "vier dagen lang mislukte elke aanroep";
    ROTATED: "New secret", "Nieuw geheim";
}
