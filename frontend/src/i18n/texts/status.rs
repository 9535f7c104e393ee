//! States.

texts! {
    STATUS: "Status", "Toestand";
    FAILING: "Failing", "In storing";
    UNVERIFIED: "Unverified", "Niet geverifieerd";
    PAUSED: "Paused", "Gepauzeerd";
    DISABLED: "Disabled", "Uitgeschakeld";
    ACTIVE: "Active", "Actief";
    SENDING: "Sending", "Onderweg";
    WAITING: "Waiting", "Wachtend";
    DELIVERED: "Delivered", "Afgeleverd";
    REFUSED: "Refused", "Geweigerd";
    NO_ANSWER: "No answer", "Geen antwoord";
    CANCELLED: "Cancelled", "Geannuleerd";
    ATTEMPTS: "{n} {n?attempt|attempts}", "{n} {n?poging|pogingen}";
}
