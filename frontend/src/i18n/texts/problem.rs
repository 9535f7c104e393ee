//! What the server refuses, by its stable codes: for those who do not read the server's own words.

texts! {
    URL_UNVERIFIED: "The URL has not been verified yet, so nothing is sent to it: verify it first.", "De URL is nog niet geverifieerd, dus er gaat niets naartoe: verifieer hem eerst.";
    BEING_CHECKED: "This receiver is being checked right now. Wait until that is done.", "Deze ontvanger wordt al gecontroleerd. Wacht tot dat klaar is.";
    CHANGED_MEANWHILE: "Somebody else changed it at the same moment. Nothing was done.", "Iemand anders wijzigde het op hetzelfde moment. Er is niets gedaan.";
    NO_SECRET: "This webhook has no secret: its calls are signed with a key.", "Deze webhook heeft geen geheim: zijn aanroepen worden met een sleutel ondertekend.";
    MANY_SECRETS: "Eight old secrets sign along still, and a receiver may have any of them. Make a new one once the day of the oldest is over.", "Acht oude geheimen ondertekenen nog mee, en een ontvanger kan elk daarvan hebben. Maak een nieuw geheim zodra de dag van het oudste voorbij is.";
    KEY_NOT_PUBLISHED: "DNS does not show the next key yet, so receivers would refuse what it signs. Publish its record; until then the current key goes on.", "DNS toont de volgende sleutel nog niet, dus ontvangers zouden weigeren wat hij ondertekent. Publiceer het record; tot dan gaat de huidige sleutel door.";
    WAS_A_TEST: "This was a test, not an event: send it again with the webhook’s test tool.", "Dit was een test, geen gebeurtenis: verstuur hem opnieuw met het testgereedschap van de webhook.";
    WEBHOOK_DELETED: "The webhook of this delivery was deleted: there is nowhere to send it.", "De webhook van deze aflevering is verwijderd: er is niets om naartoe te sturen.";
    EVENT_FORGOTTEN: "The event of this delivery is no longer kept: there is nothing to send.", "De gebeurtenis van deze aflevering wordt niet meer bewaard: er is niets om te versturen.";
    SCOPE_MISSING: "Your sign-in lacks the scope that this needs.", "Uw aanmelding mist het recht dat hiervoor nodig is.";
    SCOPE_NOT_HELD: "You cannot hand on a scope that you do not have yourself.", "U kunt geen recht doorgeven dat u zelf niet hebt.";
    DISK_FULL: "The server’s disk is full. Nothing of this was kept.", "De schijf van de server is vol. Hiervan is niets bewaard.";
    OUT_OF_RANGE: "This number is too small or too large.", "Dit getal is te klein of te groot.";
    TOO_MANY: "These are too many.", "Dit zijn er te veel.";
    TOO_LONG: "This is too long.", "Dit is te lang.";
    RESERVED: "The server sets one of these itself.", "Een van deze zet de server zelf.";
    BAD_VALUE: "This is not of the right form.", "Dit heeft niet de juiste vorm.";
    TWICE: "One of these is there twice.", "Een hiervan staat er dubbel.";
    CONTRADICTION: "This contradicts another setting.", "Dit is in tegenspraak met een andere instelling.";
    INVALID_URL: "This URL cannot be called. See that it begins with https:// and names a host.", "Deze URL kan niet worden aangeroepen. Ga na of hij met https:// begint en een server noemt.";
    REFUSED_TARGET: "This address or port is not called. Use one that the whole internet can reach.", "Dit adres of deze poort wordt niet aangeroepen. Gebruik er een die het hele internet kan bereiken.";
    MISSING: "This is missing.", "Dit ontbreekt.";
    UNKNOWN: "This is none of the words that can stand here.", "Dit is geen van de woorden die hier kunnen staan.";
    EXPIRED: "This has expired: get a new one.", "Dit is verlopen: neem een nieuw.";
    NOT_JSON: "The body is not JSON", "De inhoud is geen JSON";
    NOT_UTF8: "This is not UTF-8, as JSON must be", "Dit is geen UTF-8, zoals JSON moet zijn";
    NOT_AN_OBJECT: "An object with the variables belongs here", "Hier hoort een object met de variabelen te staan";
    LONE_SURROGATE: "A \\u escape is half of a pair, which is no character", "Een \\u-code is de helft van een paar en dus geen teken";
    DUPLICATE_NAME: "A name stands twice in one object", "Een naam staat twee keer in één object";
    TOO_DEEP: "Lists and objects stand too deep in one another", "Lijsten en objecten staan te diep in elkaar";
    TOO_MANY_VALUES: "There are too many values", "Er zijn te veel waarden";
    BAD_PERCENT: "A “%” is not followed by two hexadecimal digits", "Na een “%” staan geen twee hexadecimale cijfers";
    BAD_FIELD_NAME: "The brackets in the name of a field do not match", "De haken in de naam van een veld passen niet bij elkaar";
    MISSING_VARIABLE: "{name} is missing; every event of this type has it", "{name} ontbreekt; elke gebeurtenis van dit type heeft die";
    BAD_VARIABLE: "{name} is not what it should be: {expected}", "{name} is niet wat het hoort te zijn: {expected}";
    UNKNOWN_TYPE: "There is no such type", "Zo’n type bestaat niet";
    EXPECT_TIME: "Unix seconds in digits", "Unix-seconden in cijfers";
    EXPECT_TIMESTAMP: "a time as YYYY-MM-DD HH:MM:SS in UTC", "een tijd als JJJJ-MM-DD UU:MM:SS in UTC";
    EXPECT_TAGS: "a list of texts", "een lijst van teksten";
    EXPECT_FIELDS: "an object, name to new value", "een object, naam naar nieuwe waarde";
    EXPECT_ACTION: "one of the actions of this type", "een van de acties van dit type";
    EXPECT_TEXT: "a text that is not empty", "een tekst die niet leeg is";
}
