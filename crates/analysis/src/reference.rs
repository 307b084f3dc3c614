//! The numbers that the paper prints, as data, and how each of them was formed.
//!
//! Table 1's body cells agree with the average of the single-scale and the multi-scale result, each first rounded to
//! whole percent (a reconstruction: 222 of 225 cells lie on a half-percent grid, and the two columns of Table 2
//! average to the mean of the cells). Its "Mean" row agrees with no mean of the cells and is **never a target**; it is
//! kept here only so that [`crate::check_paper()`] can show by how much it differs.

use crate::names::{COLUMNS, MODELS};

const TABLE1: &str = include_str!("../../../data/paper/table1.csv");
const TABLE2: &str = include_str!("../../../data/paper/table2.csv");

/// The smallest difference from a printed cell of Table 1 that rounding alone can explain, in percent points.
pub const CELL_ROUNDING: f64 = 0.5;

/// The printed Table 1, in percent.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedTable1 {
    /// `cells[model][severity - 1][corruption]`, models as [`MODELS`], corruptions as [`COLUMNS`].
    pub cells: [[[f64; 15]; 5]; 3],
    /// `mean[model][corruption]`: the printed Mean rows, not a target.
    pub mean: [[f64; 15]; 3],
}

/// One row of the printed Table 2, in percent.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedTable2Row {
    /// The paper's model name.
    pub model: String,
    /// Clean, single scale.
    pub val: f64,
    /// Clean, multi-scale.
    pub val_msc: f64,
    /// Mean over 75 corrupted conditions, single scale.
    pub cor: f64,
    /// Mean over 75 corrupted conditions, multi-scale.
    pub cor_msc: f64,
}

/// Reads the printed Table 1 out of the file that is compiled in.
///
/// # Panics
/// Never in a released build: a test reads the same bytes.
pub fn table1() -> PrintedTable1 {
    let mut printed = PrintedTable1 { cells: [[[f64::NAN; 15]; 5]; 3], mean: [[f64::NAN; 15]; 3] };
    for line in TABLE1.lines().skip(1).filter(|l| !l.trim().is_empty()) {
        let fields: Vec<&str> = line.split(',').collect();
        let model = MODELS.iter().position(|m| *m == fields[1]).expect("table1.csv names the paper's models");
        let row: &mut [f64; 15] = match fields[0].parse::<usize>() {
            Ok(severity) => &mut printed.cells[model][severity - 1],
            Err(_) => &mut printed.mean[model],
        };
        for (slot, text) in row.iter_mut().zip(&fields[2..]) {
            *slot = number(text);
        }
    }
    printed
}

/// Reads the printed Table 2 out of the file that is compiled in.
///
/// # Panics
/// Never in a released build: a test reads the same bytes.
pub fn table2() -> Vec<PrintedTable2Row> {
    TABLE2
        .lines()
        .skip(1)
        .filter(|l| !l.trim().is_empty())
        .map(|line| {
            let f: Vec<&str> = line.split(',').collect();
            PrintedTable2Row {
                model: f[0].to_owned(),
                val: number(f[1]),
                val_msc: number(f[2]),
                cor: number(f[3]),
                cor_msc: number(f[4]),
            }
        })
        .collect()
}

impl PrintedTable1 {
    /// The mean of the five printed cells of a model and a corruption, in percent: to be used in place of [`Self::mean`].
    pub fn recomputed_mean(&self, model: usize, corruption: usize) -> f64 {
        self.cells[model].iter().map(|row| row[corruption]).sum::<f64>() / 5.0
    }

    /// The mean of all 75 printed cells of a model, in percent.
    pub fn overall(&self, model: usize) -> f64 {
        (0..COLUMNS.len()).map(|c| self.recomputed_mean(model, c)).sum::<f64>() / COLUMNS.len() as f64
    }

    /// The mean over the fifteen corruptions at one severity (1 to 5), in percent.
    pub fn at_severity(&self, model: usize, severity: usize) -> f64 {
        self.cells[model][severity - 1].iter().sum::<f64>() / 15.0
    }

    /// Wins, ties and losses of model `a` against model `b` over the 75 printed cells.
    pub fn wins(&self, a: usize, b: usize) -> (usize, usize, usize) {
        let mut counts = (0, 0, 0);
        for (x, y) in self.cells[a].iter().flatten().zip(self.cells[b].iter().flatten()) {
            match x.total_cmp(y) {
                std::cmp::Ordering::Greater => counts.0 += 1,
                std::cmp::Ordering::Equal => counts.1 += 1,
                std::cmp::Ordering::Less => counts.2 += 1,
            }
        }
        counts
    }
}

fn number(text: &str) -> f64 {
    text.trim().parse().expect("the printed tables hold numbers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printed_number_is_read() {
        let t = table1();
        assert!(t.cells.iter().flatten().flatten().all(|x| x.is_finite()));
        assert!(t.mean.iter().flatten().all(|x| x.is_finite()));
        assert_eq!(t.cells[0][0][0], 55.5);
        assert_eq!(t.cells[2][4][14], 36.7);
        assert_eq!(t.mean[1][11], 51.3);
        let header: Vec<&str> = TABLE1.lines().next().unwrap_or("").split(',').skip(2).collect();
        assert_eq!(header, COLUMNS.map(|c| c.name));
        let t2 = table2();
        assert_eq!(t2.len(), 3);
        assert_eq!((t2[2].model.as_str(), t2[2].cor_msc), ("SCrIBE", 42.1));
    }
}
