//! Names from outside, such as a model's label, on one line.

use scribe_base::human;

/// The text on one line: control characters become spaces, so that a line break does not cut a table, and so do those
/// that change the direction of writing.
pub(crate) fn one_line(text: &str) -> String {
    let space = |c: char| c.is_control() || human::is_unsafe(c);
    text.replace("\r\n", " ").chars().map(|c| if space(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_line_breaks_stays_on_its_line() {
        assert_eq!(one_line("a\nb\r\nc\td\u{1b}[31m\u{202e}x"), "a b c d [31m x");
        assert_eq!(one_line("IBE, seed 1 – été"), "IBE, seed 1 – été");
    }
}
