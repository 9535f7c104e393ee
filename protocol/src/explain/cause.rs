//! What happened to a call, and what to do about it.

use crate::quote::quoted;
use crate::verify::Language;

/// How JSON was laid out when it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// No white space.
    Compact,
    /// A space after each comma and colon.
    Spaced,
    /// Indented by two spaces.
    Indented2,
    /// Indented by four spaces.
    Indented4,
}

/// What the JSON escaped when it was signed, beyond what it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// Nothing.
    None,
    /// `\/` for each slash.
    Slashes,
    /// `\uXXXX` for what is not ASCII.
    Unicode,
    /// Both of these, as PHP does.
    SlashesAndUnicode,
    /// `\uXXXX` for what is not ASCII, its digits in capitals, as Java and .NET have them.
    Capitals,
    /// `\u003c`, `\u003e` and `\u0026` for `<`, `>` and `&`, as Go does.
    Html,
}

/// What stood before or after the JSON when it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// Nothing.
    Nothing,
    /// An LF at its end.
    LineFeed,
    /// A byte order mark before it.
    Bom,
}

/// What would make a refused call verify.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names, and the sentences of `text`, say it")]
pub enum Cause {
    ClockZone { quarters: u64, ahead: bool },
    CrLfLost,
    LfLost,
    CrLost,
    CrLfAdded,
    LfAdded,
    CrAdded,
    SpaceAdded,
    LfToCrLf,
    CrLfToLf,
    BomAdded,
    BomLost,
    Base64,
    Latin1,
    FormRewritten,
    JsonRewritten { layout: Layout, escapes: Escapes, around: Around },
    Scheme { signed: &'static str },
    Host { signed: String },
    TrailingSlash,
    SpaceInTarget,
    PathPrefix,
    PathStripped { signed: String },
    QueryOrder,
    QueryAdded,
    ContentType,
    Proxy,
    Environment { signed: String },
    EnvironmentUnknown { found: String, own: String },
    Key { signed: String },
    KeyUnnamed { position: usize, key_id: String },
}

impl Cause {
    /// A name for programs, which never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ClockZone { .. } => "clock-zone",
            Self::CrLfLost | Self::LfLost | Self::CrLost => "line-end-lost",
            Self::CrLfAdded | Self::LfAdded | Self::CrAdded => "line-end-added",
            Self::SpaceAdded => "space-added",
            Self::LfToCrLf | Self::CrLfToLf => "line-ends-changed",
            Self::BomAdded => "bom-added",
            Self::BomLost => "bom-lost",
            Self::Base64 => "base64",
            Self::Latin1 => "latin1",
            Self::FormRewritten => "form-rewritten",
            Self::JsonRewritten { .. } => "json-rewritten",
            Self::Scheme { .. } => "scheme",
            Self::Host { .. } => "host",
            Self::TrailingSlash => "trailing-slash",
            Self::SpaceInTarget => "space-in-target",
            Self::PathPrefix => "path-prefix",
            Self::PathStripped { .. } => "path-stripped",
            Self::QueryOrder => "query-order",
            Self::QueryAdded => "query-added",
            Self::ContentType => "content-type",
            Self::Proxy => "proxy",
            Self::Environment { .. } => "environment",
            Self::EnvironmentUnknown { .. } => "environment-unknown",
            Self::Key { .. } | Self::KeyUnnamed { .. } => "key",
        }
    }

    /// What happened, in words.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let dutch = language == Language::Dutch;
        let pick = |english: &str, dutch_text: &str| (if dutch { dutch_text } else { english }).to_owned();
        match self {
            Self::ClockZone { quarters, ahead } => zone(*quarters, *ahead, dutch),
            Self::CrLfLost => {
                pick("the last CR LF of the body was lost", "de laatste CR LF van de body is weggevallen")
            }
            Self::LfLost => pick("the last LF of the body was lost", "de laatste LF van de body is weggevallen"),
            Self::CrLost => pick("the last CR of the body was lost", "de laatste CR van de body is weggevallen"),
            Self::CrLfAdded => {
                pick("a line break (CR LF) was added to the body", "er is een CR LF achter de body gezet")
            }
            Self::LfAdded => pick("a line feed (LF) was added to the body", "er is een LF achter de body gezet"),
            Self::CrAdded => pick("a carriage return (CR) was added to the body", "er is een CR achter de body gezet"),
            Self::SpaceAdded => pick("white space was added around the body", "er is witruimte om de body gezet"),
            Self::LfToCrLf => pick("each LF in the body was made CR LF", "elke LF in de body is CR LF geworden"),
            Self::CrLfToLf => pick("each CR LF in the body was made LF", "elke CR LF in de body is LF geworden"),
            Self::BomAdded => {
                pick("a byte order mark was put before the body", "er is een byte order mark voor de body gezet")
            }
            Self::BomLost => {
                pick("the byte order mark before the body was lost", "de byte order mark voor de body is weggevallen")
            }
            Self::Base64 => pick("the body is wrapped in base64", "de body is in base64 verpakt"),
            Self::Latin1 => pick(
                "the body's UTF-8 was taken for Latin-1 and encoded a second time",
                "de UTF-8 van de body is als Latin-1 gelezen en nog eens gecodeerd",
            ),
            Self::FormRewritten => pick(
                "the form was parsed and written again, which escapes otherwise: \"+\" for \"%20\", \"(\" for \"%28\", or the reverse",
                "het formulier is gelezen en opnieuw geschreven, en daarbij anders gecodeerd: \"+\" voor \"%20\", \"(\" voor \"%28\", of andersom",
            ),
            Self::JsonRewritten { layout, escapes, around } => rewritten(*layout, *escapes, *around, dutch),
            Self::Scheme { signed } => {
                if dutch {
                    format!("ondertekend is {signed}://")
                } else {
                    format!("what was signed is {signed}://")
                }
            }
            Self::Host { signed } => {
                let signed = quoted(signed);
                if dutch {
                    format!("ondertekend is de Host {signed}")
                } else {
                    format!("the Host that was signed is {signed}")
                }
            }
            Self::TrailingSlash => pick(
                "a slash at the end of the path came or went",
                "een schuine streep aan het eind van het pad is erbij gekomen of weggevallen",
            ),
            Self::SpaceInTarget => {
                pick("\"+\" and \"%20\" were exchanged in the URL", "\"+\" en \"%20\" zijn in de URL verwisseld")
            }
            Self::PathPrefix => {
                pick("the path got a prefix on its way", "het pad heeft onderweg een voorvoegsel gekregen")
            }
            Self::PathStripped { signed } => {
                let signed = quoted(signed);
                if dutch {
                    format!("het pad is onderweg ingekort; ondertekend is {signed}")
                } else {
                    format!("the path was cut short on its way; what was signed is {signed}")
                }
            }
            Self::QueryOrder => pick(
                "the query's parameters were put in another order",
                "de parameters van de URL staan in een andere volgorde",
            ),
            Self::QueryAdded => pick("a query was added to the URL", "er is een query aan de URL toegevoegd"),
            Self::ContentType => {
                pick("the Content-Type was changed on its way", "de Content-Type is onderweg veranderd")
            }
            Self::Proxy => {
                pick("a proxy changed both the host and the path", "een proxy heeft de host en het pad veranderd")
            }
            Self::Environment { signed } => {
                let signed = quoted(signed);
                if dutch {
                    format!("ondertekend is de X-Copernica-ID {signed}, een andere dan er binnenkwam")
                } else {
                    format!("the X-Copernica-ID that was signed is {signed}, another than the one that arrived")
                }
            }
            Self::EnvironmentUnknown { found, own } => {
                if dutch {
                    format!("de aanroep is voor omgeving {found}, en ingesteld is {own}")
                } else {
                    format!("the call is for the environment {found}, and the option environment has {own}")
                }
            }
            Self::Key { signed } => {
                let signed = quoted(signed);
                if dutch {
                    format!("ondertekend is met de sleutel {signed}, en niet met die van de keyId")
                } else {
                    format!("it was signed with the key {signed}, not with the one that the keyId names")
                }
            }
            Self::KeyUnnamed { position, key_id } => {
                let key_id = quoted(key_id);
                if dutch {
                    format!(
                        "ondertekend is met keys[{position}], een sleutel die hier geen naam heeft; de keyId is {key_id}"
                    )
                } else {
                    format!("it was signed with keys[{position}], a key that has no name here; the keyId is {key_id}")
                }
            }
        }
    }

    /// What to do about it, in words.
    #[must_use]
    pub fn cure(&self, language: Language) -> String {
        let (english, dutch) = match self {
            Self::ClockZone { .. } => (
                "Set the clocks by NTP and their zones right; HTTP dates are in GMT.",
                "Zet de klokken gelijk met NTP en de tijdzones goed; HTTP-datums zijn in GMT.",
            ),
            Self::Base64 => (
                "Decode it first: a gateway such as AWS API Gateway sets isBase64Encoded. The adapter seinpost-verify/aws does.",
                "Decodeer hem eerst: een gateway zoals AWS API Gateway zet isBase64Encoded. De adapter seinpost-verify/aws doet dat.",
            ),
            Self::Scheme { .. } | Self::Host { .. } | Self::PathPrefix | Self::Proxy | Self::TrailingSlash => (
                "Give verify the URL and the Host as the sender sees them: behind a proxy, from X-Forwarded-Host and -Proto (or Forwarded), or set the proxy to pass them on unchanged.",
                "Geef verify de URL en de Host zoals de afzender ze ziet: achter een proxy uit X-Forwarded-Host en -Proto (of Forwarded), of laat de proxy ze ongewijzigd doorgeven.",
            ),
            Self::PathStripped { .. } => (
                "Give verify the path as the sender called it: in Express request.originalUrl, as request.url lacks where a router is mounted; behind a proxy from X-Forwarded-Prefix, or set the proxy to pass the path on unchanged.",
                "Geef verify het pad zoals de afzender het aanriep: in Express request.originalUrl, want in request.url ontbreekt waar een router hangt; achter een proxy uit X-Forwarded-Prefix, of laat de proxy het pad ongewijzigd doorgeven.",
            ),
            Self::SpaceInTarget | Self::QueryOrder | Self::QueryAdded => (
                "Give verify the URL as it came, such as Node's request.url or Express's originalUrl, not one that was parsed and written again.",
                "Geef verify de URL zoals hij binnenkwam, zoals request.url van Node of originalUrl van Express, en niet een die gelezen en opnieuw geschreven is.",
            ),
            Self::ContentType => (
                "Give verify the header fields as they came, before a framework or a proxy adds a charset.",
                "Geef verify de headers zoals ze binnenkwamen, voordat een framework of proxy er een charset aan toevoegt.",
            ),
            Self::Environment { .. } => (
                "Give verify the X-Copernica-ID as it came: look which router or proxy rewrites it.",
                "Geef verify de X-Copernica-ID zoals hij binnenkwam: kijk welke router of proxy hem herschrijft.",
            ),
            Self::EnvironmentUnknown { .. } => (
                "If that environment is yours, too, give a list: environment: [1234, 5678]. If not, the call was meant for somebody else: look at which webhook has this URL.",
                "Is die omgeving ook van u, geef dan een lijst: environment: [1234, 5678]. Zo niet, dan was de aanroep voor iemand anders: kijk welke webhook deze URL heeft.",
            ),
            Self::Key { .. } => (
                "Look whether two names were exchanged in the option keys; if not, tell the sender that the keyId of its calls is not that of its key.",
                "Kijk of in de optie keys twee namen verwisseld zijn; zo niet, meld de afzender dat de keyId van zijn aanroepen niet die van zijn sleutel is.",
            ),
            Self::KeyUnnamed { .. } => (
                "The profiles cavage and rfc9421 find a key by its name. If the keyId is the sender's, give the key under it: keys: { [keyId]: key }.",
                "De profielen cavage en rfc9421 vinden een sleutel bij zijn naam. Is de keyId van de afzender, geef de sleutel dan daaronder: keys: { [keyId]: key }.",
            ),
            _ => (
                "Give verify the body's bytes as they came, before anything parses them: express.raw({type: \"*/*\"}), Fastify's addContentTypeParser with parseAs \"buffer\", await request.arrayBuffer(), or one of the adapters.",
                "Geef verify de bytes van de body zoals ze binnenkwamen, voordat iets ze leest: express.raw({type: \"*/*\"}), addContentTypeParser van Fastify met parseAs \"buffer\", await request.arrayBuffer(), of een van de adapters.",
            ),
        };
        (if language == Language::Dutch { dutch } else { english }).to_owned()
    }
}

fn zone(quarters: u64, ahead: bool, dutch: bool) -> String {
    let (hours, minutes) = (quarters / 4, quarters % 4 * 15);
    let minutes = if minutes == 0 { String::new() } else { format!(":{minutes}") };
    let unit = if quarters == 4 { "hour" } else { "hours" };
    match (dutch, ahead) {
        (false, true) => {
            format!("the sender's clock is {hours}{minutes} {unit} ahead: a time zone was taken for UTC")
        }
        (false, false) => format!(
            "this clock is {hours}{minutes} {unit} ahead, or the call is as old: a time zone may have been taken for UTC"
        ),
        (true, true) => {
            format!("de klok van de afzender loopt {hours}{minutes} uur voor: een tijdzone is voor UTC aangezien")
        }
        (true, false) => format!(
            "deze klok loopt {hours}{minutes} uur voor, of het bericht is zo oud: misschien is een tijdzone voor UTC aangezien"
        ),
    }
}

fn rewritten(layout: Layout, escapes: Escapes, around: Around, dutch: bool) -> String {
    let mut out = String::from(if dutch {
        "de JSON is gelezen en opnieuw geschreven; ondertekend is hij"
    } else {
        "the JSON was parsed and written again; what was signed is"
    });
    out.push_str(match (layout, dutch) {
        (Layout::Compact, false) => " without white space",
        (Layout::Compact, true) => " zonder witruimte",
        (Layout::Spaced, false) => " with a space after each comma and colon",
        (Layout::Spaced, true) => " met een spatie na elke komma en dubbele punt",
        (Layout::Indented2, false) => " indented by 2 spaces",
        (Layout::Indented2, true) => " met 2 spaties ingesprongen",
        (Layout::Indented4, false) => " indented by 4 spaces",
        (Layout::Indented4, true) => " met 4 spaties ingesprongen",
    });
    if matches!(escapes, Escapes::Slashes | Escapes::SlashesAndUnicode) {
        out.push_str(if dutch { ", met \\/ voor elke schuine streep" } else { ", with \\/ for each slash" });
    }
    out.push_str(match (escapes, dutch) {
        (Escapes::Unicode | Escapes::SlashesAndUnicode, false) => ", with \\uXXXX for what is not ASCII",
        (Escapes::Unicode | Escapes::SlashesAndUnicode, true) => ", met \\uXXXX voor wat geen ASCII is",
        (Escapes::Capitals, false) => ", with \\uXXXX in capitals for what is not ASCII",
        (Escapes::Capitals, true) => ", met \\uXXXX in hoofdletters voor wat geen ASCII is",
        (Escapes::Html, false) => ", with \\u003c, \\u003e and \\u0026 for <, > and &",
        (Escapes::Html, true) => ", met \\u003c, \\u003e en \\u0026 voor <, > en &",
        (Escapes::None | Escapes::Slashes, _) => "",
    });
    out.push_str(match (around, dutch) {
        (Around::Nothing, _) => "",
        (Around::LineFeed, false) => ", with an LF at its end",
        (Around::LineFeed, true) => ", met een LF aan het eind",
        (Around::Bom, false) => ", with a byte order mark before it",
        (Around::Bom, true) => ", met een byte order mark ervoor",
    });
    out
}
