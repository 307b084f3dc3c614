//! Which classes are scored, what the values of label maps mean, and what becomes of the classes that a network knows.

use crate::errors::wrong;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use scribe_dataset::{
    ClassEntry, ClassMap, Classes, ClassesFile, Colour, Error, KnownClasses, Meaning, Unlisted, VOID,
};
use std::path::Path;

/// The value that stands for the negative ones that are ignored, such as PyTorch's -100: label files have no negative ones.
const NEGATIVE: u16 = u16::MAX;

/// What the caller says about classes; a recipe says the same under `data` and for a model.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(super) struct Description {
    /// A preset, or the path of a classes file; without it, the names are the classes.
    set: Option<String>,
    names: Vec<String>,
    colours: Vec<[u8; 3]>,
    /// Whether label maps hold the classes' places in the list, and not the values of the set's label files.
    indices: bool,
    /// Values of label maps that count for nothing; in addition to those of the set where label maps hold its values.
    ignore: Option<Vec<i32>>,
    /// Whether there is a background: the one of the set, or the first of the names.
    has_background: bool,
    /// The class that is the background in place of that one.
    background: Option<String>,
    data_map: Option<String>,
    network_set: Option<String>,
    network_names: Vec<String>,
    map: Option<String>,
}

/// The classes of an evaluation.
pub(super) struct ScoredClasses {
    pub scored: Classes,
    /// Negative values of label maps that count for nothing.
    negative: Vec<i32>,
    /// The classes that the network knows, where they are not those that are scored.
    known: Option<KnownClasses>,
}

impl ScoredClasses {
    /// # Errors
    /// A set, a name, a value or a map cannot be used.
    pub(super) fn new(description: &Description) -> PyResult<ScoredClasses> {
        let (base, scored, known) = description.sets().map_err(|error| wrong(&error))?;
        let map = description.map.as_deref().map(|map| ClassMap::rules_of(map, Path::new(""))).transpose();
        let map = map.map_err(|error| wrong(&error))?;
        let known = KnownClasses::new(known.as_ref(), map.as_deref(), [&base, &scored]);
        let negative = description.ignore.iter().flatten().copied().filter(|value| *value < 0);
        Ok(ScoredClasses {
            scored,
            negative: negative.collect(),
            known: known.map_err(|error| wrong(&error))?,
        })
    }

    /// How many classes the network knows.
    pub(super) fn predicted(&self) -> usize {
        self.known.as_ref().map_or(self.scored.len(), |known| known.table.len())
    }

    /// Whether the network's classes are brought to others, so that its logits are not those of the scored classes.
    pub(super) fn are_mapped(&self) -> bool {
        self.known.is_some()
    }

    /// Whether pixels may be predicted as a class that is scored nowhere.
    pub(super) fn may_ignore(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.table.contains(&None))
    }

    /// What stands in a store for the map: results under another map are of another model.
    pub(super) fn mark(&self) -> String {
        KnownClasses::mark(self.known.as_ref()).trim_start().to_owned()
    }

    /// The true classes of a label map, 255 for what counts for nothing.
    ///
    /// # Errors
    /// A value is no class and not ignored.
    pub(super) fn labels(&self, values: &[i32], width: usize) -> PyResult<Vec<u8>> {
        let label = |(at, &value): (usize, &i32)| {
            let there = if self.negative.contains(&value) { Ok(NEGATIVE) } else { u16::try_from(value) };
            match there.map_or(Meaning::Unlisted, |value| self.scored.of_value(value)) {
                Meaning::Class(class) => Ok(class),
                Meaning::Ignored => Ok(VOID),
                Meaning::Unlisted => {
                    let expected = self.scored.expected_values();
                    Err(PyValueError::new_err(format!(
                        "truth: {value} at x={}, y={} (expected {expected})",
                        at % width,
                        at / width
                    )))
                }
            }
        };
        values.iter().enumerate().map(label).collect()
    }

    /// The classes of a prediction as the network knows them.
    ///
    /// # Errors
    /// A value is none of them.
    pub(super) fn known(&self, values: &[i32], width: usize) -> PyResult<Vec<u8>> {
        let count = self.predicted();
        let class = |(at, &value): (usize, &i32)| {
            u8::try_from(value).ok().filter(|class| usize::from(*class) < count).ok_or_else(|| {
                PyValueError::new_err(format!(
                    "prediction: {value} at x={}, y={} (expected a class of 0 to {} at every pixel)",
                    at % width,
                    at / width,
                    count - 1
                ))
            })
        };
        values.iter().enumerate().map(class).collect()
    }

    /// The scored classes that the network's classes become, 255 where they become none.
    pub(super) fn mapped(&self, mut classes: Vec<u8>) -> Vec<u8> {
        if let Some(known) = &self.known {
            let scored = |class: &u8| known.table.get(usize::from(*class)).copied().flatten();
            classes.iter_mut().for_each(|class| *class = scored(class).map_or(VOID, |scored| scored as u8));
        }
        classes
    }
}

impl Description {
    /// The classes of the data set before its map, those that are scored, and those of the network where it says them.
    fn sets(&self) -> Result<(Classes, Classes, Option<Classes>), Error> {
        let mut base = Classes::new(self.file()?)?;
        if let Some(name) = &self.background {
            base = base.with_background(name)?;
        }
        let network = match &self.network_set {
            Some(set) => Some(Classes::new(of_set(set)?)?),
            None if self.network_names.is_empty() => None,
            None => Some(Classes::new(numbered(&self.network_names, &[]))?),
        };
        let Some(map) = &self.data_map else { return Ok((base.clone(), base, network)) };
        let map = ClassMap::parse(&ClassMap::rules_of(map, Path::new(""))?, "data_map")?;
        let named: Vec<&str> = base.names().chain(network.iter().flat_map(Classes::names)).collect();
        map.check_names(&named)?;
        Ok((base.clone(), base.mapped(&map)?, network))
    }

    fn file(&self) -> Result<ClassesFile, Error> {
        let mut file = match &self.set {
            Some(set) => of_set(set)?,
            None => numbered(&self.names, &self.colours),
        };
        if self.indices {
            // The set's values say nothing of these label maps.
            file = ClassesFile { classes: by_place(file.classes), ..numbered_as(file.name, file.background) };
        }
        if !self.has_background {
            file.background = None;
        } else if self.set.is_none() {
            file.background = self.names.first().cloned();
        }
        for value in self.ignore.as_deref().unwrap_or(if self.indices { &[VOID as i32] } else { &[] }) {
            // The caller has refused values above 65535.
            let value = u16::try_from(*value).unwrap_or(NEGATIVE);
            if !file.ignore.contains(&value) {
                file.ignore.push(value);
            }
        }
        Ok(file)
    }
}

/// A preset, or the classes file of this path.
fn of_set(set: &str) -> Result<ClassesFile, Error> {
    if set.ends_with(".toml") { ClassesFile::read(Path::new(set)) } else { ClassesFile::preset(set) }
}

/// Classes of these names, whose values are their places.
fn numbered(names: &[String], colours: &[[u8; 3]]) -> ClassesFile {
    let entry = |(place, name): (usize, &String)| ClassEntry {
        name: name.clone(),
        colour: colours.get(place).copied().map(Colour),
        values: Vec::new(),
        colours: Vec::new(),
    };
    let classes = by_place(names.iter().enumerate().map(entry).collect());
    ClassesFile { classes, ..numbered_as("classes".to_owned(), None) }
}

/// A file without classes, whose label maps hold nothing but places.
fn numbered_as(name: String, background: Option<String>) -> ClassesFile {
    ClassesFile {
        name,
        ignore: Vec::new(),
        ignore_colours: Vec::new(),
        unlisted: Unlisted::Error,
        background,
        classes: Vec::new(),
    }
}

/// The same classes, whose values are their places.
fn by_place(classes: Vec<ClassEntry>) -> Vec<ClassEntry> {
    let placed = |(place, entry): (u16, ClassEntry)| ClassEntry {
        colour: entry.colour.or(entry.colours.first().copied()),
        values: vec![place],
        colours: Vec::new(),
        name: entry.name,
    };
    (0..=u16::MAX).zip(classes).map(placed).collect()
}
