//! A whole corrupted set on disk: every picture of a split under every condition, resumable, with a manifest.
//!
//! FORMAT.md says how the folder is laid out. The pictures, clean ones among them, are those of an evaluation with the same
//! suite, master seed and view, byte for byte.

mod folder;
mod forecast;
mod made_for;
mod made_set;
mod make;
mod manifest;
mod settings;
mod sources;
mod times;
mod verify;
mod workers;

pub use forecast::Forecast;
pub(crate) use made_set::MadeSet;
pub use times::Times;
pub use verify::{Verified, verify};

use crate::progress;
use crate::recipe::only_view;
use crate::stages::TestProtocol;
use anyhow::bail;
use folder::Folder;
use make::Maker;
use manifest::Row;
use scribe_dataset::{ImageId, Split};
use settings::Settings;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// What a corrupted set is asked to hold.
pub struct CorruptSet<'a> {
    /// Where pictures come from.
    pub split: &'a dyn Split,
    /// The split's name, which the folder remembers.
    pub split_name: &'a str,
    /// How many pictures from the split's first; at most all.
    pub pictures: usize,
    /// The size of the pictures and what is done to them; its limit is in `pictures` already.
    pub shown: &'a TestProtocol,
    /// Threads, at least 1; the bytes do not depend on it.
    pub jobs: usize,
}

/// What one call did.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Pictures of the split that were there already.
    pub before: usize,
    /// Pictures of the split that were made, each under every condition.
    pub made: usize,
    /// Conditions.
    pub conditions: usize,
    /// Where the threads' time went.
    pub times: Times,
    /// From the first picture to the last.
    pub wall: Duration,
    /// Whether it was stopped from outside before the last picture.
    pub stopped: bool,
}

impl CorruptSet<'_> {
    /// Writes to `out` what is not there yet; `announce` hears the forecast before the first picture is written.
    ///
    /// # Errors
    /// When the suite does not take the view, `out` holds something else, a set with other settings or one made from other
    /// pictures, the forecast exceeds the free space, or a picture cannot be read, corrupted or written. What is complete is kept, and the same call goes on behind it.
    pub fn write(
        &self,
        out: &Path,
        stop: &AtomicBool,
        announce: impl FnOnce(&Forecast),
    ) -> anyhow::Result<Summary> {
        self.check()?;
        let settings = Settings::of(self)?;
        let ids: &[ImageId] = &self.split.ids()[..self.pictures];
        let maker = Maker { set: self, out };
        let unchanged = |rows: &[Row]| sources::check(&maker, ids, rows, settings.conditions());
        let mut folder = Folder::open(out, &settings, ids, unchanged)?;
        let todo = folder.todo();
        let forecast = Forecast::new(&maker, &folder, &todo)?;
        announce(&forecast);
        forecast.check(out)?;
        folder.create_condition_folders(&settings)?;
        let bar = progress::bar("corrupting", todo.len() as u64, "pictures");
        let started = Instant::now();
        let mut summary = Summary {
            before: self.pictures - todo.len(),
            conditions: settings.conditions(),
            ..Summary::default()
        };
        let work = |index: usize| maker.make(&ids[todo[index]]);
        workers::in_order(todo.len(), self.jobs, stop, work, |index, made| {
            let (rows, times) = made?;
            summary.times.add(&times);
            summary.made += 1;
            bar.set_position(summary.made as u64);
            folder.record(todo[index], rows)
        })?;
        bar.finish_and_clear();
        summary.wall = started.elapsed();
        summary.stopped = summary.made < todo.len();
        Ok(summary)
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.jobs == 0 {
            bail!("jobs is 0 (expected at least 1)");
        }
        if self.pictures == 0 || self.pictures > self.split.ids().len() {
            bail!("pictures is {} (expected 1 to {})", self.pictures, self.split.ids().len());
        }
        let TestProtocol { corruptions, severities, suite, view, .. } = self.shown;
        if let Some(only) = only_view(suite.name()).filter(|only| view.to_string() != *only) {
            bail!("view is {view} (expected {only}, the only size of suite {})", suite.name());
        }
        for (i, name) in corruptions.iter().enumerate() {
            suite.get(name)?;
            if corruptions[..i].contains(name) {
                bail!("corruption {name} is named twice (expected each of them once)");
            }
        }
        for (i, severity) in severities.iter().enumerate() {
            if severities[..i].contains(severity) {
                bail!("severity {severity} is named twice (expected each of them once)");
            }
        }
        Ok(())
    }
}
