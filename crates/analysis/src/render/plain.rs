//! Names from outside, such as a model's label, made safe to write into tables and CSV files.

/// The text on one line: control characters become spaces, so that a line break does not cut a table.
pub(crate) fn one_line(text: &str) -> String {
    text.replace("\r\n", " ").chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The text as a field of a CSV file: where a spreadsheet would take it for a formula, an apostrophe is put before it.
///
/// A number is a number and stays. Line breaks stay too: the field is quoted.
pub(crate) fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_line_breaks_stays_on_its_line() {
        assert_eq!(one_line("a\nb\r\nc\td\u{1b}[31m"), "a b c d [31m");
        assert_eq!(one_line("IBE, seed 1 – été"), "IBE, seed 1 – été");
    }

    #[test]
    fn a_formula_is_text_and_a_number_stays_one() {
        assert_eq!(field("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!([field("+cmd"), field("@x"), field("-x")], ["'+cmd", "'@x", "'-x"]);
        assert_eq!([field("-0.52"), field("+1"), field("IBE"), field("")], ["-0.52", "+1", "IBE", ""]);
    }
}
