//! What can be wrong with the description of classes.

use std::fmt::Write;

/// An error in the description of a data set's classes. Each names the set, the class and the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClassesError {
    /// The text is not a classes file.
    #[error("{origin}: not a classes file: {message}")]
    Parse {
        /// The file.
        origin: String,
        /// What the parser says.
        message: String,
    },
    /// There is no such preset.
    #[error(
        "no preset of classes is called `{name}` (expected {known}, or the path of a classes file, *.toml)"
    )]
    Preset {
        /// The name.
        name: String,
        /// All names.
        known: String,
    },
    /// There are too few classes or too many.
    #[error("classes of `{set}`: {count} classes (expected 2 to 254)")]
    Count {
        /// The set.
        set: String,
        /// How many there are.
        count: usize,
    },
    /// A name cannot be shown.
    #[error("classes of `{set}`: the name {name:?} cannot be used (expected {})", scribe_base::name::SHOWN)]
    Name {
        /// The set.
        set: String,
        /// The name.
        name: String,
    },
    /// Two classes have one name.
    #[error("classes of `{set}`: two classes are called `{name}` (expected each name once)")]
    RepeatedName {
        /// The set.
        set: String,
        /// The name.
        name: String,
    },
    /// A value or a colour of label files has two meanings.
    #[error("classes of `{set}`: {what} means both {first} and {second} (expected one meaning)")]
    TwoMeanings {
        /// The set.
        set: String,
        /// The value or the colour.
        what: String,
        /// One meaning.
        first: String,
        /// The other.
        second: String,
    },
    /// Nothing in a label file can mean a class.
    #[error(
        "classes of `{set}`: `{name}` has neither `values` nor `colours` (expected what means it in the label files)"
    )]
    NoValues {
        /// The set.
        set: String,
        /// The class.
        name: String,
    },
    /// The background is none of the classes.
    #[error(
        "classes of `{set}`: the background `{name}` is none of the classes (expected one of {}{})",
        shortened(known),
        if *ignored { ", or `unlabelled`, which makes a class of the ignored values" } else { "" }
    )]
    Background {
        /// The set.
        set: String,
        /// The name.
        name: String,
        /// The names of all classes.
        known: Vec<String>,
        /// Whether some values or colours are ignored.
        ignored: bool,
    },
}

/// The first names of a long list.
fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 30;
    let mut text = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        write!(text, " and {} more", names.len() - SHOWN).expect("a String takes everything");
    }
    text
}
