use super::*;
use crate::event::sample;

fn code(body: &[u8]) -> (DecodeCode, Option<String>, Option<usize>) {
    let error = read_event(body).unwrap_err();
    (error.code, error.variable.clone(), error.offset)
}

fn click_with(extra: &str) -> String {
    format!(
        r#"{{"id":"1","type":"click","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"a@b.c","ip":"::1","original":"u","tags":[]{extra}}}"#
    )
}

#[test]
fn samples_go_through_json_and_form() {
    for each in EventType::ALL {
        let event = read_event(sample(each, 1_764_075_912).as_bytes()).unwrap();
        for (body, content_type) in [
            (to_json(&event).into_bytes(), "application/json"),
            (to_json_pretty(&event).into_bytes(), "application/json; charset=utf-8"),
            (to_form(&event), "application/x-www-form-urlencoded"),
        ] {
            let decoded = decode(&body, Some(content_type)).unwrap();
            assert_eq!(decoded, Decoded { event: event.clone(), notes: vec![] }, "{each} {content_type}");
        }
    }
}

#[test]
fn big_numbers_keep_every_digit() {
    for number in ["1152921506151679042", "12345678901234567890", "9007199254740993", "1e400", "-0.10", "0E+0"] {
        let event = read_event(click_with(&format!(r#","n":{number}"#)).as_bytes()).unwrap();
        assert_eq!(event.get("n"), Some(&Value::Number(number.into())));
        assert!(to_json(&event).ends_with(&format!(r#""n":{number}}}"#)));
        assert!(String::from_utf8(to_form(&event)).unwrap().ends_with(&format!("&n={}", number.replace('+', "%2B"))));
    }
}

#[test]
fn a_string_ends_where_it_ends_however_long_it_is() {
    for length in 0..100 {
        let plain = "\u{e9}x ".repeat(length).chars().take(length).collect::<String>();
        for (written, read) in
            [("", ""), ("\\n", "\n"), ("\\\"", "\""), ("\\\\", "\\"), ("\\u0001y", "\u{1}y"), ("\u{7f}", "\u{7f}")]
        {
            let event = read_event(click_with(&format!(r#","s":"{plain}{written}{plain}""#)).as_bytes()).unwrap();
            assert_eq!(event.get("s"), Some(&Value::String(format!("{plain}{read}{plain}"))));
        }
        for wrong in ["\n", "\0", "\u{1f}"] {
            let body = click_with(&format!(r#","s":"{plain}{wrong}{plain}""#));
            let at = body.find(wrong).unwrap();
            assert_eq!(
                code(body.as_bytes()),
                (DecodeCode::InvalidJson, Some("s".into()), Some(at)),
                "{length} {wrong:?}"
            );
        }
    }
}

#[test]
fn what_is_no_json_is_named_with_its_place() {
    for (body, expected, offset) in [
        (&b""[..], DecodeCode::InvalidJson, 0),
        (b"[1]", DecodeCode::NotAnObject, 0),
        (b"{\"a\":01}", DecodeCode::InvalidJson, 6),
        (b"{\"a\":1,}", DecodeCode::InvalidJson, 7),
        (b"{\"a\":tru}", DecodeCode::InvalidJson, 5),
        (b"{\"a\":\"\n\"}", DecodeCode::InvalidJson, 6),
        (b"{\"a\":\"\\x\"}", DecodeCode::InvalidJson, 7),
        (b"{\"a\":1} x", DecodeCode::InvalidJson, 8),
        (b"{\"a\":\"\xff\"}", DecodeCode::InvalidUtf8, 6),
        (b"{\"a\":\"\\ud800\"}", DecodeCode::LoneSurrogate, 6),
        (b"{\"a\":\"\\udc00\"}", DecodeCode::LoneSurrogate, 6),
        (b"{\"a\":\"\\ud800\\u0041\"}", DecodeCode::LoneSurrogate, 6),
        (b"{\"a\":1,\"\\u0061\":2}", DecodeCode::DuplicateName, 7),
        (b"{'a':1}", DecodeCode::InvalidJson, 1),
    ] {
        let error = read_event(body).unwrap_err();
        assert_eq!((error.code, error.offset), (expected, Some(offset)), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn a_hundred_thousand_brackets_are_too_deep() {
    let body = format!("{{\"a\":{}", "[".repeat(100_000));
    assert_eq!(code(body.as_bytes()), (DecodeCode::TooDeep, Some("a".into()), Some(5 + MAX_DEPTH)));
    let body = format!("type=x&a{}=1", "[b]".repeat(100_000));
    assert_eq!(
        decode(body.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap_err().code,
        DecodeCode::TooDeep
    );
}

#[test]
fn too_many_values_are_refused_before_they_cost_memory() {
    let body = format!("{{\"a\":[{}0]}}", "0,".repeat(MAX_VALUES));
    assert_eq!(code(body.as_bytes()).0, DecodeCode::TooManyValues);
    let body = "a=&".repeat(MAX_VALUES + 1);
    assert_eq!(
        decode(body.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap_err().code,
        DecodeCode::TooManyValues
    );
}

#[test]
fn intake_names_the_variable() {
    for (body, expected, variable) in [
        (r#"{"id":"1"}"#.to_owned(), DecodeCode::MissingVariable, "type"),
        (r#"{"type":7}"#.to_owned(), DecodeCode::InvalidVariable, "type"),
        (r#"{"type":""}"#.to_owned(), DecodeCode::InvalidVariable, "type"),
        (r#"{"type":"opened"}"#.to_owned(), DecodeCode::UnknownType, "type"),
        (click_with("").replace(r#""id":"1","#, ""), DecodeCode::MissingVariable, "id"),
        (click_with("").replace(r#""id":"1""#, r#""id":"""#), DecodeCode::InvalidVariable, "id"),
        (click_with("").replace("12:00:00", "25:00:00"), DecodeCode::InvalidVariable, "timestamp"),
        (click_with("").replace("\"1769860800\"", "\"soon\""), DecodeCode::InvalidVariable, "time"),
        (click_with("").replace("\"1769860800\"", "1.5"), DecodeCode::InvalidVariable, "time"),
        (click_with("").replace("[]", "[{}]"), DecodeCode::InvalidVariable, "tags"),
        (click_with("").replace("[]", "null"), DecodeCode::InvalidVariable, "tags"),
        (click_with("").replace("\"::1\"", "null"), DecodeCode::InvalidVariable, "ip"),
    ] {
        let error = read_event(body.as_bytes()).unwrap_err();
        assert_eq!((error.code, error.variable.as_deref()), (expected, Some(variable)), "{body}: {error}");
    }
}

#[test]
fn the_decoder_is_tolerant_and_says_so() {
    let body = click_with("").replace("\"1769860800\"", "1769860800").replace("[]", "\"a;b\"");
    let decoded = decode(format!("\u{feff}{body}").as_bytes(), None).unwrap();
    assert_eq!(decoded.event.text("time"), Some("1769860800"));
    assert_eq!(decoded.event.tags(), ["a", "b"]);
    assert_eq!(
        decoded.notes,
        [Note::ByteOrderMark, Note::GuessedFormat, Note::NumberForText { variable: "time".into() }, Note::TagsAsText]
    );
}

#[test]
fn the_decoder_hands_on_what_it_does_not_know() {
    let decoded = decode(br#"{"type":"opened","x":[1,{"y":null}]}"#, Some("application/json")).unwrap();
    assert_eq!(decoded.event.event_type(), None);
    assert_eq!(decoded.event.type_name(), "opened");
    assert_eq!(
        decoded.event.get("x"),
        Some(&Value::Array(vec![Value::Number("1".into()), Value::Object(vec![("y".into(), Value::Null)])]))
    );
}

#[test]
fn a_byte_order_mark_before_a_form_is_passed_over() {
    let decoded = decode(b"\xef\xbb\xbftype=x&a=%", Some("application/x-www-form-urlencoded")).unwrap_err();
    assert_eq!((decoded.code, decoded.offset), (DecodeCode::InvalidPercentEncoding, Some(12)));
    let decoded = decode(b"\xef\xbb\xbftype=x", Some("application/x-www-form-urlencoded")).unwrap();
    assert_eq!(decoded.event.type_name(), "x");
    assert_eq!(decoded.notes, [Note::ByteOrderMark]);
}

#[test]
fn a_plus_in_an_address_is_sent_as_2b_and_a_space_is_flagged() {
    let event = read_event(click_with("").replace("a@b.c", "user+tag@example.com").as_bytes()).unwrap();
    let form = String::from_utf8(to_form(&event)).unwrap();
    assert!(form.contains("recipient=user%2Btag%40example.com"), "{form}");
    let spoilt = form.replace("%2B", "+");
    let decoded = decode(spoilt.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap();
    assert_eq!(decoded.event.recipient(), Some("user tag@example.com"));
    assert_eq!(decoded.notes, [Note::SpaceInAddress { variable: "recipient".into() }]);
}

#[test]
fn lists_in_forms_come_in_four_ways() {
    for tags in ["tags[]=a&tags[]=b", "tags=a&tags=b", "tags%5B0%5D=a&tags%5B1%5D=b", "tags=a;b"] {
        let body = format!("id=1&type=open&time=1&timestamp=2026-01-31+12:00:00&recipient=r&ip=i&{tags}");
        let decoded = decode(body.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap();
        assert_eq!(decoded.event.tags(), ["a", "b"], "{tags}");
    }
}

#[test]
fn a_name_twice_in_a_form_is_no_text() {
    let body = "id=1&id=2&type=open&time=1&timestamp=2026-01-31+12:00:00&recipient=r&ip=i";
    let error = decode(body.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap_err();
    assert_eq!((error.code, error.variable.as_deref()), (DecodeCode::InvalidVariable, Some("id")));
}

#[test]
fn fields_that_contradict_each_other_are_named() {
    for body in ["type=x&a=1&a[b]=2", "type=x&a[]=1&a[b]=2", "type=x&a[b=1", "type=x&a[b]c=1", "type=x&a[]=1&a=2"] {
        let error = decode(body.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap_err();
        assert_eq!((error.code, error.variable.as_deref()), (DecodeCode::InvalidFieldName, Some("a")), "{body}");
    }
}

#[test]
fn nested_values_go_through_a_form() {
    let event =
        read_event(click_with(r#","x":{"a b":[[1,2],{"c":"é&=%"}],"":"e"},"y":[["p"],["q","r"]]"#).as_bytes()).unwrap();
    let form = to_form(&event);
    assert!(form.is_ascii());
    let decoded = decode(&form, Some("application/x-www-form-urlencoded"));
    // An empty key cannot be told from the step that appends to a list; everything else comes back.
    assert_eq!(decoded.unwrap_err().code, DecodeCode::InvalidFieldName);
    let event =
        read_event(click_with(r#","x":{"a b":[["1","2"],{"c":"é&=%"}]},"y":[["p"],["q","r"]]"#).as_bytes()).unwrap();
    let decoded = decode(&to_form(&event), Some("application/x-www-form-urlencoded")).unwrap();
    assert_eq!(decoded.event.get("x"), event.get("x"));
    assert_eq!(decoded.event.get("y"), event.get("y"));
}

fn profile_with(fields: &str) -> Event {
    let body = format!(
        r#"{{"id":"1","type":"profile","timestamp":"2026-01-31 12:00:00","time":"1769860800","recipient":"a@b.c","action":"update","fields":{fields},"tags":[]}}"#
    );
    read_event(body.as_bytes()).unwrap()
}

#[test]
fn fields_of_any_name_go_through_a_form() {
    for (fields, written) in [
        (r#"{"size[eu]":"42","a]":"b","[":"c"}"#, "fields[size%5Beu%5D]=42&fields[a%5D]=b&fields[%5B]=c"),
        (r#"{"0":"a"}"#, "fields%5B0%5D=a"),
        (r#"{"0":"a","1":"b"}"#, "fields%5B0%5D=a&fields%5B1%5D=b"),
        (r#"{"1":"a","x":["b","c"]}"#, "fields%5B1%5D=a&fields%5Bx%5D%5B%5D=b&fields%5Bx%5D%5B%5D=c"),
        (r#"{"x[]":["b","c"]}"#, "fields[x%5B%5D][]=b&fields[x%5B%5D][]=c"),
        (r#"{"%5B":"é&=+"}"#, "fields%5B%255B%5D=%C3%A9%26%3D%2B"),
    ] {
        let event = profile_with(fields);
        let form = String::from_utf8(to_form(&event)).unwrap();
        assert!(form.contains(&format!("&{written}")), "{form}");
        let decoded = decode(form.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap();
        assert_eq!(decoded.event.get("fields"), event.get("fields"));
        assert_eq!(decoded.notes, []);
    }
}

#[test]
fn brackets_are_read_as_php_and_browsers_write_them() {
    let read = |form: &str| {
        let body = format!("type=x&{form}");
        decode(body.as_bytes(), Some("application/x-www-form-urlencoded")).unwrap().event
    };
    let list = Value::Array(vec![Value::String("x".into()), Value::String("y".into())]);
    let nested = Value::Object(vec![("b".into(), list.clone())]);
    for form in ["a[b][]=x&a[b][]=y", "a%5Bb%5D%5B%5D=x&a%5Bb%5D%5B%5D=y", "a%5bb%5d%5b0%5d=x&a[b][1]=y"] {
        assert_eq!(read(form).get("a"), Some(&nested), "{form}");
    }
    // Where some stand as they are, those that are encoded are part of a name.
    assert_eq!(read("a%5Bb%5D[]=x&a%5Bb%5D[]=y").get("a[b]"), Some(&list));
}

#[test]
fn fields_whose_names_count_from_0_are_a_list_to_php() {
    let body = to_json(&profile_with("{}")).replace(r#""fields":{}"#, r#""fields":["a","b"]"#);
    let decoded = decode(body.as_bytes(), Some("application/json")).unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), Value::String(value.into()));
    assert_eq!(decoded.event.get("fields"), Some(&Value::Object(vec![pair("0", "a"), pair("1", "b")])));
}

#[test]
fn any_script_quote_and_control_character_survives() {
    let text = "zażółć 日本語 🐧 \"'\\/<>& \u{0}\u{1f}\u{7f}\u{2028}\r\n\t%+;=[]";
    let mut json = String::new();
    for char in text.encode_utf16() {
        json.push_str(&format!("\\u{char:04x}"));
    }
    let event = read_event(click_with(&format!(r#","x":"{json}""#)).as_bytes()).unwrap();
    assert_eq!(event.text("x"), Some(text));
    assert_eq!(decode(to_json(&event).as_bytes(), Some("application/json")).unwrap().event, event);
    assert_eq!(
        decode(&to_form(&event), Some("application/x-www-form-urlencoded")).unwrap().event.text("x"),
        Some(text)
    );
}
