//! The recipe's `[train]` as the training crate takes it.

use crate::recipe::Recipe;
use scribe_dataset::{Jitter, Scale, TrainView};
use scribe_train::{GroupLr, TrainConfig};

/// Beside a network that computes on the same processors. It decides speed and memory, and never a result.
const LOADER_THREADS: usize = 2;

/// The settings of one training on a list of `images` pictures.
pub(super) fn train_config(recipe: &Recipe, seed: u64, images: usize) -> TrainConfig {
    let train = &recipe.train;
    let [brightness, contrast, saturation, hue] = train.jitter.map(|part| part as f32);
    let jitter = Jitter { brightness, contrast, saturation, hue };
    let [min, max] = train.short_side;
    let mut config = TrainConfig {
        view: TrainView {
            scale: Scale::ShortSide { min, max },
            crop: train.crop,
            jitter: train.jitter.iter().any(|part| *part > 0.0).then_some(jitter),
            flip: train.flip,
        },
        batch: train.batch,
        steps: train.steps,
        lr: GroupLr { backbone: train.lr_backbone, head: train.lr_head },
        momentum: train.momentum,
        weight_decay: train.weight_decay,
        poly: train.poly,
        seed,
        checkpoint_every: 1,
        loader_threads: LOADER_THREADS,
        sync_batch_norm: train.sync_batch_norm,
    };
    let epoch = config.epoch_steps(images);
    if config.steps == 0 {
        config.steps = epoch * train.epochs;
    }
    config.checkpoint_every = epoch.clamp(25, 250);
    config
}
