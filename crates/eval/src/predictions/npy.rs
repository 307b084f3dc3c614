//! Reads a `.npy` file, once its header does not claim more than the file holds.

use super::{PredictionsError, Result};
use candle_core::{Error, Tensor};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest header that is read. NumPy's is 118 bytes for an array of few dimensions.
const LONGEST_HEADER: u64 = 1 << 16;
/// Bytes before the header's length: the magic string and the version.
const START: &[u8; 6] = b"\x93NUMPY";

/// The array as a tensor on the CPU.
///
/// # Errors
/// [`PredictionsError::Read`], or [`PredictionsError::Npy`] for a file of another kind or one that claims too much.
pub(super) fn npy(path: &Path) -> Result<Tensor> {
    let refused = |source| PredictionsError::Npy { path: path.to_owned(), source };
    let claimed = head(path).map_err(|source| PredictionsError::Read { path: path.to_owned(), source })?;
    claimed.map_err(|reason| refused(Error::Npy(reason)))?;
    // The library allocates what the header says before it reads.
    Tensor::read_npy(path).map_err(refused)
}

/// Compares the values that the header claims with the bytes that the file has.
fn head(path: &Path) -> io::Result<std::result::Result<(), String>> {
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let mut head = Vec::new();
    (&mut file).take(LONGEST_HEADER).read_to_end(&mut head)?;
    Ok(check(&head, bytes))
}

fn check(head: &[u8], bytes: u64) -> std::result::Result<(), String> {
    let rest = head.strip_prefix(START).ok_or("its first bytes are not those of a .npy file")?;
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (usize::from(u16::from_le_bytes([*a, *b])), rest),
        [2, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        _ => return Err("it has another version than 1 and 2, or is cut".to_owned()),
    };
    let header = rest.get(..length).ok_or_else(|| format!("its header of {length} bytes does not end"))?;
    let shape = shape(&String::from_utf8_lossy(header)).ok_or("its header has no shape")?;
    let values = shape.iter().try_fold(1_u64, |product, &size| product.checked_mul(size));
    // A value takes at least a byte. An empty array has no scores of any picture.
    if shape.contains(&0) || values.is_none_or(|values| values > bytes) {
        return Err(format!("its header claims the shape {shape:?}, the file has {bytes} bytes"));
    }
    Ok(())
}

/// The numbers of the only shape in a header.
fn shape(header: &str) -> Option<Vec<u64>> {
    let (_, after) = header.split_once("'shape':")?;
    if header.matches("shape").count() != 1 {
        return None;
    }
    let (sizes, _) = after.trim_start().strip_prefix('(')?.split_once(')')?;
    let sizes = sizes.split(',').map(str::trim).filter(|size| !size.is_empty());
    sizes.map(|size| size.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(shape: &str, values: usize) -> Vec<u8> {
        let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = (header.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), &vec![0; 4 * values]].concat()
    }

    fn read(bytes: &[u8]) -> std::result::Result<Vec<usize>, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.npy");
        std::fs::write(&path, bytes).unwrap();
        npy(&path).map(|tensor| tensor.dims().to_vec()).map_err(|error| {
            assert!(error.to_string().contains("a.npy"), "{error}");
            std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string)
        })
    }

    #[test]
    fn what_a_header_claims_must_be_there() {
        assert_eq!(read(&file("(3, 2, 2)", 12)).unwrap(), [3, 2, 2]);
        assert_eq!(read(&file("(4,)", 4)).unwrap(), [4]);
        // The first panicked in the library ("capacity overflow"), the second asked for 16 TiB.
        for shape in ["(21, 18446744073709551615, 2)", "(21, 1099511627776, 1)", "(21, 0, 4)"] {
            let error = read(&file(shape, 4)).unwrap_err();
            assert!(error.contains("claims the shape [21, "), "{error}");
        }
        let long = [b"\x93NUMPY\x02\0\xff\xff\xff\xff".as_slice(), &[b' '; 100]].concat();
        for (bytes, reason) in [
            (&b"\x93NUMPY"[..], "or is cut"),
            (b"\x89PNG\r\n", "its first bytes"),
            (&long, "its header of 4294967295 bytes does not end"),
            (&file("(3, 2), 'shape': (9, 9)", 6), "no shape"),
            (&file("(3, x)", 6), "no shape"),
        ] {
            let error = read(bytes).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
