//! The images of example panels, which a report decodes several times: checked before that.

use crate::error::{Error, Result};
use crate::view::PanelView;
use scribe_records::Panel;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that hold compressed texts or profiles, which may expand to gigabytes. The images of a store have none.
const REFUSED: [&[u8]; 3] = [b"iCCP", b"iTXt", b"zTXt"];
/// Bytes of a chunk's length, name and checksum.
const AROUND: usize = 12;
/// The most pixels of an image, and of one of less than 1 MiB; the same limits hold for pictures that are evaluated.
const MOST_PIXELS: u64 = 1 << 27;
const MOST_PIXELS_OF_SMALL: u64 = 1 << 24;

/// The panel, once its images can be decoded within bounds.
///
/// # Errors
/// [`Error::Panel`] names the image.
pub(super) fn panel(panel: Panel) -> Result<PanelView> {
    let predictions = panel.pictures.predictions.iter().map(|(_, bytes)| bytes);
    for bytes in [&panel.pictures.picture, &panel.pictures.label].into_iter().chain(predictions) {
        check(bytes).map_err(|reason| Error::Panel { image: panel.image_id.clone(), reason })?;
    }
    Ok(PanelView {
        image: panel.image_id,
        condition: panel.condition,
        input: panel.pictures.picture,
        label: panel.pictures.label,
        predictions: panel.pictures.predictions.into_iter().collect(),
    })
}

fn check(bytes: &[u8]) -> std::result::Result<(), String> {
    let mut rest = bytes.strip_prefix(SIGNATURE).ok_or("it is not a PNG file")?;
    let Some([_, _, _, _, b'I', b'H', b'D', b'R', a, b, c, d, e, f, g, h, ..]) = rest.first_chunk::<16>()
    else {
        return Err("its first chunk is not IHDR".to_owned());
    };
    let (width, height) = (u32::from_be_bytes([*a, *b, *c, *d]), u32::from_be_bytes([*e, *f, *g, *h]));
    let most = if bytes.len() < 1 << 20 { MOST_PIXELS_OF_SMALL } else { MOST_PIXELS };
    if u64::from(width) * u64::from(height) > most {
        return Err(format!("its size is {width}x{height} (expected at most {most} pixels)"));
    }
    while let Some((head, _)) = rest.split_first_chunk::<8>() {
        let (length, name) = head.split_at(4);
        if REFUSED.contains(&name) {
            return Err(format!("it has a chunk {}", String::from_utf8_lossy(name)));
        }
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize;
        rest = rest.get(length.saturating_add(AROUND)..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    fn file(width: u32, chunk: &[u8; 4]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend([0, 0, 0, 9, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0, 0, 0, 1]);
        bytes.extend(chunk);
        bytes.extend([0; 5]);
        bytes
    }

    #[test]
    fn what_expands_is_refused() {
        check(&file(9, b"IDAT")).unwrap();
        for (bytes, reason) in [
            (file(9, b"iCCP"), "a chunk iCCP"),
            (file(9, b"zTXt"), "a chunk zTXt"),
            (file(2_000_000, b"IDAT"), "2000000x9 (expected at most 16777216 pixels)"),
            (b"\x89PNG\r\n\x1a\n".to_vec(), "not IHDR"),
            (b"\xff\xd8".to_vec(), "not a PNG"),
        ] {
            let error = check(&bytes).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
