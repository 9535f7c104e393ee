//! The zone of the keys, asked over real sockets.

use hickory_server::proto::{
    op::{Edns, Message, MessageType, OpCode, Query, ResponseCode},
    rr::{DNSClass, Name, RData, RecordType},
    serialize::binary::{BinDecodable, BinDecoder},
};
use seinpost_protocol::rest::PublishedKey;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
};

use crate::{
    egress::closed_port,
    support::{process::Server, within},
};

/// So long that a key's record does not fit into 512 bytes.
const DOMAIN: &str =
    "hooks.a-name-that-is-rather-long-for-a-domain.for-keys-that-do-not-fit-into-a-datagram.example.com";

struct Asked {
    address: String,
}

fn question(name: &str, wanted: RecordType, edns: Option<u16>) -> Message {
    let mut message = Message::new(7, MessageType::Query, OpCode::Query);
    message.add_query(Query::query(Name::from_ascii(name).unwrap(), wanted));
    if let Some(size) = edns {
        let mut edns = Edns::new();
        edns.set_max_payload(size);
        message.set_edns(edns);
    }
    message
}

/// A message after which there is nothing: some resolvers refuse one with anything behind it.
fn whole_message(bytes: &[u8]) -> Message {
    let mut decoder = BinDecoder::new(bytes);
    let message = Message::read(&mut decoder).unwrap();
    assert!(decoder.is_empty(), "{} bytes behind {message:?}", decoder.len());
    message
}

impl Asked {
    async fn udp_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(&self.address).await.unwrap();
        socket.send(bytes).await.unwrap();
        let mut buffer = vec![0; 65_535];
        let length = within("an answer", socket.recv(&mut buffer)).await.unwrap();
        buffer.truncate(length);
        buffer
    }

    async fn udp(&self, message: &Message) -> Message {
        whole_message(&self.udp_bytes(&message.to_vec().unwrap()).await)
    }

    /// The answer, if one comes.
    async fn udp_within_reason(&self, message: &Message) -> Option<Message> {
        let answer = tokio::time::timeout(std::time::Duration::from_millis(200), self.udp(message)).await;
        answer.ok()
    }

    async fn tcp(&self, message: &Message) -> Message {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let bytes = message.to_vec().unwrap();
        stream.write_u16(u16::try_from(bytes.len()).unwrap()).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        let length = within("an answer", stream.read_u16()).await.unwrap();
        let mut answer = vec![0; usize::from(length)];
        within("an answer", stream.read_exact(&mut answer)).await.unwrap();
        whole_message(&answer)
    }
}

fn text(message: &Message) -> Vec<String> {
    message
        .answers
        .iter()
        .filter_map(|record| match &record.data {
            RData::TXT(text) => Some(String::from_utf8(text.txt_data.concat()).unwrap()),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn the_zone_of_the_keys_is_answered_and_nothing_else() {
    let data = TempDir::new().unwrap();
    let address = format!("127.0.0.1:{}", closed_port().await);
    let server = Server::start(data.path(), &["--dns-listen", &address, "--key-domain", DOMAIN]).await;
    let asked = Asked { address };
    let key = server.client.get("/v1/keys").await.expect(200).json::<Vec<PublishedKey>>().remove(0);
    let zone = format!("_domainkey.{DOMAIN}");

    // Over UDP with EDNS, and over TCP; in strings of at most 255 bytes; whatever the case of the name.
    let whole = asked.udp(&question(&key.keyid, RecordType::TXT, Some(1232))).await;
    assert_eq!(text(&whole), [key.dns.as_str()], "{whole:?}");
    assert!(whole.metadata.authoritative && !whole.metadata.recursion_available && !whole.metadata.truncation);
    let RData::TXT(strings) = &whole.answers[0].data else { panic!("{whole:?}") };
    assert!(strings.txt_data.len() > 1 && strings.txt_data.iter().all(|string| string.len() <= 255));
    assert_eq!(text(&asked.tcp(&question(&key.keyid, RecordType::TXT, None)).await), [key.dns.as_str()]);
    let shouted = asked.tcp(&question(&key.keyid.to_uppercase(), RecordType::TXT, None)).await;
    assert_eq!(text(&shouted), [key.dns.as_str()]);

    // Without EDNS there are 512 bytes: come over TCP.
    let bytes = asked.udp_bytes(&question(&key.keyid, RecordType::TXT, None).to_vec().unwrap()).await;
    assert!(bytes.len() <= 512, "{}", bytes.len());
    let cut = whole_message(&bytes);
    assert!(cut.metadata.truncation && cut.answers.is_empty(), "{cut:?}");
    assert_eq!(cut.to_vec().unwrap().len(), bytes.len());

    // Whoever says that it understands DNSSEC is told that this was heard (RFC 3225 §3).
    for wished in [true, false] {
        let mut asking = question(&key.keyid, RecordType::TXT, Some(1232));
        asking.edns.as_mut().unwrap().set_dnssec_ok(wished);
        let answer = asked.udp(&asking).await;
        assert_eq!(answer.edns.as_ref().unwrap().flags().dnssec_ok, wished, "{answer:?}");
        assert_eq!(text(&answer), [key.dns.as_str()]);
    }

    // The apex.
    let soa = asked.udp(&question(&zone, RecordType::SOA, None)).await;
    assert!(matches!(&soa.answers[0].data, RData::SOA(_)), "{soa:?}");
    let ns = asked.udp(&question(&zone, RecordType::NS, None)).await;
    let RData::NS(server_name) = &ns.answers[0].data else { panic!("{ns:?}") };
    assert_eq!(server_name.0.to_ascii(), format!("ns.{DOMAIN}."));

    // NODATA and NXDOMAIN, each with the SOA that says for how long.
    for (name, wanted, code) in [
        (zone.clone(), RecordType::A, ResponseCode::NoError),
        (key.keyid.clone(), RecordType::A, ResponseCode::NoError),
        (format!("missing.{zone}"), RecordType::TXT, ResponseCode::NXDomain),
        (format!("below.{}", key.keyid), RecordType::TXT, ResponseCode::NXDomain),
    ] {
        let answer = asked.udp(&question(&name, wanted, Some(1232))).await;
        assert_eq!(answer.metadata.response_code, code, "{name} {wanted}");
        assert!(answer.answers.is_empty() && answer.metadata.authoritative, "{answer:?}");
        assert!(matches!(&answer.authorities[0].data, RData::SOA(_)), "{answer:?}");
    }

    // It is no resolver, gives the zone to nobody, and takes no changes.
    for (name, wanted) in [("example.com", RecordType::A), (DOMAIN, RecordType::NS), (zone.as_str(), RecordType::AXFR)]
    {
        let answer = asked.tcp(&question(name, wanted, None)).await;
        assert_eq!(answer.metadata.response_code, ResponseCode::Refused, "{name} {wanted}");
        assert!(!answer.metadata.authoritative && !answer.metadata.recursion_available);
    }
    let mut chaos = question(&key.keyid, RecordType::TXT, None);
    chaos.queries[0].set_query_class(DNSClass::CH);
    assert_eq!(asked.udp(&chaos).await.metadata.response_code, ResponseCode::Refused);
    let mut update = question(&zone, RecordType::SOA, None);
    update.metadata.op_code = OpCode::Update;
    assert_ne!(asked.udp(&update).await.metadata.response_code, ResponseCode::NoError);

    // What cannot be read is said so, and answers are not answered: the next question is.
    let broken = asked.udp_bytes(&[1, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 255]).await;
    assert_eq!((&broken[..2], broken[3] & 15), (&[1, 2][..], 1));
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.connect(&asked.address).await.unwrap();
    let mut reply = question(&zone, RecordType::SOA, None);
    reply.metadata.message_type = MessageType::Response;
    socket.send(&reply.to_vec().unwrap()).await.unwrap();
    let mut real = question(&zone, RecordType::SOA, None);
    real.metadata.id = 99;
    socket.send(&real.to_vec().unwrap()).await.unwrap();
    let mut buffer = [0; 512];
    let length = within("an answer", socket.recv(&mut buffer)).await.unwrap();
    assert_eq!(Message::from_vec(&buffer[..length]).unwrap().metadata.id, 99);

    let checked = server.client.post("/v1/keys/check", &serde_json::json!(null)).await.expect(200);
    assert!(checked.text().contains("\"answered_here\":true"), "{}", checked.text());
    server.terminate().await;
}

#[tokio::test]
async fn a_resolver_finds_the_keys() {
    use hickory_resolver::{
        TokioResolver,
        config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    };
    let data = TempDir::new().unwrap();
    let port = closed_port().await;
    let address = format!("127.0.0.1:{port}");
    let server = Server::start(data.path(), &["--dns-listen", &address, "--key-domain", DOMAIN]).await;
    let key = server.client.get("/v1/keys").await.expect(200).json::<Vec<PublishedKey>>().remove(0);
    let ways = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut way| {
        way.port = port;
        way
    });
    let name_server = NameServerConfig::new([127, 0, 0, 1].into(), true, ways.to_vec());
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![name_server]);
    let resolver = TokioResolver::builder_with_config(config, Default::default()).build().unwrap();
    let found = within("an answer", resolver.txt_lookup(format!("{}.", key.keyid))).await.unwrap();
    let texts: Vec<_> = found
        .answers()
        .iter()
        .filter_map(|record| match &record.data {
            RData::TXT(text) => Some(String::from_utf8(text.txt_data.concat()).unwrap()),
            _ => None,
        })
        .collect();
    assert_eq!(texts, [key.dns.as_str()]);
    let missing = within("an answer", resolver.txt_lookup(format!("missing._domainkey.{DOMAIN}."))).await;
    assert!(missing.unwrap_err().is_no_records_found());
    server.terminate().await;
}

#[tokio::test]
async fn a_network_that_asks_too_often_is_sent_to_tcp_or_gets_nothing() {
    /// As many a second, to one network: see dns/sockets.rs.
    const SHARE: usize = 200;
    const ASKED: u16 = 900;
    let data = TempDir::new().unwrap();
    let address = format!("127.0.0.1:{}", closed_port().await);
    let server = Server::start(data.path(), &["--dns-listen", &address, "--key-domain", DOMAIN]).await;
    let asked = Asked { address: address.clone() };
    let zone = format!("_domainkey.{DOMAIN}");
    // 127.0.0.0/24 floods; 127.0.1.0/24 asks now and then.
    let flood = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    flood.connect(&address).await.unwrap();
    let other = UdpSocket::bind("127.0.1.1:0").await.unwrap();
    other.connect(&address).await.unwrap();
    let mut buffer = vec![0; 4096];
    let (mut whole, mut cut) = (0, 0);
    let mut count = |bytes: &[u8]| {
        let answer = Message::from_vec(bytes).unwrap();
        match answer.metadata.truncation {
            true => {
                assert!(answer.answers.is_empty(), "it is no larger than the question: {answer:?}");
                cut += 1;
            }
            false => whole += usize::from(matches!(&answer.answers[0].data, RData::SOA(_))),
        }
    };
    let began = std::time::Instant::now();
    for number in 0..ASKED {
        let mut wanted = question(&zone, RecordType::SOA, Some(1232));
        wanted.metadata.id = number;
        flood.send(&wanted.to_vec().unwrap()).await.unwrap();
        if number % 20 == 19 {
            // So few at a time that no socket's buffer overflows; the other network is answered in full meanwhile.
            other.send(&question(&zone, RecordType::SOA, Some(1232)).to_vec().unwrap()).await.unwrap();
            let length = within("an answer to another network", other.recv(&mut buffer)).await.unwrap();
            assert!(!Message::from_vec(&buffer[..length]).unwrap().metadata.truncation);
            while let Ok(length) = flood.try_recv(&mut buffer) {
                count(&buffer[..length]);
            }
        }
    }
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    // Over TCP, where no address can be forged, it is answered.
    let answer = asked.tcp(&question(&zone, RecordType::SOA, None)).await;
    assert!(matches!(&answer.answers[0].data, RData::SOA(_)), "{answer:?}");
    while let Ok(length) = flood.try_recv(&mut buffer) {
        count(&buffer[..length]);
    }
    let asked_for = usize::from(ASKED);
    assert!((SHARE..=SHARE * seconds).contains(&whole), "{whole} of {asked_for} were answered in {seconds} s");
    // Of the rest every second one is told to come over TCP, and the others hear nothing.
    assert!(cut > 0 && cut <= (asked_for - whole).div_ceil(2) + seconds, "{whole} whole, {cut} cut of {asked_for}");
    assert!(whole + cut < asked_for, "{whole} whole, {cut} cut of {asked_for}");

    // A second later it is answered again.
    within("an answer", async {
        loop {
            let answer = asked.udp_within_reason(&question(&zone, RecordType::SOA, Some(1232))).await;
            if answer.is_some_and(|answer| !answer.metadata.truncation) {
                return;
            }
        }
    })
    .await;
    server.terminate().await;
}
