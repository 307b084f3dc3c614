//! Pictures as networks take them.

use crate::ops::layout::as_map;
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
