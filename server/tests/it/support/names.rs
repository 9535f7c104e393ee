//! A name server, as small as it can be.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use hickory_server::proto::{
    op::{Message, ResponseCode},
    rr::{RData, Record},
};
use tokio::net::UdpSocket;

pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl NameServer {
    /// Knows these names, and nothing else: `receiver.test.`, or `*.test.` for all below it. Nobody may remember its answers.
    pub(crate) async fn start(address: &str, known: Vec<(&'static str, RData)>) -> Self {
        let socket = UdpSocket::bind(address).await.unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut buffer = vec![0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let mut message = Message::from_vec(&buffer[..length]).unwrap().into_response();
                let query = message.queries[0].clone();
                let name = query.name().to_lowercase().to_string();
                let is_it = |each: &str| each == name || each.strip_prefix('*').is_some_and(|end| name.ends_with(end));
                let found: Vec<_> = known.iter().filter(|(each, _)| is_it(each)).map(|(_, data)| data).collect();
                if found.is_empty() {
                    message.metadata.response_code = ResponseCode::NXDomain;
                }
                for data in found.into_iter().filter(|data| data.record_type() == query.query_type()) {
                    message.add_answer(Record::from_rdata(query.name().clone(), 0, data.clone()));
                }
                noted.lock().unwrap().push(name);
                let _ = socket.send_to(&message.to_vec().unwrap(), from).await;
            }
        });
        Self { address, asked }
    }

    /// The names that it was asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}
