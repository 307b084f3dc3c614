//! The rule for names that tables and figures show.

use crate::{Error, Result};
use scribe_base::name::{LONGEST, is_shown};

/// Checks a model's label: 1 to 100 characters, not only spaces, and none that ends a line or controls a device
/// ([`scribe_base::name::is_shown`]).
///
/// # Errors
/// [`Error::Shown`] with the label, its control characters escaped.
pub fn check_label(label: &str) -> Result<()> {
    check_shown("label", label)
}

/// Checks any name that is shown; `what` it is begins the error.
pub(crate) fn check_shown(what: &'static str, name: &str) -> Result<()> {
    if is_shown(name) {
        return Ok(());
    }
    Err(Error::Shown { what, value: name.chars().take(LONGEST).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_no_table_can_show_is_named_without_its_control_characters() {
        check_label("réseau 2 – été").unwrap();
        for bad in ["", "bell\u{7}", "a\nb", "\u{1b}[31m", "nul\0", &"x".repeat(200)] {
            let said = check_label(bad).unwrap_err().to_string();
            assert!(said.contains("no control characters") && !said.contains(char::is_control), "{said}");
            assert!(said.len() < 200, "{said}");
        }
    }
}
