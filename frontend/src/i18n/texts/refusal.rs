//! Why a receiver refused, where its answer names the check.

texts! {
    CLOCK_AHEAD: "Your receiver’s clock is {n} s ahead", "De klok van uw ontvanger loopt {n} s voor";
    CLOCK_BEHIND: "Your receiver’s clock is {n} s behind", "De klok van uw ontvanger loopt {n} s achter";
    DATE: "Your receiver found the Date too far off", "Uw ontvanger vond de Date te ver afwijken";
    CLOCK_ADVICE: "Set its clock, for example with timedatectl set-ntp true. Each attempt has a new date, so what waits then gets through.", "Zet de klok gelijk, bijvoorbeeld met timedatectl set-ntp true. Elke poging heeft een nieuwe datum, dus wat wacht, komt dan aan.";
    CLOCKS_DIFFER: "We signed the call at {ours} UTC; the Date of its answer says {theirs}.", "Wij ondertekenden de aanroep om {ours} UTC; de Date van het antwoord zegt {theirs}.";
    CLOCKS_AGREE: "The Date of its answer agrees with our clock: what answers first, such as a proxy, has the right time, and the machine behind it has not.", "De Date van het antwoord klopt met onze klok: wat het eerst antwoordt, zoals een proxy, loopt gelijk, en de machine erachter niet.";
    HTTPS: "Your receiver takes calls over HTTPS only", "Uw ontvanger neemt alleen aanroepen over HTTPS aan";
    HTTPS_ADVICE: "Change the callback URL to https, or have your proxy tell how the call came in.", "Wijzig de callback-URL in https, of laat uw proxy doorgeven hoe de aanroep binnenkwam.";
    HOST: "Your receiver got another Host than its own", "Uw ontvanger kreeg een andere Host dan de zijne";
    HOST_IS: "Your proxy sends Host: {host}", "Uw proxy stuurt Host: {host}";
    HOST_ADVICE: "A proxy in between puts its own name there. In nginx: proxy_set_header Host $host;", "Een proxy ertussen zet er zijn eigen naam neer. In nginx: proxy_set_header Host $host;";
    DIGEST: "The body your receiver read is not the one we sent", "De inhoud die uw ontvanger las, is niet wat wij stuurden";
    DIGEST_ADVICE: "Verify the raw bytes, before a framework parses them; and see that nothing in between rewrites the body.", "Verifieer de rauwe bytes, voordat een framework ze leest; en ga na dat niets ertussen de inhoud herschrijft.";
    COVERAGE: "Your receiver misses a part in the signature", "Uw ontvanger mist een deel in de handtekening";
    COVERAGE_ADVICE: "A header field was lost on the way, or its verifier is set to another profile than this webhook.", "Een headerveld ging onderweg verloren, of de verificatie staat op een ander profiel dan deze webhook.";
    ENVIRONMENT: "Your receiver expects another environment", "Uw ontvanger verwacht een andere omgeving";
    ENVIRONMENT_ADVICE: "Set its verifier to the number in X-Copernica-ID of the request below.", "Stel de verificatie in op het nummer in X-Copernica-ID van de aanvraag hieronder.";
    KEYID: "Your receiver trusts another key domain", "Uw ontvanger vertrouwt een ander sleuteldomein";
    KEYID_ADVICE: "Set its keyDomain to the one under which the key stands: see Keys.", "Stel keyDomain in op het domein waaronder de sleutel staat: zie Sleutels.";
    SIGNATURE: "Your receiver could not confirm the signature", "Uw ontvanger kon de handtekening niet bevestigen";
    SIGNATURE_ADVICE: "See that the record under Keys is published, and that nothing in between rewrites the path or the headers. Inspect shows which part differs.", "Ga na dat het record onder Sleutels is gepubliceerd, en dat niets ertussen het pad of de headers herschrijft. Inspecteren toont welk deel verschilt.";
    NONCE: "Your receiver took the call for a repeat", "Uw ontvanger zag de aanroep als een herhaling";
    NONCE_ADVICE: "It has seen this nonce before. Every attempt has a new one, so something in between may send calls twice.", "Hij zag deze nonce eerder. Elke poging heeft een nieuwe, dus mogelijk verstuurt iets ertussen aanroepen dubbel.";
}
