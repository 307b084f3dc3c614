//! Training and evaluation give a network the same numbers for the same image, along two paths through three crates.

use candle_core::Device;
use image::{GrayImage, Rgb, RgbImage};
use scribe_dataset::{Batch, ImageId, Sample};
use scribe_model::input::from_rgb;

#[test]
fn a_training_batch_and_a_test_picture_are_normalised_alike() {
    let image =
        RgbImage::from_fn(16, 16, |x, y| Rgb([(x * 16 + y) as u8, (y * 16 + x) as u8, (x * y) as u8]));
    let bytes = from_rgb(&[image.as_raw()], 16, 16, &Device::Cpu).unwrap();
    let sample = Sample { id: ImageId::new("picture").unwrap(), image, label: GrayImage::new(16, 16) };
    let batch = Batch::from_samples(vec![sample]);
    let batch = from_rgb(&[&batch.pixels], 16, 16, &Device::Cpu).unwrap();
    let values = |tensor: candle_core::Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    assert_eq!(values(bytes), values(batch));
}
