//! Times this crate's JPEG decoder beside `image`'s: `cargo run --release --example decode_speed -- FOLDER`.

use std::error::Error;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::path::Path;
use std::time::{Duration, Instant};

use image::{ImageFormat, RgbImage};
use scribe_dataset::decode_image;

/// Rounds over all files, by turns; the fastest of each counts.
const ROUNDS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("say which folder holds .jpg files")?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)?.take(200) {
        files.push(std::fs::read(entry?.path())?);
    }
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        ours = ours.min(time(&files, |bytes| Ok(decode_image(bytes, Path::new("file"))?))?);
        theirs = theirs.min(time(&files, |bytes| {
            Ok(image::load_from_memory_with_format(bytes, ImageFormat::Jpeg)?.into_rgb8())
        })?);
    }
    let each = |time: Duration| time.as_secs_f64() * 1e3 / files.len() as f64;
    writeln!(
        stdout(),
        "{} files: {:.3} ms each, image's decoder {:.3} ms",
        files.len(),
        each(ours),
        each(theirs)
    )?;
    Ok(())
}

fn time(
    files: &[Vec<u8>],
    decode: impl Fn(&[u8]) -> Result<RgbImage, Box<dyn Error>>,
) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    for bytes in files {
        black_box(decode(bytes)?);
    }
    Ok(start.elapsed())
}
