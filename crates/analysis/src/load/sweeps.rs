//! Reads the store's temperature sweeps: fits a temperature on one half of the clean pictures, and takes the sums of the other
//! half at that temperature.

use crate::measures::Kind;
use crate::view::{Cell, FittedTemperature, View};
use scribe_records::{
    Calibration, CalibrationBin, Condition, Probability, Result, Store, TEMPERATURES, TemperatureSweep,
    UNSCALED, temperature,
};

/// Reads all sweeps that the store has.
pub(super) fn sweeps(store: &Store, view: &mut View) -> Result<()> {
    let keys = store.sweep_keys()?;
    for (series, _) in keys.iter().filter(|(_, condition)| condition.is_clean()) {
        for probability in [Probability::Softmax, Probability::Sigmoid] {
            let mut whole: Option<TemperatureSweep> = None;
            for block in store.sweep_blocks(series, &Condition::clean())? {
                for (_, sweep) in block.sums.of.iter().filter(|(kind, _)| *kind == probability) {
                    match &mut whole {
                        Some(sum) => sum.merge(sweep)?,
                        None => whole = Some(sweep.clone()),
                    }
                }
            }
            if let Some(found) = whole.as_ref().and_then(fitted) {
                view.temperatures.insert((series.clone(), probability), found);
            }
        }
    }
    for (series, condition) in keys {
        let blocks = store.sweep_blocks(&series, &condition)?;
        let cell = Cell { series, condition };
        for block in blocks {
            for (probability, sweep) in &block.sums.of {
                let kind =
                    if *probability == Probability::Softmax { Kind::Scored } else { Kind::SigmoidScored };
                let fitted = view.temperatures.get(&(cell.series.clone(), *probability));
                let place = fitted.and_then(|f| (0..TEMPERATURES).find(|i| temperature(*i) == f.temperature));
                let bins = sweep.scored()[UNSCALED].bins().len();
                view.insert_sums(&cell, kind, block.block, bins, sums(sweep, place));
            }
        }
    }
    Ok(())
}

fn fitted(sweep: &TemperatureSweep) -> Option<FittedTemperature> {
    let best = sweep.best()?;
    let loss = |place: usize| sweep.losses()[place] / sweep.fit_pixels() as f64;
    Some(FittedTemperature {
        temperature: temperature(best),
        at_end: best == 0 || best == TEMPERATURES - 1,
        pixels: sweep.fit_pixels(),
        losses: [loss(UNSCALED), loss(best)],
    })
}

/// [`Kind::Scored`] of a sweep, at a place of the grid if a temperature was fitted.
fn sums(sweep: &TemperatureSweep, place: Option<usize>) -> Vec<f64> {
    let triple = |b: &CalibrationBin| [b.count as f64, b.correct as f64, b.confidence];
    let of = |c: &Calibration| -> Vec<f64> {
        c.bins().iter().flat_map(triple).chain([c.pixels() as f64, c.squares()]).collect()
    };
    let plain = of(&sweep.scored()[UNSCALED]);
    let scaled = place.map_or_else(|| vec![0.0; plain.len()], |place| of(&sweep.scored()[place]));
    plain.into_iter().chain(scaled).chain(sweep.ranks().iter().flat_map(triple)).collect()
}
