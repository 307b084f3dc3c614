//! Writes the whole report of a run into its folder.

use crate::contents::{Contents, contents};
use crate::error::{Error, Result};
use crate::extra::ReportExtra;
use crate::render::{
    correlations, csv, findings, html, label_shift, lists, markdown, modes, png, temperature_list, tex, text,
    variance_list,
};
use crate::tables::Table;
use crate::view::View;
use scribe_base::atomic_file;
use std::fs;
use std::path::{Path, PathBuf};

/// Pixels of a PNG figure per CSS pixel; 2 is sharp in a column of a printed page.
const PNG_SCALE: f32 = 2.0;

/// [`contents`] and then [`write_contents`].
///
/// # Errors
/// Those of [`contents`], before anything is written, and of [`write_contents`].
pub fn write_report(run_dir: &Path, view: &View, extra: &ReportExtra) -> Result<Vec<PathBuf>> {
    write_contents(run_dir, &contents(view, extra)?)
}

/// Writes `table1`, `table2`, `corruption-error` and `extra-corruptions` as `.md`, `.csv` and `.tex`, `cells.csv`,
/// `classes.csv`, `measures.csv`, `differences.csv` and `conventions.csv`, `correlations.csv`, `modes.csv`, `given.csv`, `label-shift.csv`,
/// `unmapped.csv`, `temperatures.csv` and `variance.csv` (where there is something in them), `fig3` to `fig6`, `dimensions`, `reliability` and `variance` as `.svg` and `.png`
/// (those that the store has data for), `findings.md` (the report's sentences) and `report.html` into `run_dir`, each atomically, and gives their
/// paths. The same view and extra give the same bytes.
///
/// # Errors
/// A file cannot be written, or a figure cannot be drawn; files written before stay whole.
pub fn write_contents(run_dir: &Path, c: &Contents<'_>) -> Result<Vec<PathBuf>> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for table in [&c.table1, &c.table2].into_iter().chain(&c.corruption_error).chain(&c.extras) {
        files.push((format!("{}.md", table.id), markdown::markdown(table).into_bytes()));
        files.push((format!("{}.csv", table.id), csv::csv(table).into_bytes()));
        files.push((format!("{}.tex", table.id), tex::tex(table).into_bytes()));
    }
    files.extend(csv_lists(c).into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())));
    for (name, svg) in c.pictures() {
        files.push((format!("{name}.png"), png::rasterise(svg, PNG_SCALE)?));
        files.push((format!("{name}.svg"), svg.as_bytes().to_vec()));
    }
    files.push(("findings.md".to_owned(), findings::findings(c).into_bytes()));
    files.push(("report.html".to_owned(), html::page(c)?.into_bytes()));
    fs::create_dir_all(run_dir).map_err(|source| Error::Folder { path: run_dir.to_owned(), source })?;
    // What a killed report left half-written.
    atomic_file::sweep(run_dir, |name| files.iter().any(|(own, _)| own == name));
    let write = |(name, bytes): (String, Vec<u8>)| {
        let path = run_dir.join(name);
        atomic_file::write(&path, &bytes)?;
        Ok(path)
    };
    files.into_iter().map(write).collect()
}

/// The lists by the names of their files: those that every report has, and those that there is something for.
fn csv_lists(c: &Contents<'_>) -> Vec<(&'static str, String)> {
    let always = [
        ("cells.csv", lists::cells(&c.results, &c.resampled)),
        ("classes.csv", lists::classes(c.view, &c.classes)),
        ("measures.csv", lists::measures(c.view, &c.measured)),
        ("differences.csv", lists::differences(c.view, &c.differences)),
        ("conventions.csv", lists::conventions(c.view, &c.conventions)),
    ];
    let rare = [
        ("correlations.csv", correlations::correlations(c.view, &c.class_correlations)),
        ("modes.csv", modes::modes(c.view, &c.mode_gaps)),
        ("given.csv", lists::given(c.view, &c.given)),
        ("label-shift.csv", label_shift::label_shift(c.view, &c.label_shifts)),
        ("unmapped.csv", lists::unmapped(c.view)),
        ("temperatures.csv", temperature_list::temperatures(c.view)),
        ("variance.csv", c.variance.as_ref().map(|v| variance_list::variance(c.view, &v.data))),
    ];
    let rare = rare.into_iter().filter_map(|(name, text)| Some((name, text?)));
    always.into_iter().chain(rare).collect()
}

/// Both tables as plain text, for the end of a run.
pub fn terminal(contents: &Contents<'_>) -> String {
    // The note on the mark alone: the others are in the files.
    let marked = |n: &&String| n.starts_with(crate::tables::NOT_ESTABLISHED);
    let notes = contents.table1.notes.iter().filter(marked).cloned().collect();
    let one = text::text(&Table { notes, ..contents.table1.clone() });
    format!("{one}\n{}", text::text(&contents.table2))
}
