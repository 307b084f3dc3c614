//! Recomputes what can be recomputed from the printed tables and lists what does not add up.

use crate::names::{COLUMNS, MODELS};
use crate::reference::{self, PrintedTable1};

/// Half of the last printed digit: a recomputed value nearer than this agrees with the printed one.
pub const TOLERANCE: f64 = 0.05;

/// A printed Mean of Table 1 beside the mean of the five cells above it, in percent.
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
}

impl MeanEntry {
    /// Printed minus recomputed, in percent points.
    pub fn difference(&self) -> f64 {
        self.printed - self.recomputed
    }

    /// Whether the printed value is the recomputed one within its last digit.
    pub fn agrees(&self) -> bool {
        // The cells are decimal fractions, so the sums carry binary dust of 1e-14 that must not decide a tie.
        self.difference().abs() <= TOLERANCE + 1e-9
    }
}

/// Everything that the printed tables say about themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperCheck {
    /// The 45 entries of the Mean rows.
    pub means: Vec<MeanEntry>,
    /// Body cells that are not multiples of 0.5: (model, corruption, severity, printed percent).
    pub off_grid: Vec<(&'static str, &'static str, u8, f64)>,
    /// Per model: mean of the 75 cells, mean of the printed Mean row, mean of Table 2's two corrupted columns (percent).
    pub overall: Vec<(&'static str, f64, f64, f64)>,
    /// Per pair of models: first, second, and (wins, ties, losses) of the first over the 75 cells.
    pub duels: Vec<(&'static str, &'static str, (usize, usize, usize))>,
    /// Per model: rPC from Table 2 as a fraction, single scale and multi-scale.
    pub relative: Vec<(&'static str, f64, f64)>,
}

/// Checks the printed tables against themselves.
pub fn check_paper() -> PaperCheck {
    let printed = reference::table1();
    let table2 = reference::table2();
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
    PaperCheck { means: means(&printed), off_grid: off_grid(&printed), overall, duels, relative }
}

impl PaperCheck {
    /// The Mean entries that do not agree with the cells above them.
    pub fn wrong_means(&self) -> impl Iterator<Item = &MeanEntry> {
        self.means.iter().filter(|m| !m.agrees())
    }

    /// The findings in words, one sentence a line.
    pub fn sentences(&self) -> Vec<String> {
        let wrong = self.wrong_means().count();
        let mut out = vec![format!(
            "Table 1: {wrong} of {} printed means differ from the mean of the five cells above them by more than {TOLERANCE}.",
            self.means.len()
        )];
        out.extend(self.wrong_means().map(|m| {
            format!(
                "Table 1, {}, {}: printed mean {:.1}, mean of the cells {:.2}, difference {:+.2}.",
                m.model,
                m.corruption,
                m.printed,
                m.recomputed,
                m.difference()
            )
        }));
        out.extend(self.off_grid.iter().map(|(model, corruption, severity, value)| {
            format!("Table 1, {model}, {corruption}, severity {severity}: {value:.1} is not a multiple of 0.5 as the other cells are.")
        }));
        out.extend(self.overall.iter().map(|(model, cells, row, columns)| {
            format!(
                "{model}: mean of the 75 cells {cells:.2}, mean of the printed Mean row {row:.2}, average of Table 2's two corrupted columns {columns:.2}."
            )
        }));
        out.extend(self.duels.iter().map(|(a, b, (w, t, l))| {
            format!("{a} against {b} over the 75 cells: {w} higher, {t} equal, {l} lower.")
        }));
        out.push(
            "Figure 5's caption says that the Baseline is worse with MSC on corrupted inputs; Table 2 prints 35.5 without and 37.5 with it.".to_owned(),
        );
        out
    }
}

fn means(printed: &PrintedTable1) -> Vec<MeanEntry> {
    let mut out = Vec::with_capacity(45);
    for (m, model) in MODELS.iter().enumerate() {
        for (c, column) in COLUMNS.iter().enumerate() {
            out.push(MeanEntry {
                model,
                corruption: column.name,
                printed: printed.mean[m][c],
                recomputed: printed.recomputed_mean(m, c),
            });
        }
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Differences in percent points, rounded to one decimal by hand from the printed tables.
    const DIFFERENCES: [[f64; 15]; 3] = [
        [9.7, 9.6, 10.4, 9.5, 0.3, 0.4, 0.1, -1.6, 0.8, 0.6, 0.7, -0.1, 0.5, 1.4, 1.0],
        [9.1, 9.2, 9.7, 8.6, -0.1, 0.4, 0.0, -1.5, 0.4, 0.5, 0.8, 0.0, 0.2, 2.0, 0.9],
        [9.7, 9.7, 10.7, 8.5, 0.3, 0.1, 0.2, -1.7, 1.3, 0.1, 0.8, 0.1, 0.7, 2.1, 2.0],
    ];

    #[test]
    fn forty_three_of_forty_five_means_differ() {
        let check = check_paper();
        assert_eq!(check.means.len(), 45);
        assert_eq!(check.wrong_means().count(), 43);
        let right: Vec<(&str, &str)> =
            check.means.iter().filter(|m| m.agrees()).map(|m| (m.model, m.corruption)).collect();
        assert_eq!(right, [("IBE", "zoom_blur"), ("IBE", "contrast")]);
        for (entry, expected) in check.means.iter().zip(DIFFERENCES.iter().flatten()) {
            assert!((entry.difference() - expected).abs() < 0.0501, "{entry:?} against {expected}");
        }
    }

    #[test]
    fn overall_means_duels_and_grid() {
        let check = check_paper();
        let close = |a: f64, b: f64| (a - b).abs() < 0.005 + 1e-9;
        let expected = [(36.63, 39.52, 36.50), (39.60, 42.28, 39.45), (40.92, 43.89, 40.80)];
        for (got, want) in check.overall.iter().zip(expected) {
            assert!(close(got.1, want.0) && close(got.2, want.1) && close(got.3, want.2), "{got:?} {want:?}");
        }
        let duels: Vec<_> = check.duels.iter().map(|d| d.2).collect();
        assert_eq!(duels, [(67, 3, 5), (71, 2, 2), (46, 10, 19)]);
        assert_eq!(
            check.off_grid,
            [
                ("Baseline", "snow", 5, 24.3),
                ("SCrIBE", "snow", 5, 24.3),
                ("SCrIBE", "jpeg_compression", 5, 36.7)
            ]
        );
        let relative: Vec<(f64, f64)> =
            check.relative.iter().map(|r| ((r.1 * 1e3).round() / 1e3, (r.2 * 1e3).round() / 1e3)).collect();
        assert_eq!(relative, [(0.514, 0.506), (0.547, 0.535), (0.565, 0.564)]);
    }

    #[test]
    fn means_by_severity_of_the_printed_cells() {
        let t = reference::table1();
        let got: Vec<f64> =
            (0..3).flat_map(|m| (1..=5).map(move |s| (m, s))).map(|(m, s)| t.at_severity(m, s)).collect();
        let want = [56.5, 45.7, 37.2, 26.1, 17.7, 58.6, 48.9, 40.7, 29.2, 20.6, 59.5, 50.0, 42.5, 31.1, 21.6];
        for (g, w) in got.iter().zip(want) {
            assert!((g - w).abs() < 0.0501, "{g} {w}");
        }
    }
}
