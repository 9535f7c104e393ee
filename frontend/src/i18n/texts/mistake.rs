//! What the package refuses before it checks a call: options and keys, by their codes. English has the package's own words.

texts! {
    ENVIRONMENT: "The environment must be a number, a list of them, or any.", "De omgeving moet een nummer zijn, een lijst ervan, of any.";
    HOST: "The host must be a name, or a list of them.", "De host moet een naam zijn, of een lijst ervan.";
    KEY_DOMAIN: "The key domain must be a name, or a list of them.", "Het sleuteldomein moet een naam zijn, of een lijst ervan.";
    TOLERANCE: "The tolerance must be whole seconds.", "De toegestane afwijking moet een heel aantal seconden zijn.";
    SECRET: "The secret must be text, or a list of them.", "Het geheim moet tekst zijn, of een lijst ervan.";
    AUTO: "auto needs an environment, a secret or keys.", "auto heeft een omgeving, een geheim of sleutels nodig.";
    STANDARD: "The profile standard needs a secret or keys.", "Het profiel standard heeft een geheim of sleutels nodig.";
    REQUEST: "This is no request that can be checked.", "Dit is geen aanvraag die kan worden gecontroleerd.";
    SURROGATE: "The body holds half a surrogate pair.", "De body bevat een half surrogaatpaar.";
    KEY: "A key cannot be used here.", "Een sleutel kan hier niet worden gebruikt.";
    TOO_LONG: "The key is too long.", "De sleutel is te lang.";
    BASE64: "The key is not canonical base64.", "De sleutel is geen canonieke base64.";
    SYNTAX: "The record is not a list of tag=value pairs separated by semicolons.", "Het record is geen lijst van tag=waarde, gescheiden door puntkomma’s.";
    DUPLICATE_TAG: "A tag stands twice in the record.", "Een tag staat twee keer in het record.";
    VERSION: "The record does not begin with v=DKIM1.", "Het record begint niet met v=DKIM1.";
    KIND: "The key is of a kind that is not supported.", "De sleutel is van een soort die niet wordt ondersteund.";
    MISSING: "The record has no p= tag, so no key.", "Het record heeft geen p=, dus geen sleutel.";
    REVOKED: "The key was revoked by its owner.", "De sleutel is door de eigenaar ingetrokken.";
    SERVICE: "The key is published for another use.", "De sleutel is voor een ander gebruik gepubliceerd.";
    DER: "The key’s binary form is damaged.", "De binaire vorm van de sleutel is beschadigd.";
    TOO_WEAK: "The RSA key has too few bits to be safe.", "De RSA-sleutel heeft te weinig bits om veilig te zijn.";
    TOO_LARGE: "The RSA key has more bits than are accepted.", "De RSA-sleutel heeft meer bits dan wordt aanvaard.";
    EXPONENT: "The RSA key has an exponent that is not safe.", "De RSA-sleutel heeft een exponent die niet veilig is.";
    LENGTH: "The key has a length that it may not have.", "De sleutel heeft een lengte die niet mag.";
    JSON: "The key looks like a JWK but is not JSON.", "De sleutel lijkt een JWK, maar is geen JSON.";
    PRIVATE: "This is a private key; verifying needs the public one.", "Dit is een privésleutel; om te verifiëren is de publieke nodig.";
    NO_KEY_BUT_SECRET: "This is a secret, not a public key.", "Dit is een geheim, geen publieke sleutel.";
    SEVERAL: "This is a JWK set or several PEM blocks; give each key alone.", "Dit is een JWK-verzameling of meer dan één PEM-blok; geef elke sleutel apart.";
}
