//! The events.

texts! {
    TITLE: "Events", "Gebeurtenissen";
    SUBTITLE: "What was handed in, where it went, and why a mail came back.", "Wat is aangeboden, waar het heen ging, en waarom een mail terugkwam.";
    MESSAGE: "Message id", "Bericht-id";
    RECIPIENT: "Recipient", "Ontvanger";
    TAGS: "Tags", "Tags";
    TAGS_HINT: "all of these: a; b", "al deze: a; b";
    SEARCH: "Search", "Zoeken";
    NONE: "No event has been handed in yet", "Er is nog geen gebeurtenis aangeboden";
    NONE_MEANING: "Each event shows here as soon as POST /v1/events has taken it.", "Elke gebeurtenis verschijnt hier zodra POST /v1/events haar heeft aangenomen.";
    NONE_MATCH: "No event fits what you search for.", "Geen gebeurtenis past bij wat u zoekt.";
    COPY_ID: "Copy the event’s id", "Id van de gebeurtenis kopiëren";
    COPY_BODY: "Copy the event", "Gebeurtenis kopiëren";
    DIAGNOSIS: "Why the mail came back", "Waarom de mail terugkwam";
    WENT_TO: "Where it went", "Waar het heen ging";
    WENT_NOWHERE: "No webhook asked for it when it came.", "Geen webhook vroeg erom toen ze kwam.";
    MORE: "There are more deliveries than these.", "Er zijn meer afleveringen dan deze.";
}
