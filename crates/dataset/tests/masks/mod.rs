//! Label files that no function of the library writes.

/// A grey PNG of 8 bits, `width` pixels wide.
pub(crate) fn grey(values: &[u8], width: u32) -> Vec<u8> {
    encode(values, width, values.len() as u32 / width, png::BitDepth::Eight)
}

/// A grey PNG of 16 bits, `width` pixels wide.
#[allow(dead_code, reason = "each test file is a program of its own")]
pub(crate) fn words(values: &[u16], width: u32) -> Vec<u8> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
    encode(&bytes, width, values.len() as u32 / width, png::BitDepth::Sixteen)
}

fn encode(bytes: &[u8], width: u32, height: u32, depth: png::BitDepth) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(depth);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(bytes).unwrap();
    writer.finish().unwrap();
    file
}
