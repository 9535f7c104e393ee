//! DKIM key records: no panic, and the key that is read is the key that is written.
#![no_main]

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use seinpost_protocol::key::{DkimRecord, PublicKey};

fuzz_target!(|record: &[u8]| {
    let Ok(read) = DkimRecord::parse(record) else { return };
    let printed = match &read.key {
        PublicKey::Ed25519(point) => format!("v=DKIM1;k=ed25519;p={}", Base64::encode_string(point)),
        key => format!("v=DKIM1;k=rsa;p={}", Base64::encode_string(&key.to_spki())),
    };
    match DkimRecord::parse(printed.as_bytes()) {
        Ok(again) => assert_eq!(again.key, read.key),
        Err(error) => panic!("{error}: {printed}"),
    }
});
