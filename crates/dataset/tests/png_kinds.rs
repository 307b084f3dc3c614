//! PNG pictures of every kind as Pillow's `convert("RGB")` gives them.
//!
//! The expected values of the 16-bit kinds were printed by Pillow 13.0.0, `np.asarray(Image.open(FILE).convert("RGB"))`,
//! and by OpenCV 5.0.0, `cv2.imread(FILE)`: both take the high byte of colours. Of grey, OpenCV does; Pillow clips it.

use image::RgbImage;
use png::{BitDepth, ColorType};
use scribe_base::digest::sha256_hex;
use scribe_dataset::{decode_image, read_image};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A PNG file of these rows.
fn file(width: u32, color: ColorType, depth: BitDepth, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let channels = color.samples();
    let line = (width as usize * channels * depth as usize).div_ceil(8);
    let mut encoder = png::Encoder::new(&mut bytes, width, (data.len() / line) as u32);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == ColorType::Indexed {
        encoder.set_palette(vec![10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 3]);
        encoder.set_trns(vec![0, 128]);
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

fn pixels(bytes: &[u8]) -> Vec<[u8; 3]> {
    decode_image(bytes, Path::new("a.png")).unwrap().pixels().map(|pixel| pixel.0).collect()
}

/// Values around the halves of 16 bits.
const VALUES: [u16; 14] = [0, 1, 127, 128, 129, 255, 256, 257, 383, 384, 0x80ff, 0x8080, 65_279, 65_535];
/// What Pillow 13.0.0 (colours) and OpenCV 5.0.0 (colours and grey) made of them.
const HIGH: [u8; 14] = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 128, 128, 254, 255];

fn wide(repeat: usize) -> Vec<u8> {
    VALUES.iter().flat_map(|value| value.to_be_bytes().repeat(repeat)).collect()
}

#[test]
fn of_16_bits_the_high_byte_is_taken() {
    let expected: Vec<_> = HIGH.iter().map(|&value| [value; 3]).collect();
    let kinds = [
        (ColorType::Rgb, 3),
        (ColorType::Rgba, 4),
        (ColorType::Grayscale, 1),
        (ColorType::GrayscaleAlpha, 2),
    ];
    for (color, samples) in kinds {
        let bytes = file(14, color, BitDepth::Sixteen, &wide(samples));
        assert_eq!(pixels(&bytes), expected, "{color:?}");
    }
}

#[test]
fn palettes_become_colours_and_alpha_is_dropped() {
    let indexed = file(4, ColorType::Indexed, BitDepth::Two, &[0b00_01_10_11]);
    assert_eq!(pixels(&indexed), [[10, 20, 30], [40, 50, 60], [70, 80, 90], [1, 2, 3]]);
    let rgba = file(2, ColorType::Rgba, BitDepth::Eight, &[9, 8, 7, 0, 6, 5, 4, 99]);
    assert_eq!(pixels(&rgba), [[9, 8, 7], [6, 5, 4]]);
    let grey_alpha = file(2, ColorType::GrayscaleAlpha, BitDepth::Eight, &[9, 0, 200, 99]);
    assert_eq!(pixels(&grey_alpha), [[9; 3], [200; 3]]);
}

#[test]
fn few_bits_of_grey_spread_over_all_values() {
    let one = file(3, ColorType::Grayscale, BitDepth::One, &[0b0100_0000]);
    assert_eq!(pixels(&one), [[0; 3], [255; 3], [0; 3]]);
    let two = file(4, ColorType::Grayscale, BitDepth::Two, &[0b00_01_10_11]);
    assert_eq!(pixels(&two), [[0; 3], [85; 3], [170; 3], [255; 3]]);
    let four = file(2, ColorType::Grayscale, BitDepth::Four, &[0x3f]);
    assert_eq!(pixels(&four), [[51; 3], [255; 3]]);
}

#[test]
fn a_colour_profile_is_not_looked_at() {
    let whole = file(2, ColorType::Rgb, BitDepth::Eight, &[1, 2, 3, 4, 5, 6]);
    // After the header: a profile that is no zlib stream.
    let content = b"profile\0\0not zlib";
    let mut bytes = whole[..33].to_vec();
    bytes.extend((content.len() as u32).to_be_bytes());
    let chunk = [b"iCCP".as_slice(), content].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&chunk);
    bytes.extend(&chunk);
    bytes.extend(crc.sum().to_be_bytes());
    bytes.extend(&whole[33..]);
    assert_eq!(pixels(&bytes), [[1, 2, 3], [4, 5, 6]]);
}

#[test]
fn this_machines_pillow_reads_them_alike() {
    let Some(python) = std::env::var_os("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with Pillow");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..240).map(|at| (at * 53 % 256) as u8).collect();
    let mut paths = Vec::new();
    use BitDepth::{Eight, Four, One, Sixteen, Two};
    for (color, depths) in [
        (ColorType::Rgb, [Eight, Sixteen].as_slice()),
        (ColorType::Rgba, &[Eight, Sixteen]),
        (ColorType::GrayscaleAlpha, &[Eight, Sixteen]),
        (ColorType::Grayscale, &[One, Two, Four, Eight]),
        (ColorType::Indexed, &[One, Two]),
    ] {
        for &depth in depths {
            let path = folder.path().join(format!("{color:?}-{}.png", depth as u8));
            std::fs::write(&path, file(10, color, depth, &bytes)).unwrap();
            paths.push(path);
        }
    }
    for (path, digest) in pillow(Path::new(&python), &paths) {
        assert_eq!(sha(&read_image(&path).unwrap()), digest, "{}", path.display());
    }
}

fn sha(image: &RgbImage) -> String {
    sha256_hex(image.as_raw())
}

/// What the reference script prints of each file: the digest of its RGB bytes.
fn pillow(python: &Path, files: &[PathBuf]) -> Vec<(PathBuf, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/pillow.py");
    let output = Command::new(python).arg(script).arg("files").args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let row = |line: &str| {
        let cells: Vec<_> = line.rsplitn(3, ',').collect();
        (PathBuf::from(cells[2]), cells[1].to_owned())
    };
    assert_eq!(text.lines().count(), files.len());
    text.lines().map(row).collect()
}
