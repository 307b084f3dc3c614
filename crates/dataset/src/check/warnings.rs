//! What is allowed but probably a mistake.

use super::CheckReport;
use crate::ImageId;
use scribe_base::human;

impl CheckReport {
    /// One sentence for each thing that is allowed but probably a mistake: label maps of only 0 and 255, label maps
    /// that are void at every pixel, palettes that contradict the indices, classes that never occur, pictures with an
    /// EXIF orientation, lines of the list that repeat an image, and label maps without a picture.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let mut about = |ids: &[ImageId], what: &str| {
            if let Some(first) = ids.first() {
                warnings.push(format!("{} of {} {what} (the first: {first})", ids.len(), self.images));
            }
        };
        about(
            &self.only_0_and_255,
            &format!(
                "label maps hold only 0 and 255; 255 is void, which is neither learnt nor counted: an object needs the \
                 value of its class (expected {})",
                self.classes.expected_values()
            ),
        );
        about(
            &self.only_void,
            &format!(
                "label maps are void ({}) at every pixel: nothing is learnt from them or counted",
                self.classes.ignored_values()
            ),
        );
        about(
            &self.palette_contradicts,
            "label maps have a palette that shows an index in the colour of another class: the index counts, not its \
             colour; if the colours are right, give the classes `colours` instead of `values`",
        );
        about(&self.oriented.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), &self.orientations());
        let others = [self.absent_classes_warning(), self.repeated_warning(), self.orphans_warning()];
        warnings.extend(others.into_iter().flatten());
        warnings
    }

    fn repeated_warning(&self) -> Option<String> {
        let (first, lines) = (self.repeated.first()?, self.repeated.len());
        Some(format!(
            "{lines} of the list's lines name an image again, which counts once (the first: {first})"
        ))
    }

    fn orphans_warning(&self) -> Option<String> {
        let first = self.orphans.first()?;
        let have = if self.orphans.len() == 1 { "has" } else { "have" };
        let maps = human::count(self.orphans.len(), "label map");
        Some(format!("{maps} {have} no picture (the first: {first})"))
    }

    fn orientations(&self) -> String {
        let values: Vec<_> = (2..=8)
            .map(|value| (value, self.oriented.iter().filter(|(_, found)| *found == value).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(value, count)| format!("{count} of {value}"))
            .collect();
        format!(
            "pictures state an EXIF orientation ({}), which is not applied: pixels are taken as stored, and the label map \
             must fit them",
            values.join(", ")
        )
    }

    /// A warning that names the classes that never occur.
    fn absent_classes_warning(&self) -> Option<String> {
        let names = self.classes.names().zip(&self.class_images).filter(|(_, images)| **images == 0);
        let names: Vec<_> = names.map(|(name, _)| name).collect();
        let all = self.classes.len();
        (!names.is_empty())
            .then(|| format!("{} of {all} classes never occur: {}", names.len(), names.join(", ")))
    }
}
