//! A map from the names of classes to those of others: `person -> person, * -> background, "sky" -> ignore`.

use super::rules_of_line::rules_of_line;
use super::{Classes, MapError};
use scribe_base::{excerpt, text_file};
use std::collections::BTreeSet;
use std::path::Path;

/// What a rule begins with that is for all classes without a rule of their own.
const REST: &str = "*";
/// Where a rule leads whose class counts for nothing.
const IGNORE: &str = "ignore";

/// The longest rule that is read, in bytes. Names have at most 100 characters.
const LONGEST_RULE: usize = 1000;

/// Which class takes the place of a class, by their names. The same map may be used for label maps and for the classes
/// of several networks, so that a rule for a class that one of them lacks says nothing there.
///
/// ```
/// use scribe_dataset::{ClassMap, Classes};
///
/// let map = ClassMap::parse("person -> person, rider -> person, \"sky\" -> ignore, * -> other", "the recipe")?;
/// assert_eq!(map.targets(), ["person", "other"]);
/// let cityscapes = Classes::preset("cityscapes")?;
/// let table = map.table(cityscapes.names(), &map.targets())?;
/// assert_eq!(table[..2], [Some(1), Some(1)], "road and sidewalk are other");
/// assert_eq!(table[cityscapes.index_of("sky").expect("a class of it")], None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassMap {
    origin: String,
    /// The class of each rule, and what it becomes; `None` counts for nothing.
    rules: Vec<(String, Option<String>)>,
    /// What classes without a rule become, where the map says so.
    rest: Option<Option<String>>,
}

impl ClassMap {
    /// The rules that a recipe names: the text itself where it has an arrow, or else those in the file of this path, which is
    /// looked for in `folder` first.
    ///
    /// # Errors
    /// [`MapError`] when the file cannot be read or has more than 1 MiB, or a rule in it cannot be used.
    pub fn rules_of(text: &str, folder: &Path) -> Result<String, MapError> {
        if text.contains("->") {
            return Ok(text.to_owned());
        }
        let beside = folder.join(text);
        let path = if beside.is_file() { beside.as_path() } else { Path::new(text) };
        let rules = text_file::read(path, text_file::DESCRIPTION)
            .map_err(|source| MapError::Read { path: path.to_owned(), source })?;
        ClassMap::parse(&rules, &path.display().to_string()).map(|_| rules)
    }

    /// Reads rules `CLASS -> CLASS`, divided by commas or by the ends of lines. `*` stands for all classes without a rule of
    /// their own, and a rule may lead to `ignore`. Quotation marks keep a name together that holds a comma, `#` or `->`, and
    /// make a name of `"*"` and of `"ignore"`. What follows `#` is a comment. Errors name `origin`.
    ///
    /// # Errors
    /// [`MapError::Rule`], [`MapError::Twice`] or [`MapError::Empty`].
    pub fn parse(text: &str, origin: &str) -> Result<ClassMap, MapError> {
        let origin = origin.to_owned();
        let mut map = ClassMap { origin: origin.clone(), rules: Vec::new(), rest: None };
        let mut seen = BTreeSet::new();
        for (line, rule) in
            text.lines().enumerate().flat_map(|(n, line)| rules_of_line(line).map(move |r| (n + 1, r)))
        {
            let shown = || excerpt::of(rule.trim()).into_owned();
            let wrong = || MapError::Rule { origin: origin.clone(), line, rule: shown() };
            if rule.len() > LONGEST_RULE {
                return Err(wrong());
            }
            let (from, to) = arrow(rule).ok_or_else(wrong)?;
            let (from, to) = (Name::of(from).ok_or_else(wrong)?, Name::of(to).ok_or_else(wrong)?);
            let target = (!to.is(IGNORE)).then(|| to.text.to_owned());
            let known = if from.is(REST) {
                map.rest.replace(target).is_some()
            } else {
                map.rules.push((from.text.to_owned(), target));
                !seen.insert(from.text)
            };
            if known {
                return Err(MapError::Twice { origin, name: from.text.to_owned() });
            }
        }
        if map.rules.is_empty() && map.rest.is_none() {
            return Err(MapError::Empty { origin });
        }
        Ok(map)
    }

    /// The classes that the rules lead to, in the order of the rules.
    pub fn targets(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let all = self.rules.iter().map(|(_, target)| target).chain(&self.rest);
        all.flatten().map(String::as_str).filter(|target| seen.insert(*target)).collect()
    }

    /// For each of the classes `names` the place of its target in `targets`, or `None` where it counts for nothing.
    ///
    /// # Errors
    /// [`MapError::NoRule`] where a class has no rule, [`MapError::Nowhere`] where a rule leads to none of the targets,
    /// [`MapError::NothingScored`] where all classes count for nothing.
    pub fn table<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        targets: &[&str],
    ) -> Result<Vec<Option<usize>>, MapError> {
        let place = |name: &'a str| {
            let Some(target) = self.of(name) else { return Err(name.to_owned()) };
            Ok(target.map(|target| (name, target)))
        };
        let found: Vec<Result<_, String>> = names.map(place).collect();
        let without: Vec<String> = found.iter().filter_map(|one| one.clone().err()).collect();
        if !without.is_empty() {
            return Err(MapError::NoRule { origin: self.origin.clone(), names: without });
        }
        let listed = || targets.iter().map(|name| (*name).to_owned()).collect();
        if found.iter().all(|one| matches!(one, Ok(None))) {
            return Err(MapError::NothingScored { origin: self.origin.clone(), known: listed() });
        }
        let index = |(name, target): (&str, &str)| {
            targets.iter().position(|known| *known == target).ok_or_else(|| MapError::Nowhere {
                origin: self.origin.clone(),
                name: name.to_owned(),
                target: target.to_owned(),
                known: listed(),
            })
        };
        found.into_iter().flatten().map(|one| one.map(index).transpose()).collect()
    }

    /// Refuses a rule for a class that none of the sets `known` has; a name that several sets have is listed once.
    ///
    /// # Errors
    /// [`MapError::Unknown`].
    pub fn check_names(&self, known: &[&str]) -> Result<(), MapError> {
        match self.rules.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                Err(MapError::Unknown { origin: self.origin.clone(), name: name.clone(), known: once(known) })
            }
        }
    }

    /// The target of a class, if there is a rule: `Some(None)` where it counts for nothing.
    fn of(&self, name: &str) -> Option<Option<&str>> {
        let own = self.rules.iter().find(|(from, _)| from == name).map(|(_, target)| target);
        own.or(self.rest.as_ref()).map(Option::as_deref)
    }
}

/// The names without repetitions.
fn once(names: &[&str]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.iter().filter(|name| seen.insert(**name)).map(|name| (*name).to_owned()).collect()
}

/// A name in a rule.
struct Name<'a> {
    text: &'a str,
    quoted: bool,
}

impl<'a> Name<'a> {
    /// The name without its quotation marks; `None` where there is none, or a mark is alone.
    fn of(text: &'a str) -> Option<Name<'a>> {
        let text = text.trim();
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let name = Name { text: inner.unwrap_or(text), quoted: inner.is_some() };
        (!name.text.is_empty() && !name.text.contains('"')).then_some(name)
    }

    /// Whether it is this word and not a class of that name.
    fn is(&self, word: &str) -> bool {
        !self.quoted && self.text == word
    }
}

/// The two sides of the only arrow outside of quotation marks.
fn arrow(rule: &str) -> Option<(&str, &str)> {
    let is_outside = |at: &usize| rule[..*at].matches('"').count().is_multiple_of(2);
    let mut arrows = rule.match_indices("->").map(|(at, _)| at).filter(is_outside);
    let at = arrows.next()?;
    arrows.next().is_none().then(|| (&rule[..at], &rule[at + 2..]))
}

impl Classes {
    /// These classes as a map makes others of them: its targets, in the order of its rules, with the values of all classes
    /// that lead there. Where these have a background, what it becomes is the background.
    ///
    /// # Errors
    /// [`MapError`] where a class has no rule, or fewer than two classes are left.
    pub fn mapped(&self, map: &ClassMap) -> Result<Classes, MapError> {
        let mut targets = map.targets();
        let table = map.table(self.names(), &targets)?;
        let background = table[0].filter(|_| self.has_background());
        if let Some(background) = background {
            let name = targets.remove(background);
            targets.insert(0, name);
        }
        let table = map.table(self.names(), &targets)?;
        self.joined(&targets, &table, background.is_some())
            .map_err(|source| MapError::Classes { origin: map.origin.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Meaning;

    fn parse(text: &str) -> Result<ClassMap, MapError> {
        ClassMap::parse(text, "person.map")
    }

    #[test]
    fn rules_are_divided_by_commas_and_lines() {
        let text = "person -> person, rider->person # both\n\"traffic sign\" -> \"sign, light\"\n\n# none\n* -> other\n\"*\" -> ignore";
        let map = parse(text).unwrap();
        assert_eq!(map.targets(), ["person", "sign, light", "other"]);
        let names = ["rider", "traffic sign", "sky", "*"];
        let table = map.table(names.into_iter(), &map.targets()).unwrap();
        assert_eq!(table, [Some(0), Some(1), Some(2), None]);
    }

    #[test]
    fn a_map_may_come_from_a_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("person.map"), "* -> other\nperson -> person\n").unwrap();
        let rules = ClassMap::rules_of("person.map", dir.path()).unwrap();
        assert_eq!(parse(&rules).unwrap().targets(), ["person", "other"]);
        assert_eq!(ClassMap::rules_of("a -> b", dir.path()).unwrap(), "a -> b");
        let error = ClassMap::rules_of("no.map", dir.path()).unwrap_err().to_string();
        assert!(error.contains("no.map") && error.contains("CLASS -> CLASS"), "{error}");
        let error = ClassMap::rules_of("vehicle => Car", dir.path()).unwrap_err().to_string();
        assert!(error.contains("vehicle => Car: there is no `->` in it"), "{error}");
    }

    #[test]
    fn each_mistake_is_one_clear_error() {
        for (text, expected) in [
            ("person", "line 1: \"person\""),
            ("a -> b\nc -> d -> e", "line 2: \"c -> d -> e\""),
            ("-> b", "line 1: \"-> b\""),
            ("\"a -> b", "line 1"),
            ("a -> b, a -> c", "two rules for a"),
            ("* -> b, * -> c", "two rules for *"),
            ("# nothing\n", "no rule"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(expected) && error.contains("person.map"), "{text}: {error}");
        }
        let map = parse("cat -> animal, dog -> animal, car -> vehicle").unwrap();
        let table = |names: &[&'static str], targets: &[&str]| map.table(names.iter().copied(), targets);
        let error = table(&["cat", "cow", "sky"], &["animal", "vehicle"]).unwrap_err().to_string();
        assert!(error.contains("no rule for cow, sky") && error.contains("* -> ignore"), "{error}");
        let error = table(&["car"], &["animal", "person"]).unwrap_err().to_string();
        assert!(error.contains("car -> vehicle") && error.contains("one of animal, person"), "{error}");
        let error = map.check_names(&["cat", "dog", "dog", "cat"]).unwrap_err().to_string();
        assert!(error.contains("a rule for car") && error.contains("one of cat, dog)"), "{error}");
        let none = parse("* -> ignore").unwrap();
        let error = none.table(["cat"].into_iter(), &["animal"]).unwrap_err().to_string();
        assert!(error.contains("every class leads to ignore") && error.contains("one of animal"), "{error}");
        assert!(matches!(Classes::voc().mapped(&none), Err(MapError::NothingScored { .. })));
    }

    #[test]
    fn a_set_becomes_the_targets_with_all_their_values() {
        let voc = Classes::voc();
        let map = parse("person -> person, tvmonitor -> ignore, * -> rest").unwrap();
        let two = voc.mapped(&map).unwrap();
        // What VOC's background becomes is the background, and comes first.
        assert_eq!(two.names().collect::<Vec<_>>(), ["rest", "person"]);
        assert!(two.has_background());
        let meanings = [0, 15, 7, 20, 255].map(|value| two.of_value(value));
        let [rest, person] = [0, 1].map(Meaning::Class);
        assert_eq!(meanings, [rest, person, rest, Meaning::Ignored, Meaning::Ignored]);
        let person = voc.iter().nth(15).unwrap().colour;
        assert_eq!(two.colours().nth(1), Some(person), "the colour of the class of the same name");
        let city = Classes::preset("cityscapes").unwrap();
        let two = city.mapped(&parse("person -> person, * -> rest").unwrap()).unwrap();
        assert_eq!((two.names().collect::<Vec<_>>(), two.has_background()), (vec!["person", "rest"], false));
        let error = voc.mapped(&parse("* -> rest").unwrap()).unwrap_err();
        assert!(matches!(error, MapError::Classes { .. }), "{error}");
    }
}
