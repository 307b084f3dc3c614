//! What is counted besides confusion matrices.

use scribe_dataset::ImageId;
use scribe_records::{Condition, MOST_BY_CLASS, Mode};
use std::collections::BTreeSet;

/// The conditions and modes of which moments or cross-moments of logits are summed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MomentsWanted {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// The modes, whose scores must be logits.
    pub modes: Vec<Mode>,
}

impl MomentsWanted {
    /// Cross-moments of `class_count` classes: under all conditions up to [`MOST_BY_CLASS`] classes; of more, at one severity
    /// only, the median of those that occur (the lower one of two), since they are four times as large as the moments.
    #[must_use]
    pub fn across(conditions: &[Condition], class_count: usize, modes: Vec<Mode>) -> MomentsWanted {
        let corrupted = conditions.iter().filter(|condition| !condition.is_clean());
        let severities: BTreeSet<u8> = corrupted.map(|condition| condition.severity).collect();
        let middle = severities.iter().nth(severities.len().saturating_sub(1) / 2);
        let wanted = |c: &&Condition| class_count <= MOST_BY_CLASS || Some(&c.severity) == middle;
        MomentsWanted { conditions: conditions.iter().filter(wanted).cloned().collect(), modes }
    }
}

/// How calibration is counted, under every condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalibrationWanted {
    /// Equal bins of confidence, at least 1.
    pub bins: usize,
    /// The modes.
    pub modes: Vec<Mode>,
}

/// Under which conditions one image is kept as an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelWanted {
    /// The image; one that the pass does not have is ignored.
    pub image_id: ImageId,
    /// The conditions.
    pub conditions: Vec<Condition>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_classes_one_severity_is_compared_with_clean() {
        let of = |severities: &[u8], classes: usize| {
            let fog = |&severity: &u8| Condition::new("fog", severity).unwrap();
            let conditions: Vec<_> =
                std::iter::once(Condition::clean()).chain(severities.iter().map(fog)).collect();
            let wanted = MomentsWanted::across(&conditions, classes, vec![Mode::single()]);
            wanted.conditions.iter().map(|condition| condition.severity).collect::<Vec<_>>()
        };
        assert_eq!(of(&[1, 2, 3, 4, 5], MOST_BY_CLASS), [0, 1, 2, 3, 4, 5]);
        assert_eq!(of(&[1, 2, 3, 4, 5], MOST_BY_CLASS + 1), [3]);
        assert_eq!(of(&[5, 1, 3], 150), [3]);
        assert_eq!(of(&[2, 1], 150), [1]);
        assert_eq!(of(&[4], 150), [4]);
        assert_eq!(of(&[], 150), [0; 0]);
    }
}
