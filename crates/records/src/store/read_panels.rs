//! Reads the images of example panels.

use super::{Store, sql};
use crate::{Condition, PanelPictures, Result, Series};
use rusqlite::params;
use std::collections::BTreeMap;

/// The images of one example: what the models saw, the label map, and the prediction of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// The image's id in its split.
    pub image_id: String,
    /// What was done to it.
    pub condition: Condition,
    /// The images; predictions in the order of the manifest's series.
    pub pictures: PanelPictures,
}

impl Store {
    /// All panels, ordered by image in the order in which they came, and then by the manifest's conditions.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn panels(&self) -> Result<Vec<Panel>> {
        let at = sql::at(&self.path);
        let select = "SELECT inputs.id, image, corruption, severity, picture, label \
                      FROM panels JOIN inputs ON inputs.id = panels.input ORDER BY inputs.id";
        let mut query = self.db.prepare(select).map_err(&at)?;
        let mut rows = query.query([]).map_err(&at)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(&at)? {
            let condition = self.condition_from_sql(row.get(2).map_err(&at)?, row.get(3).map_err(&at)?)?;
            let predictions = self.panel_predictions(row.get(0).map_err(&at)?)?;
            let (picture, label) = (row.get(4).map_err(&at)?, row.get(5).map_err(&at)?);
            let pictures = PanelPictures { picture, label, predictions };
            let image_id = self.image_from_sql(row.get(1).map_err(&at)?)?;
            found.push(Panel { image_id, condition, pictures });
        }
        let mut images: BTreeMap<String, usize> = BTreeMap::new();
        for (place, panel) in found.iter().enumerate() {
            images.entry(panel.image_id.clone()).or_insert(place);
        }
        let order = self.manifest.conditions();
        found.sort_by_cached_key(|p| {
            let image = images.get(&p.image_id);
            (image, order.iter().position(|c| *c == p.condition).unwrap_or(usize::MAX), p.condition.clone())
        });
        Ok(found)
    }

    pub(super) fn panel_predictions(&self, input: i64) -> Result<Vec<(Series, Vec<u8>)>> {
        let at = sql::at(&self.path);
        let select = "SELECT model, seed, mode, prediction FROM panel_predictions \
                      JOIN series ON series.id = panel_predictions.series WHERE input = ?1 ORDER BY series.id";
        let mut query = self.db.prepare_cached(select).map_err(&at)?;
        let rows = query
            .query_map(params![input], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
            .map_err(&at)?;
        let mut found = Vec::new();
        for row in rows {
            let (model, seed, mode, prediction) = row.map_err(&at)?;
            found.push((self.series_from_sql(model, seed, mode)?, prediction));
        }
        let order = self.manifest.series();
        found.sort_by_key(|(s, _)| (order.iter().position(|o| o == s).unwrap_or(usize::MAX), s.clone()));
        Ok(found)
    }
}
