//! Pictures of two classes whose mIoU follows by hand, for tests of draws and intervals.

use scribe_records::{Confusion, ModelId, SparseConfusion};

/// The id of a model.
pub(crate) fn id(name: &str) -> ModelId {
    ModelId::new(name).unwrap()
}

/// Ten pixels of the foreground, `right` of them found, and ten of background.
pub(crate) fn picture(right: usize) -> SparseConfusion {
    let mut c = Confusion::new(2);
    let pred: Vec<u8> = (0..20).map(|i| u8::from(i < right)).collect();
    c.add(&[[1u8; 10], [0u8; 10]].concat(), &pred).unwrap();
    SparseConfusion::try_from(&c).unwrap()
}
