//! The training lists of PASCAL VOC and SBD.

/// A training list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrainSet {
    /// VOC's `train` alone (1,464 images).
    Voc,
    /// VOC's `train` followed by SBD's `train_noval` (1,464 + 5,623 = 7,087 entries): the authors' set.
    ///
    /// Images in both lists stay twice, once with each label map, as in the authors' `ConcatDataset`; the ids of
    /// SBD's entries begin with `sbd-`. If SBD's folder has no `train_noval.txt`, which SBD's archive lacks, the list is
    /// made from its other lists ([`crate::Sbd::train_noval`]).
    VocPlusSbdNoval,
    /// `train_aug` (10,582 images): VOC's `train` and all of SBD, without VOC's `val`.
    ///
    /// Taken from a list `train_aug.txt` or `trainaug.txt` with `SegmentationClassAug` where both exist, and
    /// otherwise made from SBD's lists, with VOC's label map where VOC's `train` has one.
    TrainAug,
}
