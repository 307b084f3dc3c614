//! Writes the whole report of a run into its folder.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::bootstrap::{Bootstrap, Resampled};
use crate::classes::ClassIous;
use crate::error::{Error, Result};
use crate::extra::ReportExtra;
use crate::figures::{Dimensions, Fig3, Fig4, Fig5, Fig6, dimensions, fig3, fig4, fig5, fig6};
use crate::measures::{Kind, Measured, Reliability, reliability};
use crate::render::{
    beyond, csv, fig3::fig3_svg, fig6::fig6_svg, fig45, html, lists, markdown, png, tex, text,
};
use crate::summary::Cells;
use crate::tables::{
    Difference, Table, corruption_error_table, differences, extras_table, mark, table1, table2,
};
use crate::view::View;
use crate::wiggle::{Wiggle, WiggleTest};
use crate::words;
use scribe_records::{Mode, ModelId};

/// Pixels per CSS pixel of the PNG figures: sharp on paper at a column's width.
const PNG_SCALE: f32 = 2.0;

/// Everything that a report shows, computed once.
#[derive(Debug)]
pub struct Contents {
    /// Which results Table 1 shows.
    pub cells: Cells,
    /// Table 1.
    pub table1: Table,
    /// Table 2.
    pub table2: Table,
    /// The model against which corruption errors are taken.
    pub reference: Option<ModelId>,
    /// Corruption errors against the reference, where another model has them.
    pub corruption_error: Option<Table>,
    /// The corruptions beyond the paper's fifteen, where some were run.
    pub extras: Option<Table>,
    /// IoU by class.
    pub classes: ClassIous,
    /// Every difference between two models with its interval.
    pub differences: Vec<Difference>,
    /// Figure 3, where the store has moments.
    pub fig3: Option<Drawn<Fig3>>,
    /// Figure 4, where the store has moments.
    pub fig4: Option<Drawn<Fig4>>,
    /// Figure 5.
    pub fig5: Option<Drawn<Fig5>>,
    /// Figure 6, where the store has panels.
    pub fig6: Option<Drawn<Fig6>>,
    /// Dimensionality, CKA, calibration and END with their draws.
    pub measured: Measured,
    /// The mode whose logits they are shown of: single scale where it was run.
    pub structure_mode: Mode,
    /// Dimensionality against the drop in mIoU.
    pub wiggle: Vec<WiggleTest>,
    /// Dimensionality and CKA by severity, where corrupted conditions have sums.
    pub dimensions: Option<Drawn<Dimensions>>,
    /// Reliability diagrams, where calibrations were counted.
    pub reliability: Option<Drawn<Vec<Reliability>>>,
    /// All cells under the bootstrap.
    pub resampled: Resampled,
    /// How it was resampled.
    pub bootstrap: Bootstrap,
}

/// A figure's data and its picture.
#[derive(Debug)]
pub struct Drawn<T> {
    /// The data.
    pub data: T,
    /// The SVG.
    pub svg: String,
}

/// Computes the tables, the figures and the intervals.
///
/// # Errors
/// A figure could not be drawn, for example because a stored panel is not a PNG.
pub fn contents(view: &View, extra: &ReportExtra) -> Result<Contents> {
    let cells = Cells::best_for(view);
    let resamples = extra.resamples.unwrap_or(Bootstrap::STANDARD.resamples).max(1);
    let bootstrap = Bootstrap { resamples, ..Bootstrap::STANDARD };
    let resampled = Resampled::new(view, &bootstrap);
    let drawn3 = fig3(view, extra.fig3_class.as_deref()).map(|data| Drawn { svg: fig3_svg(&data), data });
    let reference = reference(view, extra)?;
    check_choices(view, extra)?;
    let measured = Measured::new(view, &bootstrap);
    let structure_mode = structure_mode(&measured);
    let wiggle = Wiggle::new(view, &measured, &structure_mode);
    let diagrams = reliability(view, &structure_mode, Kind::Softmax);
    let diagrams = (!diagrams.is_empty()).then_some(diagrams);
    Ok(Contents {
        cells,
        table1: mark(table1(view, cells), view, &resampled, cells),
        table2: mark(table2(view), view, &resampled, cells),
        corruption_error: reference.as_ref().and_then(|r| corruption_error_table(view, r, cells)),
        reference,
        extras: extras_table(view, cells).map(|t| mark(t, view, &resampled, cells)),
        classes: ClassIous::new(view, &bootstrap),
        differences: differences(view, &resampled),
        fig3: drawn3,
        fig4: draw(fig4(view), fig45::fig4_svg)?,
        fig5: draw(fig5(view, &bootstrap, &resampled), fig45::fig5_svg)?,
        fig6: draw(fig6(view, extra.fig6_image.as_deref()), fig6_svg)?,
        wiggle: wiggle.tests(),
        dimensions: draw(dimensions(&wiggle, &measured, &structure_mode), beyond::dimensions_svg)?,
        reliability: draw(diagrams, |d| beyond::reliability_svg(view, d))?,
        structure_mode,
        measured,
        resampled,
        bootstrap,
    })
}

fn structure_mode(measured: &Measured) -> Mode {
    let modes: Vec<Mode> = measured.all().map(|m| m.1.clone()).collect();
    let single = modes.iter().find(|m| **m == Mode::single());
    single.or(modes.first()).cloned().unwrap_or_else(Mode::single)
}

/// A class or a picture that was asked for by name must be there: a figure left out in silence would be a riddle.
fn check_choices(view: &View, extra: &ReportExtra) -> Result<()> {
    let missing = |what: String, expected: &str| Err(Error::Missing { what, expected: expected.to_owned() });
    match (&extra.fig3_class, &extra.fig6_image) {
        (Some(class), _) if !view.classes.contains(class) => {
            missing(format!("class `{class}`"), &words::list(&view.classes))
        }
        (_, Some(image)) if !view.panels.iter().any(|p| p.image == *image) => missing(
            format!("stored example pictures of `{image}`"),
            "one of those that the picker of report.html lists",
        ),
        _ => Ok(()),
    }
}

/// The named reference, or the Baseline, or the first model.
fn reference(view: &View, extra: &ReportExtra) -> Result<Option<ModelId>> {
    let Some(name) = &extra.reference else {
        return Ok(view.model_named("Baseline").or_else(|| view.models.first()).cloned());
    };
    // An id before a name: names may be shared.
    let with = |of: &dyn Fn(&ModelId) -> bool| view.models.iter().find(|m| of(m));
    let found = with(&|m| m.as_str() == name).or_else(|| with(&|m| view.title(m) == *name));
    let titles: Vec<String> = view.models.iter().map(|m| view.title(m)).collect();
    let missing =
        || Error::Missing { what: format!("reference model `{name}`"), expected: words::list(&titles) };
    Ok(Some(found.ok_or_else(missing)?.clone()))
}

/// [`contents`] and then [`write_contents`].
///
/// # Errors
/// A file cannot be written, or a figure cannot be drawn; files written before stay whole.
pub fn write_report(run_dir: &Path, view: &View, extra: &ReportExtra) -> Result<Vec<PathBuf>> {
    write_contents(run_dir, view, &contents(view, extra)?, extra)
}

/// Writes `table1`, `table2`, `corruption-error` and `extra-corruptions` as `.md`, `.csv` and `.tex`, `cells.csv`, `classes.csv`,
/// `measures.csv` and `differences.csv`, `fig3` to `fig6`, `dimensions` and `reliability` as `.svg` and `.png` (those that the store has data for) and `report.html` into
/// `run_dir`, each atomically, and gives their paths. The same view and extra give the same bytes.
///
/// # Errors
/// A file cannot be written, or a figure cannot be drawn; files written before stay whole.
pub fn write_contents(
    run_dir: &Path,
    view: &View,
    c: &Contents,
    extra: &ReportExtra,
) -> Result<Vec<PathBuf>> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for table in [&c.table1, &c.table2].into_iter().chain(&c.corruption_error).chain(&c.extras) {
        files.push((format!("{}.md", table.id), markdown::markdown(table).into_bytes()));
        files.push((format!("{}.csv", table.id), csv::csv(table).into_bytes()));
        files.push((format!("{}.tex", table.id), tex::tex(table).into_bytes()));
    }
    let lists = [
        ("cells.csv", lists::cells(view, &c.resampled)),
        ("classes.csv", lists::classes(view, &c.classes)),
        ("measures.csv", lists::measures(view, &c.measured)),
        ("differences.csv", lists::differences(view, &c.differences)),
    ];
    files.extend(lists.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    for (name, svg) in c.pictures() {
        files.push((format!("{name}.png"), png::rasterise(svg, PNG_SCALE)?));
        files.push((format!("{name}.svg"), svg.as_bytes().to_vec()));
    }
    files.push(("report.html".to_owned(), html::page(view, c, extra)?.into_bytes()));
    fs::create_dir_all(run_dir).map_err(|source| Error::Write { path: run_dir.to_owned(), source })?;
    files.into_iter().map(|(name, bytes)| write(run_dir, &name, &bytes)).collect()
}

/// Both tables as plain text, for the end of a run.
pub fn terminal(contents: &Contents) -> String {
    // Of the notes only the one on the mark: the others are in the files.
    let marked = |n: &&String| n.starts_with(crate::tables::OPEN);
    let notes = contents.table1.notes.iter().filter(marked).cloned().collect();
    let one = text::text(&Table { notes, ..contents.table1.clone() });
    format!("{one}\n{}", text::text(&contents.table2))
}

impl Contents {
    /// The figures that there are: file stem and SVG.
    pub fn pictures(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("fig3", self.fig3.as_ref().map(|f| f.svg.as_str())),
            ("fig4", self.fig4.as_ref().map(|f| f.svg.as_str())),
            ("fig5", self.fig5.as_ref().map(|f| f.svg.as_str())),
            ("fig6", self.fig6.as_ref().map(|f| f.svg.as_str())),
            ("dimensions", self.dimensions.as_ref().map(|f| f.svg.as_str())),
            ("reliability", self.reliability.as_ref().map(|f| f.svg.as_str())),
        ];
        all.into_iter().filter_map(|(name, svg)| Some((name, svg?))).collect()
    }
}

fn draw<T>(data: Option<T>, svg: impl Fn(&T) -> Result<String>) -> Result<Option<Drawn<T>>> {
    data.map(|data| Ok(Drawn { svg: svg(&data)?, data })).transpose()
}

/// Writes beside the file and renames, so that a reader never sees half a file; where that fails nothing of it stays.
/// Where the name is a symbolic link, the link stays and what it points to is replaced.
fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let path = dir.join(name);
    let target = path.canonicalize().unwrap_or_else(|_| path.clone());
    let beside = target.with_file_name(format!(".{name}.part"));
    let written = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, &target));
    match written {
        Ok(()) => Ok(path),
        Err(source) => {
            let _ = fs::remove_file(&beside);
            Err(Error::Write { path, source })
        }
    }
}

/// A killed call may have left the file, and in a folder of several users it may be a link to somewhere else: it is made
/// anew.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::File::options().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
