//! The tables of an export and what fills them from a store.

use crate::Result;
use crate::table::Kind::{Count, Number, Text};
use crate::table::{Schema, Table, Value};
use scribe_records::{
    CalibrationBin, Condition, Filter, Key, MomentDetail, Probability, Series, Store, TemperatureSweep,
    TemperatureSweeps, temperature,
};

/// Writes all rows of one table.
pub(crate) type Fill = fn(&Store, &mut Table) -> Result<()>;

/// Every table.
pub(crate) const ALL: &[(Schema, Fill)] = &[
    (INPUTS, inputs),
    (CONFUSIONS, confusions),
    (CALIBRATION, calibration),
    (BRIER, brier),
    (NON_DISTINCTIVENESS, non_distinctiveness),
    (FURTHER_INPUTS, further_inputs),
    (FURTHER_CONFUSIONS, further_confusions),
    (TEMPERATURES, temperatures),
    (TEMPERATURE_BINS, temperature_bins),
    (CONFIDENCE_RANKS, confidence_ranks),
    (LOGIT_MEANS, logit_means),
    (LOGIT_MOMENTS, logit_moments),
    (CROSS_COVARIANCES, cross_covariances),
];

/// The class of what is kept of all pixels together; as a label it is void, so no class has it.
const ALL_CLASSES: usize = 255;

/// A schema whose first columns are those of a key, or of a series under a condition.
macro_rules! schema {
    ($name:literal, key, $($column:literal: $kind:ident),+) => {
        schema!($name, series, "image": Text, $($column: $kind),+)
    };
    ($name:literal, series, $($column:literal: $kind:ident),+) => {
        schema!($name, only, "model": Text, "seed": Count, "mode": Text, "corruption": Text, "severity": Count,
            $($column: $kind),+)
    };
    ($name:literal, only, $($column:literal: $kind:ident),+) => {
        Schema { name: $name, columns: &[$(($column, $kind)),+] }
    };
}

const INPUTS: Schema = schema!("inputs", only, "image": Text, "corruption": Text, "severity": Count, "seed": Count, "sha256": Text,
    "moved_label_sha256": Text);
const CONFUSIONS: Schema = schema!("confusions", key, "truth": Count, "prediction": Count, "pixels": Count);
const CALIBRATION: Schema = schema!("calibration", key, "probability": Text, "bin": Count, "pixels": Count,
    "correct": Count, "confidence": Number);
const BRIER: Schema = schema!("brier", key, "probability": Text, "pixels": Count, "squares": Number);
const NON_DISTINCTIVENESS: Schema =
    schema!("non_distinctiveness", key, "pixels": Count, "joint": Number, "pairwise": Number);
const FURTHER_INPUTS: Schema = schema!("further_inputs", only, "master_seed": Count, "image": Text, "corruption": Text,
    "severity": Count, "seed": Count, "sha256": Text);
const FURTHER_CONFUSIONS: Schema = schema!("further_confusions", key, "master_seed": Count, "truth": Count,
    "prediction": Count, "pixels": Count);
const TEMPERATURES: Schema = schema!("temperatures", series, "probability": Text, "temperature": Number,
    "fit_pixels": Count, "loss": Number, "pixels": Count, "squares": Number);
const TEMPERATURE_BINS: Schema = schema!("temperature_bins", series, "probability": Text, "temperature": Number,
    "bin": Count, "pixels": Count, "correct": Count, "confidence": Number);
const CONFIDENCE_RANKS: Schema = schema!("confidence_ranks", series, "probability": Text, "bin": Count,
    "pixels": Count, "correct": Count, "confidence": Number);
const LOGIT_MEANS: Schema =
    schema!("logit_means", series, "class": Count, "pixels": Count, "channel": Count, "mean": Number);
const LOGIT_MOMENTS: Schema = schema!("logit_moments", series, "class": Count, "pixels": Count, "row": Count,
    "column": Count, "mean_product": Number);
const CROSS_COVARIANCES: Schema = schema!("cross_covariances", series, "pixels": Count, "of": Text, "row": Count,
    "column": Count, "covariance": Number);

fn inputs(store: &Store, table: &mut Table) -> Result<()> {
    let moved = store.moved_labels()?;
    for input in store.inputs()? {
        let place = (input.image_id, input.condition);
        let label = moved.get(&place).map_or("", String::as_str);
        table.row(&[
            Value::Text(&place.0),
            Value::Text(&place.1.corruption),
            Value::Count(place.1.severity.into()),
            Value::Count(input.seed.into()),
            Value::Text(&input.sha256),
            Value::Text(label),
        ])?;
    }
    Ok(())
}

fn confusions(store: &Store, table: &mut Table) -> Result<()> {
    store.for_each_confusion(&Filter::all(), |key, cells| {
        for &(truth, prediction, pixels) in cells.cells() {
            let rest = [truth.into(), prediction.into(), pixels.into()].map(Value::Count);
            with_key(table, &key, &rest)?;
        }
        Ok(())
    })
}

fn calibration(store: &Store, table: &mut Table) -> Result<()> {
    store.for_each_calibration(&Filter::all(), |key, probability, calibration| {
        for (place, bin) in calibration.bins().iter().enumerate().filter(|(_, bin)| bin.count > 0) {
            let counts = [place as u64, bin.count, bin.correct].map(Value::Count);
            let rest = [&[Value::Text(probability.as_str())], &counts[..], &[Value::Number(bin.confidence)]];
            with_key(table, &key, &rest.concat())?;
        }
        Ok(())
    })
}

fn brier(store: &Store, table: &mut Table) -> Result<()> {
    store.for_each_calibration(&Filter::all(), |key, probability, calibration| {
        let (pixels, squares) = (calibration.pixels(), calibration.squares());
        let rest = [Value::Text(probability.as_str()), Value::Count(pixels), Value::Number(squares)];
        with_key(table, &key, &rest)
    })
}

fn non_distinctiveness(store: &Store, table: &mut Table) -> Result<()> {
    store.for_each_non_distinctiveness(&Filter::all(), |key, end| {
        let values = [end.joint(), end.pairwise()].map(|value| Value::Number(value.unwrap_or(f64::NAN)));
        let rest = [Value::Count(end.pixels()), values[0], values[1]];
        with_key(table, &key, &rest)
    })
}

fn further_inputs(store: &Store, table: &mut Table) -> Result<()> {
    for (master_seed, input) in store.further_inputs()? {
        table.row(&[
            Value::Count(master_seed),
            Value::Text(&input.image_id),
            Value::Text(&input.condition.corruption),
            Value::Count(input.condition.severity.into()),
            Value::Count(input.seed.into()),
            Value::Text(&input.sha256),
        ])?;
    }
    Ok(())
}

fn further_confusions(store: &Store, table: &mut Table) -> Result<()> {
    store.for_each_further(|master_seed, key, cells| {
        for &(truth, prediction, pixels) in cells.cells() {
            let rest = [master_seed, truth.into(), prediction.into(), pixels.into()].map(Value::Count);
            with_key(table, &key, &rest)?;
        }
        Ok(())
    })
}

fn temperatures(store: &Store, table: &mut Table) -> Result<()> {
    each_sweep(store, |series, condition, probability, sweep| {
        for (place, scored) in sweep.scored().iter().enumerate() {
            let rest = [
                Value::Text(probability.as_str()),
                Value::Number(temperature(place)),
                Value::Count(sweep.fit_pixels()),
                Value::Number(sweep.losses()[place]),
                Value::Count(scored.pixels()),
                Value::Number(scored.squares()),
            ];
            with_series(table, series, condition, &rest)?;
        }
        Ok(())
    })
}

fn temperature_bins(store: &Store, table: &mut Table) -> Result<()> {
    each_sweep(store, |series, condition, probability, sweep| {
        for (place, scored) in sweep.scored().iter().enumerate() {
            let head = [Value::Text(probability.as_str()), Value::Number(temperature(place))];
            bins(table, series, condition, &head, scored.bins())?;
        }
        Ok(())
    })
}

fn confidence_ranks(store: &Store, table: &mut Table) -> Result<()> {
    each_sweep(store, |series, condition, probability, sweep| {
        bins(table, series, condition, &[Value::Text(probability.as_str())], sweep.ranks())
    })
}

/// The bins that are not empty, behind `head`.
fn bins(
    table: &mut Table,
    series: &Series,
    condition: &Condition,
    head: &[Value<'_>],
    bins: &[CalibrationBin],
) -> Result<()> {
    for (place, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.count > 0) {
        let counts = [place as u64, bin.count, bin.correct].map(Value::Count);
        with_series(
            table,
            series,
            condition,
            &[head, &counts[..], &[Value::Number(bin.confidence)]].concat(),
        )?;
    }
    Ok(())
}

/// The sweeps of each series and condition over all blocks.
fn each_sweep(
    store: &Store,
    mut each: impl FnMut(&Series, &Condition, Probability, &TemperatureSweep) -> Result<()>,
) -> Result<()> {
    for (series, condition) in store.sweep_keys()? {
        let mut whole = TemperatureSweeps::default();
        for block in store.sweep_blocks(&series, &condition)? {
            match whole.of.is_empty() {
                true => whole = block.sums,
                false => whole.merge(&block.sums)?,
            }
        }
        whole.of.iter().try_for_each(|(kind, sweep)| each(&series, &condition, *kind, sweep))?;
    }
    Ok(())
}

fn logit_means(store: &Store, table: &mut Table) -> Result<()> {
    for (series, condition) in store.moment_keys()? {
        let Some(moments) = store.moments(&series, &condition)? else { continue };
        let by_class =
            (0..moments.channels()).map(|class| (class, moments.count(class), moments.mean(class)));
        let (pixels, sums, _) = moments.pooled();
        let whole: Vec<f64> = sums.iter().map(|sum| sum / pixels as f64).collect();
        let whole = (ALL_CLASSES, pixels, (moments.detail() == MomentDetail::Pooled).then_some(whole));
        for (class, pixels, means) in by_class.chain([whole]) {
            for (channel, mean) in means.into_iter().flatten().enumerate() {
                let counts = [class as u64, pixels, channel as u64].map(Value::Count);
                with_series(table, &series, &condition, &[&counts[..], &[Value::Number(mean)]].concat())?;
            }
        }
    }
    Ok(())
}

fn logit_moments(store: &Store, table: &mut Table) -> Result<()> {
    for (series, condition) in store.moment_keys()? {
        let Some(moments) = store.moments(&series, &condition)? else { continue };
        let k = moments.channels();
        let by_class = (0..k).map(|class| (class, moments.count(class), moments.second_moment(class)));
        let (pixels, _, products) = moments.pooled();
        let whole: Vec<f64> = products.iter().map(|product| product / pixels as f64).collect();
        let whole = (ALL_CLASSES, pixels, (moments.detail() != MomentDetail::ByClass).then_some(whole));
        for (class, pixels, products) in by_class.chain([whole]) {
            let Some(products) = products else { continue };
            for (row, column) in (0..k).flat_map(|row| (row..k).map(move |column| (row, column))) {
                let counts = [class as u64, pixels, row as u64, column as u64].map(Value::Count);
                let value = [Value::Number(products[row * k + column])];
                with_series(table, &series, &condition, &[&counts[..], &value].concat())?;
            }
        }
    }
    Ok(())
}

fn cross_covariances(store: &Store, table: &mut Table) -> Result<()> {
    for (series, condition) in store.cross_keys()? {
        let Some(sums) = store.cross_moments(&series, &condition)? else { continue };
        let Some(found) = sums.covariances() else { continue };
        for (of, matrix) in [("clean", found.clean), ("corrupted", found.corrupted), ("cross", found.cross)] {
            for (place, covariance) in matrix.into_iter().enumerate() {
                let (row, column) = (place / sums.channels(), place % sums.channels());
                let rest = [
                    Value::Count(sums.count()),
                    Value::Text(of),
                    Value::Count(row as u64),
                    Value::Count(column as u64),
                    Value::Number(covariance),
                ];
                with_series(table, &series, &condition, &rest)?;
            }
        }
    }
    Ok(())
}

fn with_key(table: &mut Table, key: &Key, rest: &[Value<'_>]) -> Result<()> {
    let image = [Value::Text(&key.image_id)];
    with_series(table, &key.series(), &key.condition, &[&image, rest].concat())
}

fn with_series(table: &mut Table, series: &Series, condition: &Condition, rest: &[Value<'_>]) -> Result<()> {
    let head = [
        Value::Text(series.model.as_str()),
        Value::Count(series.seed),
        Value::Text(series.mode.as_str()),
        Value::Text(&condition.corruption),
        Value::Count(condition.severity.into()),
    ];
    table.row(&[&head, rest].concat())
}
