//! Everything that a report shows, computed once from a view.

use crate::bootstrap::{Bootstrap, Resampled};
use crate::class_correlations::{ClassCorrelation, class_correlations};
use crate::classes::ClassIous;
use crate::conventions::ConventionTable;
use crate::error::{Error, Result};
use crate::extra::ReportExtra;
use crate::figures::{Dimensions, Fig3, Fig4, Fig5, Fig6, dimensions, fig3, fig4, fig5, fig6};
use crate::format::list;
use crate::given::{Likeness, likenesses};
use crate::label_shift::{LabelShift, label_shifts};
use crate::measures::{Kind, Measured, Reliability, reliability};
use crate::power::{PowerRow, PowerSettings, power_of_view};
use crate::render::{beyond, fig3::fig3_svg, fig6::fig6_svg, fig45, variance::variance_svg, xml::Drawing};
use crate::summary::{ModeChoice, ModelResults, Results};
use crate::tables::{
    Difference, ModeGap, Table, corruption_error_table, differences, extras_table, mark, mode_gaps, table1,
    table2,
};
use crate::variance::VarianceSplits;
use crate::view::View;
use crate::wiggle::{Wiggle, WiggleTest};
use scribe_records::{Mode, ModelId};

/// Everything that a report shows, computed once.
#[derive(Debug)]
pub struct Contents<'a> {
    /// The view that it is computed from.
    pub(crate) view: &'a View,
    /// The additions from outside of the store.
    pub(crate) extra: ReportExtra,
    /// The mIoUs of the view.
    pub(crate) results: Results<'a>,
    /// Which results Table 1 shows.
    pub(crate) mode_choice: ModeChoice,
    /// Table 1.
    pub(crate) table1: Table,
    /// Table 2.
    pub(crate) table2: Table,
    /// The reference model of corruption errors.
    pub(crate) reference: Option<ModelId>,
    /// Corruption errors against the reference, where another model has them.
    pub(crate) corruption_error: Option<Table>,
    /// The table of corruptions beyond the paper's fifteen, where some were run.
    pub(crate) extras: Option<Table>,
    /// How much of a drop is label shift, in every mode and as Table 1 shows it; empty where no label map moved.
    pub(crate) label_shifts: Vec<LabelShift>,
    /// How alike conditions with given pictures and corruptions are; empty where no condition is given.
    pub(crate) given: Vec<Likeness>,
    /// The scores of every model by the conventions of other papers and packages.
    pub(crate) conventions: ConventionTable,
    /// How many pictures would show a difference of one point, for each pair of models.
    pub(crate) power: Vec<PowerRow>,
    /// IoU by class.
    pub(crate) classes: ClassIous,
    /// Every difference between two models with its interval.
    pub(crate) differences: Vec<Difference>,
    /// What further modes of inference change against single scale; empty where only one mode was run.
    pub(crate) mode_gaps: Vec<ModeGap>,
    /// Figure 3, where the store has moments.
    pub(crate) fig3: Option<Drawn<Fig3>>,
    /// Figure 3 in numbers, of every network and class.
    pub(crate) class_correlations: Vec<ClassCorrelation>,
    /// Figure 4, where the store has moments.
    pub(crate) fig4: Option<Drawn<Fig4>>,
    /// Figure 5.
    pub(crate) fig5: Option<Drawn<Fig5>>,
    /// Figure 6, where the store has panels.
    pub(crate) fig6: Option<Drawn<Fig6>>,
    /// Dimensionality, CKA, calibration and END with their draws.
    pub(crate) measured: Measured,
    /// The mode whose logits these are computed from: single scale where it was run.
    pub(crate) structure_mode: Mode,
    /// Dimensionality against the drop in mIoU.
    pub(crate) wiggle: Vec<WiggleTest>,
    /// Dimensionality and CKA by severity, where corrupted conditions have sums.
    pub(crate) dimensions: Option<Drawn<Dimensions>>,
    /// Reliability diagrams, where calibrations were counted.
    pub(crate) reliability: Option<Drawn<Vec<Reliability>>>,
    /// Where the uncertainty of each number comes from, where the corruptions were drawn several times.
    pub(crate) variance: Option<Drawn<VarianceSplits>>,
    /// mIoU of every cell under every resample.
    pub(crate) resampled: Resampled,
    /// How it was resampled.
    pub(crate) bootstrap: Bootstrap,
}

/// A figure's data and its picture.
#[derive(Debug)]
pub(crate) struct Drawn<T> {
    /// The data.
    pub(crate) data: T,
    /// The SVG.
    pub(crate) svg: Drawing,
}

impl Contents<'_> {
    /// The results that Table 1 shows, in the order of the models.
    pub(crate) fn shown(&self) -> Vec<&ModelResults<'_>> {
        self.results.all(self.mode_choice).collect()
    }

    /// What a resample draws, in words: "pictures and training seeds", "sequences of 20 pictures and training seeds".
    pub(crate) fn resampled(&self) -> String {
        match self.bootstrap.sequence {
            1 => self.view.resampled(),
            n => format!("sequences of {n} {}", self.view.resampled()),
        }
    }

    /// The file stem and the SVG of each figure that could be made.
    pub(crate) fn pictures(&self) -> Vec<(&'static str, &Drawing)> {
        let all = [
            ("fig3", self.fig3.as_ref().map(|f| &f.svg)),
            ("fig4", self.fig4.as_ref().map(|f| &f.svg)),
            ("fig5", self.fig5.as_ref().map(|f| &f.svg)),
            ("fig6", self.fig6.as_ref().map(|f| &f.svg)),
            ("dimensions", self.dimensions.as_ref().map(|f| &f.svg)),
            ("reliability", self.reliability.as_ref().map(|f| &f.svg)),
            ("variance", self.variance.as_ref().map(|f| &f.svg)),
        ];
        all.into_iter().filter_map(|(name, svg)| Some((name, svg?))).collect()
    }
}

/// Computes the tables, the figures and the intervals.
///
/// # Errors
/// A name in `extra` is not one of the view's, there are more resamples than [`Bootstrap::MOST_RESAMPLES`] or more than so many pictures may have
/// ([`Error::Resamples`]), fewer than two whole sequences ([`Error::Sequence`]), or a figure could not be drawn, for example because a stored panel is not a PNG.
pub fn contents<'a>(view: &'a View, extra: &ReportExtra) -> Result<Contents<'a>> {
    check_choices(view, extra)?;
    let reference = reference(view, extra)?;
    let Basis { bootstrap, resampled, results, mode_choice, measured, structure_mode } =
        Basis::new(view, bootstrap(view, extra)?);
    let wiggle = Wiggle::new(&results, &measured, &structure_mode);
    let marked = |table| mark(table, &results, &resampled, mode_choice);
    Ok(Contents {
        view,
        extra: extra.clone(),
        mode_choice,
        table1: marked(table1(&results, mode_choice)),
        table2: marked(table2(&results)),
        corruption_error: reference.as_ref().and_then(|r| corruption_error_table(&results, r, mode_choice)),
        reference,
        extras: extras_table(&results, mode_choice).map(marked),
        label_shifts: shifts(&results, &resampled, mode_choice),
        given: likenesses(&results),
        conventions: ConventionTable::new(&results, &bootstrap),
        power: power_of_view(view, &PowerSettings { bootstrap, ..PowerSettings::default() })?,
        classes: ClassIous::new(view, &bootstrap),
        differences: differences(&results, &resampled),
        mode_gaps: mode_gaps(&results, &resampled),
        fig3: fig3(view, extra.fig3_class.as_deref()).map(|data| Drawn { svg: fig3_svg(&data), data }),
        class_correlations: class_correlations(view),
        fig4: draw(fig4(view), fig45::fig4_svg)?,
        fig5: draw(fig5(&results, &bootstrap, &resampled), fig45::fig5_svg)?,
        fig6: draw(fig6(view, extra.fig6_image.as_deref()), fig6_svg)?,
        wiggle: wiggle.tests(),
        dimensions: dimensions_figure(view, dimensions(&wiggle, &measured, &structure_mode))?,
        reliability: diagrams(view, &structure_mode)?,
        variance: draw(VarianceSplits::new(&results), |splits| Ok(variance_svg(&results, splits)))?,
        structure_mode,
        measured,
        resampled,
        results,
        bootstrap,
    })
}

fn diagrams(view: &View, mode: &Mode) -> Result<Option<Drawn<Vec<Reliability>>>> {
    let found = Some(reliability(view, mode, Kind::Softmax)).filter(|diagrams| !diagrams.is_empty());
    draw(found, |diagrams| beyond::reliability_svg(view, diagrams))
}

fn dimensions_figure(view: &View, data: Option<Dimensions>) -> Result<Option<Drawn<Dimensions>>> {
    draw(data, |data| beyond::dimensions_svg(view, data))
}

/// What every part of a report is computed from; the fields are those of [`Contents`].
struct Basis<'a> {
    bootstrap: Bootstrap,
    resampled: Resampled,
    results: Results<'a>,
    mode_choice: ModeChoice,
    measured: Measured,
    structure_mode: Mode,
}

impl<'a> Basis<'a> {
    fn new(view: &'a View, bootstrap: Bootstrap) -> Basis<'a> {
        let resampled = Resampled::new(view, &bootstrap);
        let results = Results::new(view);
        let mode_choice = results.shown();
        let measured = Measured::new(view, &bootstrap);
        let structure_mode = structure_mode(&measured);
        Basis { bootstrap, resampled, results, mode_choice, measured, structure_mode }
    }
}

/// How a report is resampled.
fn bootstrap(view: &View, extra: &ReportExtra) -> Result<Bootstrap> {
    let resamples = extra.resamples.unwrap_or(Bootstrap::STANDARD.resamples).max(1);
    let sequence = extra.sequence.unwrap_or(Bootstrap::STANDARD.sequence).max(1);
    let bootstrap = Bootstrap { resamples, sequence, ..Bootstrap::STANDARD };
    bootstrap.check_most()?;
    bootstrap.check_for(view.images.len()).map(|()| bootstrap)
}

/// For the choice that Table 1 shows, then for the other modes.
fn shifts(results: &Results<'_>, resampled: &Resampled, shown: ModeChoice) -> Vec<LabelShift> {
    let others = ModeChoice::held_by(results.view()).into_iter().filter(|choice| *choice != shown);
    std::iter::once(shown).chain(others).flat_map(|choice| label_shifts(results, resampled, choice)).collect()
}

fn structure_mode(measured: &Measured) -> Mode {
    let modes: Vec<Mode> = measured.all().map(|m| m.1.clone()).collect();
    let single = modes.iter().find(|m| **m == Mode::single());
    single.or(modes.first()).cloned().unwrap_or_else(Mode::single)
}

/// Refuses a class or a picture that the view does not have; its figure would otherwise be missing without a reason.
fn check_choices(view: &View, extra: &ReportExtra) -> Result<()> {
    let missing = |what: String, expected: &str| Err(Error::Missing { what, expected: expected.to_owned() });
    match (&extra.fig3_class, &extra.fig6_image) {
        (Some(class), _) if !view.classes.contains(class) => {
            missing(format!("class `{class}`"), &list(&view.classes))
        }
        (_, Some(image)) if !view.panels.iter().any(|p| p.image == *image) => missing(
            format!("stored example pictures of `{image}`"),
            "one of those that the picker of report.html lists",
        ),
        _ => Ok(()),
    }
}

/// The reference model: the named one, else the Baseline, else the first.
fn reference(view: &View, extra: &ReportExtra) -> Result<Option<ModelId>> {
    let Some(name) = &extra.reference else {
        return Ok(view.model_named("Baseline").or_else(|| view.models.first()).cloned());
    };
    // An id before a name: names may be shared.
    let with = |of: &dyn Fn(&ModelId) -> bool| view.models.iter().find(|m| of(m));
    let found = with(&|m| m.as_str() == name).or_else(|| with(&|m| view.title(m) == *name));
    let titles: Vec<String> = view.models.iter().map(|m| view.title(m)).collect();
    let missing = || Error::Missing { what: format!("reference model `{name}`"), expected: list(&titles) };
    Ok(Some(found.ok_or_else(missing)?.clone()))
}

fn draw<T>(data: Option<T>, svg: impl Fn(&T) -> Result<Drawing>) -> Result<Option<Drawn<T>>> {
    data.map(|data| Ok(Drawn { svg: svg(&data)?, data })).transpose()
}
