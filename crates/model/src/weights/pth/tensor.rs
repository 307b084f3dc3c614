//! Makes tensors from storages, with any strides.

use super::error::{PthError, Result};
use super::node::{Layout, Storage};
use super::pickle::shown;
use super::scalar::Scalar;
use candle_core::{Device, Tensor};

/// Gives the bytes of a storage, which must have the declared length.
pub(super) type Source<'s, 'a> = dyn FnMut(&Storage<'a>, u64) -> Result<&'a [u8]> + 's;

/// Makes tensors, until they take more bytes than a file may ask for.
pub(super) struct Maker {
    left: usize,
    most: usize,
}

impl Maker {
    pub(super) fn new(most: usize) -> Maker {
        Maker { left: most, most }
    }

    /// One tensor, row-major on the CPU.
    pub(super) fn make<'a>(
        &mut self,
        name: &[u8],
        layout: &Layout<'a>,
        source: &mut Source<'_, 'a>,
    ) -> Result<Tensor> {
        let refused = |reason: String| PthError::Tensor { tensor: shown(name).into_owned(), reason };
        let (class, storage) = (layout.dtype.unwrap_or(layout.storage.class), &layout.storage);
        let unknown = || refused(format!("number type {}, which no network here has", shown(class)));
        let stored = storage.scalar.ok_or_else(unknown)?;
        let scalar = Scalar::named(class).ok_or_else(unknown)?;
        let dtype = scalar.dtype().ok_or_else(unknown)?;
        let declared = (storage.count as u64).saturating_mul(stored.size() as u64);
        let bytes = source(storage, declared)?;
        let size = scalar.size();
        let count = values(layout, bytes.len() / size).map_err(refused)?;
        let wanted = count.saturating_mul(dtype.size_in_bytes());
        self.left = self
            .left
            .checked_sub(wanted)
            .ok_or(PthError::Limit { what: "bytes of the tensors of this file", most: self.most })?;
        let gathered = match scalar {
            Scalar::I8 => {
                let narrow = gather(layout, bytes, size, count);
                narrow.iter().flat_map(|byte| i16::from(byte.cast_signed()).to_le_bytes()).collect()
            }
            _ => gather(layout, bytes, size, count),
        };
        let made = Tensor::from_raw_buffer(&gathered, dtype, &layout.shape, &Device::Cpu);
        made.map_err(|error| refused(error.to_string()))
    }
}

/// The number of values of a tensor, after checking that all of them are in a storage of `stored` values.
fn values(layout: &Layout<'_>, stored: usize) -> std::result::Result<usize, String> {
    let Layout { shape, stride, offset, storage, .. } = layout;
    if shape.len() != stride.len() {
        return Err(format!("{} sizes and {} strides", shape.len(), stride.len()));
    }
    let product = |sum: Option<usize>, size: &usize| sum.and_then(|sum| sum.checked_mul(*size));
    // Sizes are multiplied without the zeros first, so that none hides behind a zero that would overflow elsewhere.
    let largest = shape.iter().filter(|size| **size > 0).fold(Some(1), product);
    let count = if shape.contains(&0) { largest.map(|_| 0) } else { largest };
    let count = count.ok_or_else(|| format!("shape {shape:?} is beyond any memory"))?;
    let start = storage.start.checked_add(*offset);
    let reach = |last: Option<usize>, (size, stride): (&usize, &usize)| {
        last.and_then(|last| last.checked_add(size.checked_sub(1)?.checked_mul(*stride)?))
    };
    let last = if count == 0 { start } else { shape.iter().zip(stride).fold(start, reach) };
    match last {
        Some(last) if last < stored || count == 0 && last <= stored => Ok(count),
        _ => Err(format!(
            "shape {shape:?} with strides {stride:?} from value {offset} does not fit its storage of {stored}"
        )),
    }
}

/// The values in row-major order. [`values`] has checked that every index is inside the storage.
fn gather(layout: &Layout<'_>, bytes: &[u8], size: usize, count: usize) -> Vec<u8> {
    let Layout { shape, stride, .. } = layout;
    let start = layout.storage.start + layout.offset;
    if count == 0 {
        return Vec::new();
    }
    // The innermost dimensions that are contiguous are copied in one piece.
    let (mut piece, mut outer) = (1, shape.len());
    while outer > 0 && (stride[outer - 1] == piece || shape[outer - 1] == 1) {
        piece *= shape[outer - 1];
        outer -= 1;
    }
    let (shape, stride) = (&shape[..outer], &stride[..outer]);
    let mut index = vec![0; outer];
    let mut at = start;
    let mut gathered = Vec::with_capacity(count * size);
    loop {
        gathered.extend_from_slice(&bytes[at * size..(at + piece) * size]);
        // The next index, last dimension first.
        let mut dimension = outer;
        loop {
            if dimension == 0 {
                return gathered;
            }
            dimension -= 1;
            index[dimension] += 1;
            at += stride[dimension];
            if index[dimension] < shape[dimension] {
                break;
            }
            at -= stride[dimension] * shape[dimension];
            index[dimension] = 0;
        }
    }
}
