//! Which images an evaluation keeps as panels, the examples of the report's Figure 6.

use scribe_dataset::ImageId;
use scribe_eval::PanelWanted;
use scribe_records::Condition;
use std::ops::RangeInclusive;

/// The corruptions that Figure 6 can show: those of the authors' grid. They are not in the recipe, because they decide
/// which pictures the store keeps for the page, and no number.
const CORRUPTIONS: [&str; 5] = ["gaussian_noise", "defocus_blur", "snow", "brightness", "elastic_transform"];
/// The severities of the authors' grid.
const SEVERITIES: RangeInclusive<u8> = 1..=3;

/// The first `count` images, clean and under those of the tested `conditions` that Figure 6 shows.
pub(super) fn panels(ids: &[ImageId], count: usize, conditions: &[Condition]) -> Vec<PanelWanted> {
    let is_shown = |condition: &&Condition| {
        let of_grid = CORRUPTIONS.contains(&condition.corruption.as_str());
        condition.is_clean() || of_grid && SEVERITIES.contains(&condition.severity)
    };
    let conditions: Vec<_> = conditions.iter().filter(is_shown).cloned().collect();
    let images = ids.iter().take(count);
    images.map(|image| PanelWanted { image_id: image.clone(), conditions: conditions.clone() }).collect()
}
