//! The page of a webhook.

texts! {
    OVERVIEW: "Overview", "Overzicht";
    VERIFICATION: "Verification", "Verificatie";
    DELIVERIES: "Deliveries", "Afleveringen";
    TEST: "Test", "Test";
    SETTINGS: "Settings", "Instellingen";
    THIS_WEBHOOK: "This webhook", "Deze webhook";
    BREADCRUMB: "Breadcrumb", "Kruimelpad";
    MORE: "More actions", "Meer acties";
    COPY_ID: "Copy webhook id", "Id van de webhook kopiëren";
    GONE: "This webhook does not exist", "Deze webhook bestaat niet";
    GONE_MEANING: "It may have been deleted, or it belongs to another environment.", "Mogelijk is hij verwijderd, of hoort hij bij een andere omgeving.";
    DELETE_TITLE: "Delete this webhook?", "Deze webhook verwijderen?";
    DELETE_MEANING: "Nothing more is sent to it.", "Er wordt niets meer naartoe gestuurd.";
    NOTHING_WAITS: "No event waits for it.", "Er wacht geen gebeurtenis op.";
    WAITING_DROPPED: "The {n} {n?event that waits for it is|events that wait for it are} dropped.", "De {n} {n?gebeurtenis die erop wacht, vervalt|gebeurtenissen die erop wachten, vervallen}.";
    MANY_WAITING_DROPPED: "More than {n} events that wait for it are dropped.", "Meer dan {n} gebeurtenissen die erop wachten, vervallen.";
    WAITING_DROPPED_UNKNOWN: "Events that wait for it are dropped.", "Gebeurtenissen die erop wachten, vervallen.";
    PAUSE_INSTEAD: "To stop for a while and keep the events, pause it instead.", "Wilt u tijdelijk stoppen en de gebeurtenissen bewaren, pauzeer hem dan.";
    DELETE: "Delete webhook", "Webhook verwijderen";
    DELETED: "Webhook deleted.", "Webhook verwijderd.";
}
