//! What the check finds, in the order in which it is listed.

use super::{MEAN_ROUNDING, PaperCheck};
use crate::audit::{Finding, Kind};
use crate::names::COLUMNS;
use crate::reference::{self, CELL_ROUNDING};

impl PaperCheck {
    /// Everything that was found, what does not add up first.
    pub fn findings(&self) -> Vec<Finding> {
        let mut out: Vec<Finding> =
            self.wrong_means().map(|m| mean_entry(m, Kind::Wrong, "more than rounding explains")).collect();
        out.extend(self.mean_rows());
        let within = "no more than rounding can explain";
        out.extend(self.rounded_means().map(|m| mean_entry(m, Kind::Rounding, within)));
        out.extend(self.grid_entries());
        out.extend(self.captions());
        out.extend(self.notes());
        out.sort_by_key(|f| f.kind);
        out
    }

    /// How many findings do not add up or contradict each other.
    pub fn faults(&self) -> usize {
        self.findings().iter().filter(|f| f.kind.is_fault()).count()
    }

    /// The printed Mean row as a whole against Table 2's corrupted columns.
    fn mean_rows(&self) -> Vec<Finding> {
        let rows = self.overall.iter().zip(&self.table2);
        // Both sides are rounded to one decimal: the mean of the row is off by no more than each of its entries.
        let apart = |row: f64, c: f64| (row - c).abs() > 2.0 * super::TOLERANCE + super::DUST;
        // Cells that average both columns may each be rounded the same way.
        let off = |row: f64, mean: f64| (row - mean).abs() > MEAN_ROUNDING + super::TOLERANCE + super::DUST;
        rows.filter(|((.., row, mean), t)| {
            [t.cor, t.cor_msc].iter().all(|c| apart(*row, *c)) && off(*row, *mean)
        })
            .map(|((model, cells, row, mean), t)| {
                let text = format!(
                    "the printed Mean row averages {row:.2}, which is neither a column of Table 2 ({:.1} and {:.1}) nor their mean, {mean:.2}, with cells to half a point; the 75 cells average {cells:.2}",
                    t.cor, t.cor_msc
                );
                Finding::new(Kind::Wrong, "Table 1, Mean", text).of(model, "all").numbers(*row, *cells)
            })
            .collect()
    }

    fn grid_entries(&self) -> Vec<Finding> {
        self.off_grid
            .iter()
            .map(|(model, corruption, severity, value)| {
                let text = format!(
                    "severity {severity}: {value:.1} is no multiple of 0.5; the other {} cells are",
                    225 - self.off_grid.len()
                );
                let mut finding = Finding::new(Kind::Note, "Table 1", text).of(model, corruption);
                finding.printed = Some(*value);
                finding
            })
            .collect()
    }

    /// Sentences of the paper against its tables.
    fn captions(&self) -> Vec<Finding> {
        let mut out = Vec::new();
        if self.table1 != reference::table1() || self.table2 != reference::table2() {
            // The paper's sentences are about its own tables.
            return out;
        }
        let gains: Vec<String> = self
            .table2
            .iter()
            .filter(|r| r.cor_msc > r.cor)
            .map(|r| format!("{} {:.1} to {:.1}", r.model, r.cor, r.cor_msc))
            .collect();
        if self.table2[0].cor_msc > self.table2[0].cor {
            let text = format!(
                "its caption says that \"the Baseline actually performs worse when MSC is used for corrupted inputs\" and that only SCrIBE benefits from MSC; by Table 2 MSC raises {}",
                crate::format::list(&gains)
            );
            let finding = Finding::new(Kind::Contradicts, "Figure 5", text).of("Baseline", "cor_msc");
            out.push(finding.numbers(self.table2[0].cor_msc, self.table2[0].cor));
            let text = "the text of section 4 says that MSC improves all models, \"as shown in Fig. 5\", whose caption denies it";
            out.push(Finding::new(Kind::Contradicts, "Figure 5", text.to_owned()));
        }
        let text = "\"dog or n = 13\": in VOC's numbering with background as 0, dog is 12 and 13 is horse";
        out.push(Finding::new(Kind::Contradicts, "Figure 3", text.to_owned()));
        out
    }

    fn notes(&self) -> Vec<Finding> {
        let note = |place, text| Finding::new(Kind::Note, place, text);
        let mut out: Vec<Finding> = (0..self.overall.len()).flat_map(|i| self.notes_of(i)).collect();
        out.push(note("Table 1, Mean", self.with_clean()));
        for (a, b, (w, t, l)) in &self.duels {
            let text = format!("against {b} over the 75 cells: {w} higher, {t} equal, {l} lower");
            out.push(note("Table 1", text).of(a, "all"));
        }
        for (model, single, msc) in &self.relative {
            let text = format!(
                "rPC (cor / val): {:.1} % at single scale, {:.1} % with MSC",
                single * 100.0,
                msc * 100.0
            );
            out.push(note("Table 2", text).of(model, "rpc"));
        }
        for (model, cd) in &self.degradation {
            let text = format!(
                "mean corruption degradation against the Baseline, from the cells: {:.1} %",
                cd * 100.0
            );
            out.push(note("Table 1", text).of(model, "cd"));
        }
        out
    }

    /// The means of one model's cells: of all, by severity and by corruption.
    fn notes_of(&self, i: usize) -> [Finding; 3] {
        let (model, cells, _, columns) = &self.overall[i];
        let note = |text| Finding::new(Kind::Note, "Table 1", text).of(model, "all");
        let five: Vec<String> = self.by_severity[i].1.iter().map(|x| format!("{x:.1}")).collect();
        let mean = |c: usize| {
            let name = COLUMNS[c].short.trim_end_matches('.');
            format!("{name} {:.1}", self.table1.recomputed_mean(i, c))
        };
        let means: Vec<String> = (0..COLUMNS.len()).map(mean).collect();
        [
            note(format!(
                "the 75 cells average {cells:.2}; Table 2's two corrupted columns average {columns:.2}: the cells look \
                 like averages of single scale and MSC"
            )),
            note(format!("means of the cells by severity 1 to 5: {}", five.join(", "))),
            note(format!("means to use in place of the printed ones: {}", means.join(", "))),
        ]
    }

    /// Whether the clean result as a sixth severity would explain the printed means.
    fn with_clean(&self) -> String {
        let explained = |tolerance: f64| {
            let of = |m: &&super::MeanEntry| {
                let row = self.table2.iter().find(|r| r.model == m.model);
                row.is_some_and(|r| {
                    let six = |clean: f64| (m.recomputed * 5.0 + clean) / 6.0;
                    [r.val, r.val_msc].iter().any(|c| (six(*c) - m.printed).abs() <= tolerance + super::DUST)
                })
            };
            self.wrong_means().filter(of).count()
        };
        // Five cells and one entry of Table 2, then the mean's own last digit.
        let rounding = (5.0 * CELL_ROUNDING + super::TOLERANCE) / 6.0 + super::TOLERANCE;
        format!(
            "counting Table 2's val or val+MSC as a sixth severity explains {} of the {} means that differ by more than rounding to the printed digit, and {} of them if the cells are rounded",
            explained(super::TOLERANCE),
            self.wrong_means().count(),
            explained(rounding)
        )
    }
}

fn mean_entry(m: &super::MeanEntry, kind: Kind, how: &str) -> Finding {
    let text = format!(
        "the printed mean is {:.1}; the five cells above it give {:.2}, a difference of {:+.2}, {how}",
        m.printed,
        m.recomputed,
        m.difference()
    );
    let finding = Finding::new(kind, "Table 1, Mean", text);
    finding.of(m.model, m.corruption).numbers(m.printed, m.recomputed)
}
