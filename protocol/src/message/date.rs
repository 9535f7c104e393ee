//! HTTP dates (RFC 9110 §5.6.7), as Unix seconds.
//!
//! Written here because what it stands on elsewhere, `SystemTime` and its formatting, is a tenth of the WebAssembly
//! module. A test holds it against the crate `httpdate`.

const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAY: u64 = 86_400;
/// The last second of the year 9999, after which there are no HTTP dates.
pub const LAST_HTTP_DATE: u64 = 253_402_300_799;

/// Reads an HTTP date in any of its three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`,
/// `Sun Nov  6 08:49:37 1994`. `None` if it is none, is before 1970, or is no day of the calendar.
#[must_use]
pub fn parse_http_date(text: &[u8]) -> Option<u64> {
    let (day, month, year, time) = match text {
        [_, _, _, b',', b' ', d1, d2, b' ', m @ .., b' ', b'G', b'M', b'T'] if text.len() == 29 => {
            let [m1, m2, m3, b' ', y @ .., b' ', _, _, _, _, _, _, _, _] = m else { return None };
            weekday(text.get(..3)?, 3)?;
            (number(&[*d1, *d2])?, month(&[*m1, *m2, *m3])?, number(y)?, m.get(9..)?)
        }
        [_, _, _, b' ', ..] if text.len() == 24 => {
            weekday(text.get(..3)?, 3)?;
            let day = text.get(8..10)?;
            let day = if day.first() == Some(&b' ') { number(day.get(1..)?)? } else { number(day)? };
            if text.get(7) != Some(&b' ') || text.get(10) != Some(&b' ') || text.get(19) != Some(&b' ') {
                return None;
            }
            (day, month(text.get(4..7)?)?, number(text.get(20..)?)?, text.get(11..19)?)
        }
        _ => {
            let comma = text.iter().position(|byte| *byte == b',')?;
            weekday(text.get(..comma)?, usize::MAX)?;
            let [b',', b' ', d1, d2, b'-', m1, m2, m3, b'-', y1, y2, b' ', rest @ ..] = text.get(comma..)? else {
                return None;
            };
            let time = rest.strip_suffix(b" GMT")?;
            let year = number(&[*y1, *y2])?;
            // Two digits are read as the years 1970 to 2069.
            (number(&[*d1, *d2])?, month(&[*m1, *m2, *m3])?, if year < 70 { 2000 + year } else { 1900 + year }, time)
        }
    };
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *time else { return None };
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?);
    // A leap second is the second after it, as everywhere in Unix time.
    if hour > 23 || minute > 59 || second > 60 || year < 1970 || day == 0 || day > days_in(month, year) {
        return None;
    }
    Some(days_before(year, month) * DAY + (day - 1) * DAY + hour * 3600 + minute * 60 + second)
}

/// Writes an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT`. Times after the year 9999 are written as its last second.
#[must_use]
pub fn format_http_date(unix_seconds: u64) -> String {
    let seconds = unix_seconds.min(LAST_HTTP_DATE);
    let days = seconds / DAY;
    let mut year = 1970 + days / 366;
    while days_before(year + 1, 0) <= days {
        year += 1;
    }
    let mut month = 0;
    while month < 11 && days_before(year, month + 1) <= days {
        month += 1;
    }
    // 1970 began on a Thursday.
    let weekday = DAYS.get(index((days + 3) % 7)).map_or("", |name| name.get(..3).unwrap_or(""));
    let mut out = String::with_capacity(29);
    out.push_str(weekday);
    out.push_str(", ");
    digits(&mut out, days - days_before(year, month) + 1, 2);
    out.push(' ');
    out.extend(MONTHS.get(index(month)).into_iter().flat_map(|name| name.iter().copied().map(char::from)));
    out.push(' ');
    digits(&mut out, year, 4);
    for (value, before) in [(seconds / 3600 % 24, ' '), (seconds / 60 % 60, ':'), (seconds % 60, ':')] {
        out.push(before);
        digits(&mut out, value, 2);
    }
    out.push_str(" GMT");
    out
}

fn index(small: u64) -> usize {
    usize::try_from(small).unwrap_or(0)
}

fn digits(out: &mut String, value: u64, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10_u64.pow(place) % 10;
        out.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
    }
}

fn weekday(name: &[u8], length: usize) -> Option<()> {
    DAYS.iter().any(|day| day.as_bytes().get(..length.min(day.len())) == Some(name)).then_some(())
}

/// The number of a month, from 0.
fn month(name: &[u8]) -> Option<u64> {
    MONTHS.iter().position(|month| month.as_slice() == name).and_then(|at| u64::try_from(at).ok())
}

fn number(text: &[u8]) -> Option<u64> {
    let good = (1..=4).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    good.then(|| text.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in(month: u64, year: u64) -> u64 {
    match month {
        1 if is_leap(year) => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

/// The days from 1970 to the first of a month (from 0) of a year.
const fn days_before(year: u64, month: u64) -> u64 {
    let past = year - 1;
    let leaps = past / 4 - past / 100 + past / 400 - 477;
    let mut days = (year - 1970) * 365 + leaps;
    let mut each = 0;
    while each < month {
        days += days_in(each, year);
        each += 1;
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn the_three_forms_are_read() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse_http_date(text.as_bytes()), Some(784_111_777), "{text}");
        }
        assert_eq!(parse_http_date(b"Sun Nov 16 08:49:37 1994"), Some(784_111_777 + 10 * DAY));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "aaaa",
            "",
            "0",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 29 Feb 2023 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Xxx, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:3a GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "2023-11-14T22:13:20Z",
        ] {
            assert_eq!(parse_http_date(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn dates_are_those_of_the_crate_httpdate() {
        let mut time = 0;
        while time <= LAST_HTTP_DATE {
            let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time));
            assert_eq!(format_http_date(time), text);
            assert_eq!(parse_http_date(text.as_bytes()), Some(time), "{text}");
            time += 12_345_678;
        }
        assert_eq!(format_http_date(u64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
        for day in 0..800 * 366 {
            let text = format_http_date(day * DAY + 86_399);
            assert_eq!(parse_http_date(text.as_bytes()), Some(day * DAY + 86_399), "{text}");
        }
    }
}
