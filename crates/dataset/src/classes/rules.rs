//! What a description of classes must not say.

use super::{ClassesError, ClassesFile};
use scribe_base::name::is_shown;
use std::collections::BTreeMap;

/// The most classes: labels are bytes, 255 is void, and 254 stands for a value without a class while a file is read.
const MOST: usize = 254;

/// Refuses what cannot be used.
pub(super) fn check(file: &ClassesFile) -> Result<(), ClassesError> {
    let set = || file.name.clone();
    let count = file.classes.len();
    if !(2..=MOST).contains(&count) {
        return Err(ClassesError::Count { set: set(), count });
    }
    for (index, class) in file.classes.iter().enumerate() {
        let name = class.name.clone();
        if !is_shown(&name) {
            return Err(ClassesError::Name { set: set(), name });
        }
        if file.classes[..index].iter().any(|other| other.name == name) {
            return Err(ClassesError::RepeatedName { set: set(), name });
        }
        if class.values.is_empty() && class.colours.is_empty() {
            return Err(ClassesError::NoValues { set: set(), name });
        }
    }
    let values = file.classes.iter().map(|class| (class.name.as_str(), class.values.as_slice()));
    one_meaning(&file.name, "value", values, &file.ignore)?;
    let colours = file.classes.iter().map(|class| (class.name.as_str(), class.colours.as_slice()));
    one_meaning(&file.name, "colour", colours, &file.ignore_colours)
}

/// Refuses a value that two classes have, or that a class has and that is ignored.
fn one_meaning<'a, T: Ord + Copy + std::fmt::Display + 'a>(
    set: &str,
    what: &str,
    classes: impl Iterator<Item = (&'a str, &'a [T])>,
    ignored: &'a [T],
) -> Result<(), ClassesError> {
    let named = classes.map(|(name, values)| (format!("`{name}`"), values));
    let all = named.chain([("ignored pixels".to_owned(), ignored)]);
    let mut meanings: BTreeMap<T, String> = BTreeMap::new();
    for (name, values) in all {
        for &value in values {
            if let Some(first) = meanings.insert(value, name.clone()).filter(|first| *first != name) {
                let (set, what) = (set.to_owned(), format!("{what} {value}"));
                return Err(ClassesError::TwoMeanings { set, what, first, second: name });
            }
        }
    }
    Ok(())
}
