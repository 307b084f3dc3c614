//! Reads the store's moments, cross-moments, calibrations and END into the view's sums by blocks.

use super::budget::Budget;
use crate::measures::Kind;
use crate::view::{Cell, View};
use scribe_records::{
    Calibration, CrossMoments, Filter, Key, NonDistinctiveness, Probability, Result, Store, moment_block,
};
use std::collections::BTreeMap;

/// Reads all kinds of sums that the store has.
pub(super) fn sums(store: &Store, view: &mut View, budget: &mut Budget) -> crate::Result<()> {
    for (series, condition) in store.moment_keys()? {
        let blocks = store.moment_blocks(&series, &condition)?;
        let cell = Cell { series, condition };
        let pictures = blocks.iter().map(|b| b.image_count as usize).sum();
        view.counted.insert((cell.clone(), Kind::Pixels), pictures);
        if let Some(first) = blocks.first() {
            budget.moments(&first.sums)?;
        }
        for block in blocks {
            view.insert_moments(&cell, block.block, &block.sums)?;
        }
    }
    for (series, condition) in store.cross_keys()? {
        let blocks = store.cross_blocks(&series, &condition)?;
        let cell = Cell { series, condition };
        let pictures = blocks.iter().map(|b| b.image_count as usize).sum();
        view.counted.insert((cell.clone(), Kind::CleanCorrupted), pictures);
        for block in blocks {
            let sums = clean_corrupted(&block.sums);
            view.insert_sums(&cell, Kind::CleanCorrupted, block.block, block.sums.channels(), sums);
        }
    }
    calibrations(store, view)?;
    distinctiveness(store, view)?;
    Ok(())
}

/// What is stored by picture is added up by blocks here, since all intervals of these measures draw blocks.
fn calibrations(store: &Store, view: &mut View) -> Result<()> {
    let blocks = store.manifest().moment_blocks;
    let mut found: BTreeMap<(Cell, Kind, u32), Calibration> = BTreeMap::new();
    store.for_each_calibration(&Filter::all(), |key, probability, one| {
        let kind = if probability == Probability::Softmax { Kind::Softmax } else { Kind::Sigmoid };
        *view.counted.entry((cell(&key), kind)).or_default() += 1;
        let at = (cell(&key), kind, moment_block(&key.image_id, blocks));
        let fresh = || Calibration::new(one.bins().len());
        found.entry(at).or_insert_with(fresh).merge(&one)
    })?;
    for ((cell, kind, block), c) in found {
        let bins = c.bins().iter().flat_map(|b| [b.count as f64, b.correct as f64, b.confidence]);
        let sums = bins.chain([c.pixels() as f64, c.squares()]).collect();
        view.insert_sums(&cell, kind, block, c.bins().len(), sums);
    }
    Ok(())
}

fn distinctiveness(store: &Store, view: &mut View) -> Result<()> {
    let blocks = store.manifest().moment_blocks;
    let mut found: BTreeMap<(Cell, u32), NonDistinctiveness> = BTreeMap::new();
    store.for_each_non_distinctiveness(&Filter::all(), |key, one| -> Result<()> {
        *view.counted.entry((cell(&key), Kind::NonDistinctiveness)).or_default() += 1;
        let at = (cell(&key), moment_block(&key.image_id, blocks));
        found.entry(at).or_default().merge(&one);
        Ok(())
    })?;
    for ((cell, block), d) in found {
        let n = d.pixels() as f64;
        let sums = vec![n, d.joint().unwrap_or(0.0) * n, d.pairwise().unwrap_or(0.0) * n];
        view.insert_sums(&cell, Kind::NonDistinctiveness, block, 0, sums);
    }
    Ok(())
}

fn cell(key: &Key) -> Cell {
    Cell { series: key.series(), condition: key.condition.clone() }
}

/// [`Kind::CleanCorrupted`] of cross-moments: their means and covariances turned back into sums.
fn clean_corrupted(m: &CrossMoments) -> Vec<f64> {
    let (k, n) = (m.channels(), m.count() as f64);
    let (Some([x, y]), Some(c)) = (m.means(), m.covariances()) else {
        return vec![0.0; 1 + 2 * k + 3 * k * k];
    };
    let outer = |covariance: &[f64], a: &[f64], b: &[f64]| -> Vec<f64> {
        (0..k * k).map(|i| n * (covariance[i] + a[i / k] * b[i % k])).collect()
    };
    let sums = [&x, &y].into_iter().flatten().map(|mean| n * mean);
    let products = [outer(&c.clean, &x, &x), outer(&c.corrupted, &y, &y), outer(&c.cross, &x, &y)];
    std::iter::once(n).chain(sums).chain(products.into_iter().flatten()).collect()
}
