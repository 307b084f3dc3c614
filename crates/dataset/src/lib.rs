//! PASCAL VOC 2012 and SBD: pictures, labels, views, augmentation and a prefetching loader.
//!
//! Pictures are JPEG or PNG files and come out as Pillow's `Image.open(path).convert("RGB")` gives them; an EXIF
//! orientation is not applied, since label maps are drawn on the pixels as they are stored ([`read_image`] has the
//! rules).  [`Limits`] says how large a picture or a label map may be.
//!
//! This is the only crate of the workspace that opens image files.  One picture and its label map are a
//! [`Sample`]; a [`Split`] is an ordered list of ids that loads samples; a [`TestView`] or a [`TrainView`]
//! brings a sample to the size that the network sees; a [`Loader`] does the latter on threads and hands out
//! [`Batch`]es in an order that depends on the seed alone.
//!
//! ```
//! use rand::SeedableRng;
//! use scribe_dataset::{Scale, Split, SynthConfig, SyntheticSplit, TestView, TrainView};
//!
//! # fn main() -> scribe_dataset::Result<()> {
//! let config = SynthConfig { train: 4, val: 2, width: 96, height: 72, classes: vec![1, 8, 15], seed: 7 };
//! let split = SyntheticSplit::train(&config)?;
//! let sample = split.load(&split.ids()[0])?;
//! assert_eq!(sample.image.dimensions(), (96, 72));
//!
//! let test = TestView::Squash(64).apply(sample.clone());
//! assert_eq!(test.label.dimensions(), (64, 64));
//!
//! let view = TrainView { scale: Scale::ShortSide { min: 32, max: 128 }, crop: 64, jitter: None, flip: true };
//! let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! assert_eq!(view.apply(sample, &mut rng).image.dimensions(), (64, 64));
//! # Ok(())
//! # }
//! ```

mod batch;
mod check;
mod classes;
mod decode;
mod error;
mod frost;
mod id;
mod loader;
#[cfg(test)]
mod reference;
mod resize;
mod sample;
mod sbd;
mod split;
mod synth;
mod view;
mod voc;

pub use batch::Batch;
pub use check::{CheckReport, Problem, check_dataset};
pub use classes::{CLASS_NAMES, CLASSES, VOID, palette};
pub use decode::{
    Limits, decode_image, decode_image_with, encode_png_fast, exif_orientation, is_partial, link_target,
    read_image, read_image_with, read_label, read_label_with, write_atomically, write_durably,
    write_label_png, write_png,
};
pub use error::{Error, Result};
pub use frost::{FROST_FILES, FrostFile, FrostPictures};
pub use id::ImageId;
pub use loader::{Loader, LoaderConfig, Order};
pub use resize::{resize_bilinear, resize_bilinear_pillow13, resize_nearest};
pub use sample::Sample;
pub use sbd::{Sbd, read_mat_segmentation};
pub use split::{SampleHashes, Split};
pub use synth::{SynthConfig, SyntheticSplit, write_synthetic};
pub use view::{Jitter, Scale, TestView, TrainView};
pub use voc::{LabelFolder, TrainSet, VocSplit};

/// The crate of the pictures and label maps that this one's functions take and return.
pub use image;
