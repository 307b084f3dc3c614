//! The numbers that the paper prints, as data, and how each of them was formed.
//!
//! Table 1's body cells agree with the average of the single-scale and the multi-scale result, each first rounded to
//! whole percent (a reconstruction: 222 of 225 cells lie on a half-percent grid, and the two columns of Table 2
//! average to the mean of the cells). Its "Mean" row agrees with no mean of the cells and is **never a target**; it is
//! kept here only so that [`crate::check_paper()`] can show by how much it differs.

use crate::error::{Error, Result};
use crate::names::{COLUMNS, MODELS};

const TABLE1: &str = include_str!("../paper/table1.csv");
const TABLE2: &str = include_str!("../paper/table2.csv");

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

/// The printed Table 1, from the file that is compiled in.
///
/// # Panics
/// Never in a released build: a test reads the same bytes.
pub fn table1() -> PrintedTable1 {
    parse_table1(TABLE1).expect("a test reads the same bytes")
}

/// The printed Table 2, from the file that is compiled in.
///
/// # Panics
/// Never in a released build: a test reads the same bytes.
pub fn table2() -> Vec<PrintedTable2Row> {
    parse_table2(TABLE2).expect("a test reads the same bytes")
}

/// Reads a Table 1 in the layout of `data/paper/table1.csv`: severity (1 to 5, or `mean`), model, and fifteen
/// percentages.
///
/// # Errors
/// [`Error::Paper`] for a line of another form, a model or severity that the paper does not have, or a missing entry.
pub fn parse_table1(text: &str) -> Result<PrintedTable1> {
    let mut printed = PrintedTable1 { cells: [[[f64::NAN; 15]; 5]; 3], mean: [[f64::NAN; 15]; 3] };
    for (line, fields) in lines(text, 17) {
        let fields = fields?;
        let model = model_at(&fields[1]).ok_or_else(|| {
            Error::paper("table1.csv", line, format!("model `{}`; expected one of {MODELS:?}", fields[1]))
        })?;
        let row: &mut [f64; 15] = match (fields[0].as_str(), fields[0].parse::<usize>()) {
            (_, Ok(severity @ 1..=5)) => &mut printed.cells[model][severity - 1],
            ("mean", _) => &mut printed.mean[model],
            (other, _) => {
                let text = format!("severity `{other}`; expected 1 to 5 or mean");
                return Err(Error::paper("table1.csv", line, text));
            }
        };
        for (slot, text) in row.iter_mut().zip(&fields[2..]) {
            *slot = number("table1.csv", line, text)?;
        }
    }
    let values = printed.cells.iter().flatten().flatten().chain(printed.mean.iter().flatten());
    match values.filter(|x| x.is_nan()).count() {
        0 => Ok(printed),
        n => Err(Error::paper("table1.csv", 0, format!("{n} of 270 entries are missing"))),
    }
}

/// Reads a Table 2 in the layout of `data/paper/table2.csv`; rows in the order of [`MODELS`].
///
/// # Errors
/// [`Error::Paper`] for a line of another form or a model that is missing.
pub fn parse_table2(text: &str) -> Result<Vec<PrintedTable2Row>> {
    let mut rows = Vec::new();
    for (line, fields) in lines(text, 5) {
        let fields = fields?;
        let value = |i: usize| number("table2.csv", line, &fields[i]);
        rows.push(PrintedTable2Row {
            model: fields[0].clone(),
            val: value(1)?,
            val_msc: value(2)?,
            cor: value(3)?,
            cor_msc: value(4)?,
        });
    }
    let names: Vec<&str> = rows.iter().map(|r| r.model.as_str()).collect();
    if names != MODELS {
        return Err(Error::paper("table2.csv", 0, format!("rows {names:?}; expected {MODELS:?}")));
    }
    Ok(rows)
}

impl PrintedTable1 {
    /// The mean of the five printed cells of a model and a corruption, in percent: to be used in place of
    /// [`Self::mean`].
    pub fn recomputed_mean(&self, model: usize, corruption: usize) -> f64 {
        self.cells[model].iter().map(|row| row[corruption]).sum::<f64>() / 5.0
    }

    /// The mean of all 75 printed cells of a model, in percent.
    pub fn overall(&self, model: usize) -> f64 {
        (0..COLUMNS.len()).map(|c| self.recomputed_mean(model, c)).sum::<f64>() / COLUMNS.len() as f64
    }

    /// Mean over corruptions of CE = sum_s (1 - mIoU) / sum_s (1 - mIoU of `reference`), a fraction.
    pub fn degradation(&self, model: usize, reference: usize) -> f64 {
        let errors = |m: usize, c: usize| self.cells[m].iter().map(|row| 100.0 - row[c]).sum::<f64>();
        (0..15).map(|c| errors(model, c) / errors(reference, c)).sum::<f64>() / 15.0
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

/// Line numbers (from 1) and fields of the lines below the head; a line with another number of fields is an error.
fn lines(text: &str, fields: usize) -> impl Iterator<Item = (usize, Result<Vec<String>>)> {
    let body = text.lines().zip(1..).skip(1).filter(|(l, _)| !l.trim().is_empty());
    body.map(move |(l, at)| {
        let found: Vec<String> = l.split(',').map(|f| f.trim().to_owned()).collect();
        let text = format!("{} fields; expected {fields}", found.len());
        (at, if found.len() == fields { Ok(found) } else { Err(Error::paper("a paper table", at, text)) })
    })
}

fn model_at(name: &str) -> Option<usize> {
    MODELS.iter().position(|m| *m == name)
}

fn number(file: &'static str, line: usize, text: &str) -> Result<f64> {
    let percent = text.parse().ok().filter(|x: &f64| (0.0..=100.0).contains(x));
    percent.ok_or_else(|| Error::paper(file, line, format!("`{text}`; expected a percentage, 0 to 100")))
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
