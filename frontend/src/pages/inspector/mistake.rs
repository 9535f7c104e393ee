//! What cannot be verified as it stands: an option or a key that the package refuses.

use yew::prelude::*;

use crate::{
    components::{Note, Tone, visible},
    i18n::{
        Language, Text,
        texts::{inspector as texts, mistake as words},
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
        <Note tone={Tone::Bad} title={language.say(&texts::MISTAKE)}>
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
            ("environment ", &words::ENVIRONMENT),
            ("host ", &words::HOST),
            ("keyDomain ", &words::KEY_DOMAIN),
            ("tolerance ", &words::TOLERANCE),
            ("secret ", &words::SECRET),
            ("auto ", &words::AUTO),
            ("the profile standard ", &words::STANDARD),
        ];
        return options.into_iter().find(|(begin, _)| message.starts_with(begin)).map(|(_, text)| text);
    }
    Some(match code {
        "invalid-request" => &words::REQUEST,
        "lone-surrogate" => &words::SURROGATE,
        "invalid-key" => &words::KEY,
        "key-too-long" => &words::TOO_LONG,
        "key-base64" => &words::BASE64,
        "key-syntax" => &words::SYNTAX,
        "key-duplicate-tag" => &words::DUPLICATE_TAG,
        "key-version" => &words::VERSION,
        "key-type" => &words::KIND,
        "key-missing" => &words::MISSING,
        "key-revoked" => &words::REVOKED,
        "key-service" => &words::SERVICE,
        "key-der" => &words::DER,
        "key-too-weak" => &words::TOO_WEAK,
        "key-too-large" => &words::TOO_LARGE,
        "key-exponent" => &words::EXPONENT,
        "key-length" => &words::LENGTH,
        "key-json" => &words::JSON,
        "key-private" => &words::PRIVATE,
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
        assert_eq!(said("auto needs an environment, a secret or keys"), Some(Language::Dutch.say(&words::AUTO)));
        assert_eq!(said("there is no option x"), None);
        assert!(words_of("unheard-of", "").is_none());
    }
}
