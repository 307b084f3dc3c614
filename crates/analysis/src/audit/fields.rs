//! The fields of a table, all in one text: a table has millions of them, most of a few characters.

/// Rows of fields, as many in each.
pub(super) struct Fields {
    text: String,
    /// Where each field ends in the text, row by row.
    ends: Vec<usize>,
    width: usize,
}

impl Fields {
    /// No fields yet, and room for a text of so many bytes.
    pub(super) fn new(width: usize, bytes: usize) -> Fields {
        Fields { text: String::with_capacity(bytes), ends: Vec::new(), width }
    }

    /// Adds the next field of the last row, or the first of the next one.
    pub(super) fn push(&mut self, field: &str) {
        self.text.push_str(field);
        self.ends.push(self.text.len());
    }

    /// The field of a row and a column, both from 0.
    pub(super) fn at(&self, row: usize, column: usize) -> &str {
        let place = row * self.width + column;
        let from = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[from..self.ends[place]]
    }

    /// The number of rows.
    pub(super) fn height(&self) -> usize {
        self.ends.len().checked_div(self.width).unwrap_or(0)
    }

    /// The number of fields of a row.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The columns as rows.
    pub(super) fn transposed(&self) -> Fields {
        let mut out = Fields::new(self.height(), self.text.len());
        for column in 0..self.width {
            (0..self.height()).for_each(|row| out.push(self.at(row, column)));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn fields_are_found_by_row_and_column_either_way_round() {
        let mut fields = Fields::new(3, 0);
        ["a", "", "bc", "d", "é", ""].into_iter().for_each(|field| fields.push(field));
        assert_eq!((fields.height(), fields.width()), (2, 3));
        assert_eq!(
            [fields.at(0, 0), fields.at(0, 1), fields.at(0, 2), fields.at(1, 1)],
            ["a", "", "bc", "é"]
        );
        let turned = fields.transposed();
        assert_eq!((turned.height(), turned.width()), (3, 2));
        assert_eq!([turned.at(2, 0), turned.at(2, 1), turned.at(0, 1)], ["bc", "", "d"]);
        assert_eq!(Fields::new(0, 0).height(), 0);
    }
}
