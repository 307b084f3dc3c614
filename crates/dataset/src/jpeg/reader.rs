//! A JPEG file's segments.

use image::RgbImage;

use super::frame::Frame;
use super::output::{Space, picture};
use super::refusal::Refusal;
use super::segments::{parse_scan, read_conditioning, read_huffman, read_quant};
use super::tables::Tables;
use super::{arith_scan, progressive, sequential};

/// The caller's check of a picture's width and height.
type Check<'a> = &'a dyn Fn((u32, u32)) -> crate::Result<()>;

/// Decodes a JPEG file to RGB, once `check` has accepted its width and height; the error says what is wrong.
pub(crate) fn decode(data: &[u8], check: Check<'_>) -> Result<RgbImage, Refusal> {
    if !data.starts_with(&[0xff, 0xd8]) {
        return Err("it does not begin with a start-of-image marker".into());
    }
    let tables = Tables::default();
    let mut reader = Reader { data, at: 2, check, tables, frame: None, jfif: false, adobe: None };
    while let Some((marker, segment)) = reader.next_segment()? {
        reader.take(marker, segment)?;
    }
    reader.finish()
}

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    check: Check<'a>,
    tables: Tables,
    frame: Option<Frame>,
    /// Whether a JFIF segment was seen.
    jfif: bool,
    /// The colour transform that an Adobe segment names.
    adobe: Option<u8>,
}

impl<'a> Reader<'a> {
    /// The next marker and its segment's content, or `None` at the end of the image.
    fn next_segment(&mut self) -> Result<Option<(u8, &'a [u8])>, String> {
        let truncated = "it is truncated: there is no end-of-image marker";
        loop {
            // Bytes between segments are skipped, as libjpeg does; so are fill bytes before a marker.
            while *self.data.get(self.at).ok_or(truncated)? != 0xff {
                self.at += 1;
            }
            let marker = *self.data.get(self.at + 1).ok_or(truncated)?;
            match marker {
                0x00 | 0x01 | 0xd0..=0xd7 => self.at += 2,
                0xff => self.at += 1,
                0xd9 => return Ok(None),
                _ => {
                    let length = self.data.get(self.at + 2..self.at + 4).ok_or(truncated)?;
                    let length = usize::from(length[0]) << 8 | usize::from(length[1]);
                    let end = self.at + 2 + length;
                    let segment = self.data.get(self.at + 4..end.max(self.at + 4)).ok_or(truncated)?;
                    if length < 2 {
                        return Err(format!("it is damaged: segment {marker:#04x} has length {length}"));
                    }
                    self.at = end;
                    return Ok(Some((marker, segment)));
                }
            }
        }
    }

    fn take(&mut self, marker: u8, segment: &[u8]) -> Result<(), Refusal> {
        match marker {
            0xc0..=0xc2 | 0xc9 | 0xca => self.begin_frame(marker, segment)?,
            0xc4 => read_huffman(segment, &mut self.tables)?,
            0xcc => read_conditioning(segment, &mut self.tables)?,
            0xc3 | 0xc5..=0xcf => return Err(unsupported(marker).into()),
            0xda => self.read_scan(segment)?,
            0xdb => read_quant(segment, &mut self.tables)?,
            0xdd => match segment {
                [high, low] => self.tables.restart_interval = u32::from(*high) << 8 | u32::from(*low),
                _ => return Err("it is damaged: its restart interval is cut".into()),
            },
            0xe0 => self.jfif |= segment.starts_with(b"JFIF\0"),
            0xee if segment.starts_with(b"Adobe") && segment.len() >= 12 => self.adobe = Some(segment[11]),
            _ => {}
        }
        Ok(())
    }

    fn begin_frame(&mut self, marker: u8, segment: &[u8]) -> Result<(), Refusal> {
        if self.frame.is_some() {
            return Err("it is damaged: it has two frames".into());
        }
        let mut frame = Frame::parse(segment, marker)?;
        (self.check)((frame.width as u32, frame.height as u32)).map_err(Refusal::Size)?;
        frame.allocate(self.data.len())?;
        self.frame = Some(frame);
        Ok(())
    }

    fn read_scan(&mut self, segment: &[u8]) -> Result<(), String> {
        let frame = self.frame.as_mut().ok_or("it is damaged: a scan comes before the frame")?;
        let scan = parse_scan(segment, frame)?;
        for part in &scan.components {
            let component = &mut frame.components[part.component];
            if component.quant.is_none() {
                component.quant = self.tables.quant[component.quant_index];
            }
            if !frame.progressive && std::mem::replace(&mut component.done, true) {
                return Err("it is damaged: a component has two scans".to_owned());
            }
        }
        let read = match (frame.arithmetic, frame.progressive) {
            (true, _) => arith_scan::read_scan,
            (false, true) => progressive::read_scan,
            (false, false) => {
                self.tables.fill_standard(&scan);
                sequential::read_scan
            }
        };
        self.at = read(frame, &scan, &self.tables, self.data, self.at)?;
        Ok(())
    }

    fn finish(self) -> Result<RgbImage, Refusal> {
        let space = self.space();
        let mut frame = self.frame.ok_or("it is damaged: it has no frame")?;
        let keeps_coefficients = frame.keeps_coefficients();
        for component in &mut frame.components {
            if keeps_coefficients {
                progressive::finish(component)?;
            } else if !component.done {
                return Err("it is truncated: a component has no scan".into());
            }
        }
        Ok(picture(&frame, space)?)
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
fn unsupported(marker: u8) -> String {
    let kind = match marker {
        0xc3 | 0xcb => "lossless",
        0xc5..=0xc7 | 0xcd..=0xcf => "hierarchical",
        _ => "of an unknown kind",
    };
    format!(
        "it is {kind} (frame {marker:#04x}), which is not supported: write it anew, as magick FILE NEW.png does"
    )
}
