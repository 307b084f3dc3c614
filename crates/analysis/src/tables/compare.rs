//! Comparison of our table with the printed one, cell by cell.

use super::Table;

/// One cell in both tables, as fractions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    /// The row's stubs.
    pub(crate) stubs: Vec<String>,
    /// The column's key.
    pub(crate) column: String,
    /// Ours.
    pub(crate) ours: f64,
    /// The paper's.
    pub(crate) printed: f64,
}

impl Pair {
    /// Ours minus printed, as a fraction.
    pub(crate) fn difference(&self) -> f64 {
        self.ours - self.printed
    }
}

/// All cells that both tables have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Comparison {
    /// The cells, in our table's order.
    pub(crate) pairs: Vec<Pair>,
    /// The largest difference, as a fraction, that counts as agreement.
    pub(crate) tolerance: f64,
}

impl Comparison {
    /// How many cells differ by no more than the tolerance.
    pub(crate) fn within(&self) -> usize {
        // Rounding of binary fractions must not decide a cell that differs by exactly the tolerance.
        self.pairs.iter().filter(|p| p.difference().abs() <= self.tolerance + 1e-12).count()
    }

    /// Mean of |difference|; `None` when the tables share no cell.
    pub(crate) fn mean_absolute(&self) -> Option<f64> {
        crate::summary::mean(self.pairs.iter().map(|p| p.difference().abs()))
    }

    /// The pair that differs most.
    pub(crate) fn worst(&self) -> Option<&Pair> {
        self.pairs.iter().max_by(|a, b| a.difference().abs().total_cmp(&b.difference().abs()))
    }
}

/// Pairs the cells with equal stubs and column key; `tolerance` is a fraction (0.005 for half a percent point).
pub(crate) fn compare(ours: &Table, printed: &Table, tolerance: f64) -> Comparison {
    let mut pairs = Vec::new();
    for (i, row) in ours.rows.iter().enumerate() {
        let Some(stubs) = ours.paper_stubs(i) else { continue };
        for (column, value) in ours.columns.iter().zip(&row.values) {
            if let (Some(ours), Some(printed)) = (*value, printed.value(&stubs, &column.key)) {
                pairs.push(Pair { stubs: row.stubs.clone(), column: column.key.clone(), ours, printed });
            }
        }
    }
    Comparison { pairs, tolerance }
}
