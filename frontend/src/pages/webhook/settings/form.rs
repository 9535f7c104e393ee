//! What stands in the form of a webhook's settings, as text where one types, and what of it is to change.

use seinpost_protocol::{
    event::EventType,
    rest::{
        Batching, BodyFormat, DomainFilter, Filter, HeaderField, IpPrivacy, MimePrivacy, Privacy, Profile, RateLimit,
        RecipientPrivacy, TagFilter, Types, Webhook, WebhookOptions, WebhookPatch,
    },
};

use crate::i18n::{
    Text,
    texts::{common, create, settings as texts},
};

/// What stands in the form.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Form {
    pub(super) url: String,
    pub(super) types: Vec<EventType>,
    pub(super) profile: Profile,
    pub(super) format: BodyFormat,
    pub(super) digest_in_capitals: bool,
    /// One field a line: `Name: value`.
    pub(super) headers: String,
    /// Lists, separated by commas.
    pub(super) tags_any: String,
    pub(super) tags_all: String,
    pub(super) tags_none: String,
    pub(super) domains_include: String,
    pub(super) domains_exclude: String,
    /// Numbers; empty for none.
    pub(super) per_second: String,
    pub(super) burst: String,
    pub(super) concurrency: String,
    /// Delays such as `5 s, 2 min, 1 h`; empty for the server's own.
    pub(super) retries: String,
    /// Whether a call is made once and not again.
    pub(super) no_retries: bool,
    pub(super) batching: bool,
    pub(super) max_events: String,
    pub(super) max_ms: String,
    pub(super) hash_recipient: bool,
    pub(super) mime: MimePrivacy,
    pub(super) truncate_ip: bool,
    pub(super) diagnosis: bool,
    pub(super) operational: bool,
}

/// A field whose text is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    Number(&'static str),
    Delay,
    Header,
    /// Calls at once, without the calls a second that they go with.
    Rate,
}

impl Form {
    pub(super) fn of(webhook: &Webhook) -> Self {
        let options = &webhook.options;
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        Self {
            url: webhook.url.clone(),
            types: webhook.types.as_slice().to_vec(),
            profile: webhook.profile,
            format: webhook.format,
            digest_in_capitals: webhook.digest_name == "SHA-256",
            headers: options.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
            tags_any: options.filter.tags.any.join(", "),
            tags_all: options.filter.tags.all.join(", "),
            tags_none: options.filter.tags.none.join(", "),
            domains_include: options.filter.recipient_domains.include.join(", "),
            domains_exclude: options.filter.recipient_domains.exclude.join(", "),
            per_second: number(options.rate.map(|rate| rate.per_second)),
            burst: number(options.rate.and_then(|rate| rate.burst)),
            concurrency: number(options.concurrency),
            retries: options.retries.iter().flatten().map(|delay| written_delay(*delay)).collect::<Vec<_>>().join(", "),
            no_retries: options.retries.as_ref().is_some_and(Vec::is_empty),
            batching: options.batch.is_some(),
            max_events: options.batch.map_or(100, |batch| batch.max_events).to_string(),
            max_ms: options.batch.map_or(1000, |batch| batch.max_ms).to_string(),
            hash_recipient: options.privacy.recipient == RecipientPrivacy::Hashed,
            mime: options.privacy.mime,
            truncate_ip: options.privacy.ip == IpPrivacy::Truncated,
            diagnosis: options.diagnosis,
            operational: options.operational,
        }
    }

    /// The options that it asks for.
    ///
    /// # Errors
    /// The first field that cannot be read.
    pub(super) fn options(&self) -> Result<WebhookOptions, Unreadable> {
        let number = |text: &str, field| match text.trim() {
            "" => Ok(None),
            digits => digits.parse::<u32>().map(Some).map_err(|_| Unreadable::Number(field)),
        };
        let needed = |text: &str, field| number(text, field)?.ok_or(Unreadable::Number(field));
        let burst = number(&self.burst, "rate.burst")?;
        let rate = match (number(&self.per_second, "rate.per_second")?, burst) {
            (None, Some(_)) => return Err(Unreadable::Rate),
            (per_second, burst) => per_second.map(|per_second| RateLimit { per_second, burst }),
        };
        let batch = if self.batching {
            let max_events = needed(&self.max_events, "batch.max_events")?;
            Some(Batching { max_events, max_ms: needed(&self.max_ms, "batch.max_ms")? })
        } else {
            None
        };
        Ok(WebhookOptions {
            retries: self.schedule()?,
            rate,
            concurrency: number(&self.concurrency, "concurrency")?,
            batch,
            headers: read_headers(&self.headers).ok_or(Unreadable::Header)?,
            filter: self.filter(),
            privacy: self.privacy(),
            diagnosis: self.diagnosis,
            operational: self.operational,
        })
    }

    pub(super) fn filter(&self) -> Filter {
        Filter {
            tags: TagFilter { any: list(&self.tags_any), all: list(&self.tags_all), none: list(&self.tags_none) },
            recipient_domains: DomainFilter {
                include: list(&self.domains_include),
                exclude: list(&self.domains_exclude),
            },
        }
    }

    pub(super) fn privacy(&self) -> Privacy {
        Privacy {
            recipient: if self.hash_recipient { RecipientPrivacy::Hashed } else { RecipientPrivacy::AsIs },
            recipient_key: None,
            mime: self.mime,
            ip: if self.truncate_ip { IpPrivacy::Truncated } else { IpPrivacy::AsIs },
        }
    }

    fn schedule(&self) -> Result<Option<Vec<u32>>, Unreadable> {
        if self.no_retries {
            return Ok(Some(Vec::new()));
        }
        let delays = list(&self.retries);
        if delays.is_empty() {
            return Ok(None);
        }
        delays.iter().map(|text| read_delay(text)).collect::<Option<Vec<_>>>().map(Some).ok_or(Unreadable::Delay)
    }

    /// What is to change of the webhook: nothing else is sent, so that nothing else is undone.
    ///
    /// # Errors
    /// The first field that cannot be read.
    pub(super) fn patch(&self, webhook: &Webhook) -> Result<WebhookPatch, Unreadable> {
        let before = Self::of(webhook);
        let was = before.options()?;
        let now = self.options()?;
        let types_differ =
            self.types.len() != before.types.len() || self.types.iter().any(|each| !before.types.contains(each));
        Ok(WebhookPatch {
            types: types_differ.then(|| Types::new(self.types.iter().copied())).flatten(),
            url: (self.url.trim() != before.url).then(|| self.url.trim().to_owned()),
            profile: (self.profile != before.profile).then_some(self.profile),
            format: (self.format != before.format).then_some(self.format),
            digest_name: (self.digest_in_capitals != before.digest_in_capitals)
                .then(|| if self.digest_in_capitals { "SHA-256" } else { "sha-256" }.to_owned()),
            retries: (now.retries != was.retries).then_some(now.retries),
            rate: (now.rate != was.rate).then_some(now.rate),
            concurrency: (now.concurrency != was.concurrency).then_some(now.concurrency),
            batch: (now.batch != was.batch).then_some(now.batch),
            headers: (now.headers != was.headers).then_some(Some(now.headers)),
            filter: (now.filter != was.filter).then_some(Some(now.filter)),
            privacy: (now.privacy != was.privacy).then_some(Some(now.privacy)),
            diagnosis: (now.diagnosis != was.diagnosis).then_some(Some(now.diagnosis)),
            operational: (now.operational != was.operational).then_some(Some(now.operational)),
            status: None,
        })
    }

    /// The names of what is to change, also where it cannot be read yet.
    pub(super) fn changes(&self, webhook: &Webhook) -> Vec<&'static Text> {
        self.differences(&Self::of(webhook)).into_iter().map(|each| each.name).collect()
    }

    /// In what it differs from how it was.
    pub(super) fn differences(&self, before: &Self) -> Vec<Difference> {
        let differ = |((name, before), (_, after)): ((&'static Text, String), (&'static Text, String))| {
            (before != after).then_some(Difference { name, before, after })
        };
        before.described().into_iter().zip(self.described()).filter_map(differ).collect()
    }

    /// Each of its settings in a few words. Two forms that mean the same say the same.
    fn described(&self) -> [(&'static Text, String); 14] {
        let mut types: Vec<_> = self.types.iter().map(|each| each.as_str()).collect();
        types.sort_unstable();
        let digest = if self.digest_in_capitals { "SHA-256" } else { "sha-256" };
        let with = |text: &str, and: &str| if text.is_empty() { String::new() } else { format!("{text}{and}") };
        let filter = self.filter();
        let lists = [
            ("", &filter.tags.any),
            ("+", &filter.tags.all),
            ("−", &filter.tags.none),
            ("@", &filter.recipient_domains.include),
            ("−@", &filter.recipient_domains.exclude),
        ];
        let filter = lists.into_iter().flat_map(|(sign, list)| list.iter().map(move |item| format!("{sign}{item}")));
        let rate = format!("{} {}", with(self.per_second.trim(), "/s"), with(self.burst.trim(), " max"));
        let retries = if self.no_retries { "0" } else { self.retries.trim() };
        let batching = if self.batching {
            format!("{} / {} ms", self.max_events.trim(), self.max_ms.trim())
        } else {
            String::new()
        };
        let privacy = [
            self.hash_recipient.then(|| "recipient: hash".to_owned()),
            (self.mime != MimePrivacy::AsIs).then(|| format!("mime: {}", written_mime(self.mime))),
            self.truncate_ip.then(|| "ip: /24, /48".to_owned()),
        ];
        let on = |on: bool| if on { "✓" } else { "–" }.to_owned();
        [
            (&create::URL, self.url.trim().to_owned()),
            (&create::EVENTS, types.join(", ")),
            (&common::PROFILE_LABEL, self.profile.as_str().to_owned()),
            (&common::FORMAT, self.format.as_str().to_owned()),
            (&texts::DIGEST, digest.to_owned()),
            (&texts::HEADERS, self.headers.trim().to_owned()),
            (&texts::FILTER, filter.collect::<Vec<_>>().join(", ")),
            (&texts::RATE, rate.trim().to_owned()),
            (&texts::CONCURRENCY, self.concurrency.trim().to_owned()),
            (&texts::RETRIES, retries.to_owned()),
            (&texts::BATCHING, batching),
            (&texts::PRIVACY, privacy.into_iter().flatten().collect::<Vec<_>>().join(", ")),
            (&texts::DIAGNOSIS, on(self.diagnosis)),
            (&texts::OPERATIONAL, on(self.operational)),
        ]
    }

    /// What was typed, on top of what somebody else has made of the webhook meanwhile: `old` is how it was when the form
    /// began, `new` how it is now.
    pub(super) fn rebased(&self, old: &Self, new: &Self) -> Self {
        fn pick<T: PartialEq + Clone>(mine: &T, old: &T, new: &T) -> T {
            if mine == old { new.clone() } else { mine.clone() }
        }
        macro_rules! picked {
            ($($field:ident),+ $(,)?) => { Self { $($field: pick(&self.$field, &old.$field, &new.$field)),+ } };
        }
        picked!(
            url,
            types,
            profile,
            format,
            digest_in_capitals,
            headers,
            tags_any,
            tags_all,
            tags_none,
            domains_include,
            domains_exclude,
            per_second,
            burst,
            concurrency,
            retries,
            no_retries,
            batching,
            max_events,
            max_ms,
            hash_recipient,
            mime,
            truncate_ip,
            diagnosis,
            operational,
        )
    }
}

/// A setting that is another than it was.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) name: &'static Text,
    pub(super) before: String,
    pub(super) after: String,
}

fn written_mime(mime: MimePrivacy) -> String {
    match mime {
        MimePrivacy::AsIs => String::new(),
        MimePrivacy::Cut(bytes) => format!("{bytes} B"),
        MimePrivacy::Omit => "–".into(),
    }
}

/// The items of a list, separated by commas or new lines.
fn list(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for item in text.split([',', '\n']).map(str::trim).filter(|item| !item.is_empty()) {
        if !items.iter().any(|kept| kept == item) {
            items.push(item.to_owned());
        }
    }
    items
}

/// Header fields, one a line; `None` where a line has no colon.
fn read_headers(text: &str) -> Option<Vec<HeaderField>> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())))
        .collect()
}

/// A delay in its largest whole unit: `90 s`, `2 min`, `1 h`, `3 d`.
pub(super) fn written_delay(seconds: u32) -> String {
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "min")] {
        if seconds >= unit && seconds.is_multiple_of(unit) {
            return format!("{} {name}", seconds / unit);
        }
    }
    format!("{seconds} s")
}

/// `5`, `5 s`, `2 min`, `1 h` or `3 d`, in seconds.
fn read_delay(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].trim() {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" | "u" | "uur" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    digits.trim().parse::<u32>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(options: &str) -> Webhook {
        serde_json::from_str(&format!(
            r#"{{"id":"wh_1","type":["click","open"],"url":"https://a.example/","profile":"cavage","format":"json",
            "digest_name":"sha-256","status":"active","created":"2025-11-25T13:05:12Z","last_delivery":null,
            "verification":{{"file":"f","content":"c","locations":[]}}{options}}}"#
        ))
        .unwrap()
    }

    fn json(form: &Form, webhook: &Webhook) -> String {
        serde_json::to_string(&form.patch(webhook).unwrap()).unwrap()
    }

    #[test]
    fn only_what_changed_is_sent() {
        let webhook = webhook("");
        let mut form = Form::of(&webhook);
        assert_eq!(form.patch(&webhook), Ok(WebhookPatch::default()));
        assert!(form.changes(&webhook).is_empty());
        form.types = vec![EventType::Open, EventType::Click];
        assert_eq!(form.patch(&webhook), Ok(WebhookPatch::default()));
        assert!(form.changes(&webhook).is_empty());
        form.types = vec![EventType::Open];
        form.format = BodyFormat::Form;
        form.digest_in_capitals = true;
        assert_eq!(json(&form, &webhook), r#"{"type":"open","format":"form","digest_name":"SHA-256"}"#);
        assert_eq!(form.changes(&webhook).len(), 3);
        form.types.clear();
        assert!(form.changes(&webhook).contains(&&create::EVENTS));
    }

    #[test]
    fn options_are_read_as_they_are_typed() {
        let webhook = webhook("");
        let mut form = Form::of(&webhook);
        form.tags_any = "newsletter,  invoice, newsletter".into();
        form.headers = "X-Team: mail\n\nX-B:1".into();
        form.per_second = "20".into();
        form.retries = "5 s, 90, 2 min, 1 h, 1 d".into();
        form.mime = MimePrivacy::Cut(1024);
        assert_eq!(
            json(&form, &webhook),
            r#"{"retries":[5,90,120,3600,86400],"rate":{"per_second":20,"burst":null},"headers":[["X-Team","mail"],["X-B","1"]],"filter":{"tags":{"any":["newsletter","invoice"],"all":[],"none":[]},"recipient_domains":{"include":[],"exclude":[]}},"privacy":{"recipient":"as-is","mime":{"cut":1024},"ip":"as-is"}}"#
        );
        form.no_retries = true;
        assert_eq!(form.options().unwrap().retries, Some(Vec::new()));
    }

    #[test]
    fn what_is_taken_away_is_null() {
        let webhook = webhook(r#","rate":{"per_second":20,"burst":40},"concurrency":4,"retries":[5,90]"#);
        let mut form = Form::of(&webhook);
        assert_eq!((form.per_second.as_str(), form.burst.as_str(), form.retries.as_str()), ("20", "40", "5 s, 90 s"));
        form.per_second.clear();
        form.burst.clear();
        form.concurrency.clear();
        form.retries.clear();
        assert_eq!(json(&form, &webhook), r#"{"retries":null,"rate":null,"concurrency":null}"#);
    }

    #[test]
    fn what_somebody_else_changed_meanwhile_is_taken_over_and_what_was_typed_stands() {
        let (old, new) = (webhook(r#","concurrency":4"#), webhook(r#","concurrency":8,"retries":[5]"#));
        let (old, new) = (Form::of(&old), Form::of(&new));
        let mut mine = old.clone();
        mine.per_second = "20".into();
        mine.concurrency = "2".into();
        let rebased = mine.rebased(&old, &new);
        assert_eq!(
            (rebased.per_second.as_str(), rebased.concurrency.as_str(), rebased.retries.as_str()),
            ("20", "2", "5 s")
        );
        let said = new.differences(&old);
        assert_eq!(said.len(), 2, "{said:?}");
        assert_eq!((said[0].before.as_str(), said[0].after.as_str()), ("4", "8"));
        assert_eq!(rebased.differences(&new).len(), 2, "only what was typed is left to save");
        assert_eq!(old.rebased(&old, &new), new);
    }

    /// The saved value comes back as it is written, not as it was typed.
    #[test]
    fn what_is_typed_while_it_is_being_saved_stays_and_the_rest_is_as_it_was_saved() {
        let mut sent = Form::of(&webhook(""));
        (sent.retries, sent.tags_any, sent.per_second) = ("5".into(), "a,a".into(), "20".into());
        let mut typed = sent.clone();
        (typed.per_second, typed.concurrency) = ("200".into(), "4".into());
        let saved = webhook(r#","retries":[5],"rate":{"per_second":20,"burst":null},"filter":{"tags":{"any":["a"]}}"#);
        let now = typed.rebased(&sent, &Form::of(&saved));
        assert_eq!((now.retries.as_str(), now.tags_any.as_str()), ("5 s", "a"));
        assert_eq!(json(&now, &saved), r#"{"rate":{"per_second":200,"burst":null},"concurrency":4}"#);
        assert_eq!(sent.rebased(&sent, &Form::of(&saved)), Form::of(&saved));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let webhook = webhook("");
        let with = |change: fn(&mut Form)| {
            let mut form = Form::of(&webhook);
            change(&mut form);
            (form.patch(&webhook), form.changes(&webhook).len())
        };
        assert_eq!(with(|form| form.per_second = "many".into()), (Err(Unreadable::Number("rate.per_second")), 1));
        assert_eq!(with(|form| form.per_second = "-1".into()).0, Err(Unreadable::Number("rate.per_second")));
        assert_eq!(with(|form| form.retries = "soon".into()).0, Err(Unreadable::Delay));
        assert_eq!(with(|form| form.retries = "99999999 d".into()).0, Err(Unreadable::Delay));
        assert_eq!(with(|form| form.headers = "no colon".into()).0, Err(Unreadable::Header));
        // It was thrown away, and “Saved.” said.
        assert_eq!(with(|form| form.burst = "40".into()), (Err(Unreadable::Rate), 1));
        assert_eq!(read_delay("é"), None);
        assert_eq!(written_delay(7200), "2 h");
    }
}
