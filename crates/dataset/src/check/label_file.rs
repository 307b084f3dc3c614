//! What the check sees of one image's label file.

use crate::decode::Stored;
use crate::layout::FileSplit;
use crate::{Classes, Colour, ImageId, Meaning, Split};
use std::collections::BTreeMap;

/// The most colours without a class that are named for one image.
const MOST_NAMED: usize = 1000;

/// The files of one image, read.
pub(super) struct LabelFile {
    /// Width and height in pixels.
    pub(super) size: (u32, u32),
    /// Pixels of each class.
    pub(super) classes: Vec<u64>,
    /// Pixels that do not count.
    pub(super) void: u64,
    /// Pixels of each value or colour without a class, in words.
    pub(super) unlisted: BTreeMap<String, u64>,
    /// Whether it holds 0 and 255 and nothing else.
    pub(super) only_0_and_255: bool,
    /// Whether its palette shows an index in the colour of another class.
    pub(super) palette_contradicts: bool,
    /// What is wrong with its values.
    pub(super) problem: Option<String>,
}

impl LabelFile {
    /// Reads the picture and the label file of an image.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub(super) fn read(split: &FileSplit, id: &ImageId) -> Result<LabelFile, String> {
        let entry = split.entry(id).map_err(|e| e.chain())?;
        let in_words = |error| split.explained(id, entry, error).chain();
        let size = split.load_picture(id).map_err(|e| e.chain())?.dimensions();
        let raw = entry.raw_labels_of(size).map_err(in_words)?;
        let classes = split.classes();
        let found = raw.to_classes(classes, entry.label.path());
        let mut file = LabelFile {
            size,
            classes: vec![0; classes.len()],
            void: 0,
            unlisted: BTreeMap::new(),
            only_0_and_255: false,
            palette_contradicts: false,
            problem: found.err().map(|error| error.chain()),
        };
        match &raw.stored {
            Stored::Bytes(values) => {
                let counts = counts(values.iter().map(|&value| u16::from(value)));
                file.only_0_and_255 = counts.keys().eq(&[0, 255]);
                let palette = raw.palette.as_deref().unwrap_or_default();
                if classes.has_values() {
                    file.palette_contradicts = contradicts(palette, &counts, classes);
                    file.add_values(counts, classes);
                } else {
                    let shown = |value: u16| palette.get(usize::from(value)).copied().unwrap_or_default();
                    file.add_colours(counts.into_iter().map(|(value, n)| (shown(value), n)), classes);
                }
            }
            Stored::Words(values) => file.add_values(counts(values.iter().copied()), classes),
            Stored::Colours(colours) => file.add_colours(runs(colours.iter().copied()), classes),
        }
        Ok(file)
    }

    fn add_values(&mut self, counts: BTreeMap<u16, u64>, classes: &Classes) {
        counts
            .into_iter()
            .for_each(|(value, n)| self.add(classes.of_value(value), n, || format!("value {value}")));
    }

    /// Adds colours, each as often as it occurs. A picture may have as many of them as pixels, so only some are named.
    fn add_colours(&mut self, counts: impl Iterator<Item = ([u8; 3], u64)>, classes: &Classes) {
        let (mut named, mut others) = (BTreeMap::<[u8; 3], u64>::new(), 0);
        for (colour, n) in counts {
            match classes.of_colour(colour) {
                Meaning::Unlisted if named.len() < MOST_NAMED || named.contains_key(&colour) => {
                    *named.entry(colour).or_default() += n;
                }
                Meaning::Unlisted => others += n,
                meaning => self.add(meaning, n, String::new),
            }
        }
        let named = named.into_iter().map(|(colour, n)| (format!("colour {}", Colour(colour)), n));
        let others = (others > 0).then(|| ("further colours".to_owned(), others));
        named.chain(others).for_each(|(name, n)| *self.unlisted.entry(name).or_default() += n);
    }

    fn add(&mut self, meaning: Meaning, pixels: u64, name: impl FnOnce() -> String) {
        match meaning {
            Meaning::Class(class) => self.classes[usize::from(class)] += pixels,
            Meaning::Ignored => self.void += pixels,
            Meaning::Unlisted => *self.unlisted.entry(name()).or_default() += pixels,
        }
    }
}

/// Each value with the number of its neighbours that are the same; mostly these are many.
fn runs<T: PartialEq + Copy>(values: impl Iterator<Item = T>) -> impl Iterator<Item = (T, u64)> {
    let mut values = values.peekable();
    std::iter::from_fn(move || {
        let value = values.next()?;
        let mut length = 1;
        while values.next_if_eq(&value).is_some() {
            length += 1;
        }
        Some((value, length))
    })
}

/// How often each value occurs.
fn counts<T: Ord + Copy>(values: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts = BTreeMap::new();
    runs(values).for_each(|(value, length)| *counts.entry(value).or_default() += length);
    counts
}

/// Whether a palette shows one of these indices in the stated colour of another class than the index means.
fn contradicts(palette: &[[u8; 3]], counts: &BTreeMap<u16, u64>, classes: &Classes) -> bool {
    let is_of = |class: &crate::Class, colour| {
        class.states_colour && class.colour == colour || class.colours.contains(&colour)
    };
    counts.keys().any(|&value| {
        let (Some(&colour), Meaning::Class(own)) = (palette.get(usize::from(value)), classes.of_value(value))
        else {
            return false;
        };
        let own_colour = classes.iter().nth(usize::from(own)).is_some_and(|class| is_of(class, colour));
        !own_colour && classes.iter().any(|class| is_of(class, colour))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_colours_some_are_named() {
        let mut file = LabelFile {
            size: (0, 0),
            classes: vec![0; 21],
            void: 0,
            unlisted: BTreeMap::new(),
            only_0_and_255: false,
            palette_contradicts: false,
            problem: None,
        };
        // 65536 colours, each twice.
        let colours = (0..=u16::MAX).flat_map(|n| [[1, (n >> 8) as u8, n as u8]; 2]);
        file.add_colours(runs(colours), &Classes::voc());
        assert_eq!(file.unlisted.len(), MOST_NAMED + 1);
        assert_eq!(file.unlisted["further colours"], 2 * (65536 - 1000));
        assert_eq!(file.unlisted.values().sum::<u64>(), 2 * 65536);
        assert_eq!(runs([3, 3, 1, 3].into_iter()).collect::<Vec<_>>(), [(3, 2), (1, 1), (3, 1)]);
    }
}
