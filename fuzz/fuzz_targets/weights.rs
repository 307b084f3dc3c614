//! Whatever the bytes, a file of weights gives tensors or is refused.
//!
//! The first byte says what the others are: a whole file, or the pickle of one in PyTorch's zip form, whose checksums the
//! fuzzer could not make right.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scribe_fuzz::plant;
use scribe_model::Weights;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const FILE: u8 = 0;
const PICKLE: u8 = 1;

fn zipped(pickle: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in [("a/data.pkl", pickle), ("a/data/0", &[0; 16]), ("a/data/1", &[1; 64])] {
        writer.start_file(name, stored)?;
        writer.write_all(content)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/model/tests/pth");
    let files = std::fs::read_dir(folder).expect("the reader's own test files");
    let mut files: Vec<_> = files.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let mut seeds: Vec<Vec<u8>> = files
        .iter()
        .filter_map(|path| std::fs::read(path).ok())
        .filter(|bytes| bytes.len() < 1 << 15)
        .map(|bytes| [&[FILE], &bytes[..]].concat())
        .collect();
    let header = br#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  "#;
    let length = (header.len() as u64).to_le_bytes();
    seeds.push([&[FILE], &length[..], header, &[0; 8]].concat());
    // A state dict of one tensor of 2 x 2 values, as `pickletools` shows it (crates/model/tests/common/hostile.rs).
    let tensor = b"\x80\x02}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x04tQK\0K\x02K\x02\x86K\x02K\x01\x86\x89}tRs.";
    seeds.push([&[PICKLE], &tensor[..]].concat());
    seeds
}

fuzz_target!(init: plant(seeds()), |bytes: &[u8]| {
    let Some((&kind, bytes)) = bytes.split_first() else { return };
    let packed = (kind == PICKLE).then(|| zipped(bytes).expect("memory takes every byte"));
    let bytes = packed.as_deref().unwrap_or(bytes);
    if let Err(error) = Weights::parse(Path::new("hostile.pth"), bytes) {
        assert!(error.to_string().starts_with("hostile.pth: "), "{error}");
    }
});
