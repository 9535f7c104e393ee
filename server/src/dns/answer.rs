//! What is answered to a question.

use std::{net::SocketAddr, sync::Arc};

use hickory_server::{
    net::xfer::Protocol,
    proto::{
        op::{Edns, MessageType, Metadata, OpCode, ResponseCode},
        rr::{
            DNSClass, Name, RData, Record, RecordType,
            rdata::{NS, SOA, TXT},
        },
        serialize::binary::BinEncoder,
    },
    server::Request,
    zone_handler::MessageResponseBuilder,
};

use crate::{clock::Clock, store::Store};

/// How long a record may be kept by others, in seconds.
const TTL: u32 = 3600;
/// How long it may be kept that there is none (RFC 2308 §5): shortly, as the next key comes soon.
const NEGATIVE_TTL: u32 = 60;
/// The largest answer over UDP, which no network cuts in pieces (DNS flag day 2020).
const LARGEST_DATAGRAM: u16 = 1232;
/// The largest answer to a question without EDNS (RFC 1035 §4.2.1).
const PLAIN_DATAGRAM: u16 = 512;
/// A TXT record holds strings of at most 255 bytes (RFC 1035 §3.3).
const STRING: usize = 255;

/// The zone, answered from the store.
pub(super) struct Zone {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    apex: Name,
    server: Name,
    mailbox: Name,
}

/// The records of an answer.
#[derive(Default)]
struct Found {
    code: Option<ResponseCode>,
    answers: Vec<Record>,
    authorities: Vec<Record>,
    truncated: bool,
}

impl Found {
    fn only(code: ResponseCode) -> Self {
        Self { code: Some(code), ..Self::default() }
    }
}

impl Zone {
    /// The zone `_domainkey.DOMAIN`, for which `server` is the name server.
    pub(super) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        domain: &str,
        server: &str,
    ) -> Result<Self, String> {
        let name = |text: String| {
            Name::from_ascii(&text)
                .map(|mut name| {
                    name.set_fqdn(true);
                    name
                })
                .map_err(|error| format!("{text}: {error}"))
        };
        Ok(Self {
            store,
            clock,
            apex: name(format!("_domainkey.{domain}"))?,
            server: name(server.to_owned())?,
            mailbox: name(format!("hostmaster.{domain}"))?,
        })
    }

    /// The answer to a message; `None` where there is nothing to say. `truncate` sends whoever asks over to TCP.
    pub(super) async fn answer(
        &self,
        message: Vec<u8>,
        source: SocketAddr,
        udp: bool,
        truncate: bool,
    ) -> Option<Vec<u8>> {
        let protocol = if udp { Protocol::Udp } else { Protocol::Tcp };
        let beginning: Option<[u8; 4]> = message.first_chunk().copied();
        let request = match Request::from_bytes(message, source, protocol) {
            Ok(request) => request,
            Err(_) => return malformed(beginning?),
        };
        if request.metadata.message_type != MessageType::Query {
            return None;
        }
        let found = if truncate { Found { truncated: true, ..Found::default() } } else { self.find(&request).await };
        encode(&request, &found, udp)
    }

    async fn find(&self, request: &Request) -> Found {
        if request.metadata.op_code != OpCode::Query {
            return Found::only(ResponseCode::NotImp);
        }
        if request.edns.as_ref().is_some_and(|edns| edns.version() > 0) {
            return Found::only(ResponseCode::BADVERS);
        }
        let [query] = request.queries.queries() else { return Found::only(ResponseCode::FormErr) };
        let name = query.original().name().clone();
        if query.query_class() != DNSClass::IN || !self.apex.zone_of(&name) {
            return Found::only(ResponseCode::Refused);
        }
        match query.query_type() {
            RecordType::AXFR | RecordType::IXFR => Found::only(ResponseCode::Refused),
            wanted if name == self.apex => self.apex(wanted),
            wanted => self.key(name, wanted).await,
        }
    }

    fn apex(&self, wanted: RecordType) -> Found {
        let answers = match wanted {
            RecordType::SOA => vec![self.soa(TTL)],
            RecordType::NS => vec![self.ns()],
            RecordType::ANY => vec![self.soa(TTL), self.ns()],
            _ => return self.nothing(ResponseCode::NoError),
        };
        Found { answers, ..Found::default() }
    }

    async fn key(&self, name: Name, wanted: RecordType) -> Found {
        let keyid = name.to_lowercase().to_ascii();
        let record = match self.store.key_record(keyid.trim_end_matches('.').to_owned()).await {
            Ok(Some(record)) => record,
            Ok(None) => return self.nothing(ResponseCode::NXDomain),
            Err(error) => {
                tracing::error!(%error, "a question to DNS could not be answered");
                return Found::only(ResponseCode::ServFail);
            }
        };
        if !matches!(wanted, RecordType::TXT | RecordType::ANY) {
            return self.nothing(ResponseCode::NoError);
        }
        let strings = record.as_bytes().chunks(STRING).map(|chunk| String::from_utf8_lossy(chunk).into_owned());
        let text = RData::TXT(TXT::new(strings.collect()));
        Found { answers: vec![Record::from_rdata(name, TTL, text)], ..Found::default() }
    }

    /// There is no such name, or nothing of that type at it: the SOA says for how long.
    fn nothing(&self, code: ResponseCode) -> Found {
        Found { code: Some(code), authorities: vec![self.soa(NEGATIVE_TTL)], ..Found::default() }
    }

    fn soa(&self, ttl: u32) -> Record {
        // Nobody copies the zone, so that the serial only needs to grow.
        let serial = u32::try_from((self.clock.now() / 1000).rem_euclid(i64::from(u32::MAX))).unwrap_or(0);
        let soa = SOA::new(self.server.clone(), self.mailbox.clone(), serial, 3600, 600, 604_800, NEGATIVE_TTL);
        Record::from_rdata(self.apex.clone(), ttl, RData::SOA(soa))
    }

    fn ns(&self) -> Record {
        Record::from_rdata(self.apex.clone(), TTL, RData::NS(NS(self.server.clone())))
    }
}

fn encode(request: &Request, found: &Found, udp: bool) -> Option<Vec<u8>> {
    let mut metadata = Metadata::response_from_request(&request.metadata);
    let code = found.code.unwrap_or(ResponseCode::NoError);
    metadata.response_code = code;
    metadata.recursion_available = false;
    metadata.authoritative = matches!(code, ResponseCode::NoError | ResponseCode::NXDomain);
    metadata.truncation = found.truncated;
    let mut edns = Edns::new();
    edns.set_max_payload(LARGEST_DATAGRAM).set_version(0);
    if code == ResponseCode::BADVERS {
        edns.set_rcode_high(code.high());
    }
    let mut builder = MessageResponseBuilder::new(&request.queries, None);
    if let Some(asked) = &request.edns {
        // RFC 3225 §3: the answer says whether the question's DO bit was heard.
        edns.set_dnssec_ok(asked.flags().dnssec_ok);
        builder.edns(&edns);
    }
    let response = builder.build(metadata, &found.answers, &found.authorities, std::iter::empty(), std::iter::empty());
    let mut bytes = Vec::with_capacity(usize::from(PLAIN_DATAGRAM));
    let mut encoder = BinEncoder::new(&mut bytes);
    encoder.set_max_size(match (udp, &request.edns) {
        (true, Some(edns)) => edns.max_payload().clamp(PLAIN_DATAGRAM, LARGEST_DATAGRAM),
        (true, None) => PLAIN_DATAGRAM,
        (false, _) => u16::MAX,
    });
    response
        .destructive_emit(&mut encoder)
        .map_err(|error| tracing::debug!(%error, "an answer cannot be written"))
        .ok()?;
    // Of records that did not fit the bytes are still there.
    encoder.trim();
    Some(bytes)
}

/// A question that cannot be read: FORMERR, with its id.
fn malformed([high, low, flags, _]: [u8; 4]) -> Option<Vec<u8>> {
    let is_answer = flags & 0x80 != 0;
    // Answering answers would go on for ever.
    (!is_answer).then(|| vec![high, low, 0x80 | (flags & 0x79), 1, 0, 0, 0, 0, 0, 0, 0, 0])
}
