//! What a sender does now, in a sentence.

use super::model::{AutoReply, Diagnosis, Kind, Reason};

/// A language that advice is given in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Dutch, in the polite form.
    Dutch,
}

impl Language {
    /// The language of a tag such as `nl` or `nl-BE`; English for all that isn't known.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("nl") { Self::Dutch } else { Self::English }
    }
}

impl Diagnosis {
    /// What a sender does now.
    #[must_use]
    pub fn advice(&self, language: Language) -> &'static str {
        let (english, dutch) = match self.kind {
            Kind::NotABounce if self.recipients.iter().any(|recipient| recipient.reason == Reason::Delivered) => {
                ("Nothing: the mail was delivered.", "Niets: het bericht is afgeleverd.")
            }
            Kind::NotABounce if self.auto_reply == Some(AutoReply::Receipt) => (
                "Nothing: this is a receipt, the mail arrived.",
                "Niets: dit is een ontvangstbevestiging, het bericht is aangekomen.",
            ),
            Kind::NotABounce => (
                "Nothing: this is no bounce; treat it as any mail that comes in.",
                "Niets: dit is geen bounce; behandel het als elk ander bericht dat binnenkomt.",
            ),
            Kind::Unknown => (
                "Read it: it tells of a mail that was not delivered, but not to whom.",
                "Lees het bericht: het gaat over mail die niet is afgeleverd, maar noemt geen ontvanger.",
            ),
            Kind::AutoReply if self.auto_reply == Some(AutoReply::Challenge) => (
                "Answer it by hand if you know the recipient: the mail waits until you confirm that you sent it.",
                "Beantwoord het zelf als u de ontvanger kent: het bericht wacht tot u bevestigt dat u het hebt verzonden.",
            ),
            Kind::AutoReply => (
                "Keep sending: the mail arrived, this is an automatic reply.",
                "Blijf verzenden: het bericht is aangekomen, dit is een automatisch antwoord.",
            ),
            Kind::Complaint => (
                "Stop sending to this recipient, and look at how the address came onto your list.",
                "Stop met verzenden naar deze ontvanger, en ga na hoe het adres op uw lijst is gekomen.",
            ),
            Kind::Soft if self.delayed => (
                "Wait: the mail is late, not refused; send again only if nothing follows in some days.",
                "Wacht af: het bericht is vertraagd, niet geweigerd; verzend pas opnieuw als er na enkele dagen niets volgt.",
            ),
            Kind::Hard | Kind::Soft => self.deciding_reason().advice(),
        };
        match language {
            Language::English => english,
            Language::Dutch => dutch,
        }
    }

    /// The reason of the recipient that decides the kind.
    fn deciding_reason(&self) -> Reason {
        let deciding = self.recipients.iter().find(|recipient| self.kind != Kind::Hard || recipient.is_hard());
        deciding.map_or(Reason::Unknown, |recipient| recipient.reason)
    }
}

impl Reason {
    /// What a sender does about it, in English and in Dutch.
    fn advice(self) -> (&'static str, &'static str) {
        match self {
            Self::NoSuchUser => (
                "Stop sending to this address: it does not exist.",
                "Stop met verzenden naar dit adres: het bestaat niet.",
            ),
            Self::AddressMoved => (
                "Stop sending to this address: its owner moved; ask for the new one.",
                "Stop met verzenden naar dit adres: de eigenaar is verhuisd; vraag naar het nieuwe adres.",
            ),
            Self::MailboxDisabled => (
                "Stop sending to this address for now: its mailbox is disabled; take it off the list if it still is in a month.",
                "Verzend voorlopig niet naar dit adres: het postvak is uitgeschakeld; haal het van de lijst als dat over een maand nog zo is.",
            ),
            Self::RefusedByRecipient => (
                "Pause this address: its recipient, or a filter of theirs, refuses your mail; ask them another way.",
                "Pauzeer dit adres: de ontvanger of diens filter weigert uw mail; vraag het langs een andere weg na.",
            ),
            Self::Suppressed => (
                "Find out why the address is on your service's suppression list before you take it off there.",
                "Zoek uit waarom het adres op de blokkeerlijst van uw dienst staat voordat u het daar afhaalt.",
            ),
            Self::MailboxFull => (
                "Try again in some days: the mailbox is full; stop if it stays so.",
                "Probeer het over enkele dagen opnieuw: het postvak is vol; stop als dat zo blijft.",
            ),
            Self::ServerFull => (
                "Try again tomorrow: the receiving system is out of room.",
                "Probeer het morgen opnieuw: het ontvangende systeem heeft geen ruimte meer.",
            ),
            Self::MessageTooLarge => (
                "Send a smaller mail: leave out attachments, or link to them.",
                "Verzend een kleiner bericht: laat bijlagen weg of verwijs ernaar met een link.",
            ),
            Self::NoSuchDomain => (
                "Stop sending to this address: its domain does not exist; look for a typing error.",
                "Stop met verzenden naar dit adres: het domein bestaat niet; kijk of er een tikfout in staat.",
            ),
            Self::DomainTakesNoMail => (
                "Stop sending to this domain: it takes no mail.",
                "Stop met verzenden naar dit domein: het ontvangt geen mail.",
            ),
            Self::SenderRejected => (
                "Check your sender address: this server refuses it, or cannot verify it.",
                "Controleer uw afzenderadres: deze server weigert het of kan het niet verifiëren.",
            ),
            Self::AuthFailed => (
                "Repair your SPF, DKIM or DMARC: your authentication fails at this domain.",
                "Herstel uw SPF, DKIM of DMARC: uw authenticatie faalt bij dit domein.",
            ),
            Self::NoReverseDns => (
                "Give the sending IP address a reverse DNS name that leads back to it.",
                "Geef het verzendende IP-adres een reverse-DNS-naam die ernaar terugverwijst.",
            ),
            Self::RelayDenied => (
                "Check the domain's MX records, or your route: that server does not take mail for this domain.",
                "Controleer de MX-records van het domein of uw route: die server neemt voor dit domein geen mail aan.",
            ),
            Self::NotCompliant => (
                "Repair the mail's header: a field is missing, doubled or malformed.",
                "Herstel de header van het bericht: een veld ontbreekt, staat er dubbel of is misvormd.",
            ),
            Self::IpBlocked => (
                "Look the sending IP address up on the block list that the answer names, and ask for its removal.",
                "Zoek het verzendende IP-adres op in de blokkeerlijst die het antwoord noemt, en vraag om verwijdering.",
            ),
            Self::BadReputation => (
                "Send less and cleaner: your reputation at this provider is too low.",
                "Verzend minder en schoner: uw reputatie bij deze provider is te laag.",
            ),
            Self::RateLimited => (
                "Send slower to this provider and try again later.",
                "Verzend langzamer naar deze provider en probeer het later opnieuw.",
            ),
            Self::Policy => (
                "Read the server's words: a policy of theirs refuses the mail; only its postmaster can lift that.",
                "Lees het antwoord van de server: een beleidsregel weigert het bericht; alleen de beheerder daar kan dat opheffen.",
            ),
            Self::SpamContent => (
                "Change the content: it was judged to be spam; look at links, subject and list quality.",
                "Pas de inhoud aan: die is als spam beoordeeld; let op links, onderwerp en de kwaliteit van uw lijst.",
            ),
            Self::Virus => (
                "Scan what you send: malware was found in the mail.",
                "Controleer wat u verzendt: er is malware in het bericht gevonden.",
            ),
            Self::ContentRejected => (
                "Change the mail's form: an attachment or the way it was put together is refused.",
                "Pas de vorm van het bericht aan: een bijlage of de opbouw ervan wordt geweigerd.",
            ),
            Self::TlsRequired => (
                "Send over TLS: this server demands it, or better than was offered.",
                "Verzend via TLS: deze server eist dat, of beter dan werd aangeboden.",
            ),
            Self::Expired | Self::NetworkError => (
                "Try again later: the server could not be reached; stop if it stays so for weeks.",
                "Probeer het later opnieuw: de server was niet bereikbaar; stop als dat wekenlang zo blijft.",
            ),
            Self::ServerError => (
                "Try again later: something failed on their side.",
                "Probeer het later opnieuw: er ging iets mis aan hun kant.",
            ),
            Self::Unknown => (
                "Read the server's words: no cause that we know is stated; stop if it happens again and again.",
                "Lees het antwoord van de server: er staat geen oorzaak in die wij kennen; stop als het blijft gebeuren.",
            ),
            Self::AutoReply | Self::Delivered => ("Nothing: the mail arrived.", "Niets: het bericht is aangekomen."),
            Self::Complaint | Self::Unsubscribe => {
                ("Stop sending to this recipient.", "Stop met verzenden naar deze ontvanger.")
            }
        }
    }
}
