//! Bodies that were read and written again, and what is recognised of how they were written before.

use core::ops::ControlFlow;

use super::tests::of_body;
use super::{Around, Cause, Escapes, Layout, body};
use crate::base64;
use crate::verify::Language;

#[test]
fn json_that_was_parsed_and_written_again_is_recognised_with_how_it_was_written() {
    let arrived = "{\"u\":\"http://h/\",\"n\":[1,2.50],\"t\":\"\u{e9}\u{1f600}\"}";
    let rewritten = |layout, escapes| [Cause::JsonRewritten { layout, escapes, around: Around::Nothing }];
    let php = "{\"u\":\"http:\\/\\/h\\/\",\"n\":[1,2.50],\"t\":\"\\u00e9\\ud83d\\ude00\"}";
    assert_eq!(of_body(php.as_bytes(), arrived.as_bytes()), rewritten(Layout::Compact, Escapes::SlashesAndUnicode));
    let python = "{\"u\": \"http://h/\", \"n\": [1, 2.50], \"t\": \"\\u00e9\\ud83d\\ude00\"}";
    assert_eq!(of_body(python.as_bytes(), arrived.as_bytes()), rewritten(Layout::Spaced, Escapes::Unicode));
    let pretty = "{\n  \"u\": \"http://h/\",\n  \"n\": [\n    1,\n    2.50\n  ],\n  \"t\": \"\u{e9}\u{1f600}\"\n}";
    assert_eq!(of_body(pretty.as_bytes(), arrived.as_bytes()), rewritten(Layout::Indented2, Escapes::None));
    assert_eq!(of_body(arrived.as_bytes(), pretty.as_bytes()), rewritten(Layout::Compact, Escapes::None));
}

#[test]
fn json_of_other_writers_is_recognised_by_their_escapes_and_by_what_stands_around_it() {
    let arrived = "{\"a\":\"\u{eb}<&>\"}".as_bytes();
    let rewritten = |escapes, around| [Cause::JsonRewritten { layout: Layout::Compact, escapes, around }];
    let java = rewritten(Escapes::Capitals, Around::Nothing);
    assert_eq!(of_body(br#"{"a":"\u00EB<&>"}"#, arrived), java);
    let go = "{\"a\":\"\u{eb}\\u003c\\u0026\\u003e\"}";
    assert_eq!(of_body(go.as_bytes(), arrived), rewritten(Escapes::Html, Around::Nothing));
    assert_eq!(of_body(format!("{go}\n").as_bytes(), arrived), rewritten(Escapes::Html, Around::LineFeed));
    let pretty = b"{\n  \"a\": 1\n}";
    let indented = |around| [Cause::JsonRewritten { layout: Layout::Indented2, escapes: Escapes::None, around }];
    assert_eq!(of_body(&[pretty, &b"\n"[..]].concat(), br#"{"a":1}"#), indented(Around::LineFeed));
    assert_eq!(of_body(&[b"\xef\xbb\xbf", &pretty[..]].concat(), br#"{"a":1}"#), indented(Around::Bom));
    let [english, dutch] = [Language::English, Language::Dutch].map(|language| java[0].text(language));
    assert!(english.ends_with(" without white space, with \\uXXXX in capitals for what is not ASCII"), "{english}");
    assert!(dutch.ends_with(" zonder witruimte, met \\uXXXX in hoofdletters voor wat geen ASCII is"), "{dutch}");
}

#[test]
fn base64_in_lines_without_padding_or_for_urls_is_recognised() {
    let sent = b"{\"a\":\"?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>?>\"}\n";
    let plain = base64::encode(sent);
    assert!(plain.contains('+') && plain.contains('/') && plain.ends_with('='), "{plain}");
    let (one, two) = plain.split_at(76);
    for arrived in [
        format!("{one}\r\n{two}\r\n"),
        plain.trim_end_matches('=').to_owned(),
        plain.replace('+', "-").replace('/', "_"),
        plain.replace('+', "-").replace('/', "_").replace('=', ""),
    ] {
        assert_eq!(of_body(sent, arrived.as_bytes()), [Cause::Base64], "{arrived}");
    }
}

#[test]
fn a_form_that_was_read_and_written_again_is_recognised_whoever_wrote_it() {
    // As PHP, the WHATWG URL standard, RFC 3986, Python, and JavaScript by hand write it.
    let written = [
        "agent=a+%28X11%3B+%C3%AB%2A%7E%21%27%29&tags%5B%5D=b&tags%5B%5D=c",
        "agent=a+%28X11%3B+%C3%AB*%7E%21%27%29&tags%5B%5D=b&tags%5B%5D=c",
        "agent=a%20%28X11%3B%20%C3%AB%2A~%21%27%29&tags%5B%5D=b&tags%5B%5D=c",
        "agent=a+%28X11%3B+%C3%AB%2A~%21%27%29&tags%5B%5D=b&tags%5B%5D=c",
        "agent=a+(X11%3B+%C3%AB*~!')&tags%5B%5D=b&tags%5B%5D=c",
        "agent=a+%28X11%3B+%C3%AB%2A%7E%21%27%29&tags[]=b&tags[]=c",
    ];
    // What `qs.stringify(qs.parse(body))` makes of each.
    let counted = "agent=a%20%28X11%3B%20%C3%AB%2A~%21%27%29&tags%5B0%5D=b&tags%5B1%5D=c";
    for sent in written {
        for arrived in written.into_iter().chain([counted]).filter(|each| *each != sent) {
            assert_eq!(of_body(sent.as_bytes(), arrived.as_bytes()), [Cause::FormRewritten], "{sent} from {arrived}");
        }
        assert_eq!(of_body(sent.as_bytes(), sent.replace("X11", "X12").as_bytes()), [], "{sent}");
    }
    assert_eq!(of_body(b"a=50%+%28&&b", b"a=50%25%20(&&b"), []);
    assert_eq!(of_body(b"a=50%25+%28&&b", b"a=50%+(&&b"), [Cause::FormRewritten]);
}

#[test]
fn no_body_has_more_forms_than_are_promised() {
    for body in ["{\"a\":\"\u{c3}\u{a9}/<\",\n\r\n\"b\":1}\r\n", "a[0]=\u{c3}\u{a9}%20+\n\r\n&b%5B%5D=c\r\n"] {
        let mut count = 0;
        let _ = body::forms(body.as_bytes(), &mut |_, _| {
            count += 1;
            ControlFlow::Continue(())
        });
        assert!((25..=40).contains(&count), "{count} of {body:?}");
    }
}
