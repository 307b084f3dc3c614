//! The fields of a CSV file: texts, which a spreadsheet must not take for formulas, and numbers.

use crate::format;
use scribe_base::human::spreadsheet_text;

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    /// Text from anywhere.
    Text(String),
    /// A whole number.
    Count(u64),
    /// A number in so many decimals; an empty field where there is none, or none that is finite.
    Number(Option<f64>, usize),
    /// An empty field.
    Empty,
}

impl Field {
    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Field {
        Field::Text(text.into())
    }

    /// A whole number.
    pub(crate) fn count(count: usize) -> Field {
        Field::Count(count as u64)
    }

    /// A fraction in percent with so many decimals.
    pub(crate) fn percent(value: Option<f64>, decimals: usize) -> Field {
        Field::Number(value.map(|value| value * 100.0), decimals)
    }

    fn written(&self) -> String {
        match self {
            Field::Text(text) => spreadsheet_text(text).into_owned(),
            Field::Count(count) => count.to_string(),
            Field::Number(value, decimals) => {
                let value = value.filter(|value| value.is_finite());
                value.map_or_else(String::new, |value| format::fixed(value, *decimals))
            }
            Field::Empty => String::new(),
        }
    }
}

/// The names of columns.
pub(crate) fn texts(head: &[&str]) -> Vec<Field> {
    head.iter().map(|name| Field::text(*name)).collect()
}

/// Rows below a head, whose names are our own or a class's.
pub(crate) fn csv(head: Vec<Field>, rows: impl IntoIterator<Item = Vec<Field>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in std::iter::once(head).chain(rows) {
        let fields = row.iter().map(Field::written);
        writer.write_record(fields).expect("a vector takes every write, and all rows have one length");
    }
    String::from_utf8(writer.into_inner().expect("a vector takes every write"))
        .expect("only text was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_formulas_and_numbers_stay_numbers() {
        let head = vec![Field::text("=a"), Field::text("b"), Field::text("c"), Field::text("d")];
        let row = vec![Field::text("-1"), Field::Number(Some(-1.0), 2), Field::Count(3), Field::Empty];
        assert_eq!(csv(head, [row]), "'=a,b,c,d\n'-1,-1.00,3,\n");
    }
}
