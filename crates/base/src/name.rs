//! The rule for names that people read: labels of models, names of classes and conditions.

use crate::human;

/// The longest name that is shown, in characters: what still fits into a table's first column.
pub const LONGEST: usize = 100;

/// What [`is_shown`] takes, for messages.
pub const SHOWN: &str = "1 to 100 visible characters, no control characters, not only spaces";

/// Whether tables, figures and pages can show the name: 1 to 100 characters, not only spaces, and none that ends a line,
/// controls a device, turns the direction of writing or cannot be seen, which neither SVG nor Markdown tables can hold, or
/// behind which a reader could be deceived. Joiners are taken where they join: not after a character of ASCII.
///
/// ```
/// assert!(scribe_base::name::is_shown("réseau 2 – été"));
/// assert!(!scribe_base::name::is_shown("a\nb"));
/// ```
pub fn is_shown(name: &str) -> bool {
    let bad = |c: char| c.is_control() || human::is_unsafe(c) || matches!(c, '\u{fffe}' | '\u{ffff}');
    let hides = |(before, c): (char, char)| before.is_ascii() && human::joins(c);
    let hidden = std::iter::once(' ').chain(name.chars()).zip(name.chars()).any(hides);
    (1..=LONGEST).contains(&name.chars().count()) && !name.trim().is_empty() && !name.contains(bad) && !hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_table_can_show_is_taken() {
        for good in ["Baseline", "My net", "<!--<script>", "a|b", "=1+1", "עברית", "می\u{200c}خواهم"]
        {
            assert!(is_shown(good), "{good}");
        }
        let long = "x".repeat(LONGEST + 1);
        let bad = [
            "",
            "  ",
            "bell\u{7}",
            "a\nb",
            "a\tb",
            "\u{1b}[31m",
            "nul\0",
            "line\u{2028}",
            "\u{202e}fdp",
            "IB\u{200b}E",
            "IBE\u{200e}",
            "IBE\u{200f}",
            "\u{61c}IBE",
            "\u{feff}IBE",
            "IB\u{200d}E",
            "\u{200d}",
            &long,
        ];
        assert!(bad.iter().all(|name| !is_shown(name)));
    }
}
