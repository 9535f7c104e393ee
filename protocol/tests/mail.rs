//! Mails that came back, diagnosed: samples of each format and reason, with every line end and cut at every byte.
#![cfg(feature = "charsets")]

use std::fs;
use std::path::{Path, PathBuf};

use seinpost_protocol::mail::{Diagnosis, Kind, Language, Reason, diagnose};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail")
}

#[expect(clippy::expect_used, reason = "a test that cannot read its samples has failed")]
fn table(name: &str) -> Vec<Vec<String>> {
    let lines = fs::read_to_string(folder().join(name)).expect("the table is there");
    let rows: Vec<Vec<String>> = lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect();
    assert!(rows.len() > 20, "{name} has {} rows", rows.len());
    rows
}

#[expect(clippy::expect_used, reason = "a test that cannot read its samples has failed")]
fn sample(name: &str) -> Vec<u8> {
    fs::read(folder().join("formats").join(name).with_extension("eml")).expect("the sample is there")
}

/// A sample, which is written with LF, with each of the three line ends.
fn with_line_ends(mail: &[u8]) -> [(&'static str, Vec<u8>); 3] {
    let with = |end: &[u8]| mail.split(|&byte| byte == b'\n').collect::<Vec<_>>().join(end);
    [("LF", with(b"\n")), ("CRLF", with(b"\r\n")), ("CR", with(b"\r"))]
}

fn recipients(diagnosis: &Diagnosis) -> String {
    let one = |recipient: &seinpost_protocol::mail::Recipient| {
        let status = recipient.status.map_or("-".to_owned(), |status| status.to_string());
        format!("{} {status} {}", recipient.address, recipient.reason)
    };
    diagnosis.recipients.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn each_format_with_each_line_end() {
    for row in table("formats.tsv") {
        let [name, kind, delayed, expected] = row.as_slice() else { panic!("{row:?}") };
        for (ends, mail) in with_line_ends(&sample(name)) {
            let diagnosis = diagnose(&mail);
            assert_eq!(diagnosis.kind.as_str(), kind, "{name} with {ends}: {diagnosis:#?}");
            assert_eq!(diagnosis.delayed, delayed == "1", "{name} with {ends}");
            assert_eq!(&recipients(&diagnosis), expected, "{name} with {ends}: {diagnosis:#?}");
        }
    }
}

/// A report with an answer, in the standard form.
fn report(status: &str, answer: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.sender.example\nTo: news@shop.example\nSubject: Undelivered Mail\nContent-Type: \
         multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nThe mail was not delivered.\n\n--b\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.sender.example\n\nFinal-Recipient: rfc822; \
         joe@example.net\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {answer}\n\n--b--\n"
    )
}

/// The same in no form: a notice as qmail writes it.
fn notice(answer: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.sender.example\nTo: news@shop.example\nSubject: failure notice\n\nI'm afraid I wasn't \
         able to deliver your message to the following addresses.\n\n<joe@example.net>:\nRemote host said: {answer}\n\n\
         --- Below this line is a copy of the message.\n\nFrom: news@shop.example\nSubject: a virus, spam, quota exceeded\n"
    )
}

#[test]
fn each_reason_in_a_report_and_in_a_notice() {
    let (mut seen, mut wrong) = (Vec::new(), Vec::new());
    for row in table("reasons.tsv") {
        let [reason, kind, status, answer] = row.as_slice() else { panic!("{row:?}") };
        for (form, mail) in [("report", report(status, answer)), ("notice", notice(answer))] {
            for (ends, mail) in with_line_ends(mail.as_bytes()) {
                let diagnosis = diagnose(&mail);
                let [one] = diagnosis.recipients.as_slice() else { panic!("{form} of {answer}: {diagnosis:#?}") };
                assert_eq!(one.address, "joe@example.net");
                let found = (diagnosis.kind.as_str(), one.reason.as_str());
                if found != (kind.as_str(), reason.as_str()) {
                    wrong.push(format!("{form} with {ends} of {answer:?}: {found:?} by {}", one.evidence.rule));
                }
            }
        }
        seen.push(reason.clone());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for reason in Reason::ALL.iter().filter(|reason| reason.group() != "none") {
        assert!(seen.iter().any(|seen| seen == reason.as_str()), "no sample for {reason}");
    }
}

#[test]
fn evidence_stands_in_the_mail_where_it_says() {
    let mail = report("5.0.0", "552 5.0.0 sorry, the mailbox is full");
    let evidence = &diagnose(mail.as_bytes()).recipients[0].evidence;
    assert_eq!(&mail[evidence.range.clone()], "mailbox is full");
    assert!(evidence.rule.starts_with("mailbox-full: "), "{}", evidence.rule);

    let encoded = sample("text-in-base64");
    let evidence = &diagnose(&encoded).recipients[0].evidence;
    let lines = String::from_utf8_lossy(&encoded[evidence.range.clone()]).into_owned();
    assert!(
        !lines.is_empty() && lines.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\n".contains(&byte)),
        "{lines}"
    );
}

#[test]
fn a_sample_cut_anywhere_is_read_without_a_panic() {
    for row in table("formats.tsv") {
        let mail = sample(&row[0]);
        for end in 0..mail.len() {
            let diagnosis = diagnose(&mail[..end]);
            for recipient in &diagnosis.recipients {
                let range = &recipient.evidence.range;
                assert!(range.start <= range.end && range.end <= end, "{} cut at {end}: {range:?}", row[0]);
            }
        }
        for start in (0..mail.len()).step_by(7) {
            let _ = diagnose(&mail[start..]);
        }
    }
}

#[test]
fn a_sample_with_a_stranger_among_its_bytes_is_read_without_a_panic() {
    // Each is of another length, and the last is no character at all.
    let strangers: [&[u8]; 4] = ["á".as_bytes(), "\u{2028}".as_bytes(), "😀".as_bytes(), b"\xff"];
    for row in table("formats.tsv") {
        let mail = sample(&row[0]);
        for at in 0..mail.len() {
            let stranger = strangers[at % strangers.len()];
            // Between two bytes, or in the place of one.
            let from = at + (at / strangers.len()) % 2;
            let spoilt = [&mail[..at], stranger, &mail[from..]].concat();
            for recipient in diagnose(&spoilt).recipients {
                let range = recipient.evidence.range;
                assert!(range.start <= range.end && range.end <= spoilt.len(), "{} at {at}: {range:?}", row[0]);
            }
        }
    }
}

#[test]
fn the_words_of_the_original_and_of_host_names_are_not_judged() {
    let mail = notice("550 5.0.0 mailspamprotection.example refuses this").replace("joe@", "spam@");
    let diagnosis = diagnose(mail.as_bytes());
    assert_eq!(diagnosis.recipients[0].reason, Reason::Unknown, "{diagnosis:#?}");
}

#[test]
fn wrapping_the_words_of_an_answer_changes_nothing() {
    let words =
        "552 5.2.2 sorry, the mailbox of this user has exceeded its quota, and we do not know when that will be over";
    let whole = diagnose(report("5.2.2", words).as_bytes());
    for (at, _) in words.match_indices(' ') {
        let wrapped = format!("{}\n    {}", &words[..at], &words[at + 1..]);
        let diagnosis = diagnose(report("5.2.2", &wrapped).as_bytes());
        assert_eq!(recipients(&diagnosis), recipients(&whole), "wrapped at {at}");
        assert_eq!(diagnosis.recipients[0].diagnostic, whole.recipients[0].diagnostic);
    }
}

#[test]
fn the_original_and_the_reporter_are_told() {
    let diagnosis = diagnose(&sample("postfix"));
    let original = diagnosis.original.expect("the original's header came along");
    assert_eq!(original.message_id.as_deref(), Some("spring-2026@shop.example"));
    assert_eq!(original.subject.as_deref(), Some("Spring offers"));
    assert_eq!(original.from.as_deref(), Some("Shop <news@shop.example>"));
    assert_eq!(diagnosis.reporting_mta.as_deref(), Some("mx.sender.example"));
    assert!(diagnosis.permanent);
    let feedback = diagnose(&sample("complaint")).feedback.expect("a complaint has feedback");
    assert_eq!(feedback.kind.as_deref(), Some("abuse"));
    assert_eq!(feedback.source_ip.as_deref(), Some("192.0.2.9"));
}

#[test]
fn advice_is_given_in_english_and_dutch() {
    for row in table("formats.tsv") {
        let diagnosis = diagnose(&sample(&row[0]));
        let (english, dutch) = (diagnosis.advice(Language::English), diagnosis.advice(Language::Dutch));
        assert!(english.ends_with('.') && dutch.ends_with('.') && english != dutch, "{}: {english} {dutch}", row[0]);
    }
    assert_eq!(Language::of_tag("nl-BE"), Language::Dutch);
    assert_eq!(Language::of_tag("fr"), Language::English);
}

#[test]
fn json_has_every_name_that_the_documentation_lists() {
    let json = diagnose(&sample("postfix")).to_json(Language::Dutch);
    let names = [
        "kind",
        "delayed",
        "permanent",
        "recipients",
        "original",
        "autoReply",
        "feedback",
        "reportingMta",
        "advice",
        "address",
        "alias",
        "status",
        "code",
        "reason",
        "action",
        "diagnostic",
        "remoteMta",
        "evidence",
        "rule",
        "start",
        "end",
        "messageId",
    ];
    for name in names {
        assert!(json.contains(&format!("\"{name}\":")), "{name} is missing in {json}");
    }
}

#[test]
fn a_large_or_hostile_mail_takes_time_in_its_size() {
    // Each repeats what could make a careless reader look back again and again.
    let pieces: [&[u8]; 10] = [
        b"--b\n",
        b"<",
        b"@",
        b"a@b<",
        b"=?",
        b"<a",
        b"&",
        b"{\"notificationType\":\"Bounce\"",
        b"Final-Recipient: rfc822; a@b.c\n\n",
        b"unknown user unknown user ",
    ];
    for piece in pieces {
        let head = b"From: MAILER-DAEMON@example.org\nSubject: failure notice\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n";
        let mut mail = head.to_vec();
        while mail.len() < 2 << 20 {
            mail.extend_from_slice(piece);
        }
        let diagnosis = diagnose(&mail);
        assert!(diagnosis.recipients.len() <= 1000);
        assert_ne!(diagnosis.kind, Kind::Complaint);
    }
}

/// Numbers that look random and are the same each time (the constants are those of PCG).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

#[test]
fn spoilt_samples_are_read_alike_with_lf_and_crlf() {
    let mut numbers = Numbers(1);
    for row in table("formats.tsv") {
        let sample = sample(&row[0]);
        for _ in 0..40 {
            let mut mail = sample.clone();
            for _ in 0..1 + numbers.below(6) {
                let at = numbers.below(mail.len());
                let length = numbers.below(60).min(mail.len() - at);
                match numbers.below(4) {
                    0 => mail[at] = numbers.below(256) as u8,
                    1 => drop(mail.drain(at..at + length)),
                    2 => {
                        let piece = mail[at..at + length].to_vec();
                        let to = numbers.below(mail.len());
                        mail.splice(to..to, piece);
                    }
                    _ => mail.insert(at, b"\n<>@:;-=?{}\"\x1b\xff"[numbers.below(14)]),
                }
            }
            mail.retain(|&byte| byte != b'\r');
            let [(_, lf), (_, crlf), _] = with_line_ends(&mail);
            let (one, other) = (diagnose(&lf), diagnose(&crlf));
            let text = String::from_utf8_lossy(&mail);
            assert_eq!(one.kind, other.kind, "{text}");
            assert_eq!(recipients(&one), recipients(&other), "{text}");
            for recipient in &one.recipients {
                assert!(recipient.evidence.range.end <= lf.len(), "{text}");
            }
        }
    }
}
