//! Pictures as networks take them. The host sends what it has, and the GPU normalises it.

use super::kernel::{NORMALISED, launch, over, plain};
use super::upload::upload;
use super::view::map;
use candle_core::{Device, Result, Tensor};

/// From interleaved RGB bytes, by the table of what each channel's bytes become.
pub(in crate::ops) fn of_bytes(
    pictures: &[&[u8]],
    [height, width]: [usize; 2],
    table: &[[f32; 256]; 3],
    device: &Device,
) -> Result<Tensor> {
    let device = device.as_cuda_device()?;
    let function = plain(device, NORMALISED, "normalised_bytes")?;
    // SAFETY: floats may be read as the bytes that they are.
    let table_bytes = unsafe { std::slice::from_raw_parts(table.as_ptr().cast::<u8>(), size_of_val(table)) };
    let parts: Vec<&[u8]> = std::iter::once(table_bytes).chain(pictures.iter().copied()).collect();
    let sent = upload(device, &parts)?;
    let (table, bytes) = (sent.slice(..table_bytes.len()), sent.slice(table_bytes.len()..));
    let count = bytes.len();
    // SAFETY: the kernel writes every element before anything reads it.
    let mut y = unsafe { device.alloc::<f32>(count)? };
    // SAFETY: bytes and results are `count`, interleaved in three channels; the table has 256 values for each of these, and
    // begins where the memory does.
    unsafe { launch!(device, &function, over(count); &(count as u64), &table, &bytes, &mut y)? };
    map(y, [pictures.len(), 3, height, width], device)
}
