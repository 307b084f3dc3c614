//! The loader, which prepares training batches ahead on threads.

use super::Order;
use super::queue::{Queue, SampleJob};
use crate::{Batch, Error, ImageId, Result, Sample, Split, TrainView};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Batches that are prepared ahead.
const AHEAD: u64 = 3;

/// The settings of a [`Loader`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoaderConfig {
    /// What is done to each image.
    pub view: TrainView,
    /// Images in a batch.
    pub batch: usize,
    /// The seed of order and augmentation.
    pub seed: u64,
    /// The first step: 0, or the step at which a stopped training resumes.
    pub first_step: u64,
    /// The step after the last.
    pub end_step: u64,
    /// Threads that prepare images; 0 counts as 1.
    pub threads: usize,
}

/// Training batches in order, prepared ahead on threads.
///
/// Batch `k` depends only on the split, the view, the batch size, the seed and `k`: not on the number of
/// threads, nor on the step that the loader began with. Image and augmentation are drawn from generators
/// keyed by seed, epoch and position ([`Order`]).
///
/// Every batch with a failing image is an error that names the first such image; later batches are not affected.
/// Dropping the loader stops its threads after the images that they are preparing.
pub struct Loader {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
    order: Order,
}

impl Loader {
    /// Starts the threads.
    ///
    /// # Errors
    /// [`Error::Setting`] when the view or the batch size is out of range.
    ///
    /// # Panics
    /// When the operating system cannot start a thread.
    pub fn new(split: Arc<dyn Split>, config: LoaderConfig) -> Result<Loader> {
        let whole = 0..config.batch;
        Loader::part(split, config, whole)
    }

    /// A loader of a part of each batch: the samples that [`Loader::new`] would have at the places `slots`.
    ///
    /// # Errors
    /// Those of [`Loader::new`]; [`Error::Setting`] also when `slots` is empty or not within a batch.
    ///
    /// # Panics
    /// When the operating system cannot start a thread.
    pub fn part(split: Arc<dyn Split>, config: LoaderConfig, slots: Range<usize>) -> Result<Loader> {
        config.view.check()?;
        let order = Order::new(split.ids().len(), config.batch, config.seed)?;
        if slots.is_empty() || slots.end > config.batch {
            return Err(Error::Setting {
                name: "the part of a batch",
                value: format!("{slots:?} of {}", config.batch),
                expected: "at least one of the batch's places",
            });
        }
        let queue = Arc::new(Queue::new(config.first_step, config.end_step, slots, AHEAD));
        let epochs = Arc::new(Epochs::new(order));
        let threads = (0..config.threads.max(1)).map(|index| {
            let worker = Worker {
                split: Arc::clone(&split),
                view: config.view,
                queue: Arc::clone(&queue),
                epochs: Arc::clone(&epochs),
            };
            let builder = std::thread::Builder::new().name(format!("loader-{index}"));
            builder.spawn(move || worker.run()).expect("the operating system starts a thread")
        });
        Ok(Loader { threads: threads.collect(), queue, order })
    }

    /// The order that the batches follow.
    pub fn order(&self) -> Order {
        self.order
    }
}

impl Iterator for Loader {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Result<Batch>> {
        self.queue.next_batch()
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.queue.stop();
        for thread in self.threads.drain(..) {
            // A worker catches its panics, and one that escaped has been printed already.
            let _ = thread.join();
        }
    }
}

struct Worker {
    split: Arc<dyn Split>,
    view: TrainView,
    queue: Arc<Queue>,
    epochs: Arc<Epochs>,
}

impl Worker {
    fn run(self) {
        while let Some(job) = self.queue.take() {
            self.queue.put(job, self.prepare(job));
        }
    }

    fn prepare(&self, job: SampleJob) -> Result<Sample> {
        let (epoch, within) = self.epochs.order.epoch_of(job.step);
        let position = within as usize * self.epochs.order.batch() + job.slot;
        let id = &self.split.ids()[self.epochs.permutation(epoch)[position]];
        let made = catch_unwind(AssertUnwindSafe(|| {
            let sample = self.split.load(id)?;
            Ok(self.view.apply(sample, &mut self.epochs.order.rng(epoch, position as u64)))
        }));
        match made {
            Ok(result) => result.map_err(|e| Error::Sample { id: id.to_string(), source: Box::new(e) }),
            Err(panic) => Err(panicked(id, &*panic)),
        }
    }
}

/// The permutations of the epochs of which images are being prepared.
struct Epochs {
    order: Order,
    recent: Mutex<Vec<(u64, Arc<Vec<usize>>)>>,
}

impl Epochs {
    fn new(order: Order) -> Epochs {
        Epochs { order, recent: Mutex::new(Vec::new()) }
    }

    fn permutation(&self, epoch: u64) -> Arc<Vec<usize>> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = recent.iter().find(|(e, _)| *e == epoch) {
            return Arc::clone(known);
        }
        let made = Arc::new(self.order.permutation(epoch));
        // Threads are at most a few batches apart; that may be several epochs of a tiny split.
        if recent.len() > AHEAD as usize {
            recent.remove(0);
        }
        recent.push((epoch, Arc::clone(&made)));
        made
    }
}

fn panicked(id: &ImageId, panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    Error::Panic { id: id.to_string(), message: text.unwrap_or_else(|| "no message".to_owned()) }
}
