//! What holds for every text.

use std::{collections::BTreeSet, fs, path::Path};

use super::{
    Language,
    template::{Piece, pieces},
    texts,
};

/// The places of a text: its values, and the numbers that its plurals ask for.
fn places(text: &str) -> BTreeSet<&str> {
    pieces(text)
        .filter_map(|piece| match piece {
            Piece::Value(name) | Piece::Plural { name, .. } => Some(name),
            Piece::Text(_) => None,
        })
        .collect()
}

#[test]
fn both_languages_say_something_and_have_the_same_places() {
    let mut count = 0;
    for (table, entries) in texts::TABLES {
        for (name, text) in *entries {
            count += 1;
            assert!(!text.en.trim().is_empty() && !text.nl.trim().is_empty(), "{table}::{name} is empty");
            let (english, dutch) = (places(text.en), places(text.nl));
            // A plural is a matter of its language: only the values must be the same.
            let values = |text| pieces(text).filter(|piece| matches!(piece, Piece::Value(_))).count();
            assert_eq!(english, dutch, "{table}::{name}");
            assert_eq!(values(text.en), values(text.nl), "{table}::{name}");
        }
    }
    assert!(count > 300, "the tables were not found: {count}");
}

#[test]
fn no_text_begs_or_shouts() {
    for (table, entries) in texts::TABLES {
        for (name, text) in *entries {
            for word in ["please", "oops", "successfully", "!", "alstublieft", "succesvol", " je ", " jouw "] {
                for said in [text.en, text.nl] {
                    assert!(!said.to_lowercase().contains(word), "{table}::{name} says {word:?}");
                }
            }
        }
    }
}

#[test]
fn every_text_is_used() {
    let mut sources = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let names: BTreeSet<&str> = sources.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    for (table, entries) in texts::TABLES {
        for (name, _) in *entries {
            // The compiler refuses a text that nothing at all uses; this finds one whose name lives on in another table.
            let used = [format!("texts::{name}"), format!("{table}::{name}"), format!("states::{name}")];
            assert!(names.contains(name) && used.iter().any(|path| sources.contains(path.as_str())), "{table}::{name}");
        }
    }
}

/// The sources, the tables themselves aside.
fn collect(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("i18n/texts") {
                collect(&path, out);
            }
        } else {
            out.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn values_and_plurals_are_filled_in() {
    static WAITING: super::Text = super::Text {
        en: "{n} {n?event waits|events wait} for {host}",
        nl: "{n} {n?gebeurtenis wacht|gebeurtenissen wachten} op {host}",
    };
    let say = |language: Language, n| language.fill(&WAITING, &[("n", n), ("host", "a.example")]);
    assert_eq!(say(Language::English, "1"), "1 event waits for a.example");
    assert_eq!(say(Language::Dutch, "1.204"), "1.204 gebeurtenissen wachten op a.example");
    // A value is text, whatever stands in it.
    assert_eq!(Language::English.fill(&WAITING, &[("n", "0"), ("host", "{n}")]), "0 events wait for {n}");
}

#[test]
fn a_language_is_known_by_its_tag() {
    for language in [Language::English, Language::Dutch] {
        assert_eq!(Language::from_tag(language.tag()), language);
        assert_eq!(language.other().other(), language);
    }
    assert_eq!(Language::from_tag("fr"), Language::English);
}
