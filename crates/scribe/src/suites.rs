//! The suites as recipes and commands know them.

use scribe_corruptions::corruptions::ElasticWithMovedLabel;
use scribe_corruptions::{Result, Suite};

/// The suite of this name. That for pictures of any size also has `elastic_transform_moved_label`, which is no part of the
/// paper's fifteen or of any group and is asked for by its name.
///
/// # Errors
/// There is no suite of this name.
pub(crate) fn named(name: &str) -> Result<Suite> {
    let suite = Suite::by_name(name)?;
    if name == Suite::NAMES[0] { suite.with(Box::new(ElasticWithMovedLabel)) } else { Ok(suite) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scribe_corruptions::Corruption;
    use scribe_records::CorruptionInfo;

    #[test]
    fn what_moves_labels_is_named_after_what_it_repeats() {
        let suite = named("imagecorruptions").unwrap();
        let moving: Vec<&dyn Corruption> = suite.all().filter(|c| c.moves_label()).collect();
        assert_eq!(moving.len(), 1);
        for corruption in moving {
            let base = corruption.name().strip_suffix(CorruptionInfo::MOVED_LABEL_SUFFIX);
            assert_eq!(base, Some(corruption.seeded_as()));
        }
        assert!(named("imagenet_c").unwrap().all().all(|c| !c.moves_label()));
    }
}
