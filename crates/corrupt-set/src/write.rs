//! Making a corrupted set, or what is missing of it.

use crate::folder::Folder;
use crate::forecast::Forecast;
use crate::make::Maker;
use crate::manifest::Row;
use crate::set::CorruptSet;
use crate::settings::Settings;
use crate::sources;
use crate::times::Times;
use crate::{Error, Result};
use scribe_dataset::ImageId;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Finished images that may wait for a slow one before them, for each thread.
const WAITING: usize = 8;

/// How far [`CorruptSet::write`] has come.
#[derive(Debug)]
pub enum Event<'a> {
    /// How many of the images that the set holds already were compared with their files, and how many there are.
    Checked(usize, usize),
    /// What will be written; this comes once, before the first image.
    Begin(&'a Forecast),
    /// How many images this call has made, and how many it makes in all.
    Made(usize, usize),
}

/// What one call of [`CorruptSet::write`] did.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Images of the split that were there already.
    pub before: usize,
    /// Images of the split that were made, each under every condition.
    pub made: usize,
    /// Conditions of each image, clean among them.
    pub conditions: usize,
    /// How the threads spent their time.
    pub times: Times,
    /// From the first image to the last.
    pub wall: Duration,
    /// Whether it was stopped before the last image.
    pub stopped: bool,
}

impl CorruptSet<'_> {
    /// Writes to the folder `out` what is not there yet, until it is complete or `stop` is set.
    ///
    /// `progress` is called from any thread.
    ///
    /// # Errors
    /// The protocol asks for what its suite does not have; `out` holds something else, a set with other settings or one
    /// that was made from other images; the forecast exceeds the free space; or an image cannot be read, corrupted or
    /// written. What is complete is kept, and the same call continues after it.
    pub fn write(
        &self,
        out: &Path,
        stop: &AtomicBool,
        progress: &(dyn Fn(Event<'_>) + Sync),
    ) -> Result<Summary> {
        self.check()?;
        let settings = Settings::new(self)?;
        let ids: &[ImageId] = &self.split.ids()[..self.images];
        let maker = Maker { set: self, out };
        let unchanged = |rows: &[Row]| {
            sources::check(&maker, ids, rows, &|done, all| progress(Event::Checked(done, all)))
        };
        let mut folder = Folder::open(out, &settings, ids, unchanged)?;
        let todo = folder.todo();
        let forecast = Forecast::new(&maker, &folder, &todo)?;
        progress(Event::Begin(&forecast));
        forecast.check(out)?;
        folder.create_condition_folders(&settings, ids)?;
        let started = Instant::now();
        let mut summary = Summary {
            before: self.images - todo.len(),
            conditions: settings.conditions(),
            ..Summary::default()
        };
        self.make(&maker, &mut folder, &todo, stop, |times| {
            summary.times.add(times);
            summary.made += 1;
            progress(Event::Made(summary.made, todo.len()));
        })?;
        summary.wall = started.elapsed();
        summary.stopped = summary.made < todo.len();
        Ok(summary)
    }

    /// Makes the images `todo` on all threads, and records them in their order until `stop` is set. `made` is called after
    /// each of them.
    fn make(
        &self,
        maker: &Maker<'_>,
        folder: &mut Folder,
        todo: &[usize],
        stop: &AtomicBool,
        mut made: impl FnMut(&Times),
    ) -> Result<()> {
        let ids = self.split.ids();
        let work = |index: usize| (!stop.load(Ordering::Relaxed)).then(|| maker.make(&ids[todo[index]]));
        let ahead = self.threads.saturating_mul(WAITING);
        scribe_base::ordered(todo.len(), self.threads, ahead, work, |results| {
            for (&index, result) in todo.iter().zip(results.map_while(|result| result)) {
                let (rows, times) = result?;
                folder.record(index, rows)?;
                made(&times);
            }
            Ok::<(), Error>(())
        })
    }
}
