//! What can be set of a webhook, checked.

use seinpost_protocol::{ownership, rest::Profile};

use crate::{api::error::ApiError, app::App, egress::Target};

/// A callback URL that can be called.
pub(in crate::api) fn target(app: &App, url: &str) -> Result<Target, ApiError> {
    let target = Target::parse(url)?;
    app.egress.check(&target).map_err(|failure| ApiError::field("url", "refused-target", failure.detail))?;
    Ok(target)
}

/// Whether `Digest` reads `SHA-256`.
pub(in crate::api) fn digest_upper(name: Option<&str>) -> Result<bool, ApiError> {
    match name {
        None | Some("sha-256") => Ok(false),
        Some("SHA-256") => Ok(true),
        Some(_) => Err(ApiError::field("digest_name", "unknown", "either sha-256 or SHA-256")),
    }
}

/// A profile that this version signs.
pub(in crate::api) fn profile(profile: Profile) -> Result<Profile, ApiError> {
    match profile {
        Profile::Cavage => Ok(profile),
        Profile::Standard | Profile::Rfc9421 => Err(ApiError::field(
            "profile",
            "not-yet",
            format!("calls cannot be signed with the profile {} yet: use cavage", profile.as_str()),
        )),
    }
}

/// The name and the content of a new verification file.
pub(in crate::api) fn verification_file(app: &App) -> (String, String) {
    (ownership::file_name(app.entropy.bytes()), ownership::file_content(app.entropy.bytes()))
}
