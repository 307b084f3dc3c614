//! Pictures that no corruption made, which a set holds beside the corrupted ones.

use scribe_dataset::Split;

/// The images under one condition that no corruption makes, such as real fog.
pub struct GivenPictures<'a> {
    /// The condition's name, which no corruption of the suite has, and its severity, 1 to 5.
    pub condition: (String, u8),
    /// Its pictures, under the ids of the set's images. They are brought to the view, as the others are.
    pub split: &'a dyn Split,
}
