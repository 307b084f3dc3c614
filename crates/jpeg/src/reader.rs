//! A JPEG file from its first byte to its end.

use crate::decoded::Decoded;
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::limits::Limits;
use crate::output::{Space, picture};
use crate::segments::{parse_scan, read_conditioning, read_huffman, read_quant};
use crate::tables::Tables;
use crate::{arith_scan, coefficients, progressive, sequential};
use scribe_base::simd::Level;

/// Decodes the bytes of a JPEG file.
///
/// # Errors
/// The variants of [`Error`]; the size is compared with `limits` before memory is taken for the picture.
///
/// ```
/// use scribe_jpeg::{Error, Limits, decode};
///
/// let file = include_bytes!("../tests/reference/jpeg/420-37x29.jpg");
/// assert_eq!(decode(file, Limits::default())?.pixels.len(), 3 * 37 * 29);
/// let refused = decode(file, Limits { max_pixels: 1000 });
/// assert_eq!(refused, Err(Error::TooManyPixels { width: 37, height: 29, limit: 1000 }));
/// # Ok::<(), Error>(())
/// ```
pub fn decode(bytes: &[u8], limits: Limits) -> Result<Decoded> {
    decode_at(bytes, limits, Level::detect())
}

/// Decodes as [`decode`] does, to the same bytes, without vector instructions beyond those of every processor of the
/// target. It is for comparisons.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_portable(bytes: &[u8], limits: Limits) -> Result<Decoded> {
    decode_at(bytes, limits, Level::Portable)
}

fn decode_at(data: &[u8], limits: Limits, level: Level) -> Result<Decoded> {
    if !data.starts_with(&[0xff, 0xd8]) {
        return Err(Error::NotJpeg);
    }
    let tables = Tables::default();
    let mut reader =
        Reader { data, at: 2, scans: 0, limits, level, tables, frame: None, jfif: false, adobe: None };
    while let Some((marker, segment)) = reader.next_segment()? {
        reader.take(marker, segment)?;
    }
    reader.finish()
}

/// The most scans of a picture. A usual progressive file has ten; each takes time for every block, however short it is.
const MOST_SCANS: usize = 256;

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    /// The number of scans so far.
    scans: usize,
    limits: Limits,
    level: Level,
    tables: Tables,
    frame: Option<Frame>,
    /// Whether a JFIF segment was seen.
    jfif: bool,
    /// The colour transform that an Adobe segment names.
    adobe: Option<u8>,
}

impl<'a> Reader<'a> {
    /// The next marker and its segment's content, or `None` at the end of the image.
    fn next_segment(&mut self) -> Result<Option<(u8, &'a [u8])>> {
        let truncated = || Error::truncated("there is no end-of-image marker");
        loop {
            // Bytes between segments are skipped, as libjpeg does; so are fill bytes before a marker.
            while *self.data.get(self.at).ok_or_else(truncated)? != 0xff {
                self.at += 1;
            }
            let marker = *self.data.get(self.at + 1).ok_or_else(truncated)?;
            match marker {
                0x00 | 0x01 | 0xd0..=0xd7 => self.at += 2,
                0xff => self.at += 1,
                0xd9 => return Ok(None),
                _ => {
                    let length = self.data.get(self.at + 2..self.at + 4).ok_or_else(truncated)?;
                    let length = usize::from(length[0]) << 8 | usize::from(length[1]);
                    let end = self.at + 2 + length;
                    let segment = self.data.get(self.at + 4..end.max(self.at + 4)).ok_or_else(truncated)?;
                    if length < 2 {
                        return Err(Error::damaged(format!("segment {marker:#04x} has length {length}")));
                    }
                    self.at = end;
                    return Ok(Some((marker, segment)));
                }
            }
        }
    }

    fn take(&mut self, marker: u8, segment: &[u8]) -> Result<()> {
        match marker {
            0xc0..=0xc2 | 0xc9 | 0xca => self.begin_frame(marker, segment)?,
            0xc4 => read_huffman(segment, &mut self.tables)?,
            0xcc => read_conditioning(segment, &mut self.tables)?,
            0xc3 | 0xc5..=0xcf => return Err(unsupported(marker)),
            0xda => self.read_scan(segment)?,
            0xdb => read_quant(segment, &mut self.tables)?,
            0xdd => match segment {
                [high, low] => self.tables.restart_interval = u32::from(*high) << 8 | u32::from(*low),
                _ => return Err(Error::damaged("its restart interval is cut")),
            },
            0xe0 => self.jfif |= segment.starts_with(b"JFIF\0"),
            0xee if segment.starts_with(b"Adobe") && segment.len() >= 12 => self.adobe = Some(segment[11]),
            _ => {}
        }
        Ok(())
    }

    fn begin_frame(&mut self, marker: u8, segment: &[u8]) -> Result<()> {
        if self.frame.is_some() {
            return Err(Error::damaged("it has two frames"));
        }
        let mut frame = Frame::parse(segment, marker)?;
        let (width, height) = (frame.width as u32, frame.height as u32);
        if u64::from(width) * u64::from(height) > self.limits.max_pixels {
            return Err(Error::TooManyPixels { width, height, limit: self.limits.max_pixels });
        }
        frame.allocate(self.data.len())?;
        self.frame = Some(frame);
        Ok(())
    }

    fn read_scan(&mut self, segment: &[u8]) -> Result<()> {
        let frame = self.frame.as_mut().ok_or_else(|| Error::damaged("a scan comes before the frame"))?;
        let scan = parse_scan(segment, frame)?;
        self.scans += 1;
        if self.scans > MOST_SCANS {
            return Err(Error::damaged(format!("it has more than {MOST_SCANS} scans")));
        }
        for part in &scan.components {
            let component = &mut frame.components[part.component];
            if component.quant.is_none() {
                component.quant = self.tables.quant[component.quant_index];
            }
            if !frame.progressive && std::mem::replace(&mut component.done, true) {
                return Err(Error::damaged("a component has two scans"));
            }
        }
        let (data, at) = (self.data, self.at);
        self.at = match (frame.arithmetic, frame.progressive) {
            (true, _) => arith_scan::read_scan(frame, &scan, &self.tables, data, at)?,
            (false, true) => progressive::read_scan(frame, &scan, &self.tables, data, at)?,
            (false, false) => {
                self.tables.fill_standard(&scan);
                sequential::read_scan(frame, &scan, &self.tables, data, at, self.level)?
            }
        };
        Ok(())
    }

    fn finish(self) -> Result<Decoded> {
        let space = self.space();
        let mut frame = self.frame.ok_or_else(|| Error::damaged("it has no frame"))?;
        let keeps_coefficients = frame.keeps_coefficients();
        for component in &mut frame.components {
            if keeps_coefficients {
                coefficients::transform(component)?;
            } else if !component.done {
                return Err(Error::truncated("a component has no scan"));
            }
        }
        picture(&frame, space, self.level)
    }

    /// What the components are, by libjpeg's rules (`jdapimin.c`, `default_decompress_parms`).
    fn space(&self) -> Space {
        let ids: Vec<u8> = self.frame.iter().flat_map(|f| &f.components).map(|c| c.id).collect();
        match (ids.len(), self.jfif, self.adobe) {
            (1, ..) => Space::Grey,
            (4, _, None | Some(0)) => Space::Cmyk,
            (4, ..) => Space::Ycck,
            (_, true, _) => Space::Ycc,
            (_, false, Some(0)) => Space::Rgb,
            (_, false, Some(_)) => Space::Ycc,
            (_, false, None) if ids == *b"RGB" => Space::Rgb,
            (_, false, None) => Space::Ycc,
        }
    }
}

/// Why a frame with this marker is not decoded.
fn unsupported(marker: u8) -> Error {
    let kind = match marker {
        0xc3 | 0xcb => "lossless",
        0xc5..=0xc7 | 0xcd..=0xcf => "hierarchical",
        _ => "of an unknown kind",
    };
    Error::Unsupported(format!(
        "it is {kind} (frame {marker:#04x}), which is not supported: write it anew, as magick FILE NEW.png does"
    ))
}
