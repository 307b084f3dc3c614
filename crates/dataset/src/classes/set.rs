//! The classes of a data set, checked.

use super::table::Table;
use super::{
    Class, ClassEntry, ClassesError, ClassesFile, Meaning, Unlisted, palette, presets, ranges, rules,
};
use crate::Result;
use scribe_base::name::is_shown;
use std::sync::{Arc, LazyLock};

/// The name of the class that [`Classes::with_background`] makes of ignored pixels.
const UNLABELLED: &str = "unlabelled";

/// The classes of a data set, 2 to 254 of them. A class's position is its index in label maps and predictions; where
/// one of them is the background, its index is 0, and the others keep their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    name: String,
    classes: Vec<Class>,
    ignored: Vec<u16>,
    ignored_colours: Vec<[u8; 3]>,
    unlisted: Unlisted,
    has_background: bool,
    table: Arc<Table>,
}

impl Classes {
    /// The names of the presets.
    pub const PRESETS: [&str; 6] = presets::NAMES;

    /// The classes that a file describes.
    ///
    /// # Errors
    /// [`ClassesError`] names the first thing that cannot be used.
    pub fn new(file: ClassesFile) -> Result<Classes, ClassesError> {
        rules::check(&file)?;
        let first_is_background = file.background.as_ref() == file.classes.first().map(|class| &class.name);
        // VOC gives black, the first colour of its palette, to the background.
        let shift = usize::from(!first_is_background);
        let classes = file.classes.into_iter().enumerate();
        let classes = classes.map(|(index, entry)| class(entry, index + shift)).collect();
        let colours = file.ignore_colours.into_iter().map(|colour| colour.0).collect();
        let made = Classes::assemble(file.name, classes, file.ignore, colours, file.unlisted);
        match file.background {
            Some(name) => made.with_background(&name),
            None => Ok(made),
        }
    }

    /// PASCAL VOC's 21 classes.
    pub fn voc() -> Arc<Classes> {
        static VOC: LazyLock<Arc<Classes>> =
            LazyLock::new(|| Arc::new(Classes::preset("voc").expect("a test reads the same text")));
        VOC.clone()
    }

    /// The classes of one of [`Classes::PRESETS`].
    ///
    /// # Errors
    /// [`ClassesError::Preset`] when there is none of this name.
    pub fn preset(name: &str) -> Result<Classes> {
        Ok(Classes::new(ClassesFile::preset(name)?)?)
    }

    /// Classes that have their index as name and as value; 255 is ignored. The first is the background where
    /// `has_background` is set.
    ///
    /// # Errors
    /// [`ClassesError::Count`] when there are fewer than 2 or more than 254.
    pub fn numbered(count: usize, has_background: bool) -> Result<Classes, ClassesError> {
        let entry = |index: u16| ClassEntry {
            name: index.to_string(),
            colour: None,
            values: vec![index],
            colours: Vec::new(),
        };
        Classes::new(ClassesFile {
            name: format!("{count} numbers"),
            ignore: vec![255],
            ignore_colours: Vec::new(),
            unlisted: Unlisted::Error,
            background: has_background.then(|| "0".to_owned()),
            classes: (0..u16::try_from(count.min(1000)).unwrap_or(1000)).map(entry).collect(),
        })
    }

    /// The same classes with this one as background, at index 0. Where no class has the name `unlabelled`, it makes a
    /// class of everything that is ignored.
    ///
    /// # Errors
    /// [`ClassesError::Background`] when there is no such class, or nothing is ignored that could become one.
    pub fn with_background(&self, name: &str) -> Result<Classes, ClassesError> {
        let mut made = self.clone();
        let ignored = !self.ignored.is_empty() || !self.ignored_colours.is_empty();
        let background = match self.index_of(name) {
            Some(index) => made.classes.remove(index),
            None if name == UNLABELLED && ignored => Class {
                name: UNLABELLED.to_owned(),
                colour: [0; 3],
                values: std::mem::take(&mut made.ignored),
                colours: std::mem::take(&mut made.ignored_colours),
                states_colour: false,
            },
            None => {
                let (set, known) = (self.name.clone(), self.names().map(str::to_owned).collect());
                return Err(ClassesError::Background { set, name: name.to_owned(), known, ignored });
            }
        };
        made.classes.insert(0, background);
        if made.classes.len() > usize::from(Table::UNLISTED) {
            return Err(ClassesError::Count { set: made.name, count: made.classes.len() });
        }
        let Classes { name, classes, ignored, ignored_colours, unlisted, .. } = made;
        let made = Classes::assemble(name, classes, ignored, ignored_colours, unlisted);
        Ok(Classes { has_background: true, ..made })
    }

    /// These classes joined to others: each becomes the one of `names` that `table` has in its place, or counts for nothing.
    /// A class has the colour of the one of its name, or else of the first that becomes it.
    pub(super) fn joined(
        &self,
        names: &[&str],
        table: &[Option<usize>],
        has_background: bool,
    ) -> Result<Classes, ClassesError> {
        if !(2..=usize::from(Table::UNLISTED)).contains(&names.len()) {
            return Err(ClassesError::Count { set: self.name.clone(), count: names.len() });
        }
        if let Some(name) = names.iter().find(|name| !is_shown(name)) {
            return Err(ClassesError::Name { set: self.name.clone(), name: (*name).to_owned() });
        }
        let of = |place: Option<usize>| {
            let all = self.classes.iter().zip(table);
            all.filter(move |(_, to)| **to == place).map(|(class, _)| class)
        };
        let values = |place| of(place).flat_map(|class| class.values.iter().copied());
        let colours = |place| of(place).flat_map(|class| class.colours.iter().copied());
        let class = |(place, name): (usize, &&str)| {
            let like = of(Some(place)).find(|class| class.name == **name).or_else(|| of(Some(place)).next());
            Class {
                name: (*name).to_owned(),
                colour: like.map_or(palette()[place], |class| class.colour),
                values: values(Some(place)).collect(),
                colours: colours(Some(place)).collect(),
                states_colour: false,
            }
        };
        let classes = names.iter().enumerate().map(class).collect();
        let ignored = self.ignored.iter().copied().chain(values(None)).collect();
        let ignored_colours = self.ignored_colours.iter().copied().chain(colours(None)).collect();
        let made = Classes::assemble(self.name.clone(), classes, ignored, ignored_colours, self.unlisted);
        Ok(Classes { has_background, ..made })
    }

    fn assemble(
        name: String,
        classes: Vec<Class>,
        ignored: Vec<u16>,
        ignored_colours: Vec<[u8; 3]>,
        unlisted: Unlisted,
    ) -> Classes {
        let ignores = unlisted == Unlisted::Ignore;
        let table = Arc::new(Table::new(&classes, (&ignored, &ignored_colours), ignores));
        Classes { name, classes, ignored, ignored_colours, unlisted, has_background: false, table }
    }

    /// The name of the set.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of classes, background included.
    #[expect(clippy::len_without_is_empty, reason = "a set has at least two classes")]
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// The classes; the position is the index in label maps.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Class> {
        self.classes.iter()
    }

    /// The classes' names in the order of their indices.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.classes.iter().map(|class| class.name.as_str())
    }

    /// The colours in which the classes are shown, in the order of their indices.
    pub fn colours(&self) -> impl ExactSizeIterator<Item = [u8; 3]> {
        self.classes.iter().map(|class| class.colour)
    }

    /// The index of the class of this name.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.classes.iter().position(|class| class.name == name)
    }

    /// Whether class 0 is the background: what belongs to none of the other classes.
    pub fn has_background(&self) -> bool {
        self.has_background
    }

    /// Whether colours of label files mean classes.
    pub fn has_colours(&self) -> bool {
        self.classes.iter().any(|class| !class.colours.is_empty())
    }

    /// Whether values of label files mean classes.
    pub fn has_values(&self) -> bool {
        self.classes.iter().any(|class| !class.values.is_empty())
    }

    /// What a value of a grey or palette label file means.
    pub fn of_value(&self, value: u16) -> Meaning {
        Meaning::of(self.table.of_value(value))
    }

    /// What a colour of a label file means.
    pub fn of_colour(&self, colour: [u8; 3]) -> Meaning {
        Meaning::of(self.table.of_colour(colour))
    }

    /// The values that count for nothing, for messages: `255`.
    pub(crate) fn ignored_values(&self) -> String {
        match self.ignored.as_slice() {
            [] => "ignored".to_owned(),
            ignored => ranges::ranges(ignored.iter().copied()),
        }
    }

    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// Which values label files may hold, for messages: `0..=20, or 255 for void`.
    pub fn expected_values(&self) -> String {
        let values = ranges::ranges(self.classes.iter().flat_map(|class| class.values.iter().copied()));
        match self.ignored.as_slice() {
            _ if values.is_empty() => {
                "a label map saved in colour, as the classes list only colours".to_owned()
            }
            [] => values,
            ignored => format!("{values}, or {} for void", ranges::ranges(ignored.iter().copied())),
        }
    }
}

/// The class that an entry describes; `place` is its place in VOC's palette where it has no colour.
fn class(entry: ClassEntry, place: usize) -> Class {
    let ClassEntry { name, colour, values, colours } = entry;
    let colours: Vec<[u8; 3]> = colours.into_iter().map(|colour| colour.0).collect();
    let shown = colour.map(|colour| colour.0).or(colours.first().copied());
    Class { name, colour: shown.unwrap_or(palette()[place]), values, colours, states_colour: shown.is_some() }
}
