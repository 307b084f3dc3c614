//! Tables as data; [`crate::render`] turns them into Markdown, CSV, TeX, HTML and plain text.

mod compare;
mod corruption_error;
mod differences;
mod duels;
mod extras;
mod marks;
mod mode_gaps;
mod notes;
mod table1;
mod table2;

pub(crate) use compare::compare;
pub(crate) use corruption_error::corruption_error_table;
pub(crate) use differences::{Difference, differences};
pub(crate) use duels::duels;
pub(crate) use extras::extras_table;
pub(crate) use marks::with_meaning;
pub(crate) use marks::{NOT_ESTABLISHED, mark};
pub(crate) use mode_gaps::{ModeGap, mode_gaps};
pub(crate) use notes::notes;
pub(crate) use table1::{printed_table1, table1};
pub(crate) use table2::{printed_table2, table2};

use crate::view::View;
use scribe_records::ModelId;

/// The kind of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// A measured row.
    Body,
    /// A mean over the rows above.
    Mean,
}

/// Which values are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// The highest is best.
    Higher,
    /// The lowest is best.
    Lower,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// The name in CSV.
    pub(crate) key: String,
    /// The heading in print.
    pub(crate) short: String,
    /// What the column shows.
    pub(crate) title: String,
}

/// The model of a row: what marks, intervals and comparisons go by, since two models may have one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowModel {
    /// The model's id.
    pub(crate) id: ModelId,
    /// The paper's name of it, where the paper has it.
    pub(crate) paper: Option<&'static str>,
}

impl RowModel {
    /// A model of a view.
    pub(crate) fn of(view: &View, model: &ModelId) -> Option<RowModel> {
        Some(RowModel { id: model.clone(), paper: view.paper_name(model) })
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The leading texts, one per entry of [`Table::stubs`].
    pub(crate) stubs: Vec<String>,
    /// Whose numbers these are; `None` in the paper's own tables.
    pub(crate) model: Option<RowModel>,
    /// The kind of row.
    pub(crate) kind: RowKind,
    /// Values as fractions in [0, 1]; `None` where nothing was measured.
    pub(crate) values: Vec<Option<f64>>,
}

/// A table of fractions with named rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    /// File stem, `"table1"`.
    pub(crate) id: String,
    /// The heading.
    pub(crate) title: String,
    /// What the numbers are, in a sentence.
    pub(crate) caption: String,
    /// The headings of the leading columns.
    pub(crate) stubs: Vec<String>,
    /// Headings that span columns: text and number of columns; empty when there are none.
    pub(crate) groups: Vec<(String, usize)>,
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// The rows.
    pub(crate) rows: Vec<Row>,
    /// What a reader must know, one sentence each.
    pub(crate) notes: Vec<String>,
    /// Which values are good.
    pub(crate) better: Better,
    /// For each row and column whether its difference to the best of its peers is NOT established (see [`mark()`]);
    /// empty where no marks were computed.
    pub(crate) not_established: Vec<Vec<bool>>,
}

impl Table {
    /// For each row and column whether it holds the best value among the rows that share its first stub (Table 1) or
    /// among all rows (one stub). Ties are all marked; a lone row marks nothing.
    pub(crate) fn best(&self) -> Vec<Vec<bool>> {
        let best_of = |i: usize, c: usize| {
            let measured: Vec<f64> = self.peers(i).filter_map(|r| self.rows[r].values[c]).collect();
            let best = match self.better {
                Better::Higher => measured.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                Better::Lower => measured.iter().copied().fold(f64::INFINITY, f64::min),
            };
            measured.len() > 1 && self.rows[i].values[c] == Some(best)
        };
        (0..self.rows.len()).map(|i| (0..self.columns.len()).map(|c| best_of(i, c)).collect()).collect()
    }

    /// The rows that are compared with row `i`, itself among them.
    pub(crate) fn peers(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let all = self.stubs.len() < 2;
        let same = move |r: &usize| all || self.rows[*r].stubs[0] == self.rows[i].stubs[0];
        (0..self.rows.len()).filter(same)
    }

    /// Whether this cell's difference to the best of its peers is not established; `false` where no marks were
    /// computed.
    pub(crate) fn is_not_established(&self, row: usize, column: usize) -> bool {
        self.not_established.get(row).and_then(|r| r.get(column)).copied().unwrap_or(false)
    }

    /// The model of a row.
    pub(crate) fn model(&self, row: usize) -> Option<&ModelId> {
        self.rows.get(row)?.model.as_ref().map(|m| &m.id)
    }

    /// The stubs of a row as the paper's tables have them: the model under the paper's name. `None` where the paper
    /// lacks the model.
    pub(crate) fn paper_stubs(&self, row: usize) -> Option<Vec<&str>> {
        let row = self.rows.get(row)?;
        let (last, head) = row.stubs.split_last()?;
        let name = row.model.as_ref().map_or(Some(last.as_str()), |m| m.paper)?;
        Some(head.iter().map(String::as_str).chain([name]).collect())
    }

    /// The value in the row with these stubs and the column with this key.
    pub(crate) fn value(&self, stubs: &[&str], key: &str) -> Option<f64> {
        let column = self.columns.iter().position(|c| c.key == key)?;
        self.rows.iter().find(|r| r.stubs.iter().eq(stubs.iter()))?.values[column]
    }
}
