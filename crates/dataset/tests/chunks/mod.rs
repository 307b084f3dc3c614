//! PNG files chunk by chunk, damaged ones too.

/// One chunk, with its checksum.
pub(crate) fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), content].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&body);
    [(content.len() as u32).to_be_bytes().to_vec(), body, crc.sum().to_be_bytes().to_vec()].concat()
}

/// A PNG file of this header, with more chunks before its pixels.
pub(crate) fn png(width: u32, height: u32, depth: u8, color: u8, more: &[u8], pixels: &[u8]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([depth, color, 0, 0, 0]);
    let parts = [chunk(b"IHDR", &header), more.to_vec(), chunk(b"IDAT", pixels), chunk(b"IEND", b"")];
    [b"\x89PNG\r\n\x1a\n".to_vec(), parts.concat()].concat()
}
