//! Frames: a length (u64, little-endian), and a safetensors buffer of that length whose metadata is the message.

use safetensors::{Dtype, SafeTensors};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};

/// The longest header that is read: names, shapes and metadata.
pub(super) const LONGEST_HEADER: u64 = 1 << 16;

/// Why no frame could be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// The stream ended, or the other side closed it.
    Ended,
    /// The length is greater than the bound, or memory for it is not there.
    TooLong { bytes: u64, begin: [u8; 8] },
}

/// The messages's metadata, and the tensors.
pub(super) type Metadata = BTreeMap<String, String>;

/// A frame with this metadata and at most one tensor of bytes, whose data are given in pieces.
pub(super) fn write(metadata: &Metadata, tensor: Option<(&str, &[usize])>, pieces: &[&[u8]]) -> Vec<u8> {
    let data: usize = pieces.iter().map(|piece| piece.len()).sum();
    let mut header = json!({ "__metadata__": metadata });
    if let Some((name, shape)) = tensor {
        header[name] = json!({ "dtype": "U8", "shape": shape, "data_offsets": [0, data] });
    }
    let mut header = header.to_string();
    // The format aligns the data to eight bytes.
    header.extend(std::iter::repeat_n(' ', header.len().next_multiple_of(8) - header.len()));
    let length = 8 + header.len() + data;
    let mut frame = Vec::with_capacity(8 + length);
    frame.extend((length as u64).to_le_bytes());
    frame.extend((header.len() as u64).to_le_bytes());
    frame.extend(header.as_bytes());
    pieces.iter().for_each(|piece| frame.extend(*piece));
    frame
}

/// The buffer of the next frame, which has at most `most` bytes. Memory is taken as they come, and not because a length
/// was claimed.
pub(super) fn read(stream: &mut impl Read, most: u64) -> Result<Vec<u8>, Fault> {
    let mut begin = [0; 8];
    fill(stream, &mut begin)?;
    let bytes = u64::from_le_bytes(begin);
    let too_long = Fault::TooLong { bytes, begin };
    if bytes > most {
        return Err(too_long);
    }
    let mut buffer = Vec::new();
    match stream.take(bytes).read_to_end(&mut buffer) {
        Ok(_) if buffer.len() as u64 == bytes => Ok(buffer),
        Err(error) if error.kind() == ErrorKind::OutOfMemory => Err(too_long),
        _ => Err(Fault::Ended),
    }
}

fn fill(stream: &mut impl Read, mut buffer: &mut [u8]) -> Result<(), Fault> {
    while !buffer.is_empty() {
        match stream.read(buffer) {
            Ok(0) => return Err(Fault::Ended),
            Ok(read) => buffer = &mut buffer[read..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err(Fault::Ended),
        }
    }
    Ok(())
}

/// The message and the tensors of a buffer.
///
/// # Errors
/// Why it is no safetensors buffer.
pub(super) fn parse(buffer: &[u8]) -> Result<(Metadata, SafeTensors<'_>), String> {
    let header = buffer.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    match header {
        None => return Err(format!("{} bytes (expected a header)", buffer.len())),
        Some(bytes) if bytes > LONGEST_HEADER => {
            return Err(format!("a header of {bytes} bytes (expected at most {LONGEST_HEADER})"));
        }
        Some(_) => {}
    }
    let (_, header) = SafeTensors::read_metadata(buffer).map_err(|error| error.to_string())?;
    let metadata = header.metadata().clone().unwrap_or_default().into_iter().collect();
    Ok((metadata, SafeTensors::deserialize(buffer).map_err(|error| error.to_string())?))
}

/// The name of a type in the header of a frame.
pub(super) fn type_name(dtype: Dtype) -> String {
    format!("{dtype:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_reads_back_and_its_data_are_aligned() {
        let metadata = Metadata::from([("number".to_owned(), "7".to_owned())]);
        let frame = write(&metadata, Some(("pixels", &[1, 1, 2, 3])), &[&[1, 2, 3], &[4, 5, 6]]);
        let buffer = read(&mut frame.as_slice(), 1 << 20).unwrap();
        assert_eq!((buffer.len() + 8, buffer.len() % 8), (frame.len(), 6));
        let (found, tensors) = parse(&buffer).unwrap();
        assert_eq!(found, metadata);
        let pixels = tensors.tensor("pixels").unwrap();
        assert_eq!(
            (pixels.dtype(), pixels.shape(), pixels.data()),
            (Dtype::U8, &[1, 1, 2, 3][..], &[1, 2, 3, 4, 5, 6][..])
        );
        // A greeting has no tensor.
        let frame = write(&metadata, None, &[]);
        assert_eq!(parse(&frame[8..]).unwrap().0, metadata);
    }

    #[test]
    fn lengths_are_bounded_before_anything_is_allocated() {
        let frame = u64::MAX.to_le_bytes();
        assert!(matches!(
            read(&mut frame.as_slice(), 100),
            Err(Fault::TooLong { bytes: u64::MAX, begin: [255, 255, 255, 255, 255, 255, 255, 255] })
        ));
        // A claim alone takes no memory.
        assert!(matches!(read(&mut frame.as_slice(), u64::MAX), Err(Fault::Ended)));
        let cut = [&[16, 0, 0, 0, 0, 0, 0, 0][..], &[0; 15]].concat();
        assert!(matches!(read(&mut cut.as_slice(), 100), Err(Fault::Ended)));
        assert!(matches!(read(&mut &cut[..3], 100), Err(Fault::Ended)));
    }

    #[test]
    fn what_is_no_safetensors_buffer_is_refused() {
        for (buffer, part) in [
            (&b""[..], "0 bytes"),
            (&[255; 8], "a header of 18446744073709551615 bytes (expected at most 65536)"),
            (&[9, 0, 0, 0, 0, 0, 0, 0, b'{'], "invalid"),
            (&[2, 0, 0, 0, 0, 0, 0, 0, b'n', b'o'], "invalid"),
        ] {
            let reason = parse(buffer).unwrap_err();
            assert!(reason.to_lowercase().contains(part), "{reason}");
        }
    }
}
