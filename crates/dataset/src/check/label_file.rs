//! What the check sees of one image's label file.

use crate::decode::Stored;
use crate::layout::FileSplit;
use crate::{Classes, Colour, ImageId, Meaning, Split};
use std::collections::BTreeMap;

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
            Stored::Colours(colours) => {
                file.add_colours(counts(colours.iter().copied()).into_iter(), classes)
            }
        }
        Ok(file)
    }

    fn add_values(&mut self, counts: BTreeMap<u16, u64>, classes: &Classes) {
        counts
            .into_iter()
            .for_each(|(value, n)| self.add(classes.of_value(value), n, || format!("value {value}")));
    }

    fn add_colours(&mut self, counts: impl Iterator<Item = ([u8; 3], u64)>, classes: &Classes) {
        let name = |colour| move || format!("colour {}", Colour(colour));
        counts.for_each(|(colour, n)| self.add(classes.of_colour(colour), n, name(colour)));
    }

    fn add(&mut self, meaning: Meaning, pixels: u64, name: impl FnOnce() -> String) {
        match meaning {
            Meaning::Class(class) => self.classes[usize::from(class)] += pixels,
            Meaning::Ignored => self.void += pixels,
            Meaning::Unlisted => *self.unlisted.entry(name()).or_default() += pixels,
        }
    }
}

/// How often each value occurs. Neighbours mostly have the same, so that few are looked up.
fn counts<T: Ord + Copy>(mut values: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts = BTreeMap::new();
    let Some(mut last) = values.next() else { return counts };
    let mut length = 1;
    for value in values {
        if value == last {
            length += 1;
            continue;
        }
        *counts.entry(last).or_default() += length;
        (last, length) = (value, 1);
    }
    *counts.entry(last).or_default() += length;
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
