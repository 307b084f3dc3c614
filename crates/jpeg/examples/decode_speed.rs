//! Times this decoder beside that of the crate `image`: `cargo run --release -p scribe-jpeg --example decode_speed -- FOLDER`.

use anyhow::{Context, ensure};
use image::ImageFormat;
use scribe_jpeg::{Limits, decode};
use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::{Duration, Instant};

/// Rounds over all files, by turns; the fastest of each counts.
const ROUNDS: usize = 15;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1).context("expected FOLDER: a folder of .jpg files")?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)?.take(200) {
        files.push(std::fs::read(entry?.path())?);
    }
    ensure!(!files.is_empty(), "the folder is empty (expected .jpg files)");
    let (mut ours, mut other) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        ours = ours.min(time(&files, |bytes| Ok(decode(bytes, Limits::default())?.pixels))?);
        other = other.min(time(&files, |bytes| {
            Ok(image::load_from_memory_with_format(bytes, ImageFormat::Jpeg)?.into_rgb8().into_raw())
        })?);
    }
    let each = |time: Duration| time.as_secs_f64() * 1e3 / files.len() as f64;
    let (ours, other) = (each(ours), each(other));
    writeln!(stdout(), "{} files: {ours:.3} ms each, image's decoder {other:.3} ms", files.len())?;
    Ok(())
}

fn time(files: &[Vec<u8>], decode: impl Fn(&[u8]) -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Duration> {
    let start = Instant::now();
    for bytes in files {
        black_box(decode(bytes)?);
    }
    Ok(start.elapsed())
}
