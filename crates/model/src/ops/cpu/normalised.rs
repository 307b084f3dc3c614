//! Pictures as networks take them.

use crate::ops::layout::as_map;
use crate::ops::normalised::normalise;
use candle_core::{Device, Result, Tensor};

/// From interleaved RGB bytes, by the table of what each channel's bytes become.
pub(in crate::ops) fn of_bytes(
    pictures: &[&[u8]],
    [height, width]: [usize; 2],
    table: &[[f32; 256]; 3],
) -> Result<Tensor> {
    let mut values = Vec::with_capacity(pictures.len() * height * width * 3);
    for picture in pictures {
        let (pixels, _) = picture.as_chunks::<3>();
        let normalised =
            |pixel: &[u8; 3]| std::array::from_fn::<f32, 3, _>(|c| table[c][usize::from(pixel[c])]);
        values.extend(pixels.iter().flat_map(normalised));
    }
    as_map(&Tensor::from_vec(values, (pictures.len(), height, width, 3), &Device::Cpu)?)
}

/// From planes of values in 0..1.
pub(in crate::ops) fn of_planes(values: &[f32], [images, height, width]: [usize; 3]) -> Result<Tensor> {
    let area = height * width;
    let mut normalised = Vec::with_capacity(values.len());
    for image in values.chunks_exact((3 * area).max(1)) {
        let ([red, green], blue) = ([&image[..area], &image[area..2 * area]], &image[2 * area..]);
        let planes = red.iter().zip(green).zip(blue);
        normalised
            .extend(planes.flat_map(|((&r, &g), &b)| [normalise(r, 0), normalise(g, 1), normalise(b, 2)]));
    }
    as_map(&Tensor::from_vec(normalised, (images, height, width, 3), &Device::Cpu)?)
}
