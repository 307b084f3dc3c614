//! The classes that a network knows, where they are not those that are scored, and how they become those.

use super::{ClassMap, Classes, MapError};
use scribe_base::digest::sha256_hex;

/// How many digits of a hash tell one map from another.
const DIGITS: usize = 16;

/// Which scored class each class of one network becomes.
///
/// ```
/// use scribe_dataset::{Classes, KnownClasses};
///
/// let (city, voc) = (Classes::preset("cityscapes")?, Classes::voc());
/// let rules = "person -> person, rider -> person, sky -> ignore, * -> background";
/// let known = KnownClasses::new(Some(&city), Some(rules), [&voc, &voc])?.expect("other classes than VOC's");
/// let of = |name| known.table[city.index_of(name).expect("a class of it")];
/// assert_eq!((of("rider"), of("road"), of("sky")), (Some(15), Some(0), None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownClasses {
    /// Which of the scored classes each of them becomes; none where its pixels are scored nowhere.
    pub table: Vec<Option<usize>>,
    /// The first digits of a SHA-256 over the classes and where they lead.
    pub digest: String,
}

impl KnownClasses {
    /// The classes of a network that names them or maps them; `None` where it knows the scored ones.
    ///
    /// Without `classes` they are `base`, those of the data set before its own map; without the rules of a `map`, classes
    /// become those of the same name.
    ///
    /// # Errors
    /// [`MapError`] where the rules cannot be used, or do not lead from these classes to those that are scored.
    pub fn new(
        classes: Option<&Classes>,
        map: Option<&str>,
        [base, scored]: [&Classes; 2],
    ) -> Result<Option<KnownClasses>, MapError> {
        if classes.is_none() && map.is_none() {
            return Ok(None);
        }
        let known = classes.unwrap_or(base);
        let targets: Vec<&str> = scored.names().collect();
        let map = match map {
            Some(map) => ClassMap::parse(map, "its map")?,
            None => ClassMap::parse(&of_same_names(&targets), "its classes, which have no map")?,
        };
        let named: Vec<&str> = known.names().chain(base.names()).chain(scored.names()).collect();
        map.check_names(&named)?;
        let table = map.table(known.names(), &targets)?;
        let line = |(name, to): (&str, &Option<usize>)| {
            format!("{name} -> {}\n", to.map_or("ignore", |to| targets[to]))
        };
        let mut digest = sha256_hex(known.names().zip(&table).map(line).collect::<String>());
        digest.truncate(DIGITS);
        Ok(Some(KnownClasses { table, digest }))
    }

    /// What is added to whatever stands for a network in a store: under another map it is another model.
    pub fn mark(known: Option<&KnownClasses>) -> String {
        known.map_or_else(String::new, |known| format!(" map:{}", known.digest))
    }
}

/// The rules that leave every name as it is.
fn of_same_names(names: &[&str]) -> String {
    names.iter().map(|name| format!("\"{name}\" -> \"{name}\"\n")).collect()
}
