//! The settings of a webhook.

texts! {
    TITLE: "Webhook settings", "Instellingen van de webhook";
    WHERE: "Where and what", "Waar en wat";
    URL_HINT: "Another URL must be verified again before anything is sent to it.", "Een andere URL moet opnieuw worden geverifieerd voordat er iets naartoe gaat.";
    HOW: "How", "Hoe";
    DIGEST: "Digest", "Digest";
    CAPITALS: "Send {sha} in capitals in Digest", "{sha} in hoofdletters in Digest versturen";
    REMOVE: "Remove", "Verwijderen";
    REMOVE_MEANING: "Deleting stops this webhook at once and drops the events that wait for it. To stop for a while, pause it instead.", "Verwijderen stopt deze webhook meteen; gebeurtenissen die erop wachten, vervallen. Wilt u tijdelijk stoppen, pauzeer hem dan.";
    UNSAVED: "Unsaved changes", "Niet-opgeslagen wijzigingen";
    CHANGES: "{n} {n?change|changes} not saved:", "{n} {n?wijziging|wijzigingen} niet opgeslagen:";
    DISCARD: "Discard", "Ongedaan maken";
    SAVE: "Save changes", "Wijzigingen opslaan";
    SAVED: "Saved.", "Opgeslagen.";
    SAVED_VERIFY: "Saved. The new URL must be verified before anything is sent to it.", "Opgeslagen. De nieuwe URL moet worden geverifieerd voordat er iets naartoe gaat.";
}
