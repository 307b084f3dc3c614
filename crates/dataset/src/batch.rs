//! Several training images in one block of memory.

use crate::{ImageId, Sample};

/// Several training images of one size, as the network takes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The images' names, in the batch's order.
    pub ids: Vec<ImageId>,
    /// The pictures, interleaved bytes of red, green and blue (NHWC).
    pub pixels: Vec<u8>,
    /// The label maps (NHW): indices of classes, or 255 for void.
    pub labels: Vec<u8>,
    /// Images, channels (3), height and width: the shape that a network sees.
    pub shape: [usize; 4],
}

impl Batch {
    /// Combines samples of one size.
    ///
    /// # Panics
    /// When there is no sample, or when sizes differ.
    pub fn from_samples(samples: Vec<Sample>) -> Batch {
        let (width, height) = samples.first().expect("a batch holds at least one sample").image.dimensions();
        let area = width as usize * height as usize;
        let mut pixels = Vec::with_capacity(samples.len() * 3 * area);
        let mut labels = Vec::with_capacity(samples.len() * area);
        for sample in &samples {
            assert_eq!(
                sample.image.dimensions(),
                (width, height),
                "{}: sizes within a batch differ",
                sample.id
            );
            assert_eq!(
                sample.label.dimensions(),
                (width, height),
                "{}: sizes within a batch differ",
                sample.id
            );
            pixels.extend_from_slice(sample.image.as_raw());
            labels.extend_from_slice(sample.label.as_raw());
        }
        let shape = [samples.len(), 3, height as usize, width as usize];
        Batch { ids: samples.into_iter().map(|s| s.id).collect(), pixels, labels, shape }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, RgbImage};

    #[test]
    fn pictures_and_labels_follow_each_other() {
        let id = ImageId::new("a").unwrap();
        let image = RgbImage::from_raw(2, 1, vec![255, 0, 51, 0, 255, 102]).unwrap();
        let label = GrayImage::from_raw(2, 1, vec![3, 255]).unwrap();
        let sample = Sample { id, image, label };
        let batch = Batch::from_samples(vec![sample.clone(), sample]);
        assert_eq!(batch.shape, [2, 3, 1, 2]);
        assert_eq!(batch.pixels, [255, 0, 51, 0, 255, 102, 255, 0, 51, 0, 255, 102]);
        assert_eq!(batch.labels, [3, 255, 3, 255]);
    }
}
