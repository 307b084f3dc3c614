//! A model as candle's programs use one: images in, logits out.

use super::Model;
use crate::local_batch::LocalBatch;
use crate::nn::{Generator, Phase};
use crate::ops::planar;
use crate::tape::{Tape, in_graph};
use candle_core::{ModuleT, Result, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::sync::Mutex;

impl Model {
    /// Sets the generator from which `forward_t` draws dropout in training. A model from [`Model::new`] begins with the
    /// seed of its weights, any other with 0.
    pub fn seed_dropout(&mut self, seed: u64) {
        self.dropout = Mutex::new(ChaCha8Rng::seed_from_u64(seed));
    }
}

impl ModuleT for Model {
    /// Maps images `[N, 3, H, W]` to logits `[N, classes, H, W]`, the background at channel 0.
    ///
    /// In training it uses and tracks the batch's statistics, draws dropout, and records the graph. In evaluation it uses
    /// the running statistics and records nothing, and an image's logits do not depend on the others of its batch.
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let outputs = if train {
            let (local, math) = (LocalBatch::whole(x.dim(0)?), self.precision.math());
            let run = |x: &Tensor, tape: &mut Tape| {
                let rng = Generator::Shared(&self.dropout);
                self.network.forward(x, &mut Phase::Train { rng, local: &local, tape, math })
            };
            in_graph(&self.images(x)?, &self.parameters, run)?
        } else {
            self.prepare().outputs(x)?
        };
        let (_, _, height, width) = x.dims4()?;
        planar(&self.objective.logits(&outputs, (height, width))?)
    }
}
