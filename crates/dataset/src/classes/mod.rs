//! The classes of a data set: their names and colours, and which values and colours of label files mean them.

mod class;
mod colour;
mod error;
mod file;
mod known;
mod map;
mod map_error;
mod palette;
mod presets;
mod ranges;
mod rules;
mod rules_of_line;
mod set;
mod table;

pub use class::Class;
pub use colour::Colour;
pub use error::ClassesError;
pub use file::{ClassEntry, ClassesFile, Unlisted};
pub use known::KnownClasses;
pub use map::ClassMap;
pub use map_error::MapError;
pub use palette::{CLASS_NAMES, VOID, palette};
pub use set::Classes;
pub use table::Meaning;
pub(crate) use table::Table;
