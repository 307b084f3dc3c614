//! PNG pictures whose palette is none: refused, with the file's name.

mod chunks;

use chunks::{chunk, png};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use scribe_dataset::decode_image;
use std::io::Write;
use std::path::Path;

/// Two rows of two pixels of 8 bits, each behind its filter's byte.
fn rows() -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&[0, 0, 1, 0, 1, 0]).unwrap();
    encoder.finish().unwrap()
}

fn decoded(palette: &[u8], alpha: &[u8]) -> Result<Vec<[u8; 3]>, String> {
    let more = [chunk(b"PLTE", palette), chunk(b"tRNS", alpha)].concat();
    let picture = decode_image(&png(2, 2, 8, 3, &more, &rows()), Path::new("a.png"));
    picture.map(|picture| picture.pixels().map(|pixel| pixel.0).collect()).map_err(|error| error.to_string())
}

#[test]
fn a_palette_of_no_whole_number_of_colours_is_refused() {
    // The package that decodes panics on these.
    for length in [4, 49, 767] {
        let message = decoded(&vec![8; length], &[0]).unwrap_err();
        assert!(message.contains("a.png") && message.contains(&format!("{length} bytes")), "{message}");
    }
    // These it refuses itself.
    for length in [0, 1, 769] {
        let message = decoded(&vec![8; length], &[0]).unwrap_err();
        assert!(message.contains("a.png") && message.contains("PLTE"), "{message}");
    }
    let message = decoded(&[8; 6], &[1, 2, 3]).unwrap_err();
    assert!(message.contains("a.png") && message.contains("3 transparencies"), "{message}");
    assert_eq!(decoded(&[1, 2, 3, 4, 5, 6], &[9]).unwrap(), [[1, 2, 3], [4, 5, 6], [4, 5, 6], [1, 2, 3]]);
    assert!(decoded(&[8; 768], &[7; 256]).is_ok());
}
