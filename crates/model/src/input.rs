//! Turns images and label maps into tensors.

use crate::ops::{self, normalised, types};
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};

pub use crate::ops::normalised::{MEAN, STD};

/// Turns images of one size, given as interleaved RGB bytes (`RgbImage::as_raw`), into a normalised tensor `[N, 3, H, W]`
/// whose memory has the channels last, as the bytes have.
///
/// # Errors
/// [`Error::Length`] for an image that does not have `height * width * 3` bytes.
pub fn from_rgb(images: &[&[u8]], height: usize, width: usize, device: &Device) -> Result<Tensor> {
    for image in images {
        check("RGB bytes of one image", image.len(), &[height, width, 3])?;
    }
    Ok(normalised::of_bytes(images, [height, width], device)?)
}

/// Turns label maps `[N, H, W]` into a U8 tensor.
///
/// # Errors
/// [`Error::Length`] when the number of labels does not follow from the shape.
pub fn labels(labels: &[u8], shape: [usize; 3], device: &Device) -> Result<Tensor> {
    check("labels", labels.len(), &shape)?;
    Ok(ops::labels(labels, shape, device)?)
}

/// Checks that a network whose parameters have this type can take `x` as images.
pub(crate) fn check_images(x: &Tensor, parameters: DType) -> Result<()> {
    let fits = x.dtype() == parameters || types::parameters(x.dtype()) == parameters;
    if fits && matches!(x.dims(), [_, 3, _, _]) {
        return Ok(());
    }
    let expected = format!("[N, 3, height, width] of {parameters:?} (`Tensor::to_dtype` changes the type)");
    Err(Error::Input { what: "images", expected, found: x.dims().to_vec(), dtype: x.dtype() })
}

/// Checks that `labels` hold one U8 for each pixel of the images `x`.
pub(crate) fn check_labels(labels: &Tensor, x: &Tensor) -> Result<()> {
    let (n, _, height, width) = x.dims4()?;
    if labels.dims() == [n, height, width] && labels.dtype() == DType::U8 {
        return Ok(());
    }
    let expected = format!("[{n}, {height}, {width}] of U8, one for each pixel of the images");
    Err(Error::Input { what: "labels", expected, found: labels.dims().to_vec(), dtype: labels.dtype() })
}

fn check(what: &'static str, found: usize, shape: &[usize]) -> Result<()> {
    let expected = shape.iter().fold(1, |product: usize, side| product.saturating_mul(*side));
    if found == expected {
        return Ok(());
    }
    Err(Error::Length { what, found, expected, shape: shape.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    // torchvision 0.29.2 printed these:
    // normalize(to_tensor(np.array([[[0, 128, 255], [255, 0, 1]]], np.uint8)), mean, std).flatten().tolist()
    const EXPECTED: [f32; 6] = [-2.117904, 2.2489083, 0.2051822, -2.0357141, 2.64, -1.7870152];

    #[test]
    fn bytes_are_normalised_as_torchvision_does() -> Result<()> {
        let bytes = from_rgb(&[&[0, 128, 255, 255, 0, 1]], 1, 2, &Device::Cpu)?;
        assert_eq!(bytes.dims(), [1, 3, 1, 2]);
        let bytes = bytes.flatten_all()?.to_vec1::<f32>()?;
        for (found, expected) in bytes.iter().zip(EXPECTED) {
            assert!((found - expected).abs() <= 2e-7 * expected.abs(), "{found} {expected}");
        }
        Ok(())
    }

    #[test]
    fn wrong_lengths_are_named() {
        let error = from_rgb(&[&[0; 17]], 2, 3, &Device::Cpu).unwrap_err().to_string();
        assert!(error.contains("17 values given, 18 expected"), "{error}");
        assert!(labels(&[0; 3], [1, 2, 2], &Device::Cpu).is_err());
    }
}
