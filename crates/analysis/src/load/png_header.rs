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
///
/// # Errors
/// What it has instead.
pub(super) fn size(bytes: &[u8], colours: &[u8]) -> Result<[u32; 2], String> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or("it is not a PNG file")?;
    let Some([_, _, _, _, b'I', b'H', b'D', b'R', header @ ..]) = rest.first_chunk::<21>() else {
        return Err("its first chunk is not IHDR".to_owned());
    };
    let [a, b, c, d, e, f, g, h, depth, colour, _, _, interlace] = *header;
    let (width, height) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    let most = if bytes.len() < 1 << 20 { MOST_PIXELS_OF_SMALL } else { MOST_PIXELS };
    let sides = (1..=LONGEST_SIDE).contains(&width) && (1..=LONGEST_SIDE).contains(&height);
    if !sides || u64::from(width) * u64::from(height) > most {
        return Err(format!(
            "its size is {width}x{height} (expected sides of 1 to {LONGEST_SIDE}, and at most {most} pixels)"
        ));
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
    Ok([width, height])
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
        assert_eq!(size(&file([9, 7], grey, b"IDAT"), &[0]).unwrap(), [9, 7]);
        assert_eq!(size(&file([65_535, 256], grey, b"IDAT"), &[0]).unwrap(), [65_535, 256]);
        for (bytes, reason) in [
            (file([9, 9], grey, b"iCCP"), "a chunk iCCP"),
            (file([9, 9], grey, b"zTXt"), "a chunk zTXt"),
            // 65535 x 257 = 16842495.
            (
                file([65_535, 257], grey, b"IDAT"),
                "65535x257 (expected sides of 1 to 65535, and at most 16777216 pixels)",
            ),
            (file([65_536, 1], grey, b"IDAT"), "65536x1 (expected"),
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
