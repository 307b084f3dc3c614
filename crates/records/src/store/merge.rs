//! Joining the stores of shards into one, whose rows are those of a single run.

use super::side_files::{remove_database, remove_side_files};
use super::{Store, block_sums::Sums, sql};
use crate::{
    Condition, CorruptionInfo, CrossMoments, DataIdentity, Error, Filter, Input, Key, LogitMoments, Manifest,
    PanelPictures, Result, Series, SparseConfusion, TemperatureSweeps, Unit,
};
use rusqlite::{OptionalExtension, params};
use scribe_base::atomic_file::publish;
use std::collections::BTreeSet;
use std::path::Path;

impl Store {
    /// Makes a store at `path` with everything that `parts`, the stores of shards, hold, in the order in which a single run
    /// would have written it: image by image and condition by condition, as the manifest lists them.
    ///
    /// Moments, cross-moments and temperature sweeps are sums over a block of images and cannot be divided again, so each block must be in one
    /// part as a whole; [`crate::in_shard`] divides images in this way.
    ///
    /// # Errors
    /// [`Error::Exists`] if there is a file at `path`, [`Error::Missing`] without parts, [`Error::Digest`] if the parts were made under different settings, [`Error::LabelTaken`] or [`Error::Relabelled`] if they
    /// name a model differently, [`Error::Data`] if they were made from different
    /// images or label maps, [`Error::Duplicate`] or [`Error::Overlap`] if two parts hold the same result, [`Error::Hole`]
    /// if an image of the manifest lacks one of its conditions, or a series that some part has; where no part has a result,
    /// those of the manifest are missing. There is then no store at `path`.
    pub fn merge(path: &Path, parts: &[Store]) -> Result<Store> {
        if path.exists() {
            return Err(Error::Exists { path: path.to_owned() });
        }
        let manifest = joined(path, parts)?;
        let data = data_of_all(parts)?;
        check_cover(&manifest, parts)?;
        let draft = path.with_extension("merging");
        remove_database(&draft)?;
        let written = write(&draft, &manifest, data.as_ref(), parts);
        let moved = written.and_then(|()| remove_side_files(path)).and_then(|()| Ok(publish(&draft, path)?));
        if let Err(error) = moved {
            // The first error matters; a draft that stays is removed by the next merge.
            let _ = remove_database(&draft);
            return Err(error);
        }
        Store::open(path)
    }

    /// What this store has of one image under one condition, without the sums of its block.
    fn unit(&self, image_id: &str, condition: &Condition) -> Result<Option<Unit>> {
        let at = sql::at(&self.path);
        let find =
            "SELECT id, seed, sha256 FROM inputs WHERE image = ?1 AND corruption = ?2 AND severity = ?3";
        let mut query = self.db.prepare_cached(find).map_err(&at)?;
        let place = params![image_id, condition.corruption, condition.severity];
        let found: Option<(i64, u32, String)> =
            query.query_row(place, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional().map_err(&at)?;
        let Some((id, seed, sha256)) = found else { return Ok(None) };
        let input = Input { image_id: image_id.to_owned(), condition: condition.clone(), seed, sha256 };
        let confusions = self.confusions_of(id)?;
        let panel = self.panel_of(id)?;
        let filter = Filter { image_id: Some(image_id.to_owned()), ..Filter::all() }.under(condition);
        let moved_label_sha256 = self.moved_label_of(id)?;
        let has_own = !CorruptionInfo::is_name_of_given(&condition.corruption);
        let label_sha256 = self.label_map_of(image_id)?.filter(|_| has_own);
        let mut unit = Unit { label_sha256, moved_label_sha256, confusions, panel, ..Unit::new(input) };
        self.add_calibrations(&filter, &mut unit)?;
        self.add_non_distinctiveness(&filter, &mut unit)?;
        Ok(Some(unit))
    }

    fn confusions_of(&self, input: i64) -> Result<Vec<(Series, SparseConfusion)>> {
        let at = sql::at(&self.path);
        let select = "SELECT model, seed, mode, cells FROM confusions JOIN series ON series.id = series \
                      WHERE input = ?1 ORDER BY series";
        let mut query = self.db.prepare_cached(select).map_err(&at)?;
        let rows = query
            .query_map([input], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get::<_, Vec<u8>>(3)?)))
            .map_err(&at)?;
        let mut found = Vec::new();
        for row in rows {
            let (model, seed, mode, cells) = row.map_err(&at)?;
            found.push((self.series_from_sql(model, seed, mode)?, self.confusion(&cells)?));
        }
        Ok(found)
    }

    fn panel_of(&self, input: i64) -> Result<Option<PanelPictures>> {
        let at = sql::at(&self.path);
        let select = "SELECT picture, label FROM panels WHERE input = ?1";
        let mut query = self.db.prepare_cached(select).map_err(&at)?;
        let found = query.query_row([input], |r| Ok((r.get(0)?, r.get(1)?))).optional().map_err(&at)?;
        let Some((picture, label)) = found else { return Ok(None) };
        let predictions = self.panel_predictions(input)?;
        Ok(Some(PanelPictures { picture, label, predictions }))
    }
}

/// The manifest of all parts together; all must have the same settings.
fn joined(path: &Path, parts: &[Store]) -> Result<Manifest> {
    let Some((first, rest)) = parts.split_first() else {
        return Err(Error::Missing { path: path.to_owned() });
    };
    let mut manifest = first.manifest.clone();
    for part in rest {
        let differences = manifest.differences(&part.manifest);
        if !differences.is_empty() {
            return Err(Error::Digest { path: part.path.clone(), differences });
        }
        if let Some((label, holder, model)) = manifest.label_taken(&part.manifest) {
            return Err(Error::LabelTaken { path: part.path.clone(), label, holder, model });
        }
        if let Some((model, label, other)) = manifest.relabelled(&part.manifest) {
            return Err(Error::Relabelled { path: part.path.clone(), model, label, other });
        }
        manifest = manifest.extended(&part.manifest);
    }
    Ok(manifest)
}

/// The images and label maps of all parts, which must be the same; `None` where a part does not know them.
fn data_of_all(parts: &[Store]) -> Result<Option<DataIdentity>> {
    let mut first: Option<(&Store, DataIdentity)> = None;
    for part in parts {
        match (&first, part.data()?) {
            (Some((other, data)), Some(_)) => part.check_data(data, &other.path)?,
            (None, Some(data)) => first = Some((part, data)),
            (_, None) => {}
        }
    }
    let all = parts.iter().all(|part| !part.manifest.data_sha256.is_empty());
    Ok(first.map(|(_, data)| data).filter(|_| all))
}

/// Every image of the manifest must be there under every condition for every series that occurs, once, and under those
/// that draw for every further master seed too.
fn check_cover(manifest: &Manifest, parts: &[Store]) -> Result<()> {
    let there = keys_under(manifest.master_seed, parts)?;
    let mut series: BTreeSet<Series> = there.iter().map(Key::series).collect();
    if series.is_empty() {
        // Without a result nothing says which series are expected, and nothing would be missing.
        series.extend(manifest.series());
    }
    let (mut missing, mut wanted, mut first) = (0, 0, None);
    let mut cover = |there: &BTreeSet<Key>, conditions: &[Condition], series: &BTreeSet<Series>| {
        let places = manifest.images.iter().flat_map(|image| conditions.iter().map(move |c| (image, c)));
        for (image, condition) in places {
            for key in series.iter().map(|series| Key::new(series, condition, image.clone())) {
                wanted += 1;
                if !there.contains(&key) {
                    missing += 1;
                    first.get_or_insert(key);
                }
            }
        }
    };
    cover(&there, &manifest.conditions(), &series);
    for &seed in &manifest.further_seeds {
        let there = keys_under(seed, parts)?;
        // A series that was evaluated under the first master seed alone has none here.
        let series = there.iter().map(Key::series).collect();
        cover(&there, &manifest.drawn_conditions(), &series);
    }
    match first {
        Some(first) => Err(Error::Hole { missing, wanted, first: Box::new(first) }),
        None => Ok(()),
    }
}

/// The results of one master seed in all parts, each in one of them.
fn keys_under(master_seed: u64, parts: &[Store]) -> Result<BTreeSet<Key>> {
    let mut there: BTreeSet<Key> = BTreeSet::new();
    for part in parts {
        for key in part.completed_under(master_seed)? {
            if let Some(key) = there.replace(key) {
                return Err(Error::Duplicate { path: part.path.clone(), key: Box::new(key) });
            }
        }
    }
    Ok(there)
}

fn write(draft: &Path, manifest: &Manifest, data: Option<&DataIdentity>, parts: &[Store]) -> Result<()> {
    let mut whole = Store::make(draft, manifest, data)?;
    for image in &manifest.images {
        for condition in manifest.conditions() {
            for part in parts {
                if let Some(unit) = part.unit(image, &condition)? {
                    whole.commit(&unit)?;
                }
            }
        }
    }
    write_further(&mut whole, manifest, parts)?;
    for part in parts {
        copy_blocks::<LogitMoments>(&mut whole, part)?;
        copy_blocks::<CrossMoments>(&mut whole, part)?;
        copy_blocks::<TemperatureSweeps>(&mut whole, part)?;
    }
    whole.close()
}

/// The results of further master seeds, in the order in which a single run would have written them.
fn write_further(whole: &mut Store, manifest: &Manifest, parts: &[Store]) -> Result<()> {
    let units = parts.iter().map(Store::further_units).collect::<Result<Vec<_>>>()?;
    for &seed in &manifest.further_seeds {
        for image in &manifest.images {
            for condition in manifest.drawn_conditions() {
                let place = (seed, image.clone(), condition);
                for unit in units.iter().filter_map(|units| units.get(&place)) {
                    whole.commit_under(seed, unit)?;
                }
            }
        }
    }
    Ok(())
}

fn copy_blocks<T: Sums>(whole: &mut Store, part: &Store) -> Result<()> {
    for (series, condition) in part.block_keys::<T>()? {
        for block in part.blocks::<T>(&series, &condition)? {
            if !whole.insert_block(&series, &condition, &block)? {
                let path = part.path.clone();
                return Err(Error::Overlap { path, series: Box::new(series), condition, block: block.block });
            }
        }
    }
    Ok(())
}
