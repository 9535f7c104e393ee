//! The API tokens.

texts! {
    TITLE: "API tokens", "API-tokens";
    SUBTITLE: "With these your programs call the API. Each has scopes, and may have an end.", "Hiermee roepen uw programma’s de API aan. Elk heeft rechten, en eventueel een einde.";
    DESCRIBED: "Every call, with an example: {link}", "Elke aanroep, met een voorbeeld: {link}";
    DESCRIPTION: "the API’s description", "de beschrijving van de API";
    CREATE: "Create token", "Token aanmaken";
    NONE: "There is no token yet", "Er is nog geen token";
    NONE_MEANING: "Each call of the API carries one: a program without it is refused. Give each program one of its own, so that you can revoke it alone.", "Elke aanroep van de API draagt er een: zonder wordt een programma geweigerd. Geef elk programma een eigen token, dan kunt u dat afzonderlijk intrekken.";
    ON_THE_SERVER: "Or on the server’s command line", "Of op de opdrachtregel van de server";
    NAME: "Name", "Naam";
    NAME_HINT: "What it is for, such as the program that uses it.", "Waar het voor is, zoals het programma dat het gebruikt.";
    SCOPES: "Scopes", "Rechten";
    CREATED: "Created", "Aangemaakt";
    ENDS: "Ends", "Eindigt";
    LAST_USED: "Last used", "Laatst gebruikt";
    UNUSED: "never used", "nooit gebruikt";
    NEVER: "does not end", "eindigt niet";
    DAYS_30: "in 30 days", "over 30 dagen";
    DAYS_90: "in 90 days", "over 90 dagen";
    DAYS_365: "in a year", "over een jaar";
    THIS_ONE: "this one", "dit token";
    MADE: "Token {name} is made", "Token {name} is aangemaakt";
    ONCE: "It is shown this once. Copy it to where your program takes it from.", "Het wordt alleen nu getoond. Kopieer het naar waar uw programma het vandaan haalt.";
    COPY: "Copy the token", "Token kopiëren";
    REVOKE: "Revoke token", "Token intrekken";
    REVOKE_ASK: "Revoke…", "Intrekken…";
    REVOKE_TITLE: "Revoke {name}", "{name} intrekken";
    REVOKE_MEANING: "Programs that use it are refused at once. It cannot be undone.", "Programma’s die het gebruiken, worden meteen geweigerd. Het kan niet ongedaan worden gemaakt.";
    REVOKED: "Token {name} is revoked.", "Token {name} is ingetrokken.";
    EVENTS_WRITE: "hand in events", "gebeurtenissen aanbieden";
    WEBHOOKS_READ: "see webhooks and keys", "webhooks en sleutels zien";
    WEBHOOKS_WRITE: "make, change, test and delete webhooks", "webhooks aanmaken, wijzigen, testen en verwijderen";
    DELIVERIES_READ: "see deliveries, events, logfiles and figures", "afleveringen, gebeurtenissen, logbestanden en cijfers zien";
    ADMIN: "all of this, and tokens, keys, settings and the audit log", "dit alles, en tokens, sleutels, instellingen en het auditlog";
}
