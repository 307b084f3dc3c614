//! Whether a manifest's rows are those that the settings of its set call for.

use crate::manifest::Row;
use crate::settings::{CLEAN, SETTINGS, Settings};
use crate::{Error, Result};
use scribe_corruptions::{Severity, Suite, seed_for};
use std::collections::HashSet;
use std::path::Path;

/// A condition, and the name under which its seeds are drawn; `None` where no corruption is made.
type Shown<'a> = (&'a str, u8, Option<&'a str>);

/// Compares the images, conditions and seeds of all rows with the settings: each image once, with its conditions in the order
/// of the settings and the seeds that follow from the master seed. The last image may lack rows, as after a kill.
///
/// Seeds of corruptions that this program does not have are not compared.
///
/// # Errors
/// [`Error::ManifestOrder`] at the first row that contradicts the settings, [`Error::ManifestLength`] for more rows than the
/// set has.
pub(crate) fn check(rows: &[Row], settings: &Settings, path: &Path) -> Result<()> {
    let most = settings.pictures.saturating_mul(settings.conditions());
    if rows.len() > most {
        return Err(Error::ManifestLength { path: path.to_owned(), found: rows.len(), most });
    }
    let mut seen = HashSet::new();
    for (image, rows_of_image) in rows.chunks(settings.conditions()).enumerate() {
        let id = &rows_of_image[0].image;
        let wrong = |place: usize, found: String, expected: String| {
            let line = image * settings.conditions() + place + 2;
            Err(Error::ManifestOrder { path: path.to_owned(), line, found, expected })
        };
        if !seen.insert(id) {
            return wrong(0, format!("image {id:?} comes again"), "each image once".to_owned());
        }
        for (place, (row, shown)) in rows_of_image.iter().zip(conditions(settings)).enumerate() {
            let (corruption, severity, _) = shown;
            let (found, wanted) =
                ((&row.image, row.corruption.as_str(), row.severity), (id, corruption, severity));
            if found != wanted {
                return wrong(place, format!("{found:?}"), format!("{wanted:?} as {SETTINGS} says"));
            }
            let seed = seed(settings, id, shown).unwrap_or(row.seed);
            if row.seed != seed {
                let (found, master) = (format!("seed {} of {found:?}", row.seed), settings.master_seed);
                return wrong(place, found, format!("{seed}, as master_seed {master} of {SETTINGS} gives"));
            }
        }
    }
    Ok(())
}

/// Each image's conditions in the manifest's order.
fn conditions(settings: &Settings) -> impl Iterator<Item = Shown<'_>> {
    let severities = &settings.severities;
    let made = settings.corruptions.iter().map(|corruption| corruption.name.as_str());
    let made =
        made.flat_map(move |name| severities.iter().map(move |&severity| (name, severity, Some(name))));
    let given = settings.given.iter().map(|given| (given.name.as_str(), given.severity, None));
    std::iter::once((CLEAN, 0, None)).chain(made).chain(given)
}

/// The seed of an image under a condition; `None` where the corruption is not known.
fn seed(settings: &Settings, image: &str, (_, severity, made): Shown<'_>) -> Option<u32> {
    let Some(name) = made else { return Some(0) };
    let suite = Suite::by_name(&settings.suite).ok()?;
    let (corruption, severity) = (suite.get(name).ok()?, Severity::new(severity).ok()?);
    Some(seed_for(settings.master_seed, image, corruption.seeded_as(), severity))
}
