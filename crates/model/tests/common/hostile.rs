//! Makes files of weights that no honest program writes.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A zip file of these records, as they are or deflated.
pub(crate) fn zipped(
    records: &[(&str, &[u8])],
    method: CompressionMethod,
) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in records {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method))?;
        writer.write_all(content)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Bytes.
pub(crate) const MEBI: usize = 1 << 20;
/// The beginning of a pickled tensor over the storage `0` of floats.
pub(crate) const TENSOR: &[u8] = b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu";

/// A dict `{"w": tensor}` over a storage of one value: its shape and strides are pickled numbers.
pub(crate) fn one_value(shape: &[u8], stride: &[u8], names: usize) -> zip::result::ZipResult<Vec<u8>> {
    let mut pickle =
        [b"\x80\x02}q\x00(X\x01\0\0\0w".as_slice(), TENSOR, b"K\x01tQK\0", shape, stride].concat();
    pickle.extend(b"\x89}tRq\x01");
    for n in 0..names as u32 {
        pickle.extend([b"X\x04\0\0\0".as_slice(), &n.to_le_bytes(), b"h\x01"].concat());
    }
    pickle.extend(b"u.");
    zipped(&[("a/data.pkl", &pickle), ("a/data/0", &[0; 4])], CompressionMethod::Stored)
}

/// Bytes that are repeated up to a mebibyte after a legacy file's first pickles.
pub(crate) fn repeated(start: &[u8], unit: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.\x80\x02".to_vec();
    bytes.extend(start);
    while bytes.len() + unit.len() < MEBI {
        bytes.extend(unit);
    }
    bytes
}
