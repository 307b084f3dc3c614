//! Sums over the images of a block: added up as units come, and read whole or block by block.

use super::insert::{OrElse, insert};
use super::{Store, schema, sql};
use crate::{
    Condition, CrossMoments, Error, LogitMoments, Result, Series, TemperatureSweeps, temperature_wire, wire,
};
use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, params};
use std::path::Path;

/// The sums of one block of images.
#[derive(Clone, Debug, PartialEq)]
pub struct SumBlock<T> {
    /// The block; see [`crate::moment_block`].
    pub block: u32,
    /// How many images are in the sums.
    pub image_count: u64,
    /// The sums.
    pub sums: T,
}

/// Sums that are kept by block, in a table with the columns series, corruption, severity, block, images, sums.
pub(super) trait Sums: Sized + Clone {
    const TABLE: &'static str;
    const WHAT: &'static str;
    fn to_bytes(&self) -> Vec<u8>;
    fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, String>;
    fn merge(&mut self, other: &Self) -> Result<()>;
}

impl Sums for LogitMoments {
    const TABLE: &'static str = "moments";
    const WHAT: &'static str = "moments";

    fn to_bytes(&self) -> Vec<u8> {
        wire::moments_to_bytes(self)
    }

    fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, String> {
        wire::moments_from_bytes(bytes)
    }

    fn merge(&mut self, other: &Self) -> Result<()> {
        self.merge(other)
    }
}

impl Sums for CrossMoments {
    const TABLE: &'static str = "cross_moments";
    const WHAT: &'static str = "cross moments";

    fn to_bytes(&self) -> Vec<u8> {
        wire::cross_to_bytes(self)
    }

    fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, String> {
        wire::cross_from_bytes(bytes)
    }

    fn merge(&mut self, other: &Self) -> Result<()> {
        self.merge(other)
    }
}

impl Sums for TemperatureSweeps {
    const TABLE: &'static str = "temperature_sweeps";
    const WHAT: &'static str = "temperature sweeps";

    fn to_bytes(&self) -> Vec<u8> {
        temperature_wire::sweeps_to_bytes(self)
    }

    fn from_bytes(bytes: &[u8]) -> std::result::Result<Self, String> {
        temperature_wire::sweeps_from_bytes(bytes)
    }

    fn merge(&mut self, other: &Self) -> Result<()> {
        self.merge(other)
    }
}

/// Refuses sums that could not be read again: a row holds those of many images, and one that is not finite spoils it for good.
pub(super) fn check<T: Sums>(sums: &T) -> std::result::Result<(), String> {
    T::from_bytes(&sums.to_bytes()).map(drop)
}

/// Adds one image's sums to the row of this series, condition and block.
pub(super) fn add<T: Sums>(
    tx: &Transaction<'_>,
    path: &Path,
    series: i64,
    condition: &Condition,
    block: u32,
    sums: &T,
) -> Result<()> {
    let at = sql::at(path);
    let find = format!(
        "SELECT images, sums FROM {} WHERE series = ?1 AND corruption = ?2 AND severity = ?3 AND block = ?4",
        T::TABLE
    );
    let place = params![series, condition.corruption, condition.severity, block];
    let found: Option<(u32, Vec<u8>)> = tx
        .prepare_cached(&find)
        .and_then(|mut s| s.query_row(place, |r| Ok((r.get(0)?, r.get(1)?))).optional())
        .map_err(&at)?;
    let (images, bytes) = match found {
        None => (1, sums.to_bytes()),
        Some((images, bytes)) => {
            let broken = |reason| Error::Blob { path: path.to_owned(), what: T::WHAT, reason };
            let mut sum = T::from_bytes(&bytes).map_err(broken)?;
            sum.merge(sums)?;
            let more = images.checked_add(1).ok_or_else(|| broken("no room for one more image".to_owned()));
            (u64::from(more?), sum.to_bytes())
        }
    };
    let row = SumBlock { block, image_count: images, sums: bytes };
    write(tx, T::TABLE, series, condition, &row, OrElse::Replace(&["images", "sums"])).map(drop).map_err(at)
}

/// Writes the row of a block; false where one is there and stays.
fn write(
    db: &Connection,
    table: &str,
    series: i64,
    condition: &Condition,
    row: &SumBlock<Vec<u8>>,
    or_else: OrElse,
) -> rusqlite::Result<bool> {
    let columns: [(&str, &dyn ToSql); 6] = [
        ("series", &series),
        ("corruption", &condition.corruption),
        ("severity", &condition.severity),
        ("block", &row.block),
        ("images", &row.image_count.cast_signed()),
        ("sums", &row.sums),
    ];
    insert(db, table, &columns, or_else)
}

impl Store {
    /// Writes the sums of a whole block; false if the block is there already.
    pub(super) fn insert_block<T: Sums>(
        &mut self,
        series: &Series,
        condition: &Condition,
        block: &SumBlock<T>,
    ) -> Result<bool> {
        let SumBlock { block, image_count, ref sums } = *block;
        let row = SumBlock { block, image_count, sums: sums.to_bytes() };
        let written = sql::series_row(&self.db, series)
            .and_then(|id| write(&self.db, T::TABLE, id, condition, &row, OrElse::Keep));
        written.map_err(sql::at(&self.path))
    }

    /// All blocks of one series under one condition, ascending.
    pub(super) fn blocks<T: Sums>(&self, series: &Series, condition: &Condition) -> Result<Vec<SumBlock<T>>> {
        let at = sql::at(&self.path);
        let select = format!(
            "SELECT block, images, sums FROM {0} JOIN series ON series.id = {0}.series \
             WHERE model = ?1 AND seed = ?2 AND mode = ?3 AND corruption = ?4 AND severity = ?5 ORDER BY block",
            T::TABLE
        );
        let mut query = self.db.prepare_cached(&select).map_err(&at)?;
        let wanted = params![
            series.model.as_str(),
            Store::seed_to_sql(series.seed),
            series.mode.as_str(),
            condition.corruption,
            condition.severity
        ];
        let mut rows = query.query(wanted).map_err(&at)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(&at)? {
            let bytes = row.get_ref(2).map_err(&at)?.as_blob().map_err(|e| at(e.into()))?;
            let sums = T::from_bytes(bytes).map_err(self.blob_error(T::WHAT))?;
            let (block, images) = (row.get(0).map_err(&at)?, row.get::<_, u32>(1).map_err(&at)?);
            found.push(SumBlock { block, image_count: images.into(), sums });
        }
        Ok(found)
    }

    /// The sum over all blocks of one series under one condition; `None` if there are none.
    pub(super) fn sum_of_blocks<T: Sums>(&self, series: &Series, condition: &Condition) -> Result<Option<T>> {
        let mut whole: Option<T> = None;
        for block in self.blocks::<T>(series, condition)? {
            match &mut whole {
                None => whole = Some(block.sums),
                Some(sum) => Sums::merge(sum, &block.sums)?,
            }
        }
        Ok(whole)
    }

    /// Every series and condition that has a block, in the manifest's order of series and conditions.
    pub(super) fn block_keys<T: Sums>(&self) -> Result<Vec<(Series, Condition)>> {
        // Earlier versions have no sweeps.
        if !schema::has(&self.db, T::TABLE).map_err(sql::at(&self.path))? {
            return Ok(Vec::new());
        }
        let select = format!("SELECT DISTINCT series, corruption, severity FROM {}", T::TABLE);
        self.places(&select)
    }
}
