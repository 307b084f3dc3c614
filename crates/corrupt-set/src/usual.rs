//! How `set.json` and recipes write settings of which one value is usual: as text, and not at all where they have it.

use std::fmt::Display;

/// The text of the usual value, which a file that does not say has: for `serde`'s `default`.
pub fn usual<T: Default + Display>() -> String {
    T::default().to_string()
}

/// Whether a text is that of the usual value, and is left out: for `serde`'s `skip_serializing_if`.
///
/// ```
/// use scribe_corrupt_set::is_usual;
/// use scribe_corruptions::ChannelOrder;
/// assert!(is_usual::<ChannelOrder>("rgb") && !is_usual::<ChannelOrder>("bgr"));
/// ```
pub fn is_usual<T: Default + Display>(text: &str) -> bool {
    text == usual::<T>()
}
