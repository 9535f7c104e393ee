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
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
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
}
