//! The left side of a threshold: which measure of which model, class and condition.

use super::measure::Measure;
use crate::error::{Error, Result};

/// The grammar, for messages and help.
pub(super) const GRAMMAR: &str = "[MEASURE][@MODEL][/CLASS][:CONDITION[:SEVERITY]]";

/// Which number: a measure and, as far as they are named, a model, a class and a place. The names of models, classes
/// and places are those of a run and are looked up there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    /// The measure.
    pub(crate) measure: Measure,
    /// The name by which it was asked for, `miou` where none was given.
    pub(crate) name: String,
    /// Whether it was named: otherwise what is no condition may be a misspelt measure.
    pub(crate) is_named: bool,
    /// The model's id or name; `None` for every model.
    pub(crate) model: Option<String>,
    /// The class's name, or its index behind a `#`; `None` for all classes together.
    pub(crate) class: Option<String>,
    /// A condition, a corruption, a group or a severity; `None` for the measure's own.
    pub(crate) place: Option<String>,
}

impl Target {
    /// Reads a target by [`GRAMMAR`]. Its parts may come in any order; the measure is mIoU where none is named, and the
    /// colon before a condition may then be left out.
    ///
    /// # Errors
    /// A part is empty or given twice, or a measure has no value, or always the same, for a class or a condition.
    pub(crate) fn parse(text: &str) -> Result<Target> {
        let wrong = |reason: String| Error::Threshold { text: text.to_owned(), reason };
        let mut target = Target {
            measure: Measure::Convention(crate::Convention::Voc),
            name: "miou".to_owned(),
            is_named: false,
            model: None,
            class: None,
            place: None,
        };
        let mut places = Vec::new();
        for (place, (sigil, part)) in parts(text).into_iter().enumerate() {
            let part = part.trim();
            if part.is_empty() && place == 0 {
                continue;
            }
            if part.is_empty() {
                return Err(wrong(format!("nothing follows the `{sigil}`; expected {GRAMMAR}")));
            }
            let twice = || wrong(format!("two parts begin with `{sigil}`; expected {GRAMMAR}"));
            match sigil {
                '@' if target.model.replace(part.to_owned()).is_some() => return Err(twice()),
                '/' if target.class.replace(part.to_owned()).is_some() => return Err(twice()),
                '@' | '/' => {}
                _ => match Measure::named(part).filter(|_| place == 0) {
                    Some(measure) => {
                        target.measure = measure;
                        target.name = part.to_ascii_lowercase().replace('-', "_");
                        target.is_named = true;
                    }
                    None => places.push(part.to_owned()),
                },
            }
        }
        target.place = (!places.is_empty()).then(|| places.join(":"));
        target.check().map_err(wrong)?;
        Ok(target)
    }

    /// What is asked for of a measure that it does not have.
    fn check(&self) -> std::result::Result<(), String> {
        if self.class.is_some() && !self.measure.is_by_class() {
            return Err(format!("{} has no value for a class; iou, dice and class_accuracy have", self.name));
        }
        if self.place.is_some() && self.measure == Measure::Slope {
            return Err("slope is over all severities and takes no condition".to_owned());
        }
        if self.measure == Measure::Rpc && self.is_on_clean() {
            return Err("rpc on clean images is always 100; it is about a corrupted condition".to_owned());
        }
        Ok(())
    }

    /// Whether clean images are named.
    pub(super) fn is_on_clean(&self) -> bool {
        self.place.as_deref().is_some_and(|place| place.eq_ignore_ascii_case("clean"))
    }

    /// Whether it is about all corrupted conditions, by its name or because none is named.
    pub(super) fn is_on_corrupted(&self, corrupted: bool) -> bool {
        self.place_or(corrupted).eq_ignore_ascii_case("corrupted")
    }

    /// The target as it is printed.
    pub(crate) fn text(&self) -> String {
        let part = |sigil: char, part: &Option<String>| {
            part.as_ref().map_or_else(String::new, |part| format!("{sigil}{part}"))
        };
        let places = part(':', &self.place);
        format!("{}{}{}{places}", self.name, part('@', &self.model), part('/', &self.class))
    }

    /// The place, or the one that is meant where none is named: clean images, or all corrupted conditions for what is
    /// about corruption by itself.
    pub(super) fn place_or(&self, corrupted: bool) -> &str {
        let of_corruption = corrupted || self.name == "mpc" || !self.measure.is_by_condition();
        self.place.as_deref().unwrap_or(if of_corruption { "corrupted" } else { "clean" })
    }
}

/// The parts of a target, each with the character before it; the first has a space.
fn parts(text: &str) -> Vec<(char, &str)> {
    let mut found = vec![(' ', text)];
    while let Some((sigil, last)) = found.pop() {
        let Some(at) = last.find(['@', '/', ':']) else {
            found.push((sigil, last));
            break;
        };
        let next = last[at..].chars().next().unwrap_or(' ');
        found.push((sigil, &last[..at]));
        found.push((next, &last[at + next.len_utf8()..]));
    }
    found
}
