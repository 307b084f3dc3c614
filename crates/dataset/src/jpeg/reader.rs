//! A JPEG file's segments.

use image::RgbImage;

use super::frame::Frame;
use super::huffman::Huffman;
use super::output::{Space, picture};
use super::tables::{NATURAL, Scan, ScanComponent, Tables};
use super::{progressive, sequential};

/// Decodes a JPEG file to RGB; the error says what is wrong with the bytes.
pub(crate) fn decode(data: &[u8]) -> Result<RgbImage, String> {
    if !data.starts_with(&[0xff, 0xd8]) {
        return Err("it does not begin with a start-of-image marker".to_owned());
    }
    let mut reader = Reader { data, at: 2, tables: Tables::default(), frame: None, jfif: false, adobe: None };
    while let Some((marker, segment)) = reader.next_segment()? {
        reader.take(marker, segment)?;
    }
    reader.finish()
}

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
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

    fn take(&mut self, marker: u8, segment: &[u8]) -> Result<(), String> {
        match marker {
            0xc0..=0xc2 if self.frame.is_some() => Err("it is damaged: it has two frames".to_owned()),
            0xc0..=0xc2 => {
                self.frame = Some(Frame::parse(segment, marker == 0xc2)?);
                Ok(())
            }
            0xc4 => read_huffman(segment, &mut self.tables),
            0xc3 | 0xc5..=0xcf => Err(format!("it is of a kind that is not supported (frame {marker:#04x})")),
            0xda => self.read_scan(segment),
            0xdb => read_quant(segment, &mut self.tables),
            0xdd => match segment {
                [high, low] => {
                    self.tables.restart_interval = u32::from(*high) << 8 | u32::from(*low);
                    Ok(())
                }
                _ => Err("it is damaged: its restart interval is cut".to_owned()),
            },
            0xe0 => {
                self.jfif |= segment.starts_with(b"JFIF\0");
                Ok(())
            }
            0xee => {
                if segment.starts_with(b"Adobe") && segment.len() >= 12 {
                    self.adobe = Some(segment[11]);
                }
                Ok(())
            }
            _ => Ok(()),
        }
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
        let read = if frame.progressive { progressive::read_scan } else { sequential::read_scan };
        self.at = read(frame, &scan, &self.tables, self.data, self.at)?;
        Ok(())
    }

    fn finish(self) -> Result<RgbImage, String> {
        let space = self.space();
        let mut frame = self.frame.ok_or("it is damaged: it has no frame")?;
        for component in &mut frame.components {
            if frame.progressive {
                progressive::finish(component)?;
            } else if !component.done {
                return Err("it is truncated: a component has no scan".to_owned());
            }
        }
        Ok(picture(&frame, space))
    }

    /// What three components are, by libjpeg's rules (`jdapimin.c`, `default_decompress_parms`).
    fn space(&self) -> Space {
        let ids: Vec<u8> = self.frame.iter().flat_map(|f| &f.components).map(|c| c.id).collect();
        match (self.jfif, self.adobe) {
            (true, _) => Space::Ycc,
            (false, Some(0)) => Space::Rgb,
            (false, Some(_)) => Space::Ycc,
            (false, None) if ids == *b"RGB" => Space::Rgb,
            (false, None) => Space::Ycc,
        }
    }
}

/// Reads a scan's head (T.81, B.2.3).
fn parse_scan(segment: &[u8], frame: &Frame) -> Result<Scan, String> {
    let count = usize::from(*segment.first().unwrap_or(&0));
    if !(1..=4).contains(&count) || segment.len() != 4 + 2 * count {
        return Err("it is damaged: a scan's head is cut".to_owned());
    }
    let mut components: Vec<ScanComponent> = Vec::new();
    for part in segment[1..1 + 2 * count].chunks_exact(2) {
        let found = frame.components.iter().position(|c| c.id == part[0]);
        let component = found.filter(|&c| components.iter().all(|known| known.component != c));
        let component =
            component.ok_or_else(|| format!("it is damaged: a scan names component {}", part[0]))?;
        let (dc, ac) = (usize::from(part[1] >> 4), usize::from(part[1] & 15));
        if dc > 3 || ac > 3 {
            return Err(format!("it is damaged: a scan names tables {dc} and {ac}"));
        }
        components.push(ScanComponent { component, dc, ac });
    }
    let [first, last, bits] = [segment.len() - 3, segment.len() - 2, segment.len() - 1].map(|at| segment[at]);
    let (high, low) = (u32::from(bits >> 4), u32::from(bits & 15));
    let sound = !frame.progressive
        || (if first == 0 { last == 0 } else { count == 1 && first <= last && last < 64 })
            && low <= 13
            && (high == 0 || high == low + 1);
    if !sound {
        return Err(format!("it is damaged: a scan covers {first} to {last}, bits {high} to {low}"));
    }
    Ok(Scan { components, first: usize::from(first), last: usize::from(last), high, low })
}

/// Reads Huffman tables (T.81, B.2.4.2).
fn read_huffman(mut segment: &[u8], tables: &mut Tables) -> Result<(), String> {
    let cut = "it is damaged: a Huffman table is cut";
    while let Some((&head, rest)) = segment.split_first() {
        let (counts, rest) = rest.split_first_chunk::<16>().ok_or(cut)?;
        let total = counts.iter().map(|&c| usize::from(c)).sum();
        let symbols = rest.get(..total).filter(|s| s.len() <= 256).ok_or(cut)?;
        let place = match head >> 4 {
            0 => tables.dc.get_mut(usize::from(head & 15)),
            1 => tables.ac.get_mut(usize::from(head & 15)),
            _ => None,
        };
        let place = place.ok_or_else(|| format!("it is damaged: there is no Huffman table {head:#04x}"))?;
        *place = Some(Huffman::new(*counts, symbols)?);
        segment = &rest[total..];
    }
    Ok(())
}

/// Reads quantisation tables (T.81, B.2.4.1).
fn read_quant(mut segment: &[u8], tables: &mut Tables) -> Result<(), String> {
    while let Some((&head, rest)) = segment.split_first() {
        let wide = match head >> 4 {
            0 => 1,
            1 => 2,
            _ => return Err(format!("it is damaged: there is no quantisation table {head:#04x}")),
        };
        let values = rest.get(..64 * wide).ok_or("it is damaged: a quantisation table is cut")?;
        let mut table = [0; 64];
        for (value, place) in values.chunks_exact(wide).zip(NATURAL) {
            table[usize::from(place)] = value.iter().fold(0, |number, &byte| number << 8 | u16::from(byte));
        }
        let place = tables.quant.get_mut(usize::from(head & 15));
        *place.ok_or_else(|| format!("it is damaged: there is no quantisation table {head:#04x}"))? =
            Some(table);
        segment = &rest[64 * wide..];
    }
    Ok(())
}
