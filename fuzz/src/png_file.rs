//! Small PNG files with any header.

use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

/// What the header of a PNG file says.
#[derive(Clone, Copy)]
pub struct Ihdr {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Bits of a sample.
    pub depth: u8,
    /// The number of a colour type.
    pub colour: u8,
    /// Whether it is interlaced.
    pub interlaced: bool,
}

/// A PNG file with this header, a palette, further chunks and the content of its image data, which are not compared with
/// each other. Checksums are left at zero: the reader does not compare them in a build for fuzzing.
pub fn png_file(header: Ihdr, more: &[(&[u8; 4], &[u8])], rows: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8; 4], content: &[u8]| {
        bytes.extend((content.len() as u32).to_be_bytes());
        bytes.extend(name);
        bytes.extend(content);
        bytes.extend([0; 4]);
    };
    let (width, height) = header.size;
    let sizes = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let kind = [header.depth, header.colour, 0, 0, u8::from(header.interlaced)];
    chunk(b"IHDR", &[&sizes[..], &kind].concat());
    if header.colour == 3 {
        chunk(b"PLTE", &(0..48).collect::<Vec<u8>>());
    }
    more.iter().for_each(|(name, content)| chunk(name, content));
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(rows).expect("memory takes every byte");
    chunk(b"IDAT", &packed.finish().expect("memory takes every byte"));
    chunk(b"IEND", &[]);
    bytes
}
