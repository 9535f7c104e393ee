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
    MORE: "{n} more", "nog {n}";
    ENVIRONMENT_CREATED: "Environment created", "Omgeving aangemaakt";
    ENVIRONMENT_RENAMED: "Environment renamed", "Omgeving hernoemd";
    TOKEN_CREATED: "Token created", "Token aangemaakt";
    TOKEN_REVOKED: "Token revoked", "Token ingetrokken";
    SIGNIN_LINK_CREATED: "Sign-in link created", "Aanmeldlink aangemaakt";
    SIGNED_IN: "Signed in", "Aangemeld";
    SIGNED_OUT: "Signed out", "Afgemeld";
    KEY_CREATED: "Key created", "Sleutel aangemaakt";
    KEY_PROMOTED: "Key signs from now on", "Sleutel ondertekent voortaan";
    KEY_RETIRED: "Key signs no more", "Sleutel ondertekent niet meer";
    KEY_FORGOTTEN: "Key forgotten", "Sleutel vergeten";
    WEBHOOK_CREATED: "Webhook created", "Webhook aangemaakt";
    WEBHOOK_VERIFIED: "Webhook verified", "Webhook geverifieerd";
    WEBHOOK_CHANGED: "Webhook changed", "Webhook gewijzigd";
    WEBHOOK_PAUSED: "Webhook paused", "Webhook gepauzeerd";
    WEBHOOK_RESUMED: "Webhook resumed", "Webhook hervat";
    WEBHOOK_DISABLED: "Webhook switched off", "Webhook uitgeschakeld";
    SECRET_ROTATED: "New secret", "Nieuw geheim";
    WEBHOOK_DELETED: "Webhook deleted", "Webhook verwijderd";
    DELIVERY_REPLAYED: "Delivery sent again", "Aflevering opnieuw verstuurd";
    REPLAY_CREATED: "Replay begun", "Herhaling begonnen";
    REPLAY_STOPPED: "Replay stopped", "Herhaling gestopt";
    WAITING_SENT: "Waiting deliveries brought forward", "Wachtende afleveringen vervroegd";
}
