//! The drawer in which one creates a webhook.

texts! {
    TITLE: "Create a webhook", "Webhook aanmaken";
    URL: "Callback URL", "Callback-URL";
    URL_HINT: "Where we send a POST for each event. You prove next that it is yours.", "Hiernaartoe sturen we bij elke gebeurtenis een POST. Daarna toont u aan dat de URL van u is.";
    URL_MISSING: "There is no URL. Put the address of your script, such as https://example.com/webhooks/bounces.php.", "Er staat geen URL. Vul het adres van uw script in, bijvoorbeeld https://example.com/webhooks/bounces.php.";
    NORMAL_FORM: "It will be called as {url}.", "Ze wordt aangeroepen als {url}.";
    EVENTS: "Events", "Gebeurtenissen";
    TYPES_MISSING: "No type is chosen, so nothing would ever be sent. Choose at least one.", "Er is geen soort gekozen, dus er zou nooit iets worden verstuurd. Kies er minstens één.";
    BOUNCE_WHAT: "Anything sent back to the envelope address", "Alles wat naar het envelopadres terugkomt";
    FAILURE_WHAT: "A delivery failed, at once or later", "Een bezorging mislukte, meteen of later";
    CLICK_WHAT: "A tracked link was followed", "Een gevolgde link werd aangeklikt";
    OPEN_WHAT: "A tracked image was fetched", "Een gevolgde afbeelding werd opgehaald";
    DELIVERY_WHAT: "A receiving server accepted the message", "Een ontvangende server nam het bericht aan";
    ABUSE_WHAT: "A recipient reported spam", "Een ontvanger meldde spam";
    PROFILE_WHAT: "A recipient’s profile changed", "Het profiel van een ontvanger wijzigde";
    LOAD_FEW: "few", "weinig";
    LOAD_MANY: "very many", "zeer veel";
    LOAD_EACH: "one a message", "één per bericht";
    LOAD_RARE: "rare", "zelden";
    LOAD_CHANGES: "one a change", "één per wijziging";
    IN_A_DAY: "{n} in 24 h", "{n} in 24 uur";
    MEASURED: "About {n} {n?call|calls} a day, at most {minute} in a minute", "Ongeveer {n} {n?aanroep|aanroepen} per dag, hoogstens {minute} per minuut";
    MEASURED_FROM: "As many events came in the last 24 h.", "Zoveel gebeurtenissen kwamen er in de laatste 24 uur.";
    MANY: "Expect very many calls", "Reken op zeer veel aanroepen";
    MANY_MEANING: "Each event is one POST, as it happens: a mailing to 100,000 readers can mean 100,000 calls within minutes. Answer each with 2xx at once and do the work later.", "Elke gebeurtenis is één POST, zodra ze plaatsvindt: een mailing aan 100.000 lezers kan binnen minuten 100.000 aanroepen betekenen. Antwoord meteen met 2xx en doe het werk later.";
    ONE_EACH: "One POST for each event, as it happens", "Eén POST per gebeurtenis, zodra ze plaatsvindt";
    ONE_EACH_MEANING: "Answer each with 2xx to accept it. Anything else is tried again later, signed anew.", "Antwoord op elke met 2xx om haar aan te nemen. Al het andere wordt later opnieuw geprobeerd, opnieuw ondertekend.";
    EXAMPLE: "What you will get", "Wat u krijgt";
    EXAMPLE_OF: "{type}, an example", "{type}, een voorbeeld";
    COPY_EXAMPLE: "Copy example", "Voorbeeld kopiëren";
    CREATE: "Create webhook", "Webhook aanmaken";
    CREATED: "Webhook created. Next: prove that the URL is yours.", "Webhook aangemaakt. Toon nu aan dat de URL van u is.";
    MADE: "Webhook created", "Webhook aangemaakt";
    GO_ON: "Go on to the webhook", "Verder naar de webhook";
    DISCARD: "Discard what you filled in?", "Weggooien wat u invulde?";
    DISCARD_MEANING: "The webhook has not been created. What you filled in here would be lost.", "De webhook is nog niet aangemaakt. Wat u hier invulde, gaat verloren.";
    DISCARD_YES: "Discard it", "Weggooien";
    KEEP_EDITING: "Keep editing", "Verder invullen";
}
