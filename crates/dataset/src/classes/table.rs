//! From what a label file holds to classes.

use super::{Class, VOID};
use std::collections::HashMap;

/// What a value or a colour of a label file means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The class of this index.
    Class(u8),
    /// Nothing: the pixel does not count.
    Ignored,
    /// The description does not say.
    Unlisted,
}

/// The meaning of every value and colour.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    values: Box<[u8]>,
    colours: HashMap<[u8; 3], u8>,
    unlisted: u8,
}

impl Table {
    /// The entry of a value without a class. A set has at most 254 classes, so the number is free.
    pub(crate) const UNLISTED: u8 = 254;

    /// The table of these classes, with what is ignored.
    pub(super) fn new(classes: &[Class], ignored: (&[u16], &[[u8; 3]]), ignores_unlisted: bool) -> Table {
        let unlisted = if ignores_unlisted { VOID } else { Table::UNLISTED };
        let mut values = vec![unlisted; 1 << 16].into_boxed_slice();
        let mut colours = HashMap::new();
        for (class, index) in classes.iter().zip(0..) {
            class.values.iter().for_each(|&value| values[usize::from(value)] = index);
            colours.extend(class.colours.iter().map(|&colour| (colour, index)));
        }
        ignored.0.iter().for_each(|&value| values[usize::from(value)] = VOID);
        colours.extend(ignored.1.iter().map(|&colour| (colour, VOID)));
        Table { values, colours, unlisted }
    }

    /// The class of a value, [`VOID`] or [`Table::UNLISTED`].
    pub(crate) fn of_value(&self, value: u16) -> u8 {
        self.values[usize::from(value)]
    }

    /// The class of a colour, [`VOID`] or [`Table::UNLISTED`].
    pub(crate) fn of_colour(&self, colour: [u8; 3]) -> u8 {
        self.colours.get(&colour).copied().unwrap_or(self.unlisted)
    }
}

impl Meaning {
    /// The meaning of an entry of the table.
    pub(super) fn of(entry: u8) -> Meaning {
        match entry {
            VOID => Meaning::Ignored,
            Table::UNLISTED => Meaning::Unlisted,
            class => Meaning::Class(class),
        }
    }
}
