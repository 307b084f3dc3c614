//! The images that are being processed: each is loaded once, by the first thread that needs it, and dropped after its
//! last use.

use crate::plan::InputJob;
use crate::{Error, Pass, Result};
use scribe_dataset::{CorruptionPlace, Sample};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

type Loaded = std::result::Result<LoadedSample, Arc<scribe_dataset::Error>>;

/// One image of the pass.
#[derive(Clone)]
pub(crate) struct LoadedSample {
    /// At the size of the test.
    pub at_view: Arc<Sample>,
    /// At the size of its file, where it is corrupted there.
    pub native: Option<Arc<Sample>>,
}

impl LoadedSample {
    fn new(pass: &Pass<'_>, sample: Sample) -> LoadedSample {
        let native = (pass.corruption_place == CorruptionPlace::BeforeView).then(|| Arc::new(sample.clone()));
        LoadedSample { at_view: Arc::new(pass.view.apply(sample)), native }
    }

    /// What is corrupted.
    pub(crate) fn to_corrupt(&self) -> &Sample {
        self.native.as_ref().unwrap_or(&self.at_view)
    }
}

/// The images that some thread is working on.
pub(crate) struct Samples<'a> {
    pass: &'a Pass<'a>,
    slots: Mutex<BTreeMap<usize, Slot>>,
}

struct Slot {
    loaded: Arc<OnceLock<Loaded>>,
    /// Jobs that will still need this image.
    uses: usize,
}

impl<'a> Samples<'a> {
    pub(crate) fn new(pass: &'a Pass<'a>, jobs: &[InputJob]) -> Samples<'a> {
        let mut slots = BTreeMap::new();
        for job in jobs {
            let slot =
                slots.entry(job.image_index).or_insert_with(|| Slot { loaded: Arc::default(), uses: 0 });
            slot.uses += 1;
        }
        Samples { pass, slots: Mutex::new(slots) }
    }

    /// The image of this index; each job calls it once.
    pub(crate) fn get(&self, image_index: usize) -> Result<LoadedSample> {
        let id = &self.pass.image_ids[image_index];
        let load = || {
            let sample = self.pass.split.load(id).map_err(Arc::new)?;
            self.pass.view.check(sample.image.dimensions()).map_err(Arc::new)?;
            Ok(LoadedSample::new(self.pass, sample))
        };
        let loaded = self.slot(image_index);
        let failed = |source| Error::Data { image_id: id.to_string(), source };
        loaded.get_or_init(load).clone().map_err(failed)
    }

    fn slot(&self, image_index: usize) -> Arc<OnceLock<Loaded>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.get_mut(&image_index).expect("a job calls once, and the plan has counted it");
        let loaded = slot.loaded.clone();
        slot.uses -= 1;
        if slot.uses == 0 {
            slots.remove(&image_index);
        }
        loaded
    }
}
