//! Which images make up which batch.

use crate::{Error, Result};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Which images make up which batch: a pure function of the seed and the step.
///
/// Each epoch is its own permutation of the images. An incomplete last batch is dropped,
/// as torch's `DataLoader(shuffle=True, drop_last=True)` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    images: usize,
    batch: usize,
    seed: u64,
}

impl Order {
    /// The order of `images` images in batches of `batch`.
    ///
    /// # Errors
    /// [`Error::Setting`] when the batch is 0 or larger than the number of images: there would be no step.
    pub fn new(images: usize, batch: usize, seed: u64) -> Result<Order> {
        if batch == 0 || batch > images {
            return Err(Error::Setting {
                name: "the batch size",
                value: format!("{batch} with {images} images"),
                expected: "1 to the number of images: an incomplete last batch is dropped",
            });
        }
        Ok(Order { images, batch, seed })
    }

    /// Batches in an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        (self.images / self.batch) as u64
    }

    /// Images in a batch.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// The epoch that a step belongs to, and its number within it.
    pub fn epoch_of(&self, step: u64) -> (u64, u64) {
        (step / self.steps_per_epoch(), step % self.steps_per_epoch())
    }

    /// The permutation of an epoch: indices into the split's ids.
    pub fn permutation(&self, epoch: u64) -> Vec<usize> {
        let mut images: Vec<usize> = (0..self.images).collect();
        images.shuffle(&mut stream(self.seed, epoch, u64::MAX));
        images
    }

    /// The generator for the image at `position` of an epoch's permutation.
    pub fn rng(&self, epoch: u64, position: u64) -> ChaCha8Rng {
        stream(self.seed, epoch, position)
    }
}

/// A generator of its own for each seed, epoch and position: the three are the key of the cipher.
fn stream(seed: u64, epoch: u64, position: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&epoch.to_le_bytes());
    key[16..24].copy_from_slice(&position.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_the_last_partial_batch() {
        let order = Order::new(10, 4, 1).unwrap();
        assert_eq!(order.steps_per_epoch(), 2);
        assert_eq!(order.epoch_of(5), (2, 1));
        for (images, batch) in [(3, 4), (3, 0), (0, 1)] {
            assert!(matches!(Order::new(images, batch, 1), Err(Error::Setting { .. })));
        }
    }

    #[test]
    fn each_epoch_is_another_permutation() {
        let order = Order::new(50, 5, 3).unwrap();
        let (first, second) = (order.permutation(0), order.permutation(1));
        assert_ne!(first, second);
        assert_eq!(first, order.permutation(0));
        assert_ne!(first, Order::new(50, 5, 4).unwrap().permutation(0));
        let mut sorted = second;
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<_>>());
    }
}
