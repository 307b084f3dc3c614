//! Damaged and hostile files of weights: every one gives weights or an error, within bounds of time and memory.

mod common;

use common::hostile::{TENSOR, one_value, repeated, zipped};
use common::{chain, seeded};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use scribe_model::{PthError, Weights};
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Every opcode of the protocols up to 5, so that changes meet the machine's branches.
const OPCODES: &[u8] = b"()*+.012BCEGIJKLMNPQRSTUVX]abcdeghijloqrstu}\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98";
const FIXTURES: [&str; 9] = [
    "zip.pth",
    "legacy.pth",
    "legacy-protocol4.pth",
    "strides.pth",
    "legacy-strides.pth",
    "types.pth",
    "legacy-python2.pth",
    "module.pth",
    "complex.pth",
];

fn fixture(name: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pth").join(name))
}

fn parse(bytes: &[u8]) -> scribe_model::Result<Weights> {
    Weights::parse(Path::new("hostile.pth"), bytes)
}

/// A few changes: bytes replaced, taken out, put in, repeated, or cut off.
fn change(bytes: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    for _ in 0..rng.random_range(1..4) {
        if bytes.is_empty() {
            return;
        }
        let at = rng.random_range(0..bytes.len());
        let end = (at + rng.random_range(1..24)).min(bytes.len());
        match rng.random_range(0..8) {
            0 => bytes[at] = rng.random(),
            1 => bytes[at] ^= 1 << rng.random_range(0..8),
            2 | 3 => bytes[at] = OPCODES[rng.random_range(0..OPCODES.len())],
            4 => bytes.insert(at, OPCODES[rng.random_range(0..OPCODES.len())]),
            5 => drop(bytes.drain(at..end)),
            6 => {
                let copy = bytes[at..end].to_vec();
                let to = rng.random_range(0..=bytes.len());
                bytes.splice(to..to, copy);
            }
            _ => bytes.truncate(at.max(bytes.len() / 2)),
        }
    }
}

/// A zip file with one of its records changed, and its checksums right again.
fn repack(bytes: &[u8], rng: &mut ChaCha8Rng) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let changed = if rng.random_bool(0.8) { 0 } else { rng.random_range(0..archive.len()) };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..archive.len() {
        let mut record = archive.by_index(n)?;
        let mut content = Vec::new();
        record.read_to_end(&mut content)?;
        if n == changed {
            change(&mut content, rng);
        }
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer.start_file(record.name()?.into_owned(), stored)?;
        writer.write_all(&content)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[test]
fn changed_files_give_weights_or_an_error() -> Outcome {
    let mut rng = seeded(20);
    let (mut read, mut refused) = (0, 0);
    for name in FIXTURES {
        let sound = fixture(name)?;
        for round in 0..2500 {
            let bytes = if sound.starts_with(b"PK") && round % 2 == 0 {
                repack(&sound, &mut rng)?
            } else {
                let mut bytes = sound.clone();
                change(&mut bytes, &mut rng);
                bytes
            };
            let outcome = catch_unwind(AssertUnwindSafe(|| parse(&bytes)));
            match outcome {
                Ok(Ok(_)) => read += 1,
                Ok(Err(error)) => {
                    assert!(error.to_string().starts_with("hostile.pth: "), "{error}");
                    refused += 1;
                }
                Err(_) => panic!("{name}, round {round}: a panic"),
            }
        }
    }
    // The changes are neither all harmless nor all caught at the first byte.
    assert!(read > 1000 && refused > 5000, "{read} read, {refused} refused");
    Ok(())
}

#[test]
fn deep_pickles_need_no_deep_stack() {
    for bytes in [repeated(b")", b"\x85"), repeated(b"]", b"]a"), repeated(b"cx\ny\n", b")R")] {
        let mut whole = bytes;
        whole.extend(b".\x80\x02].");
        assert!(chain(&parse(&whole).unwrap_err()).contains("no state dict"));
    }
}

/// Tensors must lie in their storage, and a storage must be as long as declared.
#[test]
fn tensors_outside_of_their_storage() -> Outcome {
    let one = one_value(b"K\x01\x85", b"K\x01\x85", 0)?;
    assert_eq!(parse(&one)?.tensors()["w"].dims(), [1]);
    for (shape, stride) in [
        (b"K\x02\x85".as_slice(), b"K\x01\x85".as_slice()),
        (b"K\x02K\x01\x86", b"K\x01\x85"),
        (b"K\x02K\x02\x86", b"K\0\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x86"),
        (b"J\xff\xff\xff\xff\x85", b"K\x01\x85"),
    ] {
        let error = chain(&parse(&one_value(shape, stride, 0)?).unwrap_err());
        assert!(error.contains("stride") || error.contains("expected 0 or more"), "{error}");
    }
    let nine = b"(K\x01K\x01K\x01K\x01K\x01K\x01K\x01K\x01K\x01t";
    let error = parse(&one_value(nine, nine, 0)?).unwrap_err();
    let expected = PthError::Limit { what: "dimensions of a tensor", most: 8 };
    assert!(chain(&error).ends_with(&expected.to_string()), "{error}");
    let pickle =
        [b"\x80\x02}X\x01\0\0\0w".as_slice(), TENSOR, b"K\x02tQK\0K\x01\x85K\x01\x85\x89}tRs."].concat();
    let short = zipped(&[("a/data.pkl", &pickle), ("a/data/0", &[0; 4])], CompressionMethod::Stored)?;
    assert!(chain(&parse(&short).unwrap_err()).contains("storage 0: 4 bytes in the file, 8 bytes declared"));
    // The tuple of three fields that made candle's reader panic.
    let three = b"\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000tQ";
    let three = [three.as_slice(), b"K\0K\x01\x85K\x01\x85\x89}tRs."].concat();
    let short = zipped(&[("a/data.pkl", &three), ("a/data/0", &[0; 4])], CompressionMethod::Stored)?;
    assert!(chain(&parse(&short).unwrap_err()).contains("a persistent id of 3 fields (expected 5 or 6)"));
    Ok(())
}
