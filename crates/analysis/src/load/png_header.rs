//! What a PNG file of a store says of itself, before it is decoded.

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that hold compressed texts or profiles, which may expand to gigabytes. The images of a store have none.
const REFUSED: [&[u8]; 3] = [b"iCCP", b"iTXt", b"zTXt"];
/// Bytes of a chunk's length, name and checksum.
const AROUND: usize = 12;
/// The most pixels of an image, and of one of less than 1 MiB; the same limits hold for pictures that are evaluated.
const MOST_PIXELS: u64 = 1 << 27;
const MOST_PIXELS_OF_SMALL: u64 = 1 << 24;
/// The longest side, which is also that of JPEG files: a figure shrinks the image to about a hundred pixels, of which a much
/// longer one would leave no height.
const LONGEST_SIDE: u32 = 65_535;

/// Width and height of an image of eight bits, of one of these colour types, not interlaced: as every store holds them.
/// `None` of an image that is larger than a report draws.
///
/// # Errors
/// What it has instead.
pub(super) fn size(bytes: &[u8], colours: &[u8]) -> Result<Option<[u32; 2]>, String> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or("it is not a PNG file")?;
    let Some([_, _, _, _, b'I', b'H', b'D', b'R', header @ ..]) = rest.first_chunk::<21>() else {
        return Err("its first chunk is not IHDR".to_owned());
    };
    let [a, b, c, d, e, f, g, h, depth, colour, _, _, interlace] = *header;
    let (width, height) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    if width == 0 || height == 0 {
        return Err(format!("its size is {width}x{height} (expected sides from 1)"));
    }
    if depth != 8 || !colours.contains(&colour) || interlace != 0 {
        return Err(format!(
            "it has {depth} bits, colour type {colour} and interlacing {interlace} (expected 8, one of {colours:?}, and 0)"
        ));
    }
    while let Some((head, _)) = rest.split_first_chunk::<8>() {
        let (length, name) = head.split_at(4);
        if REFUSED.contains(&name) {
            return Err(format!("it has a chunk {}", String::from_utf8_lossy(name)));
        }
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        rest = rest.get(length.saturating_add(AROUND)..).unwrap_or_default();
    }
    let most = if bytes.len() < 1 << 20 { MOST_PIXELS_OF_SMALL } else { MOST_PIXELS };
    let is_drawn = width.max(height) <= LONGEST_SIDE && u64::from(width) * u64::from(height) <= most;
    Ok(is_drawn.then_some([width, height]))
}

#[cfg(test)]
mod tests {
    use super::size;

    fn file([width, height]: [u32; 2], kind: [u8; 5], chunk: &[u8; 4]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend(kind);
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 1]);
        bytes.extend(chunk);
        bytes.extend([0; 5]);
        bytes
    }

    #[test]
    fn what_expands_is_refused() {
        let grey = [8, 0, 0, 0, 0];
        for (sides, is_drawn) in [
            ([9, 7], true),
            ([65_535, 256], true),
            // 65535 x 257 = 16842495, which is more than 2^24.
            ([65_535, 257], false),
            ([65_536, 1], false),
            ([u32::MAX, u32::MAX], false),
        ] {
            assert_eq!(size(&file(sides, grey, b"IDAT"), &[0]).unwrap(), is_drawn.then_some(sides));
        }
        for (bytes, reason) in [
            (file([9, 9], grey, b"iCCP"), "a chunk iCCP"),
            (file([9, 9], grey, b"zTXt"), "a chunk zTXt"),
            (file([1, 0], grey, b"IDAT"), "1x0 (expected"),
            (file([9, 9], [16, 0, 0, 0, 0], b"IDAT"), "16 bits, colour type 0"),
            (file([9, 9], [8, 6, 0, 0, 0], b"IDAT"), "8 bits, colour type 6"),
            (file([9, 9], [8, 0, 0, 0, 1], b"IDAT"), "interlacing 1"),
            (b"\x89PNG\r\n\x1a\n".to_vec(), "not IHDR"),
            (b"\xff\xd8".to_vec(), "not a PNG"),
        ] {
            let error = size(&bytes, &[0]).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
