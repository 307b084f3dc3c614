//! What can be wrong with a map of classes.

use super::ClassesError;
use std::io;
use std::path::PathBuf;

/// A map of classes cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// The file cannot be read.
    #[error(
        "{}: there is no `->` in it, so that it names a file of rules, and that cannot be read (expected rules CLASS -> CLASS, \
         or the path of a file of them)",
        path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A rule is not one.
    #[error(
        "{origin} line {line}: {rule:?} is not a rule (expected CLASS -> CLASS, * -> CLASS or CLASS -> ignore; names with a \
         comma, # or -> in quotation marks)"
    )]
    Rule {
        /// Where the map is.
        origin: String,
        /// The line, counted from 1.
        line: usize,
        /// The rule's text.
        rule: String,
    },
    /// A class has two rules.
    #[error("{origin}: two rules for {name} (expected one)")]
    Twice {
        /// Where the map is.
        origin: String,
        /// The class.
        name: String,
    },
    /// There is no rule.
    #[error("{origin}: no rule in it (expected CLASS -> CLASS)")]
    Empty {
        /// Where the map is.
        origin: String,
    },
    /// A class has no rule.
    #[error(
        "{origin}: no rule for {} (expected one for each class; * -> ignore is for all others, whose pixels are then counted \
         apart)",
        names.join(", ")
    )]
    NoRule {
        /// Where the map is.
        origin: String,
        /// The classes.
        names: Vec<String>,
    },
    /// A rule leads to a class that is not scored.
    #[error("{origin}: {name} -> {target} leads nowhere (expected ignore, or one of {})", known.join(", "))]
    Nowhere {
        /// Where the map is.
        origin: String,
        /// The class of the rule, or the class that `*` stands for.
        name: String,
        /// Where it leads.
        target: String,
        /// The classes that are scored.
        known: Vec<String>,
    },
    /// All classes are ignored.
    #[error("{origin}: every class leads to ignore, so that no pixel would be scored (expected a rule that leads to {})", match known.as_slice() {
        [] => "a class".to_owned(),
        known => format!("one of {}", known.join(", ")),
    })]
    NothingScored {
        /// Where the map is.
        origin: String,
        /// The classes that are scored.
        known: Vec<String>,
    },
    /// A rule is for a class that is not there.
    #[error("{origin}: a rule for {name}, which is no class (expected one of {})", known.join(", "))]
    Unknown {
        /// Where the map is.
        origin: String,
        /// The class of the rule.
        name: String,
        /// The classes that are there.
        known: Vec<String>,
    },
    /// What the rules lead to is no set of classes.
    #[error("{origin}: the classes that its rules lead to")]
    Classes {
        /// Where the map is.
        origin: String,
        /// What is wrong with them.
        source: ClassesError,
    },
}
