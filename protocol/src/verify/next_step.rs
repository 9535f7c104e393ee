//! What to do about a check that failed.

use super::{Language, Reason};
use crate::key::KeyError;
use crate::signature::CoverageError;

/// What to do about a check that failed. Its number is its place in [`NextStep::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// The body must be taken before anything reads it.
    RawBody,
    /// Header fields got lost on the way.
    RawFields,
    /// A header field came twice.
    OneField,
    /// The sender signs in a way that cannot be accepted.
    SenderSigns,
    /// Change the callback URL to https.
    UseHttps,
    /// Add the host to the option host if it is yours.
    NameHost,
    /// Add the environment to the option environment if it is yours.
    NameEnvironment,
    /// Set the option keyDomain to the sender's domain if you trust this sender.
    TrustSender,
    /// Look the nonce up in your store.
    AskStore,
    /// Answer 2xx if you have handled this call already.
    AnswerOnce,
    /// Ask the sender for a signed nonce with each call.
    AskForNonce,
    /// Repair the store of nonces: until it answers.
    RepairStore,
    /// Set both clocks by NTP.
    SetClocks,
    /// Set both clocks by NTP.
    VerifySooner,
    /// Verify calls as they come in.
    AwaitNextAttempt,
    /// Compute this digest of the raw body.
    ComputeDigest,
    /// Look whether a proxy takes the header field away and whether the option profile is the sender's.
    LookForSignature,
    /// Check that the URL.
    PassAllOn,
    /// Check the signature with the key.
    CheckSignature,
    /// Ask the sender whether the key is published under this name.
    PublishKey,
    /// Leave the call refused.
    AskAboutRevoked,
    /// Correct the key in the option keys or resolveKey if it is yours to give.
    CorrectKey,
    /// Give the key that belongs to this algorithm.
    GiveOtherKey,
    /// Check that this machine reaches its DNS servers.
    ReachLookup,
}

impl NextStep {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 24] = [
        Self::RawBody,
        Self::RawFields,
        Self::OneField,
        Self::SenderSigns,
        Self::UseHttps,
        Self::NameHost,
        Self::NameEnvironment,
        Self::TrustSender,
        Self::AskStore,
        Self::AnswerOnce,
        Self::AskForNonce,
        Self::RepairStore,
        Self::SetClocks,
        Self::VerifySooner,
        Self::AwaitNextAttempt,
        Self::ComputeDigest,
        Self::LookForSignature,
        Self::PassAllOn,
        Self::CheckSignature,
        Self::PublishKey,
        Self::AskAboutRevoked,
        Self::CorrectKey,
        Self::GiveOtherKey,
        Self::ReachLookup,
    ];

    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// One sentence, with its full stop.
    #[must_use]
    pub fn text(self, language: Language) -> &'static str {
        let (english, dutch) = match self {
            Self::RawBody => (
                "Give verify the body's bytes as they came, before anything parses or decodes them.",
                "Geef verify de bytes van de body zoals ze binnenkwamen, voordat iets ze leest of decodeert.",
            ),
            Self::RawFields => (
                "Give verify all header fields as they came, and look whether a proxy takes some away.",
                "Geef verify alle headers zoals ze binnenkwamen, en kijk of een proxy er een weghaalt.",
            ),
            Self::OneField => (
                "Find out which proxy or framework adds the second one, and let the sender's own alone reach verify.",
                "Zoek uit welke proxy of welk framework de tweede toevoegt, en laat alleen die van de afzender bij verify komen.",
            ),
            Self::SenderSigns => (
                "Ask the sender to correct how it signs; if it is not who you expected, leave the call refused.",
                "Vraag de afzender zijn ondertekening te verbeteren; is het niet wie u verwachtte, laat de aanroep dan geweigerd.",
            ),
            Self::UseHttps => (
                "Change the callback URL to https, or let the proxy pass X-Forwarded-Proto on and give verify the URL that it tells.",
                "Wijzig de callback-URL in https, of laat de proxy X-Forwarded-Proto doorgeven en geef verify de URL die daaruit volgt.",
            ),
            Self::NameHost => (
                "Add the host to the option host if it is yours, or let the proxy pass on the Host that the sender called.",
                "Voeg de host toe aan de optie host als hij van u is, of laat de proxy de Host doorgeven die de afzender aanriep.",
            ),
            Self::NameEnvironment => (
                "Add the environment to the option environment if it is yours; if not, leave the call refused and tell the sender that its webhook points here.",
                "Voeg de omgeving toe aan de optie environment als ze van u is; zo niet, laat de aanroep geweigerd en meld de afzender dat zijn webhook hierheen wijst.",
            ),
            Self::TrustSender => (
                "Set the option keyDomain to the sender's domain if you trust this sender; if not, leave the call refused.",
                "Zet de optie keyDomain op het domein van de afzender als u deze afzender vertrouwt; zo niet, laat de aanroep geweigerd.",
            ),
            Self::AskStore => (
                "Look the nonce up in your store, and give the answer to the verification.",
                "Zoek de nonce op in uw opslag, en geef het antwoord door aan de verificatie.",
            ),
            Self::AnswerOnce => (
                "Answer 2xx if you have handled this call already; if you have not, find out what sends it twice.",
                "Antwoord met 2xx als u deze aanroep al hebt verwerkt; zo niet, zoek dan uit wat hem dubbel verstuurt.",
            ),
            Self::AskForNonce => (
                "Ask the sender for a signed nonce with each call, or leave the option nonces out and accept that calls can be repeated.",
                "Vraag de afzender om een ondertekende nonce bij elke aanroep, of laat de optie nonces weg en aanvaard dat aanroepen herhaald kunnen worden.",
            ),
            Self::RepairStore => (
                "Repair the store of nonces: until it answers, every call is refused.",
                "Herstel de opslag van nonces: zolang die niet antwoordt, wordt elke aanroep geweigerd.",
            ),
            Self::SetClocks => (
                "Set both clocks by NTP, this one first (timedatectl shows its state); if this one is right, tell the sender that theirs is ahead.",
                "Zet beide klokken gelijk met NTP, deze het eerst (timedatectl toont hoe het ervoor staat); loopt deze goed, meld de afzender dan dat de zijne voorloopt.",
            ),
            Self::VerifySooner => (
                "Set both clocks by NTP, this one first; if they are right, the call is old: verify calls as they come in, before they wait in a queue.",
                "Zet beide klokken gelijk met NTP, deze het eerst; lopen ze goed, dan is de aanroep oud: verifieer aanroepen zodra ze binnenkomen, voordat ze in een wachtrij staan.",
            ),
            Self::AwaitNextAttempt => (
                "Verify calls as they come in, and set this clock by NTP; the sender's next attempt has a new signature.",
                "Verifieer aanroepen zodra ze binnenkomen, en zet deze klok gelijk met NTP; de volgende poging van de afzender heeft een nieuwe handtekening.",
            ),
            Self::ComputeDigest => (
                "Compute this digest of the raw body, and give it with the message.",
                "Bereken deze digest van de ruwe body, en geef hem met het bericht mee.",
            ),
            Self::LookForSignature => (
                "Look whether a proxy takes the header field away and whether the option profile is the sender's; if so, and if the call still has none, leave it refused: it is not signed.",
                "Kijk of een proxy de header weghaalt en of de optie profile die van de afzender is; blijft de header weg, laat de aanroep dan geweigerd: hij is niet ondertekend.",
            ),
            Self::PassAllOn => (
                "Check that the URL, the Host, the headers and the body reach verify as the sender sent them, and that the key is the sender's.",
                "Controleer of de URL, de Host, de headers en de body bij verify komen zoals de afzender ze verstuurde, en of de sleutel die van de afzender is.",
            ),
            Self::CheckSignature => (
                "Check the signature with the key, and give the answer to the verification.",
                "Controleer de handtekening met de sleutel, en geef het antwoord door aan de verificatie.",
            ),
            Self::PublishKey => (
                "Ask the sender whether the key is published under this name, or add it to the option keys; a new DNS record can take some time to be seen.",
                "Vraag de afzender of de sleutel onder deze naam is gepubliceerd, of voeg hem toe aan de optie keys; een nieuw DNS-record is soms pas na enige tijd te zien.",
            ),
            Self::AskAboutRevoked => (
                "Leave the call refused, and ask the sender why it still signs with a key that it revoked.",
                "Laat de aanroep geweigerd, en vraag de afzender waarom hij nog ondertekent met een sleutel die hij heeft ingetrokken.",
            ),
            Self::CorrectKey => (
                "Correct the key in the option keys or resolveKey if it is yours to give; if it was looked up, ask the sender to publish a good one.",
                "Verbeter de sleutel in de optie keys of resolveKey als u hem zelf opgeeft; is hij opgezocht, vraag de afzender dan een goede te publiceren.",
            ),
            Self::GiveOtherKey => (
                "Give the key that belongs to this algorithm, or ask the sender to name the algorithm of its key.",
                "Geef de sleutel die bij dit algoritme hoort, of vraag de afzender het algoritme van zijn sleutel te noemen.",
            ),
            Self::ReachLookup => (
                "Check that this machine reaches its DNS servers, or what resolveKey asks; the sender's next attempt will look the key up again.",
                "Controleer of deze machine haar DNS-servers bereikt, of wat resolveKey aanroept; bij de volgende poging van de afzender wordt de sleutel opnieuw opgezocht.",
            ),
        };
        match language {
            Language::English => english,
            Language::Dutch => dutch,
        }
    }
}

/// What to do about a reason; none if its check did not fail.
pub(super) fn of(reason: &Reason) -> Option<NextStep> {
    use NextStep as N;
    use Reason as R;
    Some(match reason {
        R::HttpPlain => N::UseHttps,

        R::EnvironmentAbsent | R::HostAbsent => N::RawFields,
        R::EnvironmentRepeated | R::HostRepeated | R::NonceRepeated { .. } => N::OneField,
        R::HostOther { .. } => N::NameHost,
        R::EnvironmentUnreadable { .. } | R::KeyIdAbsent | R::KeyIdMalformed { .. } => N::SenderSigns,
        R::EnvironmentOther { .. } => N::NameEnvironment,

        R::KeyIdForeign { .. } => N::TrustSender,
        R::NonceUnchecked => N::AskStore,
        R::NonceSeen => N::AnswerOnce,
        R::NonceAbsent { .. } | R::NonceUnsigned => N::AskForNonce,
        R::NonceStoreFailed { .. } => N::RepairStore,
        other => return date(other).or_else(|| body(other)).or_else(|| signature(other)),
    })
}

fn date(reason: &Reason) -> Option<NextStep> {
    use NextStep as N;
    use Reason as R;
    Some(match reason {
        R::DateAbsent { .. } | R::DateUnread => N::RawFields,
        R::DateRepeated { .. } => N::OneField,
        R::DateUnreadable { .. } => N::SenderSigns,
        R::DateAhead { .. } => N::SetClocks,
        R::DateBehind { .. } => N::VerifySooner,
        R::DateExpired { .. } => N::AwaitNextAttempt,
        _ => return None,
    })
}

fn body(reason: &Reason) -> Option<NextStep> {
    use NextStep as N;
    use Reason as R;
    Some(match reason {
        R::DigestAbsent { .. } => N::RawFields,
        R::DigestRepeated { .. } | R::LengthUnreadable => N::OneField,
        R::DigestUnreadable { .. } | R::DigestWeak { .. } => N::SenderSigns,
        R::DigestDiffers { .. } | R::LengthDiffers { .. } => N::RawBody,
        R::DigestUnchecked { .. } => N::ComputeDigest,
        _ => return None,
    })
}

fn signature(reason: &Reason) -> Option<NextStep> {
    use NextStep as N;
    use Reason as R;
    Some(match reason {
        R::SignatureAbsent { .. } | R::SignatureFieldAbsent { .. } => N::LookForSignature,
        R::SignatureRepeated { .. } | R::SignatureFieldRepeated { .. } => N::OneField,
        R::SignatureUnreadable(_)
        | R::MessageSignatureUnreadable(_)
        | R::NotCovered(_)
        | R::SignatureNoneUsable
        | R::MessageIdDotted
        | R::SignatureTooMany { .. }
        | R::AlgorithmUnknown { .. } => N::SenderSigns,
        R::CoverageBroken(CoverageError::Absent(_)) => N::RawFields,
        R::CoverageBroken(CoverageError::Repeated(_)) => N::OneField,
        R::CoverageBroken(CoverageError::TooLong(_) | CoverageError::Unknown(_)) => N::SenderSigns,
        R::SignatureInvalid => N::PassAllOn,
        R::SignatureUnchecked => N::CheckSignature,
        R::KeyNotFound => N::PublishKey,
        R::KeyUnusable(KeyError::Revoked) => N::AskAboutRevoked,
        R::KeyUnusable(_) => N::CorrectKey,
        R::WrongKind { .. } => N::GiveOtherKey,
        R::LookupFailed { .. } => N::ReachLookup,
        _ => return None,
    })
}
