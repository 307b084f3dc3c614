//! What the rows and columns of a table are.

use super::{Measure, layouts};
use crate::error::{Error, Result};
use scribe_base::excerpt;
use serde::Deserialize;

/// The layout of a table, as TOML holds it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// What the table is, and where it comes from.
    pub name: String,
    /// Whether a model is a row or a column of the file.
    #[serde(default)]
    pub models: Axis,
    /// The columns that together name a model.
    pub model: Vec<String>,
    /// The columns that together say which rows are alike, such as the data set; without any, all are.
    #[serde(default)]
    pub group: Vec<String>,
    /// The column that holds the severity of a row, where a model has a row for each.
    #[serde(default)]
    pub severity: Option<String>,
    /// The value of that column in rows that hold the means of a model's other rows.
    #[serde(default)]
    pub mean_row: Option<String>,
    /// What stands between corruption and severity in the name of a condition, such as the `-` of `fog-3`.
    #[serde(default)]
    pub severity_mark: Option<String>,
    /// The model that mCE and CD are relative to, its names joined by spaces.
    #[serde(default)]
    pub reference: Option<String>,
    /// The score without an error, and the factor of printed rPC, mCE and CD: 100 for percent, 1 for fractions.
    #[serde(default = "percent")]
    pub full: f64,
    /// How far a cell may be from what was measured, where that is more than half of its last digit.
    #[serde(default)]
    pub cell_rounding: Option<f64>,
    /// Whether numbers are written with a decimal comma.
    #[serde(default)]
    pub decimal_comma: bool,
    /// The measures that the table holds, each with columns of its own.
    #[serde(rename = "measure")]
    pub measures: Vec<Measure>,
}

/// What a model is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// A row; the first row holds the names of the columns.
    #[default]
    Rows,
    /// A column; the first column holds the names of the rows. "Column" then means a row of the file everywhere else.
    Columns,
}

fn percent() -> f64 {
    100.0
}

impl Layout {
    /// Reads the text of a layout; errors name `origin`.
    ///
    /// # Errors
    /// [`Error::Layout`] when it is no TOML, has an unknown key or a value that cannot be used, or lacks what its own keys need.
    pub fn parse(text: &str, origin: &str) -> Result<Layout> {
        let wrong = |reason: String| Error::Layout { file: origin.to_owned(), reason };
        let layout: Layout = toml::from_str(text)
            .map_err(|e| wrong(excerpt::of_lines(e.to_string().trim_end()).into_owned()))?;
        layout.check().map_err(wrong)?;
        Ok(layout)
    }

    /// What keys need of each other, and of their values.
    fn check(&self) -> std::result::Result<(), String> {
        let needs_reference = self.measures.iter().any(|m| m.mce.is_some() || m.cd.is_some());
        if self.model.is_empty() {
            return Err("`model` is empty; expected the columns that name a model".to_owned());
        }
        if self.measures.is_empty() {
            return Err("there is no measure; expected at least one `[[measure]]`".to_owned());
        }
        if needs_reference && self.reference.is_none() {
            let reason =
                "`mce` or `cd` is given, but no `reference`; expected the model they are relative to";
            return Err(reason.to_owned());
        }
        if self.mean_row.is_some() && self.severity.is_none() {
            return Err(
                "`mean_row` is given, but no `severity`; expected the column that holds it".to_owned()
            );
        }
        if !(self.full.is_finite() && self.full > 0.0) {
            return Err(format!("`full` is {}; expected a positive number", self.full));
        }
        if let Some(rounding) = self.cell_rounding.filter(|rounding| !(0.0..=self.full).contains(rounding)) {
            return Err(format!(
                "`cell_rounding` is {rounding}; expected a number from 0 to `full`, {}",
                self.full
            ));
        }
        let mut conditions = self.measures.iter().flat_map(|measure| &measure.conditions);
        match conditions.find(|name| name.matches('*').count() > 1) {
            Some(name) => Err(format!("the condition `{name}` has several `*`; expected at most one `*`")),
            None => Ok(()),
        }
    }

    /// The names of the layouts that are compiled in.
    pub fn names() -> Vec<&'static str> {
        layouts::ALL.iter().map(|(name, _)| *name).collect()
    }

    /// A layout that is compiled in.
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is none of this name.
    pub fn named(name: &str) -> Result<Layout> {
        let found = layouts::ALL.iter().find(|(known, _)| *known == name);
        let (name, text) = found.ok_or_else(|| Error::Unknown {
            what: format!("layout `{name}`"),
            expected: format!("{}, or the path of a TOML file", Layout::names().join(", ")),
        })?;
        Layout::parse(text, name)
    }
}
