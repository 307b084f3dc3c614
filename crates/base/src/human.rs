//! Counts, durations, sizes and rates as people write them.

use std::borrow::Cow;
use std::fmt;

/// A number of things whose plural ends in s: `1 picture`, `2 pictures`, `0 label maps`.
pub fn count(n: impl fmt::Display + PartialEq + From<u8>, thing: &str) -> String {
    if n == 1.into() { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// A rate with two or three digits, in the unit of time in which it is at least 1: `336/s`, `12/min`, `14/h`; nothing
/// where it is 0.
pub fn rate(per_second: f64) -> String {
    let (value, unit) = match per_second {
        r if r >= 1.0 => (r, "s"),
        r if r >= 1.0 / 60.0 => (60.0 * r, "min"),
        r if r > 0.0 => (3600.0 * r, "h"),
        _ => return String::new(),
    };
    if value >= 10.0 { format!("{value:.0}/{unit}") } else { format!("{value:.1}/{unit}") }
}

/// A duration: `8 s`, `12 min`, `3 h 20 min`, `2 d 5 h`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match whole {
        0..120 => format!("{whole} s"),
        120..7200 => format!("{:.0} min", seconds / 60.0),
        7200..172_800 => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
        _ => format!("{} d {} h", whole / 86_400, whole % 86_400 / 3600),
    }
}

/// A number of bytes, in decimal units: `640 kB`, `3.4 MB`, `12.0 GB`.
pub fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        0.0..999_500.0 => format!("{:.0} kB", bytes / 1e3),
        999_500.0..999_950_000.0 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.1} GB", bytes / 1e9),
    }
}

/// Text from outside, such as a file's name or another program's message, as it may be shown on a terminal: characters
/// that control a device or the direction of writing are written as `\u{1b}`. Line breaks and tabs stay.
///
/// ```
/// assert_eq!(scribe_base::human::printable("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\n");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// Text from outside as a text of a table that a spreadsheet may open: with an apostrophe before it where it would
/// otherwise be a formula (OWASP, "CSV Injection"). Numbers do not go through this.
///
/// ```
/// assert_eq!(scribe_base::human::spreadsheet_text("=1+1"), "'=1+1");
/// ```
pub fn spreadsheet_text(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

/// Whether a character does something else than to show itself: control characters besides line break and tab, line and
/// paragraph separators, what turns the direction of writing or marks it (Unicode's UAX #9), and what takes no room: behind
/// these a name can hide, or look like another one.
///
/// The joiners of Persian, Indic and emoji and the variation selectors are not among them ([`crate::name::is_shown`] has a rule
/// for these).
pub fn is_unsafe(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || turns_direction(c)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{200e}' | '\u{200f}')
        || takes_no_room(c)
}

/// Whether a character turns the direction in which the characters after it are shown: embeddings, overrides and isolates.
pub fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Fillers, format characters and tags that no font shows (of Unicode's Default_Ignorable_Code_Point).
fn takes_no_room(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}'
            | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character only joins or varies its neighbours: alone it cannot be seen.
pub(crate) fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// What can be seen of a name: two names with the same visible characters look alike.
///
/// ```
/// assert_eq!(scribe_base::human::visible("IB\u{200b}E"), "IBE");
/// ```
pub fn visible(name: &str) -> String {
    name.chars().filter(|c| !is_unsafe(*c) && !joins(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_no_formula() {
        let formulas = ["=HYPERLINK(\"http://x\")", "+cmd", "@x", "-x", "\t=x", "\r=x"];
        assert!(formulas.iter().all(|text| spreadsheet_text(text) == format!("'{text}")));
        assert!(["", "IBE", "a=b", "0"].iter().all(|text| spreadsheet_text(text) == *text));
    }

    #[test]
    fn what_controls_a_terminal_is_shown_instead() {
        assert_eq!(printable("plain – été\n\tnext"), "plain – été\n\tnext");
        assert_eq!(printable("\u{7}\r\u{9b}2J\u{202e}fdp"), "\\u{7}\\u{d}\\u{9b}2J\\u{202e}fdp");
        for hidden in ['\u{200b}', '\u{200e}', '\u{200f}', '\u{61c}', '\u{feff}', '\u{e0041}'] {
            let shown = printable(&format!("IB{hidden}E")).into_owned();
            assert_eq!(shown, format!("IB\\u{{{:x}}}E", u32::from(hidden)));
        }
    }

    #[test]
    fn sizes_never_round_to_nothing() {
        let all = [0, 640_000, 3_400_000, 999_940_000, 999_960_000, 12_000_000_000].map(size);
        assert_eq!(all, ["0 kB", "640 kB", "3.4 MB", "999.9 MB", "1.0 GB", "12.0 GB"]);
    }

    #[test]
    fn one_thing_has_no_plural() {
        let all = [0, 1, 2].map(|n| count(n, "label map"));
        assert_eq!(all, ["0 label maps", "1 label map", "2 label maps"]);
    }

    #[test]
    fn rates_have_the_unit_in_which_they_can_be_read() {
        let all = [335.9301, 3.41, 0.2, 0.004, 0.0].map(rate);
        assert_eq!(all, ["336/s", "3.4/s", "12/min", "14/h", ""]);
    }

    #[test]
    fn durations_have_one_or_two_units() {
        let all = [59.6, 119.4, 1500.0, 12_000.0, 190_800.0].map(duration);
        assert_eq!(all, ["60 s", "119 s", "25 min", "3 h 20 min", "2 d 5 h"]);
    }
}
