//! Whether an event passes a filter.

use std::fmt;

use super::{DomainFilter, Filter, TagFilter};

/// Why an event does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// It has none of the tags of which it must have one.
    NoneOfTags,
    /// It lacks this tag.
    LacksTag(&'a str),
    /// It has this tag.
    HasTag(&'a str),
    /// It has no recipient, or one of no domain that is asked for.
    OtherDomain,
    /// Its recipient is of this domain, or of a subdomain.
    ExcludedDomain(&'a str),
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoneOfTags => f.write_str("It has none of the tags of which one is asked for."),
            Self::LacksTag(tag) => write!(f, "It does not have the tag {tag:?}."),
            Self::HasTag(tag) => write!(f, "It has the tag {tag:?}, which is refused."),
            Self::OtherDomain => f.write_str("Its recipient is of none of the domains that are asked for."),
            Self::ExcludedDomain(domain) => write!(f, "Its recipient is of {domain}, which is refused."),
        }
    }
}

impl<'a> Refusal<'a> {
    /// The name, which stays the same from version to version.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoneOfTags => "none-of-tags",
            Self::LacksTag(_) => "lacks-tag",
            Self::HasTag(_) => "has-tag",
            Self::OtherDomain => "other-domain",
            Self::ExcludedDomain(_) => "excluded-domain",
        }
    }

    /// The tag or the domain that it is about, where it is about one.
    #[must_use]
    pub fn value(self) -> Option<&'a str> {
        match self {
            Self::LacksTag(value) | Self::HasTag(value) | Self::ExcludedDomain(value) => Some(value),
            Self::NoneOfTags | Self::OtherDomain => None,
        }
    }
}

impl Filter {
    /// Whether an event with these tags and this recipient passes.
    ///
    /// # Errors
    /// The first reason why it does not.
    pub fn passes<T: AsRef<str>>(&self, tags: &[T], recipient: Option<&str>) -> Result<(), Refusal<'_>> {
        self.tags.passes(tags)?;
        self.recipient_domains.passes(recipient)
    }
}

impl TagFilter {
    fn passes<T: AsRef<str>>(&self, tags: &[T]) -> Result<(), Refusal<'_>> {
        let has = |wanted: &String| tags.iter().any(|tag| tag.as_ref() == wanted);
        if !self.any.is_empty() && !self.any.iter().any(has) {
            return Err(Refusal::NoneOfTags);
        }
        if let Some(lacking) = self.all.iter().find(|tag| !has(tag)) {
            return Err(Refusal::LacksTag(lacking));
        }
        self.none.iter().find(|tag| has(tag)).map_or(Ok(()), |tag| Err(Refusal::HasTag(tag)))
    }
}

impl DomainFilter {
    fn passes(&self, recipient: Option<&str>) -> Result<(), Refusal<'_>> {
        let domain = recipient.and_then(|address| address.rsplit_once('@')).map(|(_, domain)| domain);
        let is_of = |wanted: &String| domain.is_some_and(|domain| is_within(domain, wanted));
        if !self.include.is_empty() && !self.include.iter().any(is_of) {
            return Err(Refusal::OtherDomain);
        }
        let excluded = self.exclude.iter().find(|wanted| is_of(wanted));
        excluded.map_or(Ok(()), |domain| Err(Refusal::ExcludedDomain(domain)))
    }
}

/// Whether `domain` is `whole` or a subdomain of it.
fn is_within(domain: &str, whole: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain).as_bytes();
    let whole = whole.strip_suffix('.').unwrap_or(whole).as_bytes();
    let Some(before) = domain.len().checked_sub(whole.len()) else { return false };
    domain[before..].eq_ignore_ascii_case(whole) && (before == 0 || domain[before - 1] == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(filter: &str, tags: &[&str], recipient: Option<&str>) -> Option<String> {
        let filter: Filter = serde_json::from_str(filter).unwrap();
        filter.passes(tags, recipient).err().map(|refusal| refusal.to_string())
    }

    #[test]
    fn each_part_must_pass() {
        let filter = r#"{"tags":{"any":["a","b"],"all":["c"],"none":["d"]},"recipient_domains":{"include":["example.com"],"exclude":["sub.example.com"]}}"#;
        let to = |address| Some(address);
        assert_eq!(refusal(filter, &["b", "c"], to("x@example.com")), None);
        assert_eq!(refusal(filter, &["b", "c"], to("x@mail.EXAMPLE.com.")), None);
        assert!(refusal(filter, &["c"], to("x@example.com")).unwrap().contains("none of the tags"));
        assert!(refusal(filter, &["a"], to("x@example.com")).unwrap().contains("\"c\""));
        assert!(refusal(filter, &["a", "c", "d"], to("x@example.com")).unwrap().contains("\"d\""));
        assert!(refusal(filter, &["a", "c"], to("x@badexample.com")).unwrap().contains("none of the domains"));
        assert!(refusal(filter, &["a", "c"], None).unwrap().contains("none of the domains"));
        assert!(refusal(filter, &["a", "c"], to("x@a.sub.example.com")).unwrap().contains("sub.example.com"));
        // Tags are compared with their capitals.
        assert!(refusal(filter, &["A", "c"], to("x@example.com")).is_some());
        assert_eq!(refusal("{}", &[], None), None);
    }
}
