//! Segmentation data sets of any classes and layout: pictures, label maps, views, augmentation and a prefetching loader.
//!
#![doc = include_str!("../README.md")]

mod batch;
mod check;
mod classes;
mod decode;
mod error;
mod frost;
mod id;
mod inspect;
mod layout;
mod loader;
mod picture_folder;
#[cfg(test)]
mod reference;
mod resize;
mod sample;
mod sbd;
mod split;
#[cfg(feature = "synth")]
mod synth;
mod view;
mod voc;
#[cfg(feature = "wheel")]
mod wheel;

pub use batch::Batch;
pub use check::{CheckReport, Problem, UnlistedValue, check_dataset};
pub use classes::{
    CLASS_NAMES, Class, ClassEntry, ClassMap, Classes, ClassesError, ClassesFile, Colour, KnownClasses,
    MapError, Meaning, Unlisted, VOID, palette,
};
pub use decode::{
    Limits, PixelFormat, decode_image, decode_image_with, encode_png_fast, exif_orientation, pixel_format,
    read_image, read_image_with, read_label, read_label_bytes, read_label_with, write_label_png, write_png,
};
pub use error::{Error, Result};
pub use frost::{FROST_FILES, FrostFile, read_frost_pictures};
pub use id::ImageId;
pub use inspect::{FolderGuess, FoundPair, FoundValues, LabelKind, inspect_folder};
pub use layout::{FileSplit, Layout, LayoutError, Template};
pub use loader::{Loader, LoaderConfig, Order};
pub use picture_folder::PictureFolder;
pub use resize::{resize_bilinear, resize_bilinear_pillow13, resize_nearest};
pub use sample::Sample;
pub use sbd::{Sbd, read_mat_segmentation};
pub use split::{SampleHashes, Split};
#[cfg(feature = "synth")]
pub use synth::{SynthConfig, SyntheticSplit, write_synthetic};
pub use view::{CorruptionPlace, Jitter, Scale, TestView, TrainView};
pub use voc::{LabelFolder, TrainSet, VocSplit};
#[cfg(feature = "wheel")]
pub use wheel::import_frost_wheel;

/// The crate of the pictures and label maps that this one's functions take and return.
pub use image;
