//! Dropout draws on a GPU what it draws on the CPU.

use crate::support::{gpu, wave};
use candle_core::{DType, Device};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scribe_model::{Decoder, DeepLabConfig, LocalBatch, Model, ObjectiveConfig, Stride, VoidRule, input};

/// The loss with these draws, and the generator's next word.
fn loss(device: &Device, dropout: f64, first: u128) -> (f64, u32) {
    let net = DeepLabConfig {
        decoder: Decoder::One,
        output_stride: Stride::Sixteen,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout,
        align_corners: false,
        width: 0.03125,
    };
    let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
    let model = Model::new(&net, &objective, 5, 3, device).unwrap();
    let x = wave(&[4, 3, 97, 81], 5, 2., DType::F32).to_dtype(DType::F32).unwrap().to_device(device).unwrap();
    let labels: Vec<u8> = (0..4 * 97 * 81).map(|i| (i / 64 % 5) as u8).collect();
    let labels = input::labels(&labels, [4, 97, 81], device).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    rng.set_stream(3);
    rng.set_word_pos(first);
    let local = LocalBatch { first: 1, global: 6, statistics: None };
    let loss = model.record_loss(&x, &labels, &mut rng, &local).unwrap();
    (loss.value(), rng.random())
}

#[test]
fn a_gpu_draws_the_same_values() {
    let gpu = gpu();
    // Words that begin and end within a block of 16.
    for first in [0, 5, 16 * 1000 + 15] {
        let (cpu, next) = loss(&Device::Cpu, 0.5, first);
        let (found, next_found) = loss(&gpu, 0.5, first);
        assert_eq!(next, next_found);
        // The next draws give another loss; the GPU's differs from the CPU's by rounding alone.
        let (other, _) = loss(&Device::Cpu, 0.5, first + 1);
        let (rounding, draws) = ((cpu - found).abs(), (cpu - other).abs());
        assert!(
            rounding < 0.01 * draws,
            "from word {first}: {found}, on the CPU {cpu}, from the next {other}"
        );
    }
}
