//! What can be set of a webhook, checked.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use seinpost_protocol::{
    ownership,
    rest::{BodyFormat, Profile, RecipientPrivacy, WebhookOptions},
};

use crate::{
    api::error::{ApiError, refuse},
    app::App,
    egress::Target,
};

/// A callback URL that can be called.
pub(in crate::api) fn target(app: &App, url: &str) -> Result<Target, ApiError> {
    let target = Target::parse(url)?;
    app.egress.check(&target).map_err(|failure| ApiError::field("url", "refused-target", failure.detail))?;
    Ok(target)
}

/// The same, in the place of the URL `known`; `***` stands for the user and password that it has, as where it is shown.
pub(in crate::api) fn changed_target(app: &App, url: &str, known: &str) -> Result<Target, ApiError> {
    let target = target(app, url)?;
    // What was stored was parsed before; if it cannot be any more, what is not shown is lost.
    match Target::parse(known) {
        Ok(known) => Ok(target.unmasked(&known)?),
        Err(_) => Ok(target),
    }
}

/// Whether `Digest` reads `SHA-256`.
pub(in crate::api) fn digest_upper(name: Option<&str>) -> Result<bool, ApiError> {
    match name {
        None | Some("sha-256") => Ok(false),
        Some("SHA-256") => Ok(true),
        Some(_) => Err(ApiError::field("digest_name", "unknown", "either sha-256 or SHA-256")),
    }
}

/// A new secret, for a profile that has one.
pub(in crate::api) fn secret(app: &App, profile: Profile) -> Option<String> {
    match profile {
        Profile::Standard => Some(new_secret(app)),
        Profile::Cavage | Profile::Rfc9421 => None,
    }
}

/// `whsec_` and base64 of 32 random bytes.
pub(in crate::api) fn new_secret(app: &App) -> String {
    format!("whsec_{}", STANDARD.encode(app.entropy.bytes::<32>()))
}

/// The name and the content of a new verification file.
pub(in crate::api) fn verification_file(app: &App) -> (String, String) {
    (ownership::file_name(app.entropy.bytes()), ownership::file_content(app.entropy.bytes()))
}

/// Options that can be, and the key for hashing recipients where one was made.
pub(in crate::api) fn options(
    app: &App,
    mut options: WebhookOptions,
    format: BodyFormat,
) -> Result<(WebhookOptions, Option<String>), ApiError> {
    refuse(options.faults(format))?;
    let privacy = &mut options.privacy;
    let made = (privacy.recipient == RecipientPrivacy::Hashed && privacy.recipient_key.is_none())
        .then(|| STANDARD.encode(app.entropy.bytes::<32>()));
    if made.is_some() {
        privacy.recipient_key.clone_from(&made);
    }
    Ok((options, made))
}
