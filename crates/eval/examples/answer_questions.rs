//! A program for `scribe eval --ask`: it answers with class 15 where an image is red, else with the background.
//!
//! `scribe eval --ask target/release/examples/answer_questions --as red`

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors, serialize};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The entries of a frame's metadata.
type Metadata = HashMap<String, String>;

/// The next frame's buffer; `None` where scribe has no more questions.
pub(crate) fn read_frame(input: &mut impl Read) -> Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut buffer = vec![0; usize::try_from(u64::from_le_bytes(length))?];
    input.read_exact(&mut buffer)?;
    Ok(Some(buffer))
}

/// Writes a frame and flushes it, so that scribe does not wait.
pub(crate) fn write_frame(
    output: &mut impl Write,
    tensors: Vec<(&str, TensorView<'_>)>,
    metadata: &[(&str, &str)],
) -> Result<()> {
    let metadata = metadata.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let buffer = serialize(tensors, Some(metadata))?;
    output.write_all(&(buffer.len() as u64).to_le_bytes())?;
    output.write_all(&buffer)?;
    Ok(output.flush()?)
}

/// A question: its metadata, the pixels in RGB, and their shape `[N, H, W, 3]`.
pub(crate) fn question(buffer: &[u8]) -> Result<(Metadata, &[u8], Vec<usize>)> {
    let (_, header) = SafeTensors::read_metadata(buffer)?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let pixels = SafeTensors::deserialize(buffer)?.tensor("pixels")?;
    Ok((metadata, pixels.data(), pixels.shape().to_vec()))
}

/// Answers until there are no more questions.
pub(crate) fn answer(input: &mut impl Read, output: &mut impl Write) -> Result<()> {
    // Scribe's greeting says how many classes are evaluated; this network knows 21.
    read_frame(input)?;
    write_frame(output, Vec::new(), &[("protocol", "1"), ("classes", "21")])?;
    while let Some(buffer) = read_frame(input)? {
        let (metadata, pixels, shape) = question(&buffer)?;
        let classes: Vec<u8> = pixels.chunks(3).map(|rgb| if rgb[0] > 110 { 15 } else { 0 }).collect();
        let view = TensorView::new(Dtype::U8, shape[..3].to_vec(), &classes)?;
        write_frame(output, vec![("classes", view)], &[("number", &metadata["number"])])?;
    }
    Ok(())
}

fn main() -> Result<()> {
    answer(&mut std::io::stdin().lock(), &mut std::io::stdout().lock())
}
