//! The diagnosis of a mail that came back.

texts! {
    TITLE: "Why the mail came back", "Waarom de mail terugkwam";
    HARD: "Hard bounce", "Harde bounce";
    SOFT: "Soft bounce", "Zachte bounce";
    COMPLAINT: "Complaint", "Spamklacht";
    AUTO_REPLY: "Automatic reply", "Automatisch antwoord";
    NOT_A_BOUNCE: "Not a bounce", "Geen bounce";
    UNKNOWN: "Unknown", "Onbekend";
    REPORTED_BY: "Reported by", "Gemeld door";
    ABOUT: "About", "Over";
    FEEDBACK: "Feedback", "Melding";
    SOURCE: "Sent from", "Verstuurd van";
    EVIDENCE: "Evidence", "Bewijs";
    MORE: "{n} more {n?recipient|recipients}", "nog {n} {n?ontvanger|ontvangers}";
    TREE: "MIME tree", "MIME-boom";
    BYTES: "{n} bytes", "{n} bytes";
    READ: "read for the diagnosis", "gelezen voor de diagnose";
}
