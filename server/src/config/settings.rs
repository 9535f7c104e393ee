//! The settings there are, and how each is read.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use axum::http::HeaderValue;
use ipnet::IpNet;

use super::{
    InvalidConfig, Layers, PREFIX, log,
    places::{addresses, domain, networks, origins, outside_of_the_zone, public_url},
};
use crate::{
    access::{Quota, RateLimits},
    dashboard::{Branding, Logo, Resolver},
    dispatch::RetrySchedule,
    egress::{Exceptions, Proxy},
    listen,
    seal::{MasterKey, Source},
};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the file; with hyphens the flag's, in capitals after `SEINPOST_` the variable's.
    pub key: &'static str,
    /// What it is when nobody says anything.
    pub default: &'static str,
    /// Whether its value is hidden.
    pub secret: bool,
}

const fn setting(key: &'static str, default: &'static str) -> Setting {
    Setting { key, default, secret: false }
}

/// All settings, in the order of the documentation. The file `seinpost.toml` explains each.
pub const SETTINGS: &[Setting] = &[
    setting("listen", "127.0.0.1:8080"),
    setting("data", "./data"),
    setting("master_key_file", ""),
    Setting { key: "master_key", default: "", secret: true },
    setting("public_url", ""),
    setting("allow_target", ""),
    setting("key_domain", "hooks.localhost"),
    setting("dns_listen", ""),
    setting("dns_server", ""),
    setting("resolvers", ""),
    setting("max_connections", "4096"),
    setting("max_body_memory", "128"),
    setting("client_head_timeout", "30s"),
    setting("client_body_timeout", "60s"),
    Setting { key: "bootstrap_token", default: "", secret: true },
    setting("retry_schedule", "5s, 5m, 30m, 2h, 5h, 10h, 14h, 20h, 24h"),
    setting("webhook_concurrency", "16"),
    setting("concurrency", "1024"),
    Setting { key: "proxy", default: "", secret: true },
    setting("proxy_exceptions", ""),
    setting("connect_timeout", "5s"),
    setting("call_timeout", "15s"),
    setting("retention_days", "30"),
    setting("rate_limit", "100"),
    setting("event_rate_limit", "0"),
    setting("cors_origins", ""),
    setting("frame_ancestors", ""),
    setting("dashboard_name", ""),
    setting("dashboard_logo", ""),
    setting("dashboard_accent", ""),
    setting("dns_over_https", ""),
    setting("ca_file", ""),
    setting("log", "info"),
];

impl Setting {
    /// The environment variable's name.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.to_ascii_uppercase())
    }

    /// A value of it as it is shown: not that of a secret, nor a URL with a password.
    #[must_use]
    pub fn shown<'v>(&self, value: &'v str) -> &'v str {
        let has_password = url::Url::parse(value).is_ok_and(|url| url.password().is_some());
        if has_password || (self.secret && !value.is_empty()) { "***" } else { value }
    }
}

/// What is in force.
#[derive(Clone)]
pub struct Settings {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// Where the key comes from that seals secrets in the database.
    pub master_key: Source,
    /// Under which URL people reach the server, if that is not the address it listens on.
    pub public_url: Option<String>,
    /// Networks that may be called although they are not global unicast.
    pub allow_target: Vec<IpNet>,
    /// The domain under which keys are published.
    pub key_domain: String,
    /// Where DNS is answered for the zone of the keys, if anywhere.
    pub dns_listen: Option<SocketAddr>,
    /// The name of the name server of that zone, which is this machine's.
    pub dns_server: String,
    /// The name servers that are asked; those of the machine where none is named.
    pub resolvers: Vec<SocketAddr>,
    /// How much time and room clients get.
    pub clients: listen::Limits,
    /// A token to be taken from the first start on.
    pub bootstrap_token: Option<String>,
    /// When failed deliveries are tried again.
    pub retry_schedule: RetrySchedule,
    /// Calls to one webhook at a time.
    pub webhook_concurrency: usize,
    /// Calls in all at a time.
    pub concurrency: usize,
    /// Through which proxy calls go, if through one.
    pub proxy: Option<Proxy>,
    /// Time to connect.
    pub connect_timeout: Duration,
    /// Time for a whole call.
    pub call_timeout: Duration,
    /// How many days payloads and attempts are kept.
    pub retention_days: u32,
    /// How many calls a token may make.
    pub rate: RateLimits,
    /// Origins whose pages may call the API.
    pub cors_origins: Vec<HeaderValue>,
    /// How the dashboard looks, and who may frame it.
    pub branding: Branding,
    /// Where the inspector may look up keys.
    pub dns_over_https: Option<Resolver>,
    /// Further certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// What is logged.
    pub log: String,
}

impl Settings {
    /// Reads every setting.
    ///
    /// # Errors
    /// Names the first that cannot be used.
    pub fn read(layers: &Layers) -> Result<Self, InvalidConfig> {
        let optional = |key| layers.get(key, |text| Ok::<_, String>((!text.is_empty()).then(|| text.to_owned())));
        Ok(Self {
            listen: layers.get("listen", |text| {
                text.parse::<SocketAddr>().map_err(|_| "an address and a port, such as 127.0.0.1:8080 or [::]:8080")
            })?,
            data: layers.get("data", |text| if text.is_empty() { Err("name a folder") } else { Ok(text.into()) })?,
            master_key: master_key(layers)?,
            public_url: layers.get("public_url", public_url)?,
            allow_target: layers.get("allow_target", networks)?,
            key_domain: layers.get("key_domain", domain)?,
            dns_listen: layers.get("dns_listen", |text| match text {
                "" => Ok(None),
                // Others have to know the port, so it is none that the system chooses.
                text => match text.parse::<SocketAddr>() {
                    Ok(address) if address.port() != 0 => Ok(Some(address)),
                    _ => Err("an address and a port, such as 203.0.113.7:53 or [2001:db8::7]:53"),
                },
            })?,
            dns_server: layers.get("dns_server", |text| match text {
                "" => layers
                    .get("key_domain", domain)
                    .map(|domain| format!("ns.{domain}"))
                    .map_err(|error| error.to_string()),
                text => outside_of_the_zone(&domain(text)?, &layers.get("key_domain", domain).unwrap_or_default()),
            })?,
            resolvers: layers.get("resolvers", addresses)?,
            clients: listen::Limits {
                connections: layers.get("max_connections", |text| count(text, 1_000_000))?,
                bodies: layers.get("max_body_memory", body_memory)?,
                head: layers.get("client_head_timeout", duration)?,
                body: layers.get("client_body_timeout", duration)?,
            },
            bootstrap_token: layers.get("bootstrap_token", bootstrap_token)?,
            retry_schedule: layers.get("retry_schedule", str::parse)?,
            webhook_concurrency: layers.get("webhook_concurrency", |text| count(text, 1024))?,
            concurrency: layers.get("concurrency", |text| count(text, 65_536))?,
            proxy: proxy(layers)?,
            connect_timeout: layers.get("connect_timeout", duration)?,
            call_timeout: layers.get("call_timeout", duration)?,
            retention_days: layers.get("retention_days", |text| count(text, 3650))?.try_into().unwrap_or(u32::MAX),
            rate: RateLimits {
                calls: layers.get("rate_limit", quota)?,
                events: layers.get("event_rate_limit", quota)?,
            },
            cors_origins: layers.get("cors_origins", |text| origins(text, false))?,
            branding: Branding {
                name: layers.get("dashboard_name", name)?,
                logo: layers.get("dashboard_logo", |text| match text {
                    "" => Ok(None),
                    path => Logo::read(std::path::Path::new(path)).map(Some),
                })?,
                accent: layers.get("dashboard_accent", colour)?,
                frame_ancestors: layers
                    .get("frame_ancestors", |text| origins(text, true))?
                    .iter()
                    .filter_map(|origin| origin.to_str().ok().map(str::to_owned))
                    .collect(),
            },
            dns_over_https: layers
                .get("dns_over_https", |text| (!text.is_empty()).then(|| Resolver::parse(text)).transpose())?,
            ca_file: optional("ca_file")?.map(PathBuf::from),
            log: layers.get("log", log::filter)?,
        })
    }
}

/// A file that is named, or the key itself, or a file in the data folder.
fn master_key(layers: &Layers) -> Result<Source, InvalidConfig> {
    let file =
        layers.get("master_key_file", |text| Ok::<_, String>((!text.is_empty()).then(|| PathBuf::from(text))))?;
    let given = layers.get("master_key", |text| (!text.is_empty()).then(|| MasterKey::parse(text)).transpose())?;
    match (file, given) {
        (Some(_), Some(_)) => Err(InvalidConfig(
            "master_key_file and master_key are both set: which one is meant? Take one of them away".into(),
        )),
        (Some(path), None) => Ok(Source::File(path)),
        (None, Some(key)) => Ok(Source::Given(key)),
        (None, None) => layers.get("data", |text| Ok::<_, String>(Source::Folder(text.into()))),
    }
}

fn proxy(layers: &Layers) -> Result<Option<Proxy>, InvalidConfig> {
    let proxy = layers.get("proxy", |text| (!text.is_empty()).then(|| Proxy::parse(text)).transpose())?;
    let exceptions = layers.get("proxy_exceptions", Exceptions::parse)?;
    Ok(proxy.map(|proxy| proxy.except(exceptions)))
}

fn bootstrap_token(text: &str) -> Result<Option<String>, &'static str> {
    match text.len() {
        0 => Ok(None),
        1..=255 if text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(Some(text.to_owned())),
        _ => Err("at most 255 characters of ASCII without spaces, that nobody can guess"),
    }
}

fn count(text: &str, most: usize) -> Result<usize, String> {
    text.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(|| format!("a number from 1 to {most}"))
}

/// In MiB: at least what lets a batch of the largest size through.
fn body_memory(text: &str) -> Result<usize, &'static str> {
    let mebibytes = text.parse::<usize>().ok().filter(|number| (32..=65_536).contains(number));
    mebibytes.map(|number| number * 1024 * 1024).ok_or("a number of MiB from 32 to 65536")
}

/// Calls a second; 0 is as many as there are.
fn quota(text: &str) -> Result<Option<Quota>, &'static str> {
    match text.parse::<u32>() {
        Ok(0) => Ok(None),
        Ok(number) if number <= 1_000_000 => Ok(Some(Quota::per_second(number))),
        _ => Err("a number of calls a second, at most 1000000; 0 is as many as there are"),
    }
}

fn name(text: &str) -> Result<Option<String>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        name if name.chars().count() <= 60 && !name.chars().any(char::is_control) => Ok(Some(name.to_owned())),
        _ => Err("a name of at most 60 characters"),
    }
}

fn colour(text: &str) -> Result<Option<String>, &'static str> {
    match text.strip_prefix('#') {
        None if text.is_empty() => Ok(None),
        Some(digits) if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Ok(Some(text.to_ascii_lowercase()))
        }
        _ => Err("a colour such as #1d5fd1"),
    }
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    let schedule: RetrySchedule = text.parse().map_err(|_| "a time, such as 5s or 500ms")?;
    schedule.single().filter(|time| *time <= Duration::from_secs(600)).ok_or("one time of at most 10m, such as 5s")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Source as Layer;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, InvalidConfig> {
        let value = |key: &str| pairs.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned());
        Settings::read(&Layers::read(value, |_| None, None).unwrap())
    }

    #[test]
    fn the_master_key_comes_from_one_place() {
        let key = "00".repeat(32);
        assert!(matches!(read(&[]).unwrap().master_key, Source::Folder(_)));
        assert!(matches!(read(&[("master_key_file", "/etc/key")]).unwrap().master_key, Source::File(_)));
        assert!(matches!(read(&[("master_key", &key)]).unwrap().master_key, Source::Given(_)));
        let error = read(&[("master_key", &key), ("master_key_file", "/etc/key")]).err().unwrap().to_string();
        assert!(error.starts_with("master_key_file and master_key are both set") && !error.contains(&key), "{error}");
    }

    #[test]
    fn defaults_are_valid() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.listen, "127.0.0.1:8080".parse().unwrap());
        assert_eq!(settings.retry_schedule, RetrySchedule::default());
        assert_eq!(settings.call_timeout, Duration::from_secs(15));
        assert!(settings.allow_target.is_empty());
    }

    #[test]
    fn name_servers_have_a_port_or_the_usual_one() {
        assert_eq!(read(&[]).unwrap().resolvers, []);
        let named = read(&[("resolvers", "192.0.2.53, [2001:db8::53]:5353,::1")]).unwrap().resolvers;
        let expected = ["192.0.2.53:53", "[2001:db8::53]:5353", "[::1]:53"].map(|each| each.parse().unwrap());
        assert_eq!(named, expected);
        let error = read(&[("resolvers", "dns.example.com")]).err().unwrap().to_string();
        assert!(error.contains("dns.example.com"), "{error}");
    }

    #[test]
    fn what_people_are_led_to_is_one_origin() {
        for (text, origin) in [
            (" https://hooks.example.com/ ", "https://hooks.example.com"),
            ("https://Hooks.Example.com:443", "https://hooks.example.com"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(read(&[("public_url", text)]).unwrap().public_url.as_deref(), Some(origin), "{text:?}");
        }
    }

    #[test]
    fn networks_of_mapped_addresses_are_those_of_ipv4() {
        let networks = "::ffff:127.0.0.0/104, ::ffff:10.1.2.3, ::ffff:0:0/96, ::/0, ::ffff:0:0/95";
        let expected = ["127.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "::/0", "::ffff:0:0/95"];
        assert_eq!(
            read(&[("allow_target", networks)]).unwrap().allow_target,
            expected.map(|each| each.parse::<IpNet>().unwrap())
        );
    }

    #[test]
    fn the_name_server_stands_outside_of_the_zone_that_it_serves() {
        let with = |domain, server| read(&[("key_domain", domain), ("dns_server", server)]);
        let error = with("hooks.example.com", "ns._domainkey.hooks.example.com").err().unwrap().to_string();
        assert!(
            error.contains("the name server of _domainkey.hooks.example.com")
                && error.ends_with("such as ns.hooks.example.com"),
            "{error}"
        );
        for fine in ["ns.hooks.example.com", "ns._domainkey.example.com", "a_domainkey.hooks.example.com"] {
            assert_eq!(with("hooks.example.com", fine).unwrap().dns_server, fine);
        }
        assert_eq!(with("hooks.example.com", "").unwrap().dns_server, "ns.hooks.example.com");
    }

    #[test]
    fn values_are_read() {
        let settings = read(&[
            ("allow_target", "10.0.0.0/8, ::1,127.0.0.1"),
            ("key_domain", "Hooks.Example.com."),
            ("public_url", "https://hooks.example.com/"),
            ("call_timeout", "500ms"),
            ("rate_limit", "7"),
            ("cors_origins", "https://a.example, http://localhost:3000"),
            ("frame_ancestors", "https://*.mail.example"),
            ("dashboard_accent", "#1D5FD1"),
        ])
        .unwrap();
        assert_eq!(settings.allow_target.len(), 3);
        assert_eq!(settings.key_domain, "hooks.example.com");
        assert_eq!(settings.public_url.as_deref(), Some("https://hooks.example.com"));
        assert_eq!(settings.call_timeout, Duration::from_millis(500));
        assert_eq!(settings.rate.calls, Some(Quota { per_second: 7, burst: 70 }));
        assert_eq!(settings.rate.events, None);
        assert_eq!(settings.cors_origins, ["https://a.example", "http://localhost:3000"]);
        assert_eq!(settings.branding.frame_ancestors, ["https://*.mail.example"]);
        assert_eq!(settings.branding.accent.as_deref(), Some("#1d5fd1"));
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_place() {
        for (key, value) in [
            ("listen", "8080"),
            ("data", ""),
            ("public_url", "hooks.example.com"),
            ("public_url", "https://example.com/path"),
            ("public_url", "https://example.com/#x"),
            ("public_url", "https://example.com/?"),
            ("public_url", "https://user@example.com"),
            ("public_url", "https://user:short@example.com"),
            ("public_url", "https://example.com:0"),
            ("dns_listen", "127.0.0.1:0"),
            ("dns_server", "_domainkey.hooks.localhost"),
            ("dns_server", "NS._DomainKey.hooks.localhost."),
            ("resolvers", "192.0.2.53, 0.0.0.0:0"),
            ("allow_target", "10.0.0.0/33"),
            ("key_domain", "exa mple.com"),
            ("key_domain", "example..com"),
            ("bootstrap_token", "with short spaces"),
            ("master_key", "short"),
            ("proxy", "https://user:short@proxy"),
            ("proxy", "http://proxy.example:0"),
            ("proxy_exceptions", "example.com, *"),
            ("retry_schedule", "soon"),
            ("webhook_concurrency", "0"),
            ("concurrency", "many"),
            ("retention_days", "0"),
            ("call_timeout", "1h"),
            ("call_timeout", "1s, 2s"),
            ("rate_limit", "-1"),
            ("event_rate_limit", "1000001"),
            ("cors_origins", "*"),
            ("cors_origins", "https://a.example/"),
            ("cors_origins", "https://a.example:0"),
            ("frame_ancestors", "https://a.example; script-src *"),
            ("frame_ancestors", "'self'"),
            ("dashboard_name", "a\nb"),
            ("dashboard_logo", "/etc/hostname"),
            ("dashboard_logo", "missing.svg"),
            ("dashboard_accent", "red"),
            ("dns_over_https", "http://dns.example/dns-query"),
            ("dns_over_https", "https://dns.example:0/dns-query"),
            ("dns_over_https", "https://dns.example/ ; script-src *#"),
            ("log", "info=nonsense=x"),
            ("log", "inof"),
            ("log", "seinpost_server::egress=debug, wran"),
        ] {
            let error = read(&[(key, value)]).err().unwrap_or_else(|| panic!("{key} = {value}")).to_string();
            assert!(error.starts_with(&format!("{key} = ")), "{error}");
            assert!(!error.contains("short"), "a secret is shown: {error}");
        }
    }

    #[test]
    fn flags_outrank_the_environment_and_that_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seinpost.toml");
        std::fs::write(
            &path,
            "listen = \"1.1.1.1:1\"\ndata = \"of file\"\nallow_target = [\"10.0.0.0/8\", \"::1/128\"]\nconcurrency = 7",
        )
        .unwrap();
        let flags = |key: &str| (key == "listen").then(|| "3.3.3.3:3".to_owned());
        let environment = |key: &str| match key {
            "SEINPOST_LISTEN" => Some("2.2.2.2:2".into()),
            "SEINPOST_DATA" => Some("of environment".into()),
            "SEINPOST_BOOTSTRAP_TOKEN" => Some("a-token-of-some-length".into()),
            _ => None,
        };
        let layers = Layers::read(flags, environment, Some(path.clone())).unwrap();
        let shown: Vec<_> = layers.shown().collect();
        for expected in [
            ("listen", "3.3.3.3:3", &Layer::Flag),
            ("data", "of environment", &Layer::Environment),
            ("allow_target", "10.0.0.0/8,::1/128", &Layer::File(path.clone())),
            ("concurrency", "7", &Layer::File(path)),
            ("bootstrap_token", "***", &Layer::Environment),
            ("key_domain", "hooks.localhost", &Layer::Default),
        ] {
            assert!(
                shown.iter().any(|(key, value, source)| (*key, value.as_str(), *source) == expected),
                "{expected:?}"
            );
        }
    }
}
