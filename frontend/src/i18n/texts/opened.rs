//! A delivery, opened.

texts! {
    DELIVERY: "Delivery", "Aflevering";
    TITLE: "Delivery of {type}", "Aflevering van {type}";
    TITLE_TO: "{type} to {recipient}", "{type} voor {recipient}";
    REPLAY: "Replay", "Opnieuw versturen";
    REPLAY_OF: "Replay of {delivery}", "Herhaling van {delivery}";
    QUEUED_OPEN: "Queued. This is the new delivery.", "In de wachtrij gezet. Dit is de nieuwe aflevering.";
    ALL: "All deliveries", "Alle afleveringen";
    CLOSE: "Close this delivery", "Deze aflevering sluiten";
    COPY_ID: "Copy delivery id", "Id van de aflevering kopiëren";
    COPY_ORIGINAL: "Copy the original’s id", "Id van het origineel kopiëren";
    COPY_EVENT: "Copy event id", "Id van de gebeurtenis kopiëren";
    COPY_CURL: "Copy as curl", "Als curl kopiëren";
    INSPECT: "Inspect", "Inspecteren";
    ATTEMPTS: "Attempts", "Pogingen";
    ATTEMPT: "Attempt {n}", "Poging {n}";
    NEXT: "Attempt {n} in {time}", "Poging {n} over {time}";
    SIGNED_ANEW: "Signed anew, with a new date and nonce.", "Opnieuw ondertekend, met een nieuwe datum en nonce.";
    THEN: "Should it fail: {times}.", "Mislukt die: {times}.";
    THEN_MORE: "Should it fail: {times} and {n} more, the last {last}.", "Mislukt die: {times} en nog {n}, de laatste {last}.";
    DELIVERED_WITH: "Attempt {n} accepted with {status}", "Poging {n} aangenomen met {status}";
    REFUSED_WITH: "Attempt {n} refused with {status}", "Poging {n} geweigerd met {status}";
    UNANSWERED: "Attempt {n}: {why}", "Poging {n}: {why}";
    IN: "in {time}", "in {time}";
    REACHED_TLS: "to {address}, TLS {version}.", "naar {address}, TLS {version}.";
    REACHED_PLAIN: "to {address}, without TLS.", "naar {address}, zonder TLS.";
    REACHED: "to {address}.", "naar {address}.";
    SHOW: "Show", "Toon";
    SHOWN_BELOW: "Shown below", "Staat hieronder";
    ACCEPTED: "Event accepted", "Gebeurtenis aangenomen";
    TEST_ASKED: "Test asked for", "Test aangevraagd";
    REFUSED: "Your receiver refused with {status}", "Uw ontvanger weigerde met {status}";
    SILENT: "Your receiver did not answer", "Uw ontvanger antwoordde niet";
    HINT_REDIRECT: "It sends us on to another address, which we do not follow. Change the callback URL to the one that answers itself.", "Hij verwijst door naar een ander adres en dat volgen we niet. Wijzig de callback-URL in het adres dat zelf antwoordt.";
    HINT_CLOSED: "It did not accept the signature, or it asks for a sign-in. Its answer below may say which check failed; Inspect shows what a verifier sees.", "Hij aanvaardde de handtekening niet, of vraagt om aanmelding. Zijn antwoord hieronder zegt misschien welke controle mislukte; Inspecteren toont wat een verificatie ziet.";
    HINT_MISSING: "There is nothing at this address that takes a POST. See that the script is where the URL says.", "Op dit adres is niets dat een POST aanneemt. Ga na of het script staat waar de URL zegt.";
    HINT_LARGE: "The event is too large for it. Raise its limit for bodies.", "De gebeurtenis is te groot voor hem. Verhoog zijn limiet voor aanvragen.";
    HINT_MANY: "It asks for fewer calls. We wait longer between attempts.", "Hij vraagt om minder aanroepen. We wachten langer tussen pogingen.";
    HINT_ERROR: "It failed itself. Its own log says why.", "Hij gaf zelf een fout. Zijn eigen log zegt waarom.";
    HINT_OTHER: "Only 2xx counts as accepted. Its answer stands below.", "Alleen 2xx telt als aangenomen. Zijn antwoord staat hieronder.";
    NOTED: "Accepted all the same", "Toch aangenomen";
    GOES_ON: "It is tried again, signed anew each time.", "Het wordt opnieuw geprobeerd, telkens opnieuw ondertekend.";
    GIVEN_UP: "It is not tried any more.", "Het wordt niet meer geprobeerd.";
    TEST_ENDS: "A test is tried once.", "Een test wordt één keer geprobeerd.";
}
