//! Recomputes what can be recomputed from the printed tables and lists what does not add up.

mod finding;
mod sheet;
mod text;

pub use crate::audit::{Finding, Kind};

use crate::audit::{self, Verdict};
use crate::names::{COLUMNS, MODELS};
use crate::reference::{self, CELL_ROUNDING, PrintedTable1, PrintedTable2Row};

/// Half of the last printed digit: a recomputed value nearer than this agrees with the printed one.
pub const TOLERANCE: f64 = 0.05;

/// The largest difference between a printed mean and the mean of its printed cells that rounding can explain, in
/// percent points: a cell may be off by [`CELL_ROUNDING`], all five the same way, and the mean by its own last digit.
pub const MEAN_ROUNDING: f64 = CELL_ROUNDING + TOLERANCE;

/// The cells are decimal fractions, so sums of them carry binary dust of 1e-14 that must not decide a tie.
const DUST: f64 = 1e-9;

/// A printed Mean of Table 1 next to the mean of the five cells above it, in percent.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanEntry {
    /// The paper's model name.
    pub model: &'static str,
    /// The corruption's name, as in [`COLUMNS`].
    pub corruption: &'static str,
    /// What the paper prints.
    pub printed: f64,
    /// The mean of the five printed cells.
    pub recomputed: f64,
    /// How the two go together ([`TOLERANCE`], [`MEAN_ROUNDING`]).
    verdict: Verdict,
}

impl MeanEntry {
    /// Printed minus recomputed, in percent points.
    pub fn difference(&self) -> f64 {
        self.printed - self.recomputed
    }

    /// Whether the printed value is the recomputed one within its last digit.
    pub fn agrees(&self) -> bool {
        self.verdict == Verdict::Agrees
    }

    /// Whether rounding of the cells and of the mean can explain the difference ([`MEAN_ROUNDING`]).
    pub fn within_rounding(&self) -> bool {
        self.verdict != Verdict::Wrong
    }
}

/// Everything that the printed tables say about themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperCheck {
    /// The 45 entries of the Mean rows.
    pub means: Vec<MeanEntry>,
    /// Body cells that are not multiples of 0.5: (model, corruption, severity, printed percent).
    pub off_grid: Vec<(&'static str, &'static str, u8, f64)>,
    /// Per model: mean of the 75 cells, mean of the printed Mean row, mean of Table 2's two corrupted columns
    /// (percent).
    pub overall: Vec<(&'static str, f64, f64, f64)>,
    /// Per pair of models: first, second, and (wins, ties, losses) of the first over the 75 cells.
    pub duels: Vec<(&'static str, &'static str, (usize, usize, usize))>,
    /// Per model: rPC from Table 2 as a fraction, single scale and multi-scale.
    pub relative: Vec<(&'static str, f64, f64)>,
    /// Per model other than the Baseline: mean over corruptions of sum(1 - mIoU) / sum(1 - mIoU of the Baseline), a
    /// fraction.
    pub degradation: Vec<(&'static str, f64)>,
    /// Per model and severity 1 to 5: mean of the fifteen cells, percent.
    pub by_severity: Vec<(&'static str, [f64; 5])>,
    /// The tables that were checked.
    pub table1: PrintedTable1,
    /// The tables that were checked.
    pub table2: Vec<PrintedTable2Row>,
}

/// Checks the paper's printed tables against themselves.
pub fn check_paper() -> PaperCheck {
    check(reference::table1(), reference::table2())
}

/// Checks tables of the paper's form against themselves; `table2` has one row for each of [`MODELS`], in that order.
pub fn check(printed: PrintedTable1, table2: Vec<PrintedTable2Row>) -> PaperCheck {
    let overall = MODELS
        .iter()
        .enumerate()
        .map(|(m, name)| {
            let mean_row = printed.mean[m].iter().sum::<f64>() / 15.0;
            (*name, printed.overall(m), mean_row, f64::midpoint(table2[m].cor, table2[m].cor_msc))
        })
        .collect();
    let relative =
        MODELS.iter().zip(&table2).map(|(m, r)| (*m, r.cor / r.val, r.cor_msc / r.val_msc)).collect();
    let duels = [(2, 0), (1, 0), (2, 1)].map(|(a, b)| (MODELS[a], MODELS[b], printed.wins(a, b))).to_vec();
    let degradation = [1, 2].map(|m| (MODELS[m], printed.degradation(m, 0))).to_vec();
    let by_severity = |m: usize| std::array::from_fn(|s| printed.at_severity(m, s + 1));
    PaperCheck {
        means: means(&printed),
        off_grid: off_grid(&printed),
        overall,
        duels,
        relative,
        degradation,
        by_severity: MODELS.iter().enumerate().map(|(m, name)| (*name, by_severity(m))).collect(),
        table1: printed,
        table2,
    }
}

impl PaperCheck {
    /// The Mean entries that the cells above them cannot give, however these were rounded.
    pub fn wrong_means(&self) -> impl Iterator<Item = &MeanEntry> {
        self.means.iter().filter(|m| !m.within_rounding())
    }

    /// The Mean entries that differ from the mean of the printed cells, but by no more than rounding can explain.
    pub fn rounded_means(&self) -> impl Iterator<Item = &MeanEntry> {
        self.means.iter().filter(|m| m.within_rounding() && !m.agrees())
    }
}

/// The Mean rows as any audit compares them, model by model.
fn means(printed: &PrintedTable1) -> Vec<MeanEntry> {
    let entries = MODELS.iter().flat_map(|model| COLUMNS.iter().map(move |column| (*model, column.name)));
    let sheet = sheet::sheet(printed);
    let entry = |((model, corruption), c): ((&'static str, &'static str), audit::Compared)| {
        let (printed, recomputed, verdict) = (c.printed, c.recomputed, c.verdict());
        MeanEntry { model, corruption, printed, recomputed, verdict }
    };
    entries.zip(audit::means(&sheet)).map(entry).collect()
}

fn off_grid(printed: &PrintedTable1) -> Vec<(&'static str, &'static str, u8, f64)> {
    let mut out = Vec::new();
    for (m, model) in MODELS.iter().enumerate() {
        for severity in 1..=5u8 {
            for (c, column) in COLUMNS.iter().enumerate() {
                let value = printed.cells[m][usize::from(severity) - 1][c];
                if ((value * 2.0).round() - value * 2.0).abs() > 1e-9 {
                    out.push((*model, column.name, severity, value));
                }
            }
        }
    }
    out
}
