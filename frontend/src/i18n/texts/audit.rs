//! The audit log.

texts! {
    TITLE: "Audit log", "Auditlog";
    SUBTITLE: "Who changed what, the newest first.", "Wie wat wijzigde, het nieuwste eerst.";
    OBJECT: "What was changed", "Wat is gewijzigd";
    WHO: "Who", "Wie";
    WHAT: "What", "Wat";
    CHANGES: "Changes", "Wijzigingen";
    NONE: "Nothing was changed yet.", "Er is nog niets gewijzigd.";
    WEBHOOK: "webhook", "webhook";
    TOKEN: "token", "token";
    SESSION: "dashboard", "dashboard";
    SIGNIN_LINK: "sign-in link", "aanmeldlink";
    KEY: "key", "sleutel";
    DELIVERY: "delivery", "aflevering";
    REPLAY: "replay", "herhaling";
    ENVIRONMENT: "environment", "omgeving";
    CLI: "command line", "opdrachtregel";
    SERVER: "the server", "de server";
}
