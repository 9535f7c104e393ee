//! The settings of an environment.

texts! {
    TITLE: "Settings", "Instellingen";
    SUBTITLE: "This environment, and how the dashboard looks to you.", "Deze omgeving, en hoe het dashboard er voor u uitziet.";
    NAME: "Name", "Naam";
    NUMBER: "Number", "Nummer";
    KEY_DOMAIN: "Domain of its keys", "Domein van de sleutels";
    KEPT: "Events and deliveries are kept", "Gebeurtenissen en afleveringen worden bewaard";
    DAYS: "{n} {n?day|days}", "{n} {n?dag|dagen}";
    SINCE: "Since", "Sinds";
    SAVE: "Save", "Opslaan";
    SAVED: "Saved.", "Opgeslagen.";
    MEANWHILE: "Someone else renamed it meanwhile", "Iemand anders gaf intussen een andere naam";
    MEANWHILE_MEANING: "Nothing was saved; what you typed stands. Save again to put yours.", "Er is niets opgeslagen; wat u typte, staat er nog. Sla opnieuw op om het uwe te laten gelden.";
    LOOK: "Theme and language", "Thema en taal";
}
