//! What stands on every page.

texts! {
    SKIP: "Skip to content", "Naar de inhoud";
    MENU: "Menu", "Menu";
    MAIN: "Main", "Hoofdmenu";
    ENVIRONMENT: "Environment", "Omgeving";
    WEBHOOKS: "Webhooks", "Webhooks";
    N_FAILING: "{n} failing", "{n} {n?storing|storingen}";
    DELIVERIES: "Deliveries", "Afleveringen";
    INSPECTOR: "Inspector", "Inspecteur";
    KEYS: "Keys", "Sleutels";
    EVENTS: "Events", "Gebeurtenissen";
    LOGFILES: "Logfiles", "Logbestanden";
    TOKENS: "API tokens", "API-tokens";
    AUDIT: "Audit log", "Auditlog";
    SETTINGS: "Settings", "Instellingen";
    SIGN_IN: "Sign in", "Aanmelden";
    SIGN_OUT: "Sign out", "Afmelden";
    KEYBOARD_HELP: "Keyboard help", "Sneltoetsen";
    CONNECTED: "Connected", "Verbonden";
    NO_CONNECTION: "No connection", "Geen verbinding";
    NOT_CONNECTED: "No connection, trying again", "Geen verbinding, we proberen het opnieuw";
    THEME: "Theme", "Thema";
    THEME_SYSTEM: "Follow the system", "Systeem volgen";
    THEME_LIGHT: "Light", "Licht";
    THEME_DARK: "Dark", "Donker";
    NO_PAGE: "There is no such page", "Deze pagina bestaat niet";
    NO_PAGE_MEANING: "The address may be mistyped, or what it named is gone.", "Mogelijk is het adres verkeerd getypt, of is er niet meer wat het noemde.";
    TO_WEBHOOKS: "To the webhooks", "Naar de webhooks";
}
