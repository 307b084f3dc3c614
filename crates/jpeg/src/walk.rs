//! The order in which a scan holds its blocks, and the restarts in between.

use crate::frame::{Component, Frame};
use crate::tables::Scan;
use std::ops::Range;

/// The order of a scan's blocks (T.81, A.2): groups (MCUs) of blocks of all its components, or, of a single component,
/// one block after the other.
#[derive(Clone, Copy)]
pub(crate) struct Walk {
    alone: bool,
    /// Groups across.
    pub(crate) across: usize,
    /// Groups down.
    pub(crate) down: usize,
}

impl Walk {
    /// The order of this scan.
    pub(crate) fn new(frame: &Frame, scan: &Scan) -> Walk {
        let alone = scan.components.len() == 1;
        let (across, down) =
            if alone { frame.components[scan.components[0].component].own_blocks() } else { frame.groups };
        Walk { alone, across, down }
    }

    /// Column and row of each group, in the order of the file.
    #[inline(always)]
    pub(crate) fn groups(self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.down).flat_map(move |y| (0..self.across).map(move |x| (x, y)))
    }

    /// The columns and rows of a component's blocks in the group at (`x`, `y`); they are stored row by row.
    #[inline(always)]
    pub(crate) fn blocks(
        self,
        component: &Component,
        (x, y): (usize, usize),
    ) -> (Range<usize>, Range<usize>) {
        let (h, v) = if self.alone { (1, 1) } else { (component.h, component.v) };
        (x * h..(x + 1) * h, y * v..(y + 1) * v)
    }
}

/// Counts the groups to the next restart marker.
pub(crate) struct Restarts {
    interval: u32,
    left: u32,
    number: u8,
}

impl Restarts {
    /// A restart after every `interval` groups, or none when it is 0.
    pub(crate) fn new(interval: u32) -> Restarts {
        Restarts { interval, left: interval, number: 0 }
    }

    /// Called before each group: the number of the restart marker that must be passed first.
    #[inline(always)]
    pub(crate) fn due(&mut self) -> Option<u8> {
        if self.interval == 0 {
            return None;
        }
        let due = (self.left == 0).then_some(self.number);
        if due.is_some() {
            self.number = (self.number + 1) % 8;
            self.left = self.interval;
        }
        self.left -= 1;
        due
    }
}
