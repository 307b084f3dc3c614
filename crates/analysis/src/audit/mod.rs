//! Recomputes what can be recomputed from a published table of robustness, and lists what does not add up.
//!
//! A [`Layout`] says what the columns of the table are, and [`audit()`] checks the table. METHODOLOGY.md gives the rules.

mod above_clean;
mod collapsed;
mod compared;
mod dead;
mod degradation;
mod fields;
mod finding;
mod findings;
mod grid;
mod kept;
mod layout;
mod layouts;
mod lines;
mod listed;
mod means;
mod measure;
mod minima;
mod missing;
mod number;
mod pattern;
mod read_names;
mod read_sheet;
mod relative;
mod repeats;
mod scores;
mod severities;
mod sheet;
mod work;

pub use finding::{Finding, Kind};
pub use findings::Findings;
pub use layout::{Axis, Layout};
pub use measure::Measure;

pub(crate) use compared::{Compared, Verdict};
pub(crate) use means::means;
pub(crate) use sheet::{Condition, Line, Rounding, Sheet};

use crate::error::Result;
use kept::Kept;

/// Checks a table against itself; `text` is CSV and errors name `file`.
///
/// ```
/// use scribe_analysis::audit::{Layout, audit};
/// let layout = r#"
///     name = "two models"
///     model = ["model"]
///     [[measure]]
///     name = "mIoU"
///     clean = "clean"
///     conditions = ["fog", "snow"]
///     mean = "mean"
/// "#;
/// let table = "model,clean,fog,snow,mean\nA,70.0,50.0,40.0,45.0\nB,72.0,52.0,44.0,58.0\n";
/// let found = audit(table, "table.csv", &Layout::parse(layout, "layout.toml")?)?;
/// // (52 + 44) / 2 = 48, not 58.
/// assert_eq!(found.faults(), 1);
/// assert_eq!((found.list[0].printed, found.list[0].recomputed), (Some(58.0), Some(48.0)));
/// # Ok::<(), scribe_analysis::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Table`] when a column that the layout names is missing or there twice, a number cannot be read, a severity
/// is not from 1 to 5 or there twice, or the scores are in another unit than `full`; [`crate::Error::Layout`] when the
/// reference is no row of the table, or several, or its measures ask for far more than a table of 64 MiB holds: more than
/// 33,554,432 numbers in all, or more than 134,217,728 comparisons of a name with a `*` and a column.
pub fn audit(text: &str, file: &str, layout: &Layout) -> Result<Findings> {
    let grid = grid::Grid::read(text, file, layout.models)?;
    let (mut summary, mut kept) = (Vec::new(), Kept::default());
    work::check(&grid, layout)?;
    for measure in &layout.measures {
        let sheet = read_sheet::read_sheet(&grid, layout, measure)?;
        scores::check_unit(&sheet).map_err(|reason| grid.wrong("scores", reason))?;
        summary.push(check(&sheet, layout, measure, &mut kept)?);
    }
    Ok(kept.findings(summary))
}

/// Keeps what is found in one measure, and says what was recomputed.
fn check(sheet: &Sheet, layout: &Layout, measure: &Measure, kept: &mut Kept) -> Result<String> {
    let (mce, cd) = (measure.mce.as_deref(), measure.cd.as_deref());
    let mce = degradation::degradation(sheet, layout, mce, |line| line.mce, sheet.rounding.mce)?;
    let cd = degradation::degradation(sheet, layout, cd, |line| line.cd, sheet.rounding.cd)?;
    let mut compare = |what: &str, compared: &mut dyn Iterator<Item = Compared>| {
        let mut n = 0_usize;
        kept.extend(compared.inspect(|_| n += 1).filter_map(|c| c.finding(sheet, what)));
        n
    };
    let summary = format!(
        "{}: {} rows, {} conditions; recomputed {} means, {} minima, {} rPC, {} mCE, {} CD.",
        sheet.measure,
        sheet.lines.len(),
        sheet.conditions.len(),
        compare("mean", &mut means(sheet)),
        compare("minimum", &mut minima::minima(sheet)),
        compare("rPC", &mut relative::relative(sheet)),
        compare("mCE", &mut mce.into_iter().flatten()),
        compare("CD", &mut cd.into_iter().flatten())
    );
    kept.extend(scores::impossible(sheet));
    let (repeats, dead) = (repeats::repeats(sheet), dead::dead(sheet));
    // What is said already of a row explains that it keeps so little.
    let explained: Vec<usize> = repeats.iter().map(|r| r.1).chain(dead.iter().copied()).collect();
    kept.extend(repeats.iter().map(|r| repeats::finding(sheet, *r)));
    kept.extend(dead.iter().map(|line| dead::finding(sheet, *line)));
    kept.extend(collapsed::collapsed(sheet, &explained));
    kept.extend(above_clean::above_clean(sheet));
    kept.extend(severities::severities(sheet));
    kept.extend(missing::missing(sheet));
    Ok(summary)
}
