//! The columns of one measure.

use serde::Deserialize;
use std::collections::BTreeSet;

/// The columns that hold one measure. All are names of columns; a name of a condition may hold one `*`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The name of the measure in findings.
    pub name: String,
    /// The cells: a score under each corruption. A column that another key names is no condition, even if a `*` fits it.
    #[serde(default)]
    pub conditions: Vec<String>,
    /// The score without corruption.
    #[serde(default)]
    pub clean: Option<String>,
    /// The mean of the conditions.
    #[serde(default)]
    pub mean: Option<String>,
    /// The lowest of the conditions.
    #[serde(default)]
    pub minimum: Option<String>,
    /// Mean over clean.
    #[serde(default)]
    pub rpc: Option<String>,
    /// Mean corruption error, relative to the layout's reference.
    #[serde(default)]
    pub mce: Option<String>,
    /// Corruption degradation, relative to the layout's reference: the same formula by another name.
    #[serde(default)]
    pub cd: Option<String>,
}

impl Measure {
    /// Places of the columns that are conditions, in the table's order; `fitting` gives those that a pattern fits.
    ///
    /// # Errors
    /// The first name of a condition that no column has.
    pub(super) fn condition_places(
        &self,
        columns: &[String],
        fitting: impl Fn(&str) -> Vec<usize>,
    ) -> Result<Vec<usize>, &str> {
        let others = [&self.clean, &self.mean, &self.minimum, &self.rpc, &self.mce, &self.cd];
        let is_other = |place: &usize| others.iter().any(|other| other.as_ref() == Some(&columns[*place]));
        let mut places = BTreeSet::new();
        for pattern in &self.conditions {
            let mut found = fitting(pattern);
            found.retain(|place| !is_other(place));
            if found.is_empty() {
                return Err(pattern.as_str());
            }
            places.extend(found);
        }
        Ok(places.into_iter().collect())
    }

    /// How many of the names of conditions hold a `*`, and are compared with every column.
    pub(super) fn patterns(&self) -> usize {
        self.conditions.iter().filter(|name| name.contains('*')).count()
    }
}
