//! Tables as data; [`crate::render`] turns them into Markdown, CSV, TeX, HTML and plain text.

mod compare;
mod notes;
mod table1;
mod table2;

pub use compare::{Comparison, Pair, compare};
pub use notes::notes;
pub use table1::{printed_table1, table1};
pub use table2::{printed_table2, table2};

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A measured row.
    Body,
    /// A mean over the rows above.
    Mean,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name in CSV.
    pub key: String,
    /// The heading in print.
    pub short: String,
    /// The meaning in words.
    pub title: String,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The leading texts, one per entry of [`Table::stubs`].
    pub stubs: Vec<String>,
    /// What the row stands for.
    pub kind: RowKind,
    /// Values as fractions in [0, 1]; `None` where nothing was measured.
    pub values: Vec<Option<f64>>,
}

/// A table of fractions with named rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// File stem, `"table1"`.
    pub id: String,
    /// The heading.
    pub title: String,
    /// What the numbers are, in a sentence.
    pub caption: String,
    /// Names of the leading columns.
    pub stubs: Vec<String>,
    /// Headings that span columns: text and number of columns; empty when there are none.
    pub groups: Vec<(String, usize)>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What a reader must know, one sentence each.
    pub notes: Vec<String>,
}

impl Table {
    /// For each row and column whether it holds the highest value among the rows that share its first stub (Table 1) or
    /// among all rows (one stub). Ties are all marked; a lone row marks nothing.
    pub fn best(&self) -> Vec<Vec<bool>> {
        let peers = |row: &Row| -> Vec<&Row> {
            self.rows.iter().filter(|r| self.stubs.len() < 2 || r.stubs[0] == row.stubs[0]).collect()
        };
        self.rows
            .iter()
            .map(|row| {
                let peers = peers(row);
                (0..self.columns.len())
                    .map(|c| {
                        let measured: Vec<f64> = peers.iter().filter_map(|r| r.values[c]).collect();
                        let best = measured.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                        measured.len() > 1 && row.values[c] == Some(best)
                    })
                    .collect()
            })
            .collect()
    }

    /// The value in the row with these stubs and the column with this key.
    pub fn value(&self, stubs: &[&str], key: &str) -> Option<f64> {
        let column = self.columns.iter().position(|c| c.key == key)?;
        self.rows.iter().find(|r| r.stubs.iter().eq(stubs.iter()))?.values[column]
    }
}
