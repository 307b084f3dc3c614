//! The fields of a CSV file, with a model in each row.

use super::Axis;
use crate::error::{Error, Result};

/// The fields of a table.
pub(super) struct Grid {
    /// The file's name in messages.
    pub(super) file: String,
    /// The names of the columns.
    pub(super) columns: Vec<String>,
    /// The rows: where each is in the file, and its fields, as many as there are columns.
    pub(super) rows: Vec<(String, Vec<String>)>,
}

impl Grid {
    /// Reads CSV.
    ///
    /// # Errors
    /// [`Error::Table`] when it is no CSV, its rows differ in length, or there is none below the head.
    pub(super) fn read(text: &str, file: &str, models: Axis) -> Result<Grid> {
        let wrong = |place: String, reason: String| Error::Table { file: file.to_owned(), place, reason };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let mut records = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| {
                let line = e.position().map_or(0, csv::Position::line);
                wrong(format!("line {line}"), format!("{e}; expected as many fields as in the first line"))
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            records.push((format!("line {line}"), record.iter().map(str::to_owned).collect::<Vec<_>>()));
        }
        if models == Axis::Columns {
            records = transposed(&records);
        }
        let mut records = records.into_iter();
        let head = records.next().map(|(_, fields)| fields).unwrap_or_default();
        let grid = Grid { file: file.to_owned(), columns: head, rows: records.collect() };
        if grid.rows.is_empty() {
            return Err(wrong(
                "whole file".to_owned(),
                "there is no model; expected a head and a row for each".to_owned(),
            ));
        }
        Ok(grid)
    }

    /// The place of a column.
    ///
    /// # Errors
    /// [`Error::Table`] when there is none of this name.
    pub(super) fn column(&self, name: &str) -> Result<usize> {
        let found = self.columns.iter().position(|column| column == name);
        found.ok_or_else(|| {
            let reason =
                format!("no column `{name}`, which the layout names; it has {}", self.columns.join(", "));
            self.wrong("head", reason)
        })
    }

    /// An error about this table.
    pub(super) fn wrong(&self, place: &str, reason: String) -> Error {
        Error::Table { file: self.file.clone(), place: place.to_owned(), reason }
    }
}

/// Columns as rows, numbered from 1 as a spreadsheet does.
fn transposed(records: &[(String, Vec<String>)]) -> Vec<(String, Vec<String>)> {
    let width = records.first().map_or(0, |(_, fields)| fields.len());
    let column = |i: usize| records.iter().map(|(_, fields)| fields[i].clone()).collect();
    (0..width).map(|i| (format!("column {}", i + 1), column(i))).collect()
}
