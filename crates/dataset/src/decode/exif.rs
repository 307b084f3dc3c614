//! The EXIF orientation that a picture's file states.

/// The tag of the orientation (TIFF 6.0, section 8).
const ORIENTATION: u16 = 0x0112;
/// The TIFF type of a number of 16 bits.
const SHORT: u16 = 3;

/// The EXIF orientation within the bytes of a JPEG or PNG file, 1 to 8; `None` if the file states none.
///
/// 1 is upright, 3 is turned by 180 degrees, 6 and 8 by 90 degrees; 2, 4, 5 and 7 are mirrored.
/// This crate never applies it: a picture's pixels are taken as they are stored, as Pillow's `Image.open` and
/// torchvision take them, and as VOC's label maps were drawn.
pub fn exif_orientation(bytes: &[u8]) -> Option<u8> {
    let block = if bytes.starts_with(&[0xff, 0xd8]) {
        jpeg_block(bytes)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png_block(bytes)
    } else {
        None
    };
    tiff_orientation(block?)
}

/// The content of a JPEG's segment APP1 that begins with `Exif`, looked for up to the first scan.
fn jpeg_block(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 2;
    loop {
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            0xd9 | 0xda => return None,
            _ => {
                let length = usize::from(number(bytes, at + 2, false)?);
                let content = bytes.get(at + 4..at + 2 + length)?;
                match content.strip_prefix(b"Exif\0\0") {
                    Some(block) if marker == 0xe1 => return Some(block),
                    _ => at += 2 + length,
                }
            }
        }
    }
}

/// The content of a PNG's chunk `eXIf`.
fn png_block(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = &bytes[8..];
    loop {
        let (head, after) = rest.split_first_chunk::<8>()?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if &head[4..] == b"eXIf" {
            return after.get(..length);
        }
        rest = after.get(length.checked_add(4)?..)?;
    }
}

/// The orientation in the first directory of a TIFF block.
fn tiff_orientation(block: &[u8]) -> Option<u8> {
    let little = match block.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let four = block.get(4..8)?;
    let four = [four[0], four[1], four[2], four[3]];
    let start = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
    let count = usize::from(number(block, start, little)?);
    let entries = (0..count).map(|index| start + 2 + 12 * index);
    for at in entries {
        if number(block, at, little)? == ORIENTATION {
            let value = number(block, at + 8, little)?;
            let sound = number(block, at + 2, little)? == SHORT && (1..=8).contains(&value);
            return sound.then_some(value as u8);
        }
    }
    None
}

/// The 16-bit number at a place.
fn number(bytes: &[u8], at: usize, little_endian: bool) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    let two = [two[0], two[1]];
    Some(if little_endian { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(little_endian: bool, kind: u16, value: u16) -> Vec<u8> {
        let two = |n: u16| if little_endian { n.to_le_bytes() } else { n.to_be_bytes() };
        let four = |n: u32| if little_endian { n.to_le_bytes() } else { n.to_be_bytes() };
        let mut block = if little_endian { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        block.extend(four(8));
        block.extend(two(2));
        // Another tag comes first: the picture's width.
        for (tag, kind, value) in [(0x100, SHORT, 500), (ORIENTATION, kind, value)] {
            block.extend([two(tag), two(kind)].concat());
            block.extend(four(1));
            block.extend([two(value), two(0)].concat());
        }
        block
    }

    fn jpeg(block: &[u8]) -> Vec<u8> {
        let mut file = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xe1];
        file.extend((block.len() as u16 + 8).to_be_bytes());
        file.extend(b"Exif\0\0");
        file.extend(block);
        file.extend([0xff, 0xda]);
        file
    }

    #[test]
    fn reads_both_byte_orders_and_both_formats() {
        for little_endian in [true, false] {
            for value in 1..=8 {
                let block = block(little_endian, SHORT, value);
                assert_eq!(exif_orientation(&jpeg(&block)), Some(value as u8));
                let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x02tEXtab....".to_vec();
                png.extend((block.len() as u32).to_be_bytes());
                png.extend(b"eXIf");
                png.extend(&block);
                assert_eq!(exif_orientation(&png), Some(value as u8));
            }
        }
    }

    #[test]
    fn anything_else_is_none() {
        for bad in [block(true, SHORT, 0), block(true, SHORT, 9), block(true, 4, 6), Vec::new()] {
            assert_eq!(exif_orientation(&jpeg(&bad)), None);
        }
        let whole = jpeg(&block(false, SHORT, 6));
        for length in 0..whole.len() {
            let found = exif_orientation(&whole[..length]);
            assert!(found.is_none() || length >= whole.len() - 4, "{length}: {found:?}");
        }
        assert_eq!(exif_orientation(b"a text"), None);
    }
}
