//! What a receiver's answers to the calls of a check mean.

use seinpost_protocol::rest::{BodyFormat, Mark, Profile, ReceiverCase, Verdict};

/// An answer that takes longer than this is slow, in milliseconds: a third of the time there is.
const SLOW: u64 = 5000;

/// What came back.
pub(super) struct Answer<'a> {
    pub(super) case: ReceiverCase,
    pub(super) profile: Profile,
    pub(super) format: BodyFormat,
    pub(super) status: Option<u16>,
    pub(super) duration_ms: u64,
    /// What went wrong, in words.
    pub(super) failure: Option<&'a str>,
    /// Whether the valid call was accepted.
    pub(super) valid_passed: bool,
}

/// What is sent, in words.
pub(super) fn sent(case: ReceiverCase) -> &'static str {
    match case {
        ReceiverCase::Valid => "A sample event, signed like any other call",
        ReceiverCase::Altered => "A call whose body was changed after it was signed",
        ReceiverCase::Stale => "A call that was signed 15 minutes ago",
        ReceiverCase::Future => "A call that is signed for 15 minutes from now",
        ReceiverCase::RepeatedNonce => "The first call once more, byte for byte",
        ReceiverCase::ForeignEnvironment => "A call for another environment",
        ReceiverCase::WrongKey => "A call signed with a key that nobody published",
        ReceiverCase::FormEncoded => "A sample event as a form, signed like any other call",
        ReceiverCase::Large => "A sample event of nearly 1 MiB, signed like any other call",
    }
}

/// What a good receiver answers, in words.
pub(super) fn expected(case: ReceiverCase, profile: Profile) -> &'static str {
    match case {
        ReceiverCase::Valid | ReceiverCase::FormEncoded | ReceiverCase::Large => "2xx",
        ReceiverCase::RepeatedNonce if profile == Profile::Standard => "2xx, and nothing done twice",
        _ => "401, or another 4xx",
    }
}

/// The mark of an answer, what came of it, and what that means.
pub(super) fn judge(answer: &Answer<'_>) -> (Mark, Verdict, String) {
    let Some(status) = answer.status else {
        let why = answer.failure.unwrap_or("There was no answer.");
        return (Mark::Fail, Verdict::NoAnswer, why.into());
    };
    let must_accept = matches!(answer.case, ReceiverCase::Valid | ReceiverCase::FormEncoded | ReceiverCase::Large);
    let (mark, verdict, meaning) = if must_accept { genuine(answer, status) } else { forged(answer, status) };
    if mark == Mark::Pass && answer.duration_ms > SLOW {
        let meaning = format!(
            "{meaning} But it took {} s, and after 15 s a call is given up and made again: answer first, and work afterwards.",
            answer.duration_ms / 1000
        );
        return (Mark::Warn, Verdict::Slow, meaning);
    }
    (mark, verdict, meaning)
}

/// The answer to a call that is to be accepted.
fn genuine(answer: &Answer<'_>, status: u16) -> (Mark, Verdict, String) {
    let is_form = answer.case == ReceiverCase::FormEncoded;
    let (mark, verdict, meaning) = match status {
        200..=299 if is_form && answer.format == BodyFormat::Json => {
            (Mark::Pass, Verdict::Accepted, "Accepted: the webhook could be set to send forms.")
        }
        200..=299 if answer.case == ReceiverCase::Large => {
            (Mark::Pass, Verdict::Accepted, "Accepted: there is room for the largest event there can be.")
        }
        200..=299 => (Mark::Pass, Verdict::Accepted, "Accepted, as it should be."),
        413 => (
            if answer.case == ReceiverCase::Large { Mark::Warn } else { Mark::Fail },
            Verdict::TooLarge,
            "Its limit is lower than the largest event, of 1 MiB: a bounce with a large message in it would be lost. Raise the \
             limit of the application and of the web server before it (nginx: client_max_body_size).",
        ),
        400 | 401 | 403 | 415 | 422 if is_form && answer.format == BodyFormat::Json => (
            Mark::Warn,
            Verdict::UnknownFormat,
            "Forms are not understood. That does no harm while the webhook sends JSON, as it is set now.",
        ),
        400 | 415 | 422 => (
            Mark::Fail,
            Verdict::UnknownFormat,
            "The body was not understood. Check that it reads the format that the webhook is set to.",
        ),
        401 | 403 => (
            Mark::Fail,
            Verdict::Refused,
            "A genuine call was refused: real events are lost. The answer's body may name the failed check; the usual causes are \
             a body that was parsed and written anew before it was checked, a clock that is off, and a proxy that changes Host.",
        ),
        429 => (Mark::Warn, Verdict::TooOften, "It says that it is called too often. Real calls are made again later."),
        other => return elsewhere(answer, other),
    };
    (mark, verdict, meaning.into())
}

/// The answer to a call that is to be refused.
fn forged(answer: &Answer<'_>, status: u16) -> (Mark, Verdict, String) {
    match status {
        200..=299 if answer.case == ReceiverCase::RepeatedNonce => repeated(answer.profile),
        200..=299 => (Mark::Fail, Verdict::Accepted, accepted(answer).into()),
        404 | 405 | 429 | 300..=399 | 500..=599 => elsewhere(answer, status),
        _ if !answer.valid_passed => (
            Mark::Warn,
            Verdict::RefusedLikeValid,
            "Refused, but so was the genuine call: that shows nothing yet. Mend that first.".into(),
        ),
        400..=499 if answer.case == ReceiverCase::RepeatedNonce && answer.profile == Profile::Standard => (
            Mark::Warn,
            Verdict::Refused,
            "Refused. When an answer of yours is lost, the same message comes again: answer 2xx to one that you know, or it is \
             sent again until it is given up."
                .into(),
        ),
        _ => (Mark::Pass, Verdict::Refused, format!("Refused with {status}, as it should be.")),
    }
}

fn repeated(profile: Profile) -> (Mark, Verdict, String) {
    match profile {
        Profile::Standard => (
            Mark::Pass,
            Verdict::Accepted,
            "Accepted. That is right if nothing was done twice: know a message by its webhook-id.".into(),
        ),
        Profile::Cavage | Profile::Rfc9421 => (
            Mark::Warn,
            Verdict::Accepted,
            "Accepted twice: whoever overhears a call can play it again as long as its date is fresh. Keep the nonces for a few \
             minutes, and refuse one that was seen."
                .into(),
        ),
    }
}

/// What it means that a call was accepted that is not genuine.
fn accepted(answer: &Answer<'_>) -> &'static str {
    match answer.case {
        ReceiverCase::Altered => {
            "Accepted: the body is not checked, so anyone on the way can change it. Compute the digest over the bytes as they \
             came, and compare."
        }
        ReceiverCase::Stale => {
            "Accepted: old calls can be played again at any time. Refuse a date that is too far in the past."
        }
        ReceiverCase::Future => {
            "Accepted: a call can be kept for later. Refuse a date that is too far in the future, not only in the past."
        }
        ReceiverCase::ForeignEnvironment => {
            "Accepted: another customer's events pass for yours. Compare X-Copernica-ID with your own environment."
        }
        _ => "Accepted: the signature is not checked, so anyone can send you events. Verify it with the published key.",
    }
}

/// Answers that say nothing of the call.
fn elsewhere(answer: &Answer<'_>, status: u16) -> (Mark, Verdict, String) {
    let must_accept = matches!(answer.case, ReceiverCase::Valid | ReceiverCase::FormEncoded | ReceiverCase::Large);
    let worst = if must_accept { Mark::Fail } else { Mark::Warn };
    match status {
        300..=399 => (
            worst,
            Verdict::Redirected,
            answer.failure.map_or_else(|| "Redirects are not followed: answer at this very URL.".into(), str::to_owned),
        ),
        404 | 405 => (
            worst,
            Verdict::NotThere,
            format!("Nothing takes calls at this URL ({status}). Check its path, and that the route is for POST."),
        ),
        429 => (
            Mark::Warn,
            Verdict::TooOften,
            "It says that it is called too often, which shows nothing. Check again later.".into(),
        ),
        500..=599 if must_accept => (
            Mark::Fail,
            Verdict::Crashed,
            format!("It failed ({status}), and the call would be made again. Look in its error log."),
        ),
        500..=599 => (
            Mark::Warn,
            Verdict::Crashed,
            format!("It failed ({status}) instead of refusing. Such a call would be made again and again: answer 401."),
        ),
        _ => {
            (worst, Verdict::Refused, format!("Answered with {status}, which is neither an acceptance nor a refusal."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(case: ReceiverCase, status: u16) -> (Mark, Verdict, String) {
        judge(&Answer {
            case,
            profile: Profile::Cavage,
            format: BodyFormat::Json,
            status: Some(status),
            duration_ms: 20,
            failure: None,
            valid_passed: true,
        })
    }

    #[test]
    fn each_answer_has_a_mark_and_a_meaning() {
        use ReceiverCase as Case;
        for (case, status, mark, verdict, words) in [
            (Case::Valid, 204, Mark::Pass, Verdict::Accepted, "as it should be"),
            (Case::Valid, 401, Mark::Fail, Verdict::Refused, "real events are lost"),
            (Case::Valid, 301, Mark::Fail, Verdict::Redirected, "not followed"),
            (Case::Valid, 404, Mark::Fail, Verdict::NotThere, "Check its path"),
            (Case::Valid, 500, Mark::Fail, Verdict::Crashed, "error log"),
            (Case::Altered, 401, Mark::Pass, Verdict::Refused, "as it should be"),
            (Case::Altered, 400, Mark::Pass, Verdict::Refused, "as it should be"),
            (Case::Altered, 200, Mark::Fail, Verdict::Accepted, "body is not checked"),
            (Case::Altered, 500, Mark::Warn, Verdict::Crashed, "answer 401"),
            (Case::Stale, 200, Mark::Fail, Verdict::Accepted, "too far in the past"),
            (Case::Future, 200, Mark::Fail, Verdict::Accepted, "too far in the future"),
            (Case::RepeatedNonce, 200, Mark::Warn, Verdict::Accepted, "Keep the nonces"),
            (Case::RepeatedNonce, 401, Mark::Pass, Verdict::Refused, "as it should be"),
            (Case::ForeignEnvironment, 200, Mark::Fail, Verdict::Accepted, "X-Copernica-ID"),
            (Case::WrongKey, 200, Mark::Fail, Verdict::Accepted, "signature is not checked"),
            (Case::FormEncoded, 415, Mark::Warn, Verdict::UnknownFormat, "does no harm"),
            (Case::Large, 413, Mark::Warn, Verdict::TooLarge, "client_max_body_size"),
            (Case::Large, 200, Mark::Pass, Verdict::Accepted, "largest event"),
        ] {
            let (found, what, meaning) = judged(case, status);
            assert_eq!((found, what), (mark, verdict), "{case:?} {status}: {meaning}");
            assert!(meaning.contains(words), "{case:?} {status}: {meaning}");
        }
    }

    #[test]
    fn what_shows_nothing_is_no_pass() {
        let refused = Answer {
            case: ReceiverCase::WrongKey,
            profile: Profile::Cavage,
            format: BodyFormat::Json,
            status: Some(401),
            duration_ms: 6000,
            failure: None,
            valid_passed: false,
        };
        assert_eq!(judge(&refused).1, Verdict::RefusedLikeValid);
        let slow = Answer { valid_passed: true, ..refused };
        assert_eq!((judge(&slow).0, judge(&slow).1), (Mark::Warn, Verdict::Slow));
        let silent = Answer { status: None, failure: Some("No answer within 15 s."), ..slow };
        assert_eq!(judge(&silent), (Mark::Fail, Verdict::NoAnswer, "No answer within 15 s.".into()));
    }
}
