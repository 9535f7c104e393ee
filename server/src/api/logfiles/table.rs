//! The forms of a table: CSV, JSON and XML.

use serde_json::Value;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// RFC 4180, without the names of the columns.
    Csv,
    /// RFC 4180, with the names of the columns.
    CsvWithHeader,
    /// A list of objects.
    Json,
    /// `<records><record><NAME>value</NAME>…</record></records>`
    Xml,
}

impl Form {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=absent",
            Self::CsvWithHeader => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::Xml => "application/xml; charset=utf-8",
        }
    }

    /// What stands before the rows.
    pub(super) fn begin(self, columns: &[&str]) -> String {
        match self {
            Self::Csv => String::new(),
            Self::CsvWithHeader => format!("{}\r\n", columns.join(",")),
            Self::Json => "[".into(),
            Self::Xml => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<records>".into(),
        }
    }

    /// What stands after them.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvWithHeader => "",
            Self::Json => "]",
            Self::Xml => "</records>\n",
        }
    }

    /// Writes a row.
    pub(super) fn write(self, columns: &[&str], values: &[String], is_first: bool, text: &mut String) {
        match self {
            Self::Csv | Self::CsvWithHeader => {
                for (index, value) in values.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { "," });
                    quoted(value, text);
                }
                text.push_str("\r\n");
            }
            Self::Json => {
                text.push_str(if is_first { "" } else { "," });
                text.push_str(&object(columns, values).to_string());
            }
            Self::Xml => {
                text.push_str("<record>");
                for (name, value) in columns.iter().zip(values) {
                    text.push_str(&format!("<{name}>"));
                    escaped(value, text);
                    text.push_str(&format!("</{name}>"));
                }
                text.push_str("</record>");
            }
        }
    }
}

/// Names and values.
pub(in crate::api) fn object(columns: &[&str], values: &[String]) -> Value {
    let pairs = columns.iter().zip(values).map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())));
    Value::Object(pairs.collect())
}

/// A field of CSV (RFC 4180), in quotes where it needs them.
fn quoted(value: &str, text: &mut String) {
    if value.contains(['"', ',', '\r', '\n']) {
        text.push('"');
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}

/// Text of XML 1.0. Characters that it cannot hold are replaced.
fn escaped(value: &str, text: &mut String) {
    for each in value.chars() {
        match each {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            // A reader would make it a line feed.
            '\r' => text.push_str("&#13;"),
            '\t' | '\n' => text.push(each),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => text.push('\u{fffd}'),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back() {
        let columns = ["id", "mime"];
        let values = ["a,b".to_owned(), "line\r\n\"<&>\0".to_owned()];
        let written = |form: Form| {
            let mut text = String::new();
            form.write(&columns, &values, true, &mut text);
            form.write(&columns, &values, false, &mut text);
            format!("{}{text}{}", form.begin(&columns), form.end())
        };
        assert_eq!(written(Form::Csv), "\"a,b\",\"line\r\n\"\"<&>\0\"\r\n".repeat(2));
        assert!(written(Form::CsvWithHeader).starts_with("id,mime\r\n"));
        let json: Value = serde_json::from_str(&written(Form::Json)).unwrap_or_default();
        assert_eq!(json[1]["mime"], values[1].as_str());
        let record = "<record><id>a,b</id><mime>line&#13;\n\"&lt;&amp;&gt;\u{fffd}</mime></record>";
        assert!(written(Form::Xml).ends_with(&format!("<records>{}</records>\n", record.repeat(2))));
    }
}
