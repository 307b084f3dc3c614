//! The head of a picture's file, which tells how its pixels are stored.

use super::check_file;
use crate::{Error, PixelFormat, Result};
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// Reads the head of a JPEG or PNG file; its first bytes decide the format, not its name.
///
/// # Errors
/// [`Error::Read`] when the file cannot be opened, [`Error::Decode`] when its head is damaged or of another format.
pub fn pixel_format(path: &Path) -> Result<PixelFormat> {
    check_file(path)?;
    let file = File::open(path).map_err(|e| Error::read(path, e))?;
    if file.metadata().is_ok_and(|found| found.len() == 0) {
        return Err(Error::decode(path, "JPEG or PNG", "the file is empty"));
    }
    let mut file = BufReader::new(file);
    let mut start = [0; 2];
    let read = file.read_exact(&mut start).and_then(|()| match start {
        [0xff, 0xd8] => jpeg_channels(&mut file).map(|channels| match channels {
            Some(1) => Ok(PixelFormat::Grey),
            Some(_) => Ok(PixelFormat::Colour),
            None => Err("it has no frame"),
        }),
        [0x89, b'P'] => png_head(&mut file),
        _ => Ok(Err("its first bytes are of neither format")),
    });
    match read {
        Ok(found) => found.map_err(|reason| Error::decode(path, "JPEG or PNG", reason)),
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
            Err(Error::decode(path, "JPEG or PNG", "it is truncated"))
        }
        Err(e) => Err(Error::read(path, e)),
    }
}

/// The number of channels in the first frame of a JPEG file, whose first two bytes were read.
fn jpeg_channels(file: &mut (impl Read + Seek)) -> std::io::Result<Option<u8>> {
    loop {
        let mut marker = [0; 1];
        // Bytes between segments are skipped, as the decoder does; so are fill bytes before a marker.
        while marker != [0xff] {
            file.read_exact(&mut marker)?;
        }
        while marker == [0xff] {
            file.read_exact(&mut marker)?;
        }
        match marker[0] {
            0x00 | 0x01 | 0xd0..=0xd7 => {}
            0xd9 | 0xda => return Ok(None),
            kind => {
                let mut length = [0; 2];
                file.read_exact(&mut length)?;
                let length = i64::from(u16::from_be_bytes(length));
                // The frames; c4, c8 and cc are tables.
                if matches!(kind, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf) {
                    let mut head = [0; 6];
                    file.read_exact(&mut head)?;
                    return Ok(Some(head[5]));
                }
                file.seek(SeekFrom::Current((length - 2).max(0)))?;
            }
        }
    }
}

/// What the first chunk of a PNG file says, of which two bytes were read.
fn png_head(file: &mut impl Read) -> std::io::Result<Result<PixelFormat, &'static str>> {
    let mut head = [0; 24];
    file.read_exact(&mut head)?;
    if head[..6] != *b"NG\r\n\x1a\n" || head[10..14] != *b"IHDR" {
        return Ok(Err("its first chunk is not IHDR"));
    }
    Ok(match (head[22], head[23]) {
        (16, 0 | 2 | 4 | 6) => Ok(PixelFormat::SixteenBit),
        (_, 0 | 4) => Ok(PixelFormat::Grey),
        (_, 2 | 6) => Ok(PixelFormat::Colour),
        (_, 3) => Ok(PixelFormat::Palette),
        _ => Err("its colour type is unknown"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat};

    #[test]
    fn the_head_tells_the_format() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, picture: DynamicImage, format| {
            let path = dir.path().join(name);
            picture.save_with_format(&path, format).unwrap();
            pixel_format(&path).unwrap()
        };
        let (jpeg, png) = (ImageFormat::Jpeg, ImageFormat::Png);
        assert_eq!(write("rgb.jpg", DynamicImage::new_rgb8(9, 5), jpeg), PixelFormat::Colour);
        assert_eq!(write("grey.jpg", DynamicImage::new_luma8(9, 5), jpeg), PixelFormat::Grey);
        assert_eq!(write("rgb.png", DynamicImage::new_rgb8(9, 5), png), PixelFormat::Colour);
        assert_eq!(write("rgba.jpg", DynamicImage::new_rgba8(9, 5), png), PixelFormat::Colour);
        assert_eq!(write("grey.png", DynamicImage::new_luma8(9, 5), png), PixelFormat::Grey);
        assert_eq!(write("deep.png", DynamicImage::new_luma16(9, 5), png), PixelFormat::SixteenBit);
        assert_eq!(write("deep_rgb.png", DynamicImage::new_rgb16(9, 5), png), PixelFormat::SixteenBit);
        let labels = dir.path().join("labels.png");
        crate::write_label_png(&labels, &image::GrayImage::new(9, 5)).unwrap();
        assert_eq!(pixel_format(&labels).unwrap(), PixelFormat::Palette);
    }

    #[test]
    fn a_damaged_head_is_an_error_that_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.png");
        for (bytes, reason) in [
            (&b""[..], "the file is empty"),
            (b"II*\0", "neither format"),
            (b"\x89PNG\r\n\x1a\n\0\0", "it is truncated"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT\0\0\0\x01\0\0\0\x01\x08\x02", "not IHDR"),
            (b"\xff\xd8\xff\xd9", "it has no frame"),
            (b"\xff\xd8\xff\xe0\0\x04\0\0", "it is truncated"),
        ] {
            std::fs::write(&path, bytes).unwrap();
            let error = pixel_format(&path).unwrap_err().to_string();
            assert!(error.contains("a.png") && error.contains(reason), "{error}");
        }
    }
}
