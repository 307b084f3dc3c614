//! Reads the label map in one of SBD's `cls/<id>.mat` files.

use super::element::{Elements, kind};
use crate::decode::{RawLabels, SizeCheck, read_whole};
use crate::{Classes, Error, Limits, Result};
use flate2::read::ZlibDecoder;
use image::GrayImage;
use std::io::Read;
use std::path::Path;

/// Bytes unpacked per pixel: one for the label map, plus the sparse boundary matrices stored before it, one for each
/// class, which take at most 12 for each pixel of each of two classes that meet there.
const BYTES_PER_PIXEL: u64 = 32;
/// Bytes that are unpacked for anything else.
const MORE_BYTES: u64 = 1 << 20;
/// The most bytes that are unpacked where the picture's size is not known, unless the limit of pixels is higher. They are
/// held up to three times, as unpacked, as the matrix within, and row by row.
const MOST_BYTES: u64 = 1 << 26;

/// The array class of a struct (`mxSTRUCT_CLASS`).
const STRUCT: u32 = 2;

/// Reads `GTcls.Segmentation`, SBD's label map, from a MAT-file of version 5.
///
/// The file stores a struct whose field `Segmentation` is an unsigned 8-bit matrix, column by column, often
/// compressed.
///
/// # Errors
/// [`Error::Read`] when the file cannot be opened, [`Error::Decode`] when it is damaged or lacks the field,
/// [`Error::TooManyPixels`] when it is larger than the default [`Limits`] allow, [`Error::LabelValue`] when a pixel has
/// no class.
pub fn read_mat_segmentation(path: &Path, classes: &Classes) -> Result<GrayImage> {
    let limits = Limits::default();
    read_mat_raw(path, limits, &|size, bytes| limits.check(path, size, bytes))?.to_classes(classes, path)
}

/// Reads a label file of at most as many pixels as `limits` allow, once `check` has accepted its width and height.
pub(crate) fn read_mat_raw(path: &Path, limits: Limits, check: &SizeCheck<'_>) -> Result<RawLabels> {
    let refused = |reason| Error::decode(path, "MAT-file with GTcls", reason);
    let bytes = read_whole(path)?;
    let pixels = limits.pixels(bytes.len());
    let most = pixels.saturating_mul(BYTES_PER_PIXEL).saturating_add(MORE_BYTES);
    let most = most.min(MOST_BYTES.max(pixels.saturating_add(MORE_BYTES)));
    let map = find(&bytes, most).map_err(refused)?;
    check(map.size, bytes.len())?;
    Ok(RawLabels::of_bytes(map.size, map.into_rows()))
}

/// The label map as it is stored in a file, column by column.
struct Columns {
    size: (u32, u32),
    values: Vec<u8>,
}

impl Columns {
    /// The values row by row.
    fn into_rows(self) -> Vec<u8> {
        let (width, height) = (self.size.0 as usize, self.size.1 as usize);
        (0..height).flat_map(|y| (0..width).map(move |x| x * height + y)).map(|at| self.values[at]).collect()
    }
}

/// The label map within a MAT-file's bytes, of which at most `most` bytes are unpacked.
fn find(bytes: &[u8], most: u64) -> Result<Columns, String> {
    let header = bytes.get(..128).ok_or("it is shorter than a MAT-file's header of 128 bytes")?;
    let little_endian = match &header[126..128] {
        b"IM" => true,
        b"MI" => false,
        _ => return Err("its header has no byte-order mark (expected a MAT-file of version 5)".to_owned()),
    };
    let mut elements = Elements::new(&bytes[128..], little_endian);
    let mut left = most;
    while let Some(element) = elements.next()? {
        let unpacked;
        let content = match element.kind {
            kind::MATRIX => element.data,
            kind::COMPRESSED => {
                unpacked = inflate(element.data, left, most)?;
                left -= unpacked.len() as u64;
                Elements::new(&unpacked, little_endian).expect(kind::MATRIX, "the compressed array")?
            }
            _ => continue,
        };
        let array = Array::parse(content, little_endian)?;
        if array.name == b"GTcls" {
            return array.field(b"Segmentation")?.into_labels();
        }
    }
    Err("it holds no array GTcls".to_owned())
}

/// Unpacks at most `left` of the `most` bytes that a file may hold.
fn inflate(data: &[u8], left: u64, most: u64) -> Result<Vec<u8>, String> {
    let mut unpacked = Vec::new();
    let mut reader = ZlibDecoder::new(data).take(left.saturating_add(1));
    reader.read_to_end(&mut unpacked).map_err(|e| format!("its compressed array is damaged: {e}"))?;
    if unpacked.len() as u64 > left {
        return Err(format!("its arrays are larger than {most} bytes, too large for its picture"));
    }
    Ok(unpacked)
}

/// An array: its head, and what follows it.
struct Array<'a> {
    class: u32,
    dims: Vec<u32>,
    name: &'a [u8],
    content: Elements<'a>,
}

impl<'a> Array<'a> {
    fn parse(data: &'a [u8], little_endian: bool) -> Result<Array<'a>, String> {
        let mut content = Elements::new(data, little_endian);
        let flags = content.expect(kind::UINT32, "the array's flags")?;
        let flags = content.words(flags);
        let dims = content.expect(kind::INT32, "the array's dimensions")?;
        let dims = content.words(dims);
        let name = content.expect(kind::INT8, "the array's name")?;
        let class = flags.first().ok_or("the array's flags are empty")? & 0xff;
        Ok(Array { class, dims, name, content })
    }

    /// A field of a struct.
    fn field(mut self, wanted: &[u8]) -> Result<Array<'a>, String> {
        if self.class != STRUCT || self.dims.iter().any(|&d| d != 1) {
            return Err(format!(
                "GTcls has class {} and size {:?} (expected one struct)",
                self.class, self.dims
            ));
        }
        let length = self.content.expect(kind::INT32, "the length of field names")?;
        let length = self.content.words(length).first().copied().unwrap_or(0).max(1) as usize;
        let names = self.content.expect(kind::INT8, "the field names")?;
        let name = |field: &'_ [u8]| field.split(|&b| b == 0).next().unwrap_or_default() == wanted;
        let index = names.chunks(length).position(name).ok_or("GTcls has no field Segmentation")?;
        for _ in 0..index {
            self.content.expect(kind::MATRIX, "a field")?;
        }
        let data = self.content.expect(kind::MATRIX, "the field Segmentation")?;
        Array::parse(data, self.content.is_little_endian())
    }

    /// The label map of a matrix of bytes, stored column by column.
    fn into_labels(mut self) -> Result<Columns, String> {
        let [height, width] = self.dims[..] else {
            return Err(format!("Segmentation has the size {:?} (expected two sides)", self.dims));
        };
        let data = self.content.expect(kind::UINT8, "Segmentation")?;
        if data.len() as u64 != u64::from(width) * u64::from(height) || data.is_empty() {
            return Err(format!("Segmentation is {height}x{width} but has {} values", data.len()));
        }
        Ok(Columns { size: (width, height), values: data.to_vec() })
    }
}
