//! What cannot be verified as it stands: an option or a key that the package refuses.

use yew::prelude::*;

use crate::{
    components::{Note, Tone, visible},
    i18n::{
        Language, Text,
        texts::{inspector, mistake as texts},
    },
    inspector::Told,
};

pub(super) fn mistake_note(language: Language, mistake: &Told) -> Html {
    let known = match language {
        // The package says it in English alone, and more exactly.
        Language::English => None,
        Language::Dutch => words_of(mistake.code.as_deref().unwrap_or_default(), &mistake.message),
    };
    html! {
        <Note tone={Tone::Bad} title={language.say(&inspector::MISTAKE)}>
            <p lang={known.is_none().then_some("en")} class="break">
                if let Some(known) = known {
                    { language.say(known) }
                } else {
                    { visible(&mistake.message) }
                }
            </p>
            if let Some(code) = mistake.code.clone() {
                <p class="soft"><code>{ code }</code></p>
            }
        </Note>
    }
}

/// What a code means; of an option, which of them. What is not known here keeps its words.
fn words_of(code: &str, message: &str) -> Option<&'static Text> {
    if code == "invalid-options" {
        let options: [(&str, &Text); 7] = [
            ("environment ", &texts::ENVIRONMENT),
            ("host ", &texts::HOST),
            ("keyDomain ", &texts::KEY_DOMAIN),
            ("tolerance ", &texts::TOLERANCE),
            ("secret ", &texts::SECRET),
            ("auto ", &texts::AUTO),
            ("the profile standard ", &texts::STANDARD),
        ];
        return options.into_iter().find(|(begin, _)| message.starts_with(begin)).map(|(_, text)| text);
    }
    Some(match code {
        "invalid-request" => &texts::REQUEST,
        "lone-surrogate" => &texts::SURROGATE,
        "invalid-key" => &texts::KEY,
        "key-too-long" => &texts::TOO_LONG,
        "key-base64" => &texts::BASE64,
        "key-syntax" => &texts::SYNTAX,
        "key-duplicate-tag" => &texts::DUPLICATE_TAG,
        "key-version" => &texts::VERSION,
        "key-type" => &texts::KIND,
        "key-missing" => &texts::MISSING,
        "key-revoked" => &texts::REVOKED,
        "key-service" => &texts::SERVICE,
        "key-der" => &texts::DER,
        "key-too-weak" => &texts::TOO_WEAK,
        "key-too-large" => &texts::TOO_LARGE,
        "key-exponent" => &texts::EXPONENT,
        "key-length" => &texts::LENGTH,
        "key-json" => &texts::JSON,
        "key-private" => &texts::PRIVATE,
        "key-secret" => &texts::NO_KEY_BUT_SECRET,
        "key-several" => &texts::SEVERAL,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use seinpost_protocol::key::KeyError;

    use super::*;

    #[test]
    fn every_fault_of_a_key_has_words() {
        let faults = [
            KeyError::TooLong(1),
            KeyError::Base64("p="),
            KeyError::Syntax,
            KeyError::DuplicateTag,
            KeyError::Version,
            KeyError::UnknownType,
            KeyError::NoKey,
            KeyError::Revoked,
            KeyError::Service,
            KeyError::Der,
            KeyError::RsaTooShort(1),
            KeyError::RsaTooLong(1),
            KeyError::RsaExponent,
            KeyError::Length(1),
            KeyError::Json,
            KeyError::Private,
            KeyError::Secret,
            KeyError::Several,
        ];
        for fault in faults {
            assert!(words_of(fault.code(), &fault.to_string()).is_some(), "{fault}");
        }
    }

    #[test]
    fn an_option_is_named_and_what_is_not_known_keeps_its_words() {
        let said = |message| words_of("invalid-options", message).map(|text| Language::Dutch.say(text));
        assert_eq!(
            said("environment must be a number, a list, or \"any\""),
            Some("De omgeving moet een nummer zijn, een lijst ervan, of any.")
        );
        assert_eq!(said("auto needs an environment, a secret or keys"), Some(Language::Dutch.say(&texts::AUTO)));
        assert_eq!(said("there is no option x"), None);
        assert!(words_of("unheard-of", "").is_none());
    }
}
