//! The tables of an export and what fills them from a store.

use super::table::{Kind, Schema, Value, Writer};
use Kind::{Count, Number, Text};
use scribe_records::{Condition, Filter, Key, Series, Store};

/// Writes all rows of one table.
pub type Fill = fn(&Store, &mut dyn Writer) -> anyhow::Result<()>;

/// Every table.
pub const ALL: &[(Schema, Fill)] = &[
    (INPUTS, inputs),
    (CONFUSIONS, confusions),
    (CALIBRATION, calibration),
    (BRIER, brier),
    (NON_DISTINCTIVENESS, non_distinctiveness),
    (LOGIT_MEANS, logit_means),
    (LOGIT_MOMENTS, logit_moments),
    (CROSS_COVARIANCES, cross_covariances),
];

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

const INPUTS: Schema = schema!("inputs", only, "image": Text, "corruption": Text, "severity": Count, "seed": Count, "sha256": Text);
const CONFUSIONS: Schema = schema!("confusions", key, "truth": Count, "prediction": Count, "pixels": Count);
const CALIBRATION: Schema = schema!("calibration", key, "probability": Text, "bin": Count, "pixels": Count,
    "correct": Count, "confidence": Number);
const BRIER: Schema = schema!("brier", key, "probability": Text, "pixels": Count, "squares": Number);
const NON_DISTINCTIVENESS: Schema =
    schema!("non_distinctiveness", key, "pixels": Count, "joint": Number, "pairwise": Number);
const LOGIT_MEANS: Schema =
    schema!("logit_means", series, "class": Count, "pixels": Count, "channel": Count, "mean": Number);
const LOGIT_MOMENTS: Schema = schema!("logit_moments", series, "class": Count, "pixels": Count, "row": Count,
    "column": Count, "mean_product": Number);
const CROSS_COVARIANCES: Schema = schema!("cross_covariances", series, "pixels": Count, "of": Text, "row": Count,
    "column": Count, "covariance": Number);

fn inputs(store: &Store, writer: &mut dyn Writer) -> anyhow::Result<()> {
    for input in store.inputs()? {
        writer.row(&[
            Value::Text(&input.image),
            Value::Text(&input.condition.corruption),
            Value::Count(input.condition.severity.into()),
            Value::Count(input.seed.into()),
            Value::Text(&input.sha256),
        ])?;
    }
    Ok(())
}

fn confusions(store: &Store, writer: &mut dyn Writer) -> anyhow::Result<()> {
    let mut outcome = Ok(());
    store.for_each_confusion(&Filter::all(), |key, cells| {
        for &(truth, prediction, pixels) in cells.cells() {
            let rest = [truth.into(), prediction.into(), pixels.into()].map(Value::Count);
            keep(&mut outcome, || with_key(writer, &key, &rest));
        }
    })?;
    outcome
}

fn calibration(store: &Store, writer: &mut dyn Writer) -> anyhow::Result<()> {
    let mut outcome = Ok(());
    store.for_each_calibration(&Filter::all(), |key, probability, calibration| {
        for (place, bin) in calibration.bins().iter().enumerate().filter(|(_, bin)| bin.count > 0) {
            let counts = [place as u64, bin.count, bin.correct].map(Value::Count);
            let rest = [&[Value::Text(probability.as_str())], &counts[..], &[Value::Number(bin.confidence)]];
            keep(&mut outcome, || with_key(writer, &key, &rest.concat()));
        }
    })?;
    outcome
}

fn brier(store: &Store, writer: &mut dyn Writer) -> anyhow::Result<()> {
    let mut outcome = Ok(());
    store.for_each_calibration(&Filter::all(), |key, probability, calibration| {
        let (pixels, squares) = (calibration.pixels(), calibration.squares());
        let rest = [Value::Text(probability.as_str()), Value::Count(pixels), Value::Number(squares)];
        keep(&mut outcome, || with_key(writer, &key, &rest));
    })?;
    outcome
}

fn non_distinctiveness(store: &Store, writer: &mut dyn Writer) -> anyhow::Result<()> {
    let mut outcome = Ok(());
    store.for_each_non_distinctiveness(&Filter::all(), |key, end| {
        let values = [end.joint(), end.pairwise()].map(|value| Value::Number(value.unwrap_or(f64::NAN)));
        let rest = [Value::Count(end.pixels()), values[0], values[1]];
        keep(&mut outcome, || with_key(writer, &key, &rest));
    })?;
    outcome
}

fn logit_means(store: &Store, writer: &mut dyn Writer) -> anyhow::Result<()> {
    for (series, condition) in store.moment_keys()? {
        let Some(moments) = store.moments(&series, &condition)? else { continue };
        for class in 0..moments.channels() {
            for (channel, mean) in moments.mean(class).into_iter().flatten().enumerate() {
                let counts = [class as u64, moments.count(class), channel as u64].map(Value::Count);
                with_series(writer, &series, &condition, &[&counts[..], &[Value::Number(mean)]].concat())?;
            }
        }
    }
    Ok(())
}

fn logit_moments(store: &Store, writer: &mut dyn Writer) -> anyhow::Result<()> {
    for (series, condition) in store.moment_keys()? {
        let Some(moments) = store.moments(&series, &condition)? else { continue };
        let k = moments.channels();
        for class in 0..k {
            let Some(products) = moments.second_moment(class) else { continue };
            for (row, column) in (0..k).flat_map(|row| (row..k).map(move |column| (row, column))) {
                let counts = [class, moments.count(class) as usize, row, column];
                let counts = counts.map(|count| Value::Count(count as u64));
                let value = [Value::Number(products[row * k + column])];
                with_series(writer, &series, &condition, &[&counts[..], &value].concat())?;
            }
        }
    }
    Ok(())
}

fn cross_covariances(store: &Store, writer: &mut dyn Writer) -> anyhow::Result<()> {
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
                with_series(writer, &series, &condition, &rest)?;
            }
        }
    }
    Ok(())
}

/// Does it unless something failed before; the store hands out rows without asking how they fared.
fn keep(outcome: &mut anyhow::Result<()>, row: impl FnOnce() -> anyhow::Result<()>) {
    if outcome.is_ok() {
        *outcome = row();
    }
}

fn with_key(writer: &mut dyn Writer, key: &Key, rest: &[Value<'_>]) -> anyhow::Result<()> {
    let image = [Value::Text(&key.image)];
    with_series(writer, &key.series(), &key.condition, &[&image, rest].concat())
}

fn with_series(
    writer: &mut dyn Writer,
    series: &Series,
    condition: &Condition,
    rest: &[Value<'_>],
) -> anyhow::Result<()> {
    let head = [
        Value::Text(series.model.as_str()),
        Value::Count(series.seed),
        Value::Text(series.mode.as_str()),
        Value::Text(&condition.corruption),
        Value::Count(condition.severity.into()),
    ];
    writer.row(&[&head, rest].concat())
}
