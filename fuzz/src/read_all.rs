//! Reads everything of a store.

use scribe_records::{Filter, Result, Store};

/// Reads every kind of row, each by itself: an error of one must not keep the others from being read.
pub fn read_all(store: &Store) {
    let all = Filter::all();
    let _ = (store.inputs(), store.completed(), store.confusions(&all), store.totals(&all), store.panels());
    let _ = (store.data(), store.series());
    let _ = store.for_each_calibration(&all, |_, _, _| -> Result<()> { Ok(()) });
    let _ = store.for_each_non_distinctiveness(&all, |_, _| -> Result<()> { Ok(()) });
    let _ = (store.further_inputs(), store.for_each_further(|_, _, _| -> Result<()> { Ok(()) }));
    for (series, condition) in store.sweep_keys().unwrap_or_default() {
        let _ = store.sweep_blocks(&series, &condition);
    }
    for (series, condition) in store.moment_keys().unwrap_or_default() {
        let _ = (store.moments(&series, &condition), store.moment_blocks(&series, &condition));
    }
    for (series, condition) in store.cross_keys().unwrap_or_default() {
        let _ = (store.cross_moments(&series, &condition), store.cross_blocks(&series, &condition));
    }
    for (series, condition) in store.calibration_keys().unwrap_or_default() {
        let _ = store.calibrations(&series, &condition);
    }
    for (series, condition) in store.non_distinctiveness_keys().unwrap_or_default() {
        let _ = store.non_distinctiveness(&series, &condition);
    }
}
