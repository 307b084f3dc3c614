//! A printed number: its value and how many decimals it has.

/// A number as a table prints it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Printed {
    /// The value.
    pub(super) value: f64,
    /// The digits behind the point.
    pub(super) decimals: usize,
}

/// Reads a printed number; `Ok(None)` for a cell that says that there is none.
///
/// # Errors
/// What was expected, when the text is neither.
pub(super) fn printed(text: &str, decimal_comma: bool) -> Result<Option<Printed>, &'static str> {
    let text = text.trim();
    if ["", "-", "\u{2013}", "n/a", "nan", "NaN"].contains(&text) {
        return Ok(None);
    }
    let bare = text.trim_end_matches('%').trim_end();
    let bare = if decimal_comma { bare.replace(',', ".") } else { bare.to_owned() };
    let plain = bare.chars().all(|c| c.is_ascii_digit() || ['.', '-', '+'].contains(&c));
    let decimals = bare.split_once('.').map_or(0, |(_, behind)| behind.len());
    match bare.parse() {
        Ok(value) if plain => Ok(Some(Printed { value, decimals })),
        _ if decimal_comma => Err("expected a number with a decimal comma, or an empty cell"),
        _ => Err(
            "expected a number with a decimal point (with a comma, the layout needs decimal_comma = true), or an empty cell",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Printed, printed};

    #[test]
    fn numbers_have_the_decimals_that_are_printed() {
        let number = |value, decimals| Ok(Some(Printed { value, decimals }));
        assert_eq!(printed(" 50.20 ", false), number(50.2, 2));
        assert_eq!(printed("86 %", false), number(86.0, 0));
        assert_eq!(printed("12,5", true), number(12.5, 1));
        assert_eq!(printed("-", false), Ok(None));
        assert!(
            printed("12,5", false).is_err()
                && printed("inf", false).is_err()
                && printed("1e3", false).is_err()
        );
    }
}
