//! The setting `log`.

/// What is logged, as it is written. A word that stands alone is a level: a misspelt one would be taken for the name of a
/// part, of which there is none, and nothing would be logged.
pub(super) fn filter(text: &str) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    tracing_subscriber::EnvFilter::try_new(text).map_err(|error| error.to_string())?;
    let alone = text.split(',').map(str::trim).filter(|word| !word.is_empty() && !word.contains(['=', '[', ']', '}']));
    match alone.into_iter().find(|word| !LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word))) {
        Some(word) => {
            let levels = LEVELS.join(", ");
            Err(format!(
                "`{word}` is no level: take {levels}, or, for a part alone, such as `seinpost_server::egress=debug`"
            ))
        }
        None => Ok(text.to_owned()),
    }
}
