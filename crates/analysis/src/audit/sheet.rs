//! One measure of a table as numbers.

use std::collections::HashMap;

/// One measure of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    /// The measure's name.
    pub(crate) measure: String,
    /// The columns that hold cells.
    pub(crate) conditions: Vec<Condition>,
    /// The rows, in the table's order.
    pub(crate) lines: Vec<Line>,
    /// How far printed numbers may be from exact ones.
    pub(crate) rounding: Rounding,
    /// The score without an error.
    pub(crate) full: f64,
    /// The digits behind the point in which cells are printed.
    pub(crate) decimals: usize,
}

/// A column of cells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// The column's name.
    pub(crate) name: String,
    /// The name without the severity.
    pub(crate) corruption: String,
    /// The severity, where the name holds it.
    pub(crate) severity: Option<u32>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    /// Where it is in the file.
    pub(crate) place: String,
    /// The model's names, joined by spaces.
    pub(crate) model: String,
    /// What it is compared with.
    pub(crate) group: String,
    /// The row's severity, where the table has a row for each.
    pub(crate) severity: Option<u32>,
    /// Whether its cells are means of the model's other rows.
    pub(crate) holds_means: bool,
    /// The score under each condition.
    pub(crate) cells: Vec<Option<f64>>,
    /// The score without corruption.
    pub(crate) clean: Option<f64>,
    /// The printed mean of the cells.
    pub(crate) mean: Option<f64>,
    /// The printed minimum of the cells.
    pub(crate) minimum: Option<f64>,
    /// The printed share of the clean score that is kept.
    pub(crate) rpc: Option<f64>,
    /// The printed mean corruption error.
    pub(crate) mce: Option<f64>,
    /// The printed corruption degradation.
    pub(crate) cd: Option<f64>,
}

/// The largest difference between a printed number and the exact one: half of the last digit, unless the layout says more.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Rounding {
    /// Of a cell.
    pub(crate) cell: f64,
    /// Of a clean score.
    pub(crate) clean: f64,
    /// Of a printed mean, in a column or a row of its own.
    pub(crate) mean: f64,
    /// Of a printed minimum.
    pub(crate) minimum: f64,
    /// Of a printed rPC.
    pub(crate) rpc: f64,
    /// Of a printed mCE.
    pub(crate) mce: f64,
    /// Of a printed CD.
    pub(crate) cd: f64,
}

/// Cells of one corruption, each with its severity where the table gives one.
type BySeverity = Vec<(Option<u32>, f64)>;

impl Line {
    /// All cells, if there are any and none is missing.
    pub(crate) fn complete(&self) -> Option<Vec<f64>> {
        let cells: Option<Vec<f64>> = self.cells.iter().copied().collect();
        cells.filter(|cells| !cells.is_empty())
    }

    /// The mean of the cells, if none is missing.
    pub(crate) fn cell_mean(&self) -> Option<f64> {
        self.complete().map(|cells| average(&cells))
    }
}

impl Sheet {
    /// The rows of each model, in the table's order and without rows of means: a table may have many thousands of models, so
    /// that no row is looked for among all.
    pub(crate) fn rows_by_model(&self) -> HashMap<&str, Vec<&Line>> {
        let mut rows: HashMap<&str, Vec<&Line>> = HashMap::new();
        for line in self.lines.iter().filter(|line| !line.holds_means) {
            rows.entry(&line.model).or_default().push(line);
        }
        rows
    }

    /// The cells of a model with these rows for each corruption, by severity; `None` if one is missing.
    pub(crate) fn corruptions(&self, rows: &[&Line]) -> Option<Vec<(&str, Vec<f64>)>> {
        let (mut out, mut places): (Vec<(&str, BySeverity)>, _) = (Vec::new(), HashMap::new());
        for line in rows {
            for (condition, cell) in self.conditions.iter().zip(&line.cells) {
                let name = condition.corruption.as_str();
                let place = *places.entry(name).or_insert(out.len());
                if place == out.len() {
                    out.push((name, Vec::new()));
                }
                out[place].1.push((condition.severity.or(line.severity), (*cell)?));
            }
        }
        for (_, cells) in &mut out {
            cells.sort_by_key(|(severity, _)| *severity);
        }
        let scores = |cells: BySeverity| cells.into_iter().map(|(_, score)| score).collect();
        Some(out.into_iter().map(|(name, cells)| (name, scores(cells))).collect())
    }
}

/// The mean of numbers of which there is at least one.
pub(crate) fn average(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}
