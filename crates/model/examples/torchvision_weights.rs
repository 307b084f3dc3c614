//! Predicts the classes of one image with the weights of torchvision's `deeplabv3_resnet50`.
//!
//! `cargo run --release -p scribe-model --example torchvision_weights WEIGHTS IMAGE`, where WEIGHTS is torchvision's `.pth` file or a
//! `.safetensors` file, and IMAGE a JPEG or PNG file.

#![allow(clippy::print_stdout, reason = "the example answers on standard output")]

use anyhow::bail;
use candle_core::Device;
use scribe_dataset::{CLASS_NAMES, read_image};
use scribe_model::{DeepLabConfig, Inference, Model, ObjectiveConfig, VoidRule, input};
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [weights, image] = arguments.as_slice() else {
        bail!("expected WEIGHTS IMAGE: a file of weights, and a picture")
    };
    for (class, pixels) in classes(Path::new(weights), Path::new(image), 1.)? {
        println!("{class}: {pixels} pixels");
    }
    Ok(())
}

/// The classes that the network finds in the image, each with the number of its pixels. `width` is 1 for torchvision's
/// network.
pub(crate) fn classes(
    weights: &Path,
    image: &Path,
    width: f64,
) -> anyhow::Result<Vec<(&'static str, usize)>> {
    let net = DeepLabConfig { width, ..DeepLabConfig::torchvision() };
    let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
    let (model, _) = Model::load(&net, &objective, CLASS_NAMES.len(), weights, &Device::Cpu)?;

    let image = read_image(image)?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let x = input::from_rgb(&[image.as_raw()], height, width, &Device::Cpu)?;
    let prediction = model.predict(&x, &Inference::Single)?;

    let pixels = |class| prediction.classes.iter().filter(|found| usize::from(**found) == class).count();
    let named = CLASS_NAMES.iter().enumerate().map(|(class, name)| (*name, pixels(class)));
    Ok(named.filter(|(_, pixels)| *pixels > 0).collect())
}
