//! Reading logit moments, whole or by blocks of pictures.

use super::{Store, sql};
use crate::{Condition, LogitMoments, Result, Series, wire};
use rusqlite::params;

/// The moments of one block of pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct MomentBlock {
    /// The block; see [`crate::moment_block`].
    pub block: u32,
    /// How many pictures are in the sums.
    pub images: u64,
    /// The sums.
    pub moments: LogitMoments,
}

impl Store {
    /// The moments of one series under one condition over all pictures; `None` if none were taken.
    pub fn moments(&self, series: &Series, condition: &Condition) -> Result<Option<LogitMoments>> {
        let mut whole: Option<LogitMoments> = None;
        for block in self.moment_blocks(series, condition)? {
            match &mut whole {
                None => whole = Some(block.moments),
                Some(sum) => sum.merge(&block.moments)?,
            }
        }
        Ok(whole)
    }

    /// The same by blocks of pictures, ascending; blocks without pictures are left out.
    pub fn moment_blocks(&self, series: &Series, condition: &Condition) -> Result<Vec<MomentBlock>> {
        let at = sql::at(&self.path);
        let select = "SELECT block, images, sums FROM moments JOIN series ON series.id = moments.series \
                      WHERE model = ?1 AND seed = ?2 AND mode = ?3 AND corruption = ?4 AND severity = ?5 \
                      ORDER BY block";
        let mut query = self.db.prepare_cached(select).map_err(&at)?;
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
            let moments = wire::moments_from_bytes(bytes).map_err(self.blob_error("moments"))?;
            let (block, images) = (row.get(0).map_err(&at)?, row.get::<_, u32>(1).map_err(&at)?);
            found.push(MomentBlock { block, images: images.into(), moments });
        }
        Ok(found)
    }

    /// Every series and condition that has moments, in the manifest's order of series and conditions.
    pub fn moment_keys(&self) -> Result<Vec<(Series, Condition)>> {
        let at = sql::at(&self.path);
        let select = "SELECT DISTINCT series.id, corruption, severity FROM moments \
                      JOIN series ON series.id = moments.series";
        let series = self.series_by_id()?;
        let mut query = self.db.prepare(select).map_err(&at)?;
        let rows = query.query_map([], |r| Ok((r.get::<_, i64>(0)?, r.get(1)?, r.get(2)?))).map_err(&at)?;
        let mut found = Vec::new();
        for row in rows {
            let (id, corruption, severity) = row.map_err(&at)?;
            found.push((series[&id].clone(), self.condition_from_sql(corruption, severity)?));
        }
        let (by_series, by_condition) = (self.manifest.series(), self.manifest.conditions());
        let rank = |(s, c): &(Series, Condition)| {
            let of_series = by_series.iter().position(|o| o == s).unwrap_or(usize::MAX);
            let of_condition = by_condition.iter().position(|o| o == c).unwrap_or(usize::MAX);
            (of_series, s.clone(), of_condition, c.clone())
        };
        found.sort_by_cached_key(rank);
        Ok(found)
    }
}
