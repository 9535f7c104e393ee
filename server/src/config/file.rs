//! The configuration file.

use std::{collections::BTreeMap, path::Path};

use toml::Value;

use super::{InvalidConfig, SETTINGS};

/// The settings in a file, as text.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, String>, InvalidConfig> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| InvalidConfig(format!("the configuration file {} cannot be read: {error}", path.display())))?;
    parse(&text).map_err(|error| InvalidConfig(format!("the configuration file {}: {error}", path.display())))
}

fn parse(text: &str) -> Result<BTreeMap<String, String>, String> {
    let table: toml::Table = text.parse().map_err(|error| unread(text, &error))?;
    let mut found = BTreeMap::new();
    for (key, value) in table {
        if !SETTINGS.iter().any(|setting| setting.key == key) {
            let known: Vec<_> = SETTINGS.iter().map(|setting| setting.key).collect();
            return Err(format!("{key:?} is no setting; the settings are {}", known.join(", ")));
        }
        let value = text_of(&value).ok_or_else(|| format!("{key} is a text, a number, or a list of texts"))?;
        found.insert(key, value);
    }
    Ok(found)
}

/// What cannot be read, and where: never the line itself, which may hold a secret.
fn unread(text: &str, error: &toml::de::Error) -> String {
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else { return error.message().to_owned() };
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let (line, column) = (before.matches('\n').count() + 1, before[start..].chars().count() + 1);
    let place = format!("line {line}, column {column}");
    let key = text[start..].split(['=', '\n']).next().unwrap_or_default().trim();
    match SETTINGS.iter().find(|setting| setting.key == key) {
        Some(setting) => format!("{place} ({}): {}", setting.key, error.message()),
        None => format!("{place}: {}", error.message()),
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| item.as_str()).collect();
            items.map(|items| items.join(","))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_file_holds_every_setting_with_its_default() {
        let reference = include_str!("../../seinpost.toml");
        // Every setting stands there, commented out; with the comment signs gone it is a file with all defaults.
        let uncommented: String = reference
            .lines()
            .filter_map(|line| {
                line.strip_prefix("#").filter(|rest| !rest.starts_with(' ')).map(|rest| format!("{rest}\n"))
            })
            .collect();
        let found = parse(&uncommented).unwrap();
        for setting in SETTINGS {
            assert_eq!(found.get(setting.key).map(String::as_str), Some(setting.default), "{}", setting.key);
        }
    }

    #[test]
    fn what_is_no_setting_is_named() {
        let error = parse("lisen = \"127.0.0.1:80\"").unwrap_err();
        assert!(error.starts_with("\"lisen\" is no setting; the settings are listen, "), "{error}");
        assert_eq!(parse("listen = true").unwrap_err(), "listen is a text, a number, or a list of texts");
        assert!(parse("listen = ").is_err());
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_place_and_never_shown() {
        for (text, place) in [
            ("listen = \"127.0.0.1:80\"\nmaster_key = \"hunter2hunter2\n", "line 2, column 29 (master_key): "),
            ("bootstrap_token = hunter2", "line 1, column 19 (bootstrap_token): "),
            ("bootstrap_token = hunter2\"", "line 1, column 19 (bootstrap_token): "),
            ("bootstrap_token = 'hunter2", "line 1, column 27 (bootstrap_token): "),
            ("bootstrap_token = \"hunter2\\hunter2\"", "line 1, column 28 (bootstrap_token): "),
            ("  master_key = \"a\" hunter2", "line 1, column 20 (master_key): "),
            ("master_key = [\"a\", hunter2]", "line 1, column 20 (master_key): "),
            ("# é\nproxy = \"é\" hunter2", "line 2, column 13 (proxy): "),
            ("\nhunter2", "line 2, column 8: "),
            ("master_key = \"hunter2\"\nmaster_key = \"hunter2\"", "line 2, column 1 (master_key): "),
            ("master_key = 1\nmaster_key.hunter2 = 1", "line 2, column 1: "),
            ("master_key = \"\"\"hunter2\n\nhunter2", "line 3, column 8: "),
            ("hunter2 = \"", "line 1, column 12: "),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(place), "{text:?}: {error}");
            assert!(!error.contains("hunter2") && error.lines().count() == 1, "{text:?}: {error}");
        }
    }
}
