//! Reads a `.npy` file, once its header names numbers that can be scores and does not claim more than the file holds.

use super::{PredictionsError, Result};
use candle_core::Tensor;
use scribe_base::excerpt;
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
/// [`PredictionsError::Read`], [`PredictionsError::Broken`] for a file of another kind or one that is cut,
/// [`PredictionsError::Type`] and [`PredictionsError::Order`].
pub(super) fn npy(path: &Path) -> Result<Tensor> {
    let head = head(path).map_err(|source| PredictionsError::Read { path: path.to_owned(), source })?;
    head.map_err(|misfit| {
        let path = path.to_owned();
        match misfit {
            Misfit::Broken(reason) => PredictionsError::Broken { path, reason },
            Misfit::Type(found) => PredictionsError::Type { path, found },
            Misfit::Order => PredictionsError::Order { path },
        }
    })?;
    // The library allocates what the header says before it reads, and takes whole numbers too.
    Tensor::read_npy(path).map_err(|source| PredictionsError::Npy { path: path.to_owned(), source })
}

/// Why a file is not read.
#[derive(Debug, PartialEq, Eq)]
enum Misfit {
    Broken(String),
    Type(String),
    Order,
}

/// Looks at the header and at the bytes that the file has.
fn head(path: &Path) -> io::Result<std::result::Result<(), Misfit>> {
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let mut head = Vec::new();
    (&mut file).take(LONGEST_HEADER).read_to_end(&mut head)?;
    Ok(check(&head, bytes))
}

fn check(head: &[u8], bytes: u64) -> std::result::Result<(), Misfit> {
    let broken = |reason: &str| Misfit::Broken(reason.to_owned());
    let rest =
        head.strip_prefix(START).ok_or_else(|| broken("its first bytes are not those of a .npy file"))?;
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (usize::from(u16::from_le_bytes([*a, *b])), rest),
        [2, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        _ => return Err(broken("it has another version than 1 and 2, or is cut")),
    };
    let cut = || Misfit::Broken(format!("its header of {length} bytes does not end"));
    let header = String::from_utf8_lossy(rest.get(..length).ok_or_else(cut)?);
    let value = size_of_value(descr(&header).ok_or_else(|| broken("its header names no type"))?)?;
    if header.contains("'fortran_order': True") {
        return Err(Misfit::Order);
    }
    let shape = shape(&header).ok_or_else(|| broken("its header has no shape"))?;
    let claimed = shape.iter().try_fold(value, |product, &size| product.checked_mul(size));
    let there = bytes.saturating_sub((head.len() - rest.len() + length) as u64);
    // An empty array has no scores of any picture.
    if shape.contains(&0) || claimed.is_none_or(|claimed| claimed > there) {
        let claimed = claimed.map_or("too many".to_owned(), |claimed| claimed.to_string());
        let reason = format!(
            "its header claims the shape {} of {value} bytes each, which are {claimed} bytes, and {there} follow",
            excerpt::of(&format!("{shape:?}"))
        );
        return Err(Misfit::Broken(reason));
    }
    Ok(())
}

/// The type of the values, as NumPy writes it, for example `<f4`.
fn descr(header: &str) -> Option<&str> {
    let (_, after) = header.split_once("'descr':")?;
    let (descr, _) = after.trim_start().strip_prefix('\'')?.split_once('\'')?;
    (header.matches("descr").count() == 1).then_some(descr)
}

/// The bytes of a value.
fn size_of_value(descr: &str) -> std::result::Result<u64, Misfit> {
    match descr {
        "<f2" => Ok(2),
        "<f4" => Ok(4),
        "<f8" => Ok(8),
        other => Err(Misfit::Type(type_name(other))),
    }
}

/// NumPy's name of a type: `int32` for `<i4`.
fn type_name(descr: &str) -> String {
    let mut rest = descr.chars();
    let (order, kind) = (rest.next(), rest.next());
    let kind = match kind {
        Some('b') => return "bool".to_owned(),
        Some('i') => "int",
        Some('u') => "uint",
        Some('f') => "float",
        Some('c') => "complex",
        _ => return format!("{:?}", descr.chars().take(20).collect::<String>()),
    };
    let bits = rest.as_str().parse().unwrap_or(0_u16).saturating_mul(8);
    format!("{}{kind}{bits}", if order == Some('>') { "big-endian " } else { "" })
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
            error.to_string()
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
            (&file("(1, 1), 'descr': '<f8'", 1), "names no type"),
            // 3 x 2 x 2 values of 4 bytes are 48 bytes; 11 of them have 44.
            (&file("(3, 2, 2)", 11), "[3, 2, 2] of 4 bytes each, which are 48 bytes, and 44 follow"),
        ] {
            let error = read(bytes).unwrap_err();
            assert!(error.contains(reason), "{error}");
            assert!(
                !error.contains("ascontiguousarray") && error.contains("as np.save writes it"),
                "{error}"
            );
        }
    }

    #[test]
    fn whole_numbers_are_no_scores() {
        for (descr, name) in [
            ("|b1", "bool"),
            ("|i1", "int8"),
            ("|u1", "uint8"),
            ("<i2", "int16"),
            ("<u4", "uint32"),
            ("<i8", "int64"),
            (">f4", "big-endian float32"),
            ("<c8", "complex64"),
            ("|O", "\"|O\""),
        ] {
            let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (1, 1, 1), }}\n");
            let length = (header.len() as u16).to_le_bytes();
            let error =
                read(&[b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), &[0; 8]].concat()).unwrap_err();
            let expected = format!("values of the type {name} (expected float16, float32 or float64");
            assert!(error.contains(&expected), "{error}");
        }
        let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1, 1), }\n";
        let length = (header.len() as u16).to_le_bytes();
        let error =
            read(&[b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), &[0; 4]].concat()).unwrap_err();
        assert!(error.contains("Fortran order (expected C order: np.ascontiguousarray)"), "{error}");
    }
}
