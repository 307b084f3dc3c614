//! The rule for names that tables and figures show.

use crate::{Error, Result};

/// The longest label, in characters: what still fits into a table's first column.
pub(crate) const MAX_CHARS: usize = 100;

/// Checks a model's label: 1 to 100 characters, not only spaces, and none that ends a line or controls a device
/// (Unicode's class Cc and its line and paragraph separators), which neither SVG nor Markdown tables can hold.
///
/// # Errors
/// [`Error::Label`] with the label, its control characters escaped.
pub fn check_label(label: &str) -> Result<()> {
    let bad = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
    let length = label.chars().count();
    if length == 0 || length > MAX_CHARS || label.trim().is_empty() || label.contains(bad) {
        return Err(Error::Label { value: label.chars().take(MAX_CHARS).collect() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_table_can_show_is_taken() {
        for good in ["Baseline", "My net", "réseau 2 – été", "<!--<script>", "a|b"] {
            check_label(good).unwrap();
        }
        let long = "x".repeat(MAX_CHARS + 1);
        for bad in ["", "  ", "bell\u{7}", "a\nb", "\u{1b}[31m", "nul\0", "line\u{2028}", &long] {
            let said = check_label(bad).unwrap_err().to_string();
            assert!(said.contains("no control characters") && !said.contains(char::is_control), "{said}");
        }
    }
}
