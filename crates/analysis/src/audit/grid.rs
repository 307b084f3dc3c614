//! The fields of a CSV file, with a model in each row.

use super::fields::Fields;
use super::lines::Lines;
use super::pattern::matches;
use super::{Axis, Measure};
use crate::error::{Error, Result};
use crate::hint::hint;

/// What may stand between the fields of a line, and its name in messages.
const SEPARATORS: [(char, &str); 3] = [('\t', "tabs"), (';', "semicolons"), (',', "commas")];

/// How many columns a message names.
const NAMED: usize = 20;

/// The fields of a table.
pub(super) struct Grid {
    /// The file's name in messages.
    pub(super) file: String,
    /// The names of the columns.
    pub(super) columns: Vec<String>,
    /// The places of the columns in the order of their names: no column is looked for among all.
    by_name: Vec<usize>,
    /// The head and the rows.
    fields: Fields,
    /// The numbers, from 1, of the lines or columns of the file that hold the head and the rows.
    places: Vec<u64>,
    models: Axis,
}

impl Grid {
    /// Reads CSV, whose fields are separated by commas, semicolons or tabs.
    ///
    /// # Errors
    /// [`Error::Table`] when it is no CSV, its rows differ in length, there is none below the head, or two columns have one
    /// name.
    pub(super) fn read(text: &str, file: &str, models: Axis) -> Result<Grid> {
        let wrong = |place: String, reason: String| Error::Table { file: file.to_owned(), place, reason };
        let (mut fields, mut places) = records(text.trim_start_matches('\u{feff}'))
            .map_err(|(line, reason)| wrong(format!("line {line}"), reason))?;
        if models == Axis::Columns {
            fields = fields.transposed();
            places = (1..).take(fields.height()).collect();
        }
        let head = if fields.height() > 0 { 0..fields.width() } else { 0..0 };
        let head: Vec<String> = head.map(|column| fields.at(0, column).to_owned()).collect();
        let mut by_name: Vec<usize> = (0..head.len()).collect();
        by_name.sort_by(|a, b| head[*a].cmp(&head[*b]));
        let grid = Grid { file: file.to_owned(), columns: head, by_name, fields, places, models };
        if grid.rows() == 0 {
            return Err(wrong(
                "whole file".to_owned(),
                "there is no model; expected a head and a row for each".to_owned(),
            ));
        }
        let name = |place: usize| grid.columns[place].as_str();
        let pairs = grid.by_name.windows(2).filter(|pair| name(pair[0]) == name(pair[1]));
        if let Some(twice) = pairs.map(|pair| pair[1]).filter(|place| !name(*place).is_empty()).min() {
            let reason =
                format!("two columns are named `{}`; expected a name of its own for each", name(twice));
            return Err(grid.wrong("head", reason));
        }
        Ok(grid)
    }

    /// The number of rows, without the head.
    pub(super) fn rows(&self) -> usize {
        self.fields.height().saturating_sub(1)
    }

    /// Where a row, from 0, is in the file.
    pub(super) fn place(&self, row: usize) -> String {
        let of = if self.models == Axis::Columns { "column" } else { "line" };
        format!("{of} {}", self.places[row + 1])
    }

    /// A field of a row, from 0.
    pub(super) fn field(&self, row: usize, column: usize) -> &str {
        self.fields.at(row + 1, column)
    }

    /// The place of a column.
    ///
    /// # Errors
    /// [`Error::Table`] when there is none of this name.
    pub(super) fn column(&self, name: &str) -> Result<usize> {
        let found = self.named(name).first().copied();
        found.ok_or_else(|| self.no_column(&format!("no column `{name}`, which the layout names"), name))
    }

    /// The places of the columns that hold a measure's conditions, in the table's order.
    ///
    /// # Errors
    /// The first name of a condition that no column has.
    pub(super) fn conditions<'m>(&self, measure: &'m Measure) -> std::result::Result<Vec<usize>, &'m str> {
        measure.condition_places(&self.columns, |pattern| self.fitting(pattern))
    }

    /// The places of the columns that a pattern fits, which may hold one `*`, in the table's order.
    fn fitting(&self, pattern: &str) -> Vec<usize> {
        if !pattern.contains('*') {
            return self.named(pattern).to_vec();
        }
        (0..self.columns.len()).filter(|place| matches(pattern, &self.columns[*place])).collect()
    }

    /// The places of the columns of a name: one, or several that have none.
    fn named(&self, name: &str) -> &[usize] {
        let from = self.by_name.partition_point(|place| self.columns[*place].as_str() < name);
        let rest = &self.by_name[from..];
        &rest[..rest.partition_point(|place| self.columns[*place] == name)]
    }

    /// An error about a column that is not there: with the nearest name, or where none is near with those that there are.
    pub(super) fn no_column(&self, what: &str, name: &str) -> Error {
        let near = hint(name, self.columns.iter().map(String::as_str));
        let more = self.columns.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} others") } else { String::new() };
        let all = || format!("; it has {}{more}", self.columns[..self.columns.len().min(NAMED)].join(", "));
        self.wrong("head", what.to_owned() + &if near.is_empty() { all() } else { near })
    }

    /// An error about this table.
    pub(super) fn wrong(&self, place: &str, reason: String) -> Error {
        Error::Table { file: self.file.clone(), place: place.to_owned(), reason }
    }
}

/// The records of a text, and the line of each.
///
/// # Errors
/// The line that cannot be read, and what is wrong with it.
fn records(text: &str) -> std::result::Result<(Fields, Vec<u64>), (u64, String)> {
    let (separator, name) = separator(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .delimiter(separator as u8)
        .from_reader(text.as_bytes());
    // The line numbers of the CSV reader are too small in files with the line ends of Windows, and below empty lines.
    let mut lines = Lines::new(text);
    let (mut fields, mut places) = (None, Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, |at| lines.at(at.byte()));
            let reason = match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!(
                    "fields: {len}; expected {expected_len}, as in the lines above, separated by {name} as in the first line"
                ),
                _ => format!("{error}; expected fields separated by {name}"),
            };
            (line, reason)
        })?;
        places.push(record.position().map_or(0, |at| lines.at(at.byte())));
        let fields = fields.get_or_insert_with(|| Fields::new(record.len(), text.len()));
        record.iter().for_each(|field| fields.push(field));
    }
    Ok((fields.unwrap_or_else(|| Fields::new(0, 0)), places))
}

/// What the first line has most of outside of quotes: commas, semicolons, which go with decimal commas, or tabs; commas
/// among equals.
fn separator(text: &str) -> (char, &'static str) {
    let head = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or_default();
    let mut quoted = false;
    let bare: Vec<char> = head
        .chars()
        .filter(|c| {
            quoted ^= *c == '"';
            !quoted
        })
        .collect();
    let count = |(separator, _): &(char, &str)| bare.iter().filter(|c| *c == separator).count();
    // Of equals the last is found.
    SEPARATORS.into_iter().max_by_key(count).unwrap_or((',', "commas"))
}
