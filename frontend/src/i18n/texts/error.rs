//! Why a call failed: what happened, what it means, what to do.

texts! {
    TRY_AGAIN: "Try again", "Opnieuw proberen";
    UNREACHABLE: "The server did not answer", "De server antwoordde niet";
    UNREACHABLE_MEANING: "It may be down, or the network between you and it. Nothing you typed is lost: try again.", "Mogelijk draait hij niet, of hapert het netwerk ertussen. Wat u typte, is niet verloren: probeer het opnieuw.";
    UNREADABLE: "The answer is not one of Seinpost’s", "Het antwoord komt niet van Seinpost";
    UNREADABLE_MEANING: "Something in between answered with status {status}, such as a proxy. Try again; if it stays so, look at what stands before the server.", "Iets ertussen, zoals een proxy, antwoordde met status {status}. Probeer het opnieuw; blijft het zo, kijk dan wat er vóór de server staat.";
    UNAUTHORIZED: "You are not signed in", "U bent niet aangemeld";
    UNAUTHORIZED_MEANING: "Your session has ended. Sign in again: you come back to this page.", "Uw sessie is afgelopen. Meld u opnieuw aan: u komt op deze pagina terug.";
    FORBIDDEN: "This is not allowed", "Dit is niet toegestaan";
    FORBIDDEN_MEANING: "Your sign-in does not cover it. Ask whoever runs this server for a token that does.", "Uw aanmelding geeft er geen recht op. Vraag de beheerder van deze server om een token dat dat wel doet.";
    NOT_FOUND: "It is not there any more", "Het is er niet meer";
    NOT_FOUND_MEANING: "Someone may have deleted it meanwhile.", "Mogelijk heeft iemand het intussen verwijderd.";
    CONFLICT: "That does not go together with how things stand", "Dat gaat niet samen met hoe het er nu voor staat";
    CONFLICT_MEANING: "Something changed meanwhile, or another step comes first.", "Er is intussen iets gewijzigd, of er moet eerst iets anders gebeuren.";
    CHANGED: "It was changed meanwhile, so nothing was saved", "Het is intussen gewijzigd, dus er is niets opgeslagen";
    CHANGED_MEANING: "Look at what is new, and save again: what you typed stays.", "Kijk wat er nieuw is en sla opnieuw op: wat u typte, blijft staan.";
    TOO_OFTEN: "Too many calls in a short time", "Te veel aanroepen in korte tijd";
    TOO_OFTEN_MEANING: "Nothing of this call was done. Wait a few seconds, then try again.", "Van deze aanroep is niets gedaan. Wacht een paar seconden en probeer het dan opnieuw.";
    UNREAD: "The server could not read this", "De server kon dit niet lezen";
    TOO_LARGE: "That is too large", "Dat is te groot";
    TOO_LARGE_MEANING: "Send less at once.", "Stuur minder in één keer.";
    INVALID: "Something in it is not right", "Er klopt iets niet";
    INVALID_MEANING: "Correct it and send it again; what you typed stays.", "Verbeter het en verstuur het opnieuw; wat u typte, blijft staan.";
    INTERNAL: "The fault is ours", "De fout ligt bij ons";
    INTERNAL_MEANING: "Try again; if it happens again, the server’s log says why.", "Probeer het opnieuw; gebeurt het weer, dan zegt het log van de server waarom.";
    UNAVAILABLE: "The server cannot take this now", "De server kan dit nu niet aannemen";
    UNAVAILABLE_MEANING: "It is busy or shutting down. Try again in a moment.", "Hij is druk bezig of sluit af. Probeer het zo meteen opnieuw.";
    REFUSED: "The server refused", "De server weigerde";
    REFUSED_MEANING: "Nothing was changed.", "Er is niets gewijzigd.";
    CRASH: "The dashboard has failed", "Het dashboard is vastgelopen";
    CRASH_MEANING: "The fault is ours; your webhooks go on as they were. Load the page again. What follows helps to mend it:", "De fout ligt bij ons; uw webhooks lopen gewoon door. Laad de pagina opnieuw. Wat hieronder staat, helpt bij het herstel:";
}
