//! A synthetic set as files in VOC's layout.

use super::scene::scene;
use crate::{Error, ImageId, Result, SynthConfig, write_label_png};
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use rayon::prelude::*;
use scribe_base::atomic_file;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The JPEG quality of the pictures.
const QUALITY: u8 = 95;

/// Writes a synthetic set in VOC's layout under `root`: `JPEGImages/<id>.jpg` (quality 95),
/// `SegmentationClass/<id>.png` (VOC's palette) and `ImageSets/Segmentation/{train,val,trainval}.txt`.
///
/// The lists come last, so that a set whose writing was stopped cannot be opened. `progress` is called after
/// each picture with the number done and the total, from any thread.
///
/// # Errors
/// [`Error::Setting`] when the configuration is out of range, [`Error::Write`] when a file cannot be written.
pub fn write_synthetic(
    root: &Path,
    config: &SynthConfig,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<()> {
    config.check()?;
    let lists = root.join("ImageSets").join("Segmentation");
    for dir in [&root.join("JPEGImages"), &root.join("SegmentationClass"), &lists] {
        fs::create_dir_all(dir).map_err(|e| Error::write(dir, e))?;
    }
    let (train, val) = config.ids();
    let all: Vec<ImageId> = train.iter().chain(&val).cloned().collect();
    let done = AtomicUsize::new(0);
    all.par_iter().enumerate().try_for_each(|(number, id)| {
        write_one(root, config, number, id)?;
        progress(done.fetch_add(1, Ordering::Relaxed) + 1, all.len());
        Ok::<(), Error>(())
    })?;
    for (name, ids) in [("train", &train), ("val", &val), ("trainval", &all)] {
        let text: String = ids.iter().map(|id| format!("{id}\n")).collect();
        atomic_file::write(&lists.join(format!("{name}.txt")), text.as_bytes())?;
    }
    Ok(())
}

fn write_one(root: &Path, config: &SynthConfig, number: usize, id: &ImageId) -> Result<()> {
    let (image, label) = scene(config, number);
    let path = root.join("JPEGImages").join(format!("{id}.jpg"));
    let bytes = encode_jpeg(&image).map_err(|e| Error::write(&path, std::io::Error::other(e)))?;
    atomic_file::write(&path, &bytes)?;
    write_label_png(&root.join("SegmentationClass").join(format!("{id}.png")), &label)
}

fn encode_jpeg(image: &RgbImage) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(image)?;
    Ok(bytes)
}
