//! The examples run.

#[path = "../examples/candle_parts.rs"]
#[allow(dead_code, reason = "its `main` is for its own program")]
mod candle_parts;
mod common;
#[path = "../examples/torchvision_weights.rs"]
#[allow(dead_code, reason = "its `main` is for its own program")]
mod torchvision_weights;

use candle_core::Device;
use common::{SOFTMAX, narrow};
use scribe_dataset::{Split, SynthConfig, SyntheticSplit, write_png};
use scribe_model::{Decoder, DeepLabConfig, Model, Stride};

#[test]
fn candles_parts_train_together_with_ours() -> candle_core::Result<()> {
    let losses = candle_parts::train(20)?;
    // A classifier of zeros has the loss ln 2; anything but a broken gradient then tells dark from bright.
    assert!((losses[0] - 2f32.ln()).abs() < 1e-6, "{losses:?}");
    assert!(losses[19] < 0.1 * losses[0], "{losses:?}");
    Ok(())
}

#[test]
fn weights_with_torchvisions_names_predict_an_image() -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let (weights, image) = (dir.path().join("deeplab.safetensors"), dir.path().join("image.png"));
    let net = DeepLabConfig { rates: [12, 24, 36], ..narrow(Decoder::None, Stride::Eight) };
    Model::new(&net, &SOFTMAX, 21, 1, &Device::Cpu)?.save(&weights)?;
    let config = SynthConfig { train: 1, val: 1, width: 60, height: 44, classes: vec![2, 9], seed: 5 };
    let drawn = SyntheticSplit::train(&config)?;
    write_png(&image, &drawn.load(&drawn.ids()[0])?.image)?;
    let found = torchvision_weights::classes(&weights, &image, net.width)?;
    assert_eq!(found.iter().map(|(_, pixels)| pixels).sum::<usize>(), 60 * 44);
    Ok(())
}
