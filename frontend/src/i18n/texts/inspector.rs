//! The inspector.

texts! {
    TITLE: "Inspector", "Inspecteur";
    SUBTITLE: "Paste a call as it reached you and see what a verifier sees.", "Plak een aanroep zoals die u bereikte en zie wat een verificatie ziet.";
    STAYS_HERE: "Nothing leaves this browser.", "Niets verlaat deze browser.";
    SHARE: "Copy share link", "Deellink kopiëren";
    SHARE_HINT: "The link holds all of this in its fragment, which is sent to no server", "De link bevat dit alles in zijn fragment, dat naar geen enkele server gaat";
    REQUEST: "Request", "Aanvraag";
    PLACEHOLDER: "POST /webhooks/bounces HTTP/1.1", "POST /webhooks/bounces HTTP/1.1";
    UNDERSTOOD: "{n} bytes, understood as raw HTTP/1.1", "{n} bytes, gelezen als rauwe HTTP/1.1";
    CHECKED_IN: "checked in {time} ms", "gecontroleerd in {time} ms";
    CRLF: "Line ends of the body read as CR LF, as Content-Length counts them.", "Regeleinden van de inhoud gelezen als CR LF, zoals Content-Length ze telt.";
    NO_REQUEST_LINE: "The first line is no request line. It should read like POST /path HTTP/1.1.", "De eerste regel is geen aanvraagregel. Die hoort te lijken op POST /pad HTTP/1.1.";
    NO_HEADER: "Line {line} is no header field. It should read like Name: value; the body begins after an empty line.", "Regel {line} is geen headerveld. Die hoort te lijken op Naam: waarde; de inhoud begint na een lege regel.";
    VERIFY_AS: "Verify as", "Verifiëren als";
    HOST: "Your host", "Uw host";
    ENVIRONMENT: "Environment", "Omgeving";
    KEY_DOMAIN: "Trusted key domain", "Vertrouwd sleuteldomein";
    ARRIVED: "Time of arrival", "Tijd van aankomst";
    NOW: "now", "nu";
    BAD_TIME: "This is no time. Put for example 2025-11-25T13:06:04Z, or leave it empty for now.", "Dit is geen tijd. Vul bijvoorbeeld 2025-11-25T13:06:04Z in, of laat het leeg voor nu.";
    KEY: "Key", "Sleutel";
    KEY_HINT: "A DKIM record, a public key in PEM, or a secret (whsec_…).", "Een DKIM-record, een publieke sleutel in PEM, of een geheim (whsec_…).";
    FETCH_KEY: "Take the key from this server", "Haal de sleutel van deze server";
    NO_KEY_ID: "The request names no key: its Signature has no keyId.", "De aanvraag noemt geen sleutel: Signature heeft geen keyId.";
    RESULT: "Result", "Uitkomst";
    EMPTY: "Here stands what a verifier sees", "Hier staat wat een verificatie ziet";
    EMPTY_MEANING: "Paste a request on the left, headers and body as they came. From an opened delivery, Inspect brings one here with its key.", "Plak links een aanvraag, met headers en inhoud zoals ze kwamen. Vanuit een geopende aflevering brengt Inspecteren er een hierheen, met sleutel.";
    NO_PACKAGE: "The verifier could not be loaded", "De verificatie kon niet worden geladen";
    NO_PACKAGE_MEANING: "It is the same program that receivers use, and it comes from this server. Load the page again; if that does not help, the server was built without it.", "Het is hetzelfde programma dat ontvangers gebruiken, en het komt van deze server. Laad de pagina opnieuw; helpt dat niet, dan is de server zonder gebouwd.";
    MISTAKE: "This cannot be verified as it stands", "Zo kan dit niet worden geverifieerd";
    VERIFIES: "It verifies", "De handtekening klopt";
    DOES_NOT_VERIFY: "It does not verify", "De verificatie mislukt";
    SUMMARY: "Profile {profile}: {failed} {failed?check fails|checks fail}, {passed} pass, {skipped} {skipped?is|are} skipped.", "Profiel {profile}: {failed} {failed?controle mislukt|controles mislukken}, {passed} geslaagd, {skipped} overgeslagen.";
    SUMMARY_PASSED: "Profile {profile}: {passed} {passed?check passes|checks pass}, {skipped} {skipped?is|are} skipped.", "Profiel {profile}: {passed} {passed?controle|controles} geslaagd, {skipped} overgeslagen.";
    GIVE_KEY: "Without a key the signature cannot be checked: paste one, or take it from this server.", "Zonder sleutel kan de handtekening niet worden gecontroleerd: plak er een, of haal die van deze server.";
    PASSED: "passed", "geslaagd";
    FAILED: "failed", "mislukt";
    SKIPPED: "skipped", "overgeslagen";
    SIGNING_STRING: "Signing string", "Ondertekende tekst";
    AS_RECEIVED: "as received, {n} bytes", "zoals ontvangen, {n} bytes";
    POINT: "Point at a part to see where it came from.", "Wijs een deel aan om te zien waar het vandaan kwam.";
    EVENT: "Event", "Gebeurtenis";
    DECODES: "decodes, {n} {n?variable|variables}", "leesbaar, {n} {n?variabele|variabelen}";
    DOES_NOT_DECODE: "does not decode", "niet leesbaar";
    AT_BYTE: "at byte {n}", "bij byte {n}";
}
