//! One prepared model on many threads.

use candle_core::{DType, Device, Tensor};
use rayon::prelude::*;
use scribe_model::{Decoder, DeepLabConfig, Inference, Model, ObjectiveConfig, Stride, VoidRule};

/// Packing weights runs on rayon's threads too: a thread that waits for it must not hold what another prediction wants.
#[test]
fn many_threads_share_one_prepared_model() {
    let net = DeepLabConfig {
        decoder: Decoder::None,
        output_stride: Stride::Sixteen,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout: 0.,
        align_corners: false,
        width: 0.5,
    };
    let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
    let model = Model::new(&net, &objective, 21, 1, &Device::Cpu).unwrap();
    let x = Tensor::ones((1, 3, 32, 32), DType::F32, &Device::Cpu).unwrap();
    let alone = model.predict(&x, &Inference::Single).unwrap().classes;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(16).build().unwrap();
    for _ in 0..4 {
        let prepared = model.prepare();
        pool.install(|| {
            (0..16).into_par_iter().for_each(|_| {
                assert_eq!(prepared.predict(&x, &Inference::Single).unwrap().classes, alone);
            });
        });
    }
}
