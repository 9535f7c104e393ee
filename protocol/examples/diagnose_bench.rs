//! Measures [`diagnose`] against `mail-parser` alone on the same mails, and on mails of growing size.
//!
//! Usage: `diagnose_bench FOLDER…`; each file in the folders that ends in `.eml` is a mail. Prints JSON: the times in
//! nanoseconds a mail, their ratio, and the time for mails of 1 and 10 MiB in milliseconds.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that writes to its standard output")]

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;

use cpu_time::ThreadTime;
use seinpost_protocol::mail::diagnose;

const ROUNDS: usize = 30;

fn read(folder: &Path, mails: &mut Vec<Vec<u8>>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(&path, mails)?;
        } else if path.extension().is_some_and(|extension| extension == "eml") {
            mails.push(std::fs::read(path)?);
        }
    }
    Ok(())
}

/// The best of some rounds, in nanoseconds of CPU time: what else runs on the machine only ever adds.
fn best(rounds: usize, mut work: impl FnMut()) -> u128 {
    let times = (0..rounds).map(|_| {
        let start = ThreadTime::now();
        work();
        start.elapsed().as_nanos()
    });
    times.min().unwrap_or_default()
}

/// A bounce whose original has an attachment of about so many bytes.
fn large(size: usize) -> Vec<u8> {
    let line = "VGhpcyBpcyBhIGxpbmUgb2YgYW4gYXR0YWNobWVudCB0aGF0IGlzIHRvbyBsYXJnZSBmb3IgYWxsLg==\r\n";
    let head = "From: MAILER-DAEMON@example.org\r\nTo: sender@example.com\r\nSubject: Undelivered Mail\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n\
        Your message could not be delivered.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; example.org\r\n\r\nFinal-Recipient: rfc822; joe@example.net\r\nAction: failed\r\n\
        Status: 5.3.4\r\nDiagnostic-Code: smtp; 552 5.3.4 Message size exceeds fixed limit\r\n\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: sender@example.com\r\nSubject: large\r\n\
        Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let mut mail = head.as_bytes().to_vec();
    while mail.len() < size {
        mail.extend_from_slice(line.as_bytes());
    }
    mail.extend_from_slice(b"\r\n--b--\r\n");
    mail
}

fn main() -> ExitCode {
    let mut mails = Vec::new();
    for folder in std::env::args().skip(1) {
        if let Err(error) = read(Path::new(&folder), &mut mails) {
            eprintln!("{folder}: {error}");
            return ExitCode::FAILURE;
        }
    }
    if mails.is_empty() {
        eprintln!("usage: diagnose_bench FOLDER…");
        return ExitCode::FAILURE;
    }
    black_box(diagnose(&mails[0]));
    let count = mails.len() as u128;
    let parser = mail_parser::MessageParser::default();
    // In turns, so that what else runs on the machine meets both.
    let (mut parsed, mut diagnosed) = (u128::MAX, u128::MAX);
    for _ in 0..ROUNDS {
        parsed = parsed.min(best(1, || mails.iter().for_each(|mail| drop(black_box(parser.parse(mail))))) / count);
        diagnosed = diagnosed.min(best(1, || mails.iter().for_each(|mail| drop(black_box(diagnose(mail))))) / count);
    }
    let times: Vec<u128> = [1, 10]
        .map(|size| large(size << 20))
        .iter()
        .map(|mail| best(5, || drop(black_box(diagnose(mail)))) / 1000)
        .collect();
    println!(
        "{{\"mails\":{count},\"mail-parser\":{parsed},\"diagnose\":{diagnosed},\"ratio\":{:.2},\"1MiB_us\":{},\"10MiB_us\":{}}}",
        diagnosed as f64 / parsed.max(1) as f64,
        times[0],
        times[1]
    );
    ExitCode::SUCCESS
}
