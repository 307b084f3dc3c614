//! Pictures in work: each is loaded once, by whichever thread needs it first, and dropped after its last use.

use crate::plan::Job;
use crate::{Error, Pass, Result};
use scribe_dataset::Sample;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

type Loaded = std::result::Result<Arc<Sample>, Arc<scribe_dataset::Error>>;

/// The pictures that some thread is working on, at their test size.
pub(crate) struct Samples<'a> {
    pass: &'a Pass<'a>,
    slots: Mutex<BTreeMap<usize, Slot>>,
}

struct Slot {
    loaded: Arc<OnceLock<Loaded>>,
    /// Jobs that will still ask for this picture.
    uses: usize,
}

impl<'a> Samples<'a> {
    pub fn new(pass: &'a Pass<'a>, jobs: &[Job]) -> Samples<'a> {
        let mut slots = BTreeMap::new();
        for job in jobs {
            let slot = slots.entry(job.image).or_insert_with(|| Slot { loaded: Arc::default(), uses: 0 });
            slot.uses += 1;
        }
        Samples { pass, slots: Mutex::new(slots) }
    }

    /// The picture of index `image`; each job asks once.
    pub fn get(&self, image: usize) -> Result<Arc<Sample>> {
        let id = &self.pass.ids[image];
        let load = || match self.pass.split.load(id) {
            Ok(sample) => Ok(Arc::new(self.pass.view.apply(sample))),
            Err(source) => Err(Arc::new(source)),
        };
        let loaded = self.slot(image);
        let failed = |source| Error::Data { image: id.to_string(), source };
        loaded.get_or_init(load).clone().map_err(failed)
    }

    fn slot(&self, image: usize) -> Arc<OnceLock<Loaded>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.get_mut(&image).expect("a job asks once, and the plan counted it");
        let loaded = slot.loaded.clone();
        slot.uses -= 1;
        if slot.uses == 0 {
            slots.remove(&image);
        }
        loaded
    }
}
