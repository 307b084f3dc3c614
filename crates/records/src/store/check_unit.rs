//! Whether a unit can be read again beside what the store has, which is asked before it is written.

use super::{Store, block_sums, calibration, commit, labels, sql};
use crate::{Condition, Error, Input, PanelPictures, Result, Unit, bounds};
use rusqlite::{OptionalExtension, ToSql, params_from_iter};
use scribe_base::human;

type Checked = std::result::Result<(), String>;
/// The labelled pixels of an input, by class.
type Counts = [u64; 256];

impl Store {
    /// Refuses what [`Store::commit`] refuses of a unit, apart from what is in the store already, without writing anything.
    ///
    /// # Errors
    /// [`Error::Unit`] says what reading would refuse: sums that are not finite or that so many pixels cannot give, classes that
    /// the manifest does not name, another label map or other labelled pixels than those of another series for the same image
    /// and condition, more pixels than the image has, and in a panel a prediction of another size than the label map.
    pub fn check_unit(&self, unit: &Unit) -> Result<()> {
        commit::check(unit)?;
        self.check_under(None, unit)
    }

    /// The same of what a unit holds, for the first master seed or a further one.
    pub(super) fn check_under(&self, further: Option<u64>, unit: &Unit) -> Result<()> {
        let Condition { corruption, severity } = &unit.input.condition;
        let wrong = |reason| Error::Unit {
            image_id: human::printable(&unit.input.image_id).into_owned(),
            condition: Condition {
                corruption: human::printable(corruption).into_owned(),
                severity: *severity,
            },
            reason,
        };
        check_names(&unit.input).map_err(wrong)?;
        let earlier = self.counts_of(further, &unit.input)?;
        self.check_confusions(earlier, unit).map_err(wrong)?;
        // After the counts, which say more of what differs.
        self.check_label_map(unit)?.map_err(wrong)?;
        if further.is_none() {
            // Another draw of the corruption moves the label map another way.
            self.check_moved_label(unit)?.map_err(wrong)?;
        }
        self.check_sums(unit).map_err(wrong)?;
        let Some(panel) = &unit.panel else { return Ok(()) };
        let label = match self.of_input("SELECT label FROM panels", None, &unit.input)? {
            Some(label) => png_size(&label),
            None => png_size(&panel.label),
        };
        label.map_or(Ok(()), |label| check_panel(panel, label, unit)).map_err(wrong)
    }

    /// The labelled pixels of another series for this input, where the store has one.
    fn counts_of(&self, further: Option<u64>, input: &Input) -> Result<Option<Counts>> {
        if further.is_some() && !self.has_further()? {
            return Ok(None);
        }
        let table = if further.is_some() { "further_confusions" } else { "confusions" };
        let cells = self.of_input(&format!("SELECT cells FROM {table}"), further, input)?;
        cells.map(|cells| Ok(self.confusion(&cells)?.by_truth())).transpose()
    }

    /// What a query finds first in a table that is keyed by its input.
    fn of_input(&self, select: &str, further: Option<u64>, input: &Input) -> Result<Option<Vec<u8>>> {
        let Input { image_id, condition: Condition { corruption, severity }, .. } = input;
        let master = further.map(Store::seed_to_sql);
        let mut place: Vec<&dyn ToSql> = vec![image_id, corruption, severity];
        let (table, of_seed) = match &master {
            None => ("inputs", ""),
            Some(master) => {
                place.push(master);
                ("further_inputs", " AND master_seed = ?4")
            }
        };
        let find = format!(
            "{select} WHERE input = (SELECT id FROM {table} WHERE image = ?1 AND corruption = ?2 AND severity = ?3{of_seed}) LIMIT 1"
        );
        let found = self
            .db
            .prepare_cached(&find)
            .and_then(|mut query| query.query_row(params_from_iter(place), |row| row.get(0)).optional());
        found.map_err(sql::at(&self.path))
    }

    fn check_confusions(&self, mut others: Option<Counts>, unit: &Unit) -> Checked {
        for (series, confusion) in &unit.confusions {
            confusion.check(self.manifest.class_count())?;
            let counts = confusion.by_truth();
            labels::check_total(&counts, self.manifest.pixels())
                .map_err(|reason| format!("{reason}: its view is {}", self.manifest.view))?;
            labels::check_same(series, &counts, others.get_or_insert(counts))?;
        }
        Ok(())
    }

    fn check_sums(&self, unit: &Unit) -> Checked {
        let of = |what: &'static str, series: &dyn std::fmt::Display| {
            let series = series.to_string();
            move |reason| format!("{what} of {series}: {reason}")
        };
        for (series, sums) in &unit.moments {
            block_sums::check(sums).map_err(of("moments", series))?;
        }
        for (series, sums) in &unit.cross_moments {
            block_sums::check(sums).map_err(of("cross moments", series))?;
        }
        for (series, sums) in &unit.sweeps {
            block_sums::check(sums).map_err(of("temperature sweeps", series))?;
        }
        let classes = self.manifest.class_count();
        for (series, probability, one) in &unit.calibrations {
            calibration::check(classes, *probability, one).map_err(of("calibration", series))?;
        }
        for (series, sums) in &unit.non_distinctiveness {
            let (pixels, joint, pairwise) = sums.parts();
            bounds::distinctiveness(pixels, joint, pairwise).map_err(of("non-distinctiveness", series))?;
        }
        Ok(())
    }
}

/// Names that a reader refuses; what else they must be is asked when the manifest takes them.
fn check_names(input: &Input) -> Checked {
    let Condition { corruption, severity } = &input.condition;
    Condition::new(corruption, *severity).map_err(|error| error.to_string())?;
    match [&input.image_id, corruption].into_iter().find(|name| name.contains(human::turns_direction)) {
        None => Ok(()),
        Some(name) => Err(format!(
            "`{}` turns the direction of writing (expected a name without U+202A to U+202E and U+2066 to U+2069)",
            human::printable(name)
        )),
    }
}

/// Compares the images of a panel, and the pixels that are counted beside them, with the size of its label map.
fn check_panel(panel: &PanelPictures, label: [u32; 2], unit: &Unit) -> Checked {
    let [width, height] = label;
    for (series, bytes) in &panel.predictions {
        if let Some([w, h]) = png_size(bytes).filter(|size| *size != label) {
            return Err(format!(
                "the prediction of {series} is {w}x{h}, the label map {width}x{height} (expected the same)"
            ));
        }
    }
    let pixels = u64::from(width) * u64::from(height);
    for (series, confusion) in &unit.confusions {
        let total: u64 = confusion.by_truth().iter().sum();
        if total > pixels {
            return Err(format!("{total} pixels of {series} are counted, its label map has {pixels}"));
        }
    }
    Ok(())
}

/// The width and height that a PNG file says it has; `None` where it does not begin as one, which is left to the reader: the bytes
/// are those of an encoder.
fn png_size(bytes: &[u8]) -> Option<[u32; 2]> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
    let side = |at: usize| Some(u32::from_be_bytes(*header.get(at..)?.first_chunk()?));
    Some([side(0)?, side(4)?])
}
