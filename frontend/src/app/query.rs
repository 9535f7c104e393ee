//! The query of an address: names and values, as a form would write them.

use super::route::decoded;
use crate::api::encoded;

/// The value of a name, the first where it stands twice; empty where it does not stand.
pub(crate) fn query_value(query: &str, name: &str) -> String {
    let of_pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then(|| decoded(&value.replace('+', " ")).unwrap_or_default())
    };
    query.trim_start_matches('?').split('&').find_map(of_pair).unwrap_or_default()
}

/// A query, without its `?`, of those that have a value.
pub(crate) fn to_query(values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(name);
        out.push('=');
        out.push_str(&encoded(value));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_back() {
        let query = to_query(&[("q", "a b&c=é+%"), ("status", ""), ("type", "open")]);
        assert_eq!(query, "q=a%20b%26c%3D%C3%A9%2B%25&type=open");
        for query in [query.clone(), format!("?{query}")] {
            assert_eq!(query_value(&query, "q"), "a b&c=é+%");
            assert_eq!(query_value(&query, "type"), "open");
            assert_eq!(query_value(&query, "status"), "");
        }
        assert_eq!(query_value("?q=a+b&q=c", "q"), "a b");
        assert_eq!(query_value("?q=%zz&flag", "q"), "");
    }
}
