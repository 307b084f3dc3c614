//! Which images an evaluation keeps as panels, the examples of the report's Figure 6.

use scribe_analysis::figure6_shows;
use scribe_dataset::ImageId;
use scribe_eval::PanelWanted;
use scribe_records::Condition;

/// The first `count` images, clean and under those of the tested `conditions` that Figure 6 shows.
pub(super) fn panels(ids: &[ImageId], count: usize, conditions: &[Condition]) -> Vec<PanelWanted> {
    let conditions: Vec<_> =
        conditions.iter().filter(|condition| figure6_shows(condition)).cloned().collect();
    let images = ids.iter().take(count);
    images.map(|image| PanelWanted { image_id: image.clone(), conditions: conditions.clone() }).collect()
}
