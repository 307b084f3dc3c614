//! What a manifest's names must be, so that every table, figure and page can show them.

use super::Manifest;
use crate::label::check_shown;
use crate::{Error, Result};
use scribe_base::human;
use scribe_base::name::LONGEST;

/// The longest id of an image, in bytes.
const LONGEST_IMAGE: usize = 255;

impl Manifest {
    /// Checks the names that `old`, a store's manifest, does not have yet: classes, labels, corruptions with their groups
    /// and implementations (each may be empty), and images. Names that a store has are left alone, because earlier
    /// versions took more.
    ///
    /// # Errors
    /// [`Error::Shown`] and [`Error::Image`] name the first that cannot be shown.
    pub(crate) fn check_names_beside(&self, old: Option<&Manifest>) -> Result<()> {
        if old.is_none() {
            self.class_names.iter().try_for_each(|name| check_shown("class", name))?;
        }
        let known = |label: &str| old.is_some_and(|old| old.models.iter().any(|model| model.label == label));
        let labels = self.models.iter().map(|model| model.label.as_str());
        labels.filter(|label| !known(label)).try_for_each(|label| check_if_any("label", label))?;
        for corruption in &self.corruptions {
            if old.is_none_or(|old| !old.corruptions.contains(corruption)) {
                check_if_any("corruption", &corruption.name)?;
                check_if_any("implementation of a corruption", &corruption.implementation)?;
                check_if_any("group of a corruption", &corruption.group)?;
            }
        }
        let new = match old {
            Some(old) if self.images.starts_with(&old.images) => &self.images[old.images.len()..],
            _ => &self.images,
        };
        new.iter().try_for_each(|image| check_image(image))
    }
}

fn check_if_any(what: &'static str, name: &str) -> Result<()> {
    if name.is_empty() { Ok(()) } else { check_shown(what, name) }
}

/// An image's id is longer than other names, since it may hold folders.
fn check_image(id: &str) -> Result<()> {
    let bad = |c: char| c.is_control() || human::is_unsafe(c);
    if id.is_empty() || id.len() > LONGEST_IMAGE || id.contains(bad) {
        return Err(Error::Image { value: id.chars().take(LONGEST).collect() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CorruptionInfo, ModelId, ModelInfo};

    #[test]
    fn every_name_is_checked_once_and_those_of_a_store_never_again() {
        let sound = || {
            let models = vec![ModelInfo::new(ModelId::new("net").unwrap(), "My net")];
            let fog = CorruptionInfo {
                name: "fog".into(),
                implementation: "reference/1".into(),
                group: "Weather".into(),
                severities: Vec::new(),
            };
            Manifest::new(["road", "sky"]).models(models).corruptions(vec![fog], vec![1]).images(["a/b"])
        };
        sound().check_names_beside(None).unwrap();
        let spoil: [fn(&mut Manifest); 6] = [
            |m| m.class_names[0] = "a\nb".into(),
            |m| m.models[0].label = "\u{7}".into(),
            |m| m.corruptions[0].name = "\u{1b}[2J".into(),
            |m| m.corruptions[0].implementation = " ".into(),
            |m| m.corruptions[0].group = "\u{202e}".into(),
            |m| m.images[0] = "a\0".into(),
        ];
        for spoil in spoil {
            let mut bad = sound();
            spoil(&mut bad);
            let said = bad.check_names_beside(None).unwrap_err().to_string();
            assert!(said.contains("expected 1 to ") && !said.contains(char::is_control), "{said}");
            bad.check_names_beside(Some(&bad)).unwrap();
        }
    }
}
