//! What a report says, quantity by quantity, with where it says so.

use std::collections::BTreeMap;

/// Each quantity's values as they are printed, with their places.
#[derive(Default)]
pub(crate) struct Facts {
    found: BTreeMap<String, Vec<(String, String)>>,
}

impl Facts {
    /// A number (or a word) that stands somewhere; nothing where it is empty or a dash.
    pub(crate) fn add(&mut self, quantity: String, place: &str, value: &str) {
        let value = value.trim().trim_end_matches('%').trim().trim_start_matches('+');
        if !value.is_empty() && value != "–" {
            self.found.entry(quantity).or_default().push((place.to_owned(), value.to_owned()));
        }
    }

    /// Checks that every quantity has one value, as far as its printed decimals go; gives how many stand in several
    /// places.
    pub(crate) fn check(&self) -> usize {
        let mut repeated = 0;
        let mut wrong = Vec::new();
        for (quantity, values) in &self.found {
            repeated += usize::from(values.len() > 1);
            let first = &values[0];
            wrong.extend(
                values
                    .iter()
                    .filter(|v| !equal(&first.1, &v.1))
                    .map(|v| format!("{quantity}: {} in {}, {} in {}", first.1, first.0, v.1, v.0)),
            );
        }
        assert!(wrong.is_empty(), "{} quantities differ:\n{}", wrong.len(), wrong.join("\n"));
        repeated
    }

    /// In how many places a quantity stands.
    pub(crate) fn places(&self, quantity: &str) -> Vec<&str> {
        self.found.get(quantity).into_iter().flatten().map(|(place, _)| place.as_str()).collect()
    }
}

/// Whether two printed numbers are one number: they differ by no more than the rounding of the coarser one.
fn equal(a: &str, b: &str) -> bool {
    let (Ok(x), Ok(y)) = (a.parse::<f64>(), b.parse::<f64>()) else { return a == b };
    let decimals = |t: &str| t.split_once('.').map_or(0, |(_, d)| d.len());
    let coarser = decimals(a).min(decimals(b)) as i32;
    // Both may be rounded: half a unit of the coarser, and half of the finer.
    (x - y).abs()
        <= 0.5 * 10f64.powi(-coarser) + 0.5 * 10f64.powi(-(decimals(a).max(decimals(b)) as i32)) + 1e-9
}
