//! Whether a manifest can be worked with: asked when one is read, and before one is written.

use super::Manifest;
use crate::{Condition, VOID};
use std::collections::BTreeSet;

/// The longest name that is shown, in bytes; a label has at most 100 characters.
const LONGEST_NAME: usize = 1000;

impl Manifest {
    /// The most conditions, the most series, and the most further master seeds that a manifest may name. The paper's
    /// experiment has 76, 6 and none.
    pub const MOST: usize = 2000;

    /// Checks a manifest from outside: its numbers decide how much memory a report takes.
    ///
    /// # Errors
    /// What cannot be worked with, in words.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.checked_json().map(drop)
    }

    /// The JSON text that a store keeps, of a manifest that can be read again.
    ///
    /// # Errors
    /// As [`Manifest::check`].
    pub(crate) fn checked_json(&self) -> Result<String, String> {
        self.check_numbers()?;
        let json = self.to_json();
        self.check_texts(&json)?;
        Ok(json)
    }

    fn check_numbers(&self) -> Result<(), String> {
        let within = |what: &str, found: usize, least: usize, most: usize| {
            let fits = (least..=most).contains(&found);
            fits.then_some(()).ok_or_else(|| format!("it names {found} {what} (expected {least} to {most})"))
        };
        within("classes", self.class_count(), 1, VOID.into())?;
        within("colours of classes", self.class_colours.len(), 0, self.class_count())?;
        within("series", self.models.len().saturating_mul(self.modes.len()), 0, Self::MOST)?;
        let severities = |own: &[u8]| if own.is_empty() { self.severities.len() } else { own.len() };
        let conditions = self.corruptions.iter().map(|corruption| severities(&corruption.severities));
        within("conditions", conditions.fold(1, usize::saturating_add), 1, Self::MOST)?;
        within("further master seeds", self.further_seeds.len(), 0, Self::MOST)?;
        within("blocks of images", self.moment_blocks as usize, 1, u32::MAX as usize)?;
        let labels = self.models.iter().map(|model| &model.label);
        let names = self.corruptions.iter().flat_map(|corruption| [&corruption.name, &corruption.group]);
        if let Some(long) =
            labels.chain(names).chain(&self.class_names).find(|name| name.len() > LONGEST_NAME)
        {
            return Err(format!("it has a name of {} bytes (expected at most {LONGEST_NAME})", long.len()));
        }
        let mut seen = BTreeSet::new();
        for Condition { corruption, severity } in self.conditions() {
            let name = format!("{corruption}:{severity}");
            Condition::new(corruption, severity).map_err(|error| error.to_string())?;
            if !seen.insert(name.clone()) {
                return Err(format!("it names the condition {name} twice"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CorruptionInfo, ModelInfo};

    fn reason(change: impl Fn(&mut Manifest)) -> String {
        let fog = CorruptionInfo {
            name: "fog".to_owned(),
            implementation: String::new(),
            group: String::new(),
            severities: Vec::new(),
        };
        let mut manifest = Manifest::new(["background", "cat"]).corruptions(vec![fog], vec![1, 2]);
        manifest.check().unwrap();
        change(&mut manifest);
        manifest.check().unwrap_err()
    }

    #[test]
    fn more_than_fits_is_named() {
        let model = ModelInfo::new("a".parse().unwrap(), "A");
        for (reason, expected) in [
            (reason(|m| m.class_names = vec![String::new(); 256]), "256 classes (expected 1 to 255)"),
            (reason(|m| m.class_names.clear()), "0 classes"),
            (reason(|m| m.class_colours = vec![[0; 3]; 3]), "3 colours of classes (expected 0 to 2)"),
            (reason(|m| m.models = vec![model.clone(); 10_001]), "10001 series"),
            (reason(|m| m.corruptions = vec![m.corruptions[0].clone(); 5000]), "10001 conditions"),
            (reason(|m| m.moment_blocks = 0), "0 blocks of images"),
            (reason(|m| m.class_names[1] = "x".repeat(1001)), "a name of 1001 bytes"),
            (reason(|m| m.severities = vec![6]), "severity 6"),
            (reason(|m| m.severities = vec![1, 1]), "fog:1 twice"),
        ] {
            assert!(reason.contains(expected), "{reason}");
        }
    }
}
