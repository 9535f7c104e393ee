//! A webhook at a glance.

texts! {
    TITLE: "Overview", "Overzicht";
    REFUSES: "Your receiver refuses with {status}", "Uw ontvanger weigert met {status}";
    SILENT: "Your receiver does not answer", "Uw ontvanger antwoordt niet";
    FAILING_MEANING: "Nothing is lost yet: each event is tried again, signed anew. Open the delivery to see what was sent and what came back.", "Er is nog niets verloren: elke gebeurtenis wordt opnieuw geprobeerd, opnieuw ondertekend. Open de aflevering om te zien wat is verstuurd en wat terugkwam.";
    SEND_WAITING_NOW: "Send what waits now", "Nu versturen wat wacht";
    SEND_ONE_NOW: "Send it now", "Nu versturen";
    SEND_NOW: "Send the {n} now", "De {n} nu versturen";
    SENT_NOW: "{n} {n?delivery is|deliveries are} sent now.", "{n} {n?aflevering wordt|afleveringen worden} nu verstuurd.";
    SENT_ALREADY: "Nothing waits for a later time: what is due is being sent.", "Er wacht niets op een later tijdstip: wat aan de beurt is, wordt verstuurd.";
    PAUSED: "This webhook is paused", "Deze webhook is gepauzeerd";
    PAUSED_MEANING: "Its events are kept. Resume to have them sent.", "De gebeurtenissen worden bewaard. Hervat om ze te laten versturen.";
    DISABLED: "This webhook was switched off", "Deze webhook is uitgeschakeld";
    DISABLED_MEANING: "Mend the receiver, send a test, and enable the webhook: what waits is sent then.", "Herstel de ontvanger, verstuur een test en schakel de webhook in: wat wacht, wordt dan verstuurd.";
    GONE_MEANING: "So it wants no more calls. If that was not meant, mend the receiver, send a test, and enable the webhook: what waits is sent then. Else delete it.", "Hij wil dus geen aanroepen meer. Was dat niet de bedoeling, herstel dan de ontvanger, verstuur een test en schakel de webhook in: wat wacht, wordt dan verstuurd. Verwijder hem anders.";
    LATEST: "Latest deliveries", "Laatste afleveringen";
    ALL_OF_THEM: "All of this webhook", "Alle van deze webhook";
    NONE_YET: "Nothing has been sent yet. The next event of its types comes here, or send a test.", "Er is nog niets verstuurd. De volgende gebeurtenis van deze soorten komt hier, of verstuur een test.";
    HOW_SENT: "How it is sent", "Hoe het wordt verstuurd";
    CHANGE: "Change", "Wijzigen";
    SIGNED: "Signed", "Ondertekend";
    SIGNED_CAVAGE: "cavage, with RSA-SHA256", "cavage, met RSA-SHA256";
    SIGNED_STANDARD: "Standard Webhooks, with HMAC-SHA256", "Standard Webhooks, met HMAC-SHA256";
    SIGNED_RFC9421: "HTTP Message Signatures (RFC 9421)", "HTTP Message Signatures (RFC 9421)";
    KEYS_UNDER: "Keys under", "Sleutels onder";
    COPY_DOMAIN: "Copy the key domain", "Sleuteldomein kopiëren";
    SEE_KEYS: "See the keys", "Bekijk de sleutels";
    RATE: "Rate", "Tempo";
    PER_SECOND: "at most {n} a second", "hoogstens {n} per seconde";
    AT_A_TIME: "{n} at a time", "{n} tegelijk";
    BATCHED: "up to {n} events in a call", "tot {n} gebeurtenissen per aanroep";
    NO_RATE: "as fast as the receiver answers", "zo snel als de ontvanger antwoordt";
    RETRIES: "Retries", "Herhalingen";
    RETRIES_DEFAULT: "the server’s own schedule, up to days", "het schema van de server zelf, tot dagen";
    RETRIES_NONE: "none", "geen";
    RETRIES_AFTER: "after {delays}", "na {delays}";
    FILTER: "Filter", "Filter";
    NO_FILTER: "none: every event of its types", "geen: elke gebeurtenis van deze soorten";
    FILTERED: "by tag or domain, see settings", "op tag of domein, zie instellingen";
    DIGEST: "Digest", "Digest";
    ENVIRONMENT: "Environment", "Omgeving";
    CREATED: "Created", "Aangemaakt";
}
