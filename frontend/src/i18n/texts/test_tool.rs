//! The test tool.

texts! {
    WHAT: "What to send", "Wat te versturen";
    SAMPLE: "Sample", "Voorbeeld";
    SAMPLE_OF: "Sample of {type}", "Voorbeeld van {type}";
    SEND: "Send test", "Test versturen";
    SIGNED_LIKE_REAL: "Signed like a real call, marked as a test in the log.", "Ondertekend als een echte aanroep, in het log gemarkeerd als test.";
    LINE: "Line {line}", "Regel {line}";
    SEND_ANYWAY: "You may send it as it stands, to see what your receiver does.", "U mag het zo versturen, om te zien wat uw ontvanger doet.";
    ANSWER: "Answer", "Antwoord";
    NO_ANSWER_YET: "What your receiver answers shows here.", "Hier ziet u wat uw ontvanger antwoordt.";
    NOT_SENT: "The test was not sent", "De test is niet verstuurd";
    SILENT: "No answer came", "Er kwam geen antwoord";
    AS_SENT: "As it was sent", "Zoals het is verstuurd";
    SIGNING_STRING: "Signing string", "Ondertekende tekst";
    SIGNED_JOINED: "Signed are the two values with a full stop after each, and then the body.", "Ondertekend zijn de twee waarden met na elk een punt, en daarna de inhoud.";
    OPEN_IN_INSPECTOR: "Open in the inspector", "In de inspecteur openen";
    UNVERIFIED: "This URL is not verified yet", "Deze URL is nog niet geverifieerd";
    UNVERIFIED_MEANING: "Not even a test is sent to a URL before its owner has proved that it is theirs.", "Zelfs een test gaat niet naar een URL voordat is aangetoond van wie die is.";
}
