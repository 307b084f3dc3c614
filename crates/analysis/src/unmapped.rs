//! Labelled pixels that are scored nowhere, because a model's map ignores the class that was predicted there.

use crate::view::{Cell, View};

/// The unmapped pixels of one model under one condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unmapped<'a> {
    /// Which model under which condition.
    pub(crate) cell: &'a Cell,
    /// The true class.
    pub(crate) class: usize,
    /// Unmapped pixels of that class.
    pub(crate) unmapped: u64,
    /// All of its labelled pixels.
    pub(crate) labelled: u64,
}

/// All that there are, class by class, in the order of the cells.
pub(crate) fn unmapped(view: &View) -> Vec<Unmapped<'_>> {
    let mut found = Vec::new();
    for (cell, confusion) in &view.confusions {
        for class in 0..confusion.classes() {
            let unmapped = confusion.unmapped(class);
            if unmapped > 0 {
                found.push(Unmapped {
                    cell,
                    class,
                    unmapped,
                    labelled: unmapped + confusion.truth_total(class),
                });
            }
        }
    }
    found
}
