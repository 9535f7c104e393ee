// cargo add ring base64
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{digest, signature};
use std::collections::HashMap;

const MUST: [&str; 5] = ["@method", "@target-uri", "content-digest", "content-type", "x-copernica-id"];

/// What a receiver knows: its own origin as the sender sees it (`https://hooks.example.com`), its environment
/// (`environment_184`), and what stands in `p=` of each key's record.
pub struct Receiver {
    pub origin: String,
    pub environment: String,
    pub keys: HashMap<String, String>,
}

impl Receiver {
    /// `target` is path and query as they came; `headers` by lower-case name; `now` in Unix seconds. Give it the bytes of the
    /// body as they came.
    pub fn verify(
        &self,
        method: &str,
        target: &str,
        headers: &HashMap<String, String>,
        body: &[u8],
        now: u64,
    ) -> Result<(), &'static str> {
        let field = |name: &str| headers.get(name).map(|value| value.trim()).ok_or("a header field is missing");
        // One signature, LABEL=("name" "name");name=value;…: what follows the label is what "@signature-params" says.
        let (label, params) = field("signature-input")?.split_once('=').ok_or("Signature-Input is not to be read")?;
        let (names, rest) =
            params.strip_prefix('(').and_then(|all| all.split_once(')')).ok_or("Signature-Input is not to be read")?;
        let plain = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"@-".contains(&byte))
        };
        let names: Vec<&str> = names.split_ascii_whitespace().map(|name| name.trim_matches('"')).collect();
        let mut parameters = HashMap::new();
        for each in rest.split(';').skip(1) {
            let (name, value) = each.split_once('=').ok_or("a parameter has no value")?;
            parameters.insert(name, value.trim_matches('"'));
        }
        // A parameter of a name, a quote within a text or a second signature would be read in two ways.
        if !names.iter().all(|name| plain(name))
            || !rest.starts_with(';')
            || parameters.values().any(|value| value.contains(['"', '\\', ',']))
        {
            return Err("Signature-Input is none that this receiver reads");
        }
        let parameter = |name| parameters.get(name).copied();
        if !MUST.iter().all(|name| names.contains(name)) {
            return Err("the signature does not cover all that it must");
        }
        let sum = format!("sha-256=:{}:", STANDARD.encode(digest::digest(&digest::SHA256, body)));
        if !field("content-digest")?.split(',').any(|each| each.trim() == sum) {
            return Err("the body is not the one that was signed");
        }
        let seconds = |name| parameter(name).and_then(|text| text.parse::<u64>().ok());
        let created = seconds("created").ok_or("the signature has no time")?;
        if created.abs_diff(now) > 60
            || parameter("expires").is_some() && seconds("expires").is_none_or(|end| now > end)
        {
            return Err("the call is too old, or this clock is wrong");
        }
        if field("x-copernica-id")? != self.environment {
            return Err("the call is for somebody else");
        }
        let mut lines = Vec::new();
        for name in names {
            lines.push(match name {
                "@method" => format!("\"@method\": {method}"),
                "@target-uri" => format!("\"@target-uri\": {}{target}", self.origin),
                _ => format!("\"{name}\": {}", field(name)?),
            });
        }
        lines.push(format!("\"@signature-params\": {params}"));
        let record = self.keys.get(parameter("keyid").ok_or("no key is named")?).ok_or("the key is not known")?;
        let key = STANDARD.decode(record).map_err(|_| "the key is no base64")?;
        // 32 bytes are an Ed25519 key (RFC 8463). Of an RSA key ring takes the RSAPublicKey within, after a head of 24 bytes.
        let (algorithm, name, key): (&dyn signature::VerificationAlgorithm, _, _) = match key.len() {
            32 => (&signature::ED25519, "ed25519", &key[..]),
            _ => {
                (&signature::RSA_PKCS1_2048_8192_SHA256, "rsa-v1_5-sha256", key.get(24..).ok_or("the key is cut off")?)
            }
        };
        if parameter("alg").is_some_and(|alg| alg != name) {
            return Err("the key is of another kind");
        }
        let given = field("signature")?
            .strip_prefix(label)
            .and_then(|all| all.strip_prefix("=:"))
            .and_then(|all| all.strip_suffix(':'));
        let given =
            STANDARD.decode(given.ok_or("the signature is not there")?).map_err(|_| "the signature is no base64")?;
        signature::UnparsedPublicKey::new(algorithm, key)
            .verify(lines.join("\n").as_bytes(), &given)
            .map_err(|_| "the signature is not that of this call")
        // Then keep the nonce for two minutes, and refuse one that was seen.
    }
}
