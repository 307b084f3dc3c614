//! What can go wrong with pictures, label maps and lists: each error names the file and the value.

mod make;
mod notes;

use crate::PixelFormat;
use notes::{fix, have, orientation_note, pixels, similar_note};
use scribe_base::{atomic_file::advice, excerpt};
use std::io;
use std::path::PathBuf;

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of this crate.
///
/// Every variant that is about a file names it, and says which value was found and what was expected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A folder of the data set's layout does not exist.
    #[error("{}: no such folder (expected {expected})", path.display())]
    MissingFolder {
        /// The folder that was looked for.
        path: PathBuf,
        /// What it should have been.
        expected: String,
    },
    /// A split list names an id whose file does not exist.
    #[error(
        "{}: no such file, but image {id} is listed in {}{}",
        path.display(), list.display(), similar_note(similar.as_deref())
    )]
    MissingFile {
        /// The id in the list.
        id: String,
        /// The file that it should have.
        path: PathBuf,
        /// The list that names the id.
        list: PathBuf,
        /// The name of the most similar file in the same folder, if there is a similar one.
        similar: Option<String>,
    },
    /// A picture has no label map.
    #[error("{}: there is no label map of this picture", path.display())]
    NoLabel {
        /// The picture.
        path: PathBuf,
    },
    /// A folder holds no picture.
    #[error("{}: no picture (expected files that end in .jpg, .jpeg or .png)", path.display())]
    NoPicture {
        /// The folder.
        path: PathBuf,
    },
    /// A folder holds no picture with a label map of a similar name.
    #[error(
        "{}: no pictures with label maps whose names agree (expected PNG label maps, such as images/a.jpg with \
         masks/a.png, or a.png with a_mask.png)",
        path.display()
    )]
    NoPairs {
        /// The folder.
        path: PathBuf,
    },
    /// Two pictures of a folder have the same id.
    #[error("{}: {} has the same name (expected names that differ without their extensions: rename one of the two)", path.display(), other.display())]
    SameId {
        /// One picture.
        path: PathBuf,
        /// The other one.
        other: PathBuf,
    },
    /// Pictures of a folder are not stored as 8-bit colour.
    #[error(
        "{}: its pixels are {format}; {found} of {pictures} pictures in {} are not 8-bit colour (expected pictures alone: \
         name a folder without label maps; --convert takes all of them, grey as three equal channels, palettes as their \
         colours, and the high byte of 16 bits)",
        path.display(), root.display()
    )]
    NotColour {
        /// The first such picture.
        path: PathBuf,
        /// How its pixels are stored.
        format: PixelFormat,
        /// The folder.
        root: PathBuf,
        /// How many such pictures there are.
        found: usize,
        /// How many pictures were looked at.
        pictures: usize,
    },
    /// A split list holds no id.
    #[error("{}: the split list is empty (expected one image id per line)", path.display())]
    EmptySplit {
        /// The list.
        path: PathBuf,
    },
    /// A text is not an image id.
    #[error("{:?} is not an image id: {reason}", excerpt::of(value))]
    BadId {
        /// The text.
        value: String,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// A line of a split list is not an image id.
    #[error("{} line {line}: {:?} is not an image id: {reason}", path.display(), excerpt::of(value))]
    BadList {
        /// The list.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The line's text.
        value: String,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// The split has no image of this id.
    #[error("image {id} is not in this split")]
    UnknownId {
        /// The id.
        id: String,
    },
    /// Where a file should be, there is something else.
    #[error("{}: it is {what} (expected a file, or a link to one)", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
    /// A file could not be read.
    #[error("{}: cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("{}: cannot be written{}", path.display(), advice(path, source))]
    Write {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A picture or a label map has more pixels than the limit allows ([`crate::Limits`]).
    #[error(
        "{}: its size is {width}x{height}, {} pixels (expected at most {limit}; where the file is sound, raise the \
         limit: --set data.max_pixels={} for a recipe, --max-pixels {} for a command without one)",
        path.display(), pixels(*width, *height), pixels(*width, *height), pixels(*width, *height)
    )]
    TooManyPixels {
        /// The file.
        path: PathBuf,
        /// The width that it claims.
        width: u32,
        /// The height that it claims.
        height: u32,
        /// The limit.
        limit: u64,
    },
    /// A file's bytes do not follow its format (a truncated JPEG, for example).
    #[error("{}: not a readable {format}: {reason}", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// The format that it was read as.
        format: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A label map has another size than its picture.
    #[error(
        "{}: the label map is {}x{}, but its picture {} is {}x{}{}",
        label.display(), label_size.0, label_size.1, image.display(), image_size.0, image_size.1,
        orientation_note(*orientation)
    )]
    SizeMismatch {
        /// The label file.
        label: PathBuf,
        /// Its width and height in pixels.
        label_size: (u32, u32),
        /// The picture file.
        image: PathBuf,
        /// Its width and height in pixels.
        image_size: (u32, u32),
        /// The EXIF orientation that the picture states, if it is not upright.
        orientation: Option<u8>,
    },
    /// A label map holds a value that is neither a class's nor ignored.
    #[error(
        "{}: label {value} at x={x}, y={y} (expected {expected}); {pixels} {} no class{}",
        path.display(), have(*pixels), fix(set)
    )]
    LabelValue {
        /// The label file.
        path: PathBuf,
        /// The value found first, in row order.
        value: u16,
        /// Its column.
        x: u32,
        /// Its row.
        y: u32,
        /// How many pixels have a value without a class, whichever it is.
        pixels: u64,
        /// The values that have a meaning.
        expected: String,
        /// The name of the classes.
        set: String,
    },
    /// A label map saved in colour holds a colour that is neither a class's nor ignored.
    #[error(
        "{}: colour {colour} at x={x}, y={y} means no class (expected one of those that the classes of `{set}` list); \
         {pixels} {} no class{}",
        path.display(), have(*pixels), fix(set)
    )]
    LabelColour {
        /// The label file.
        path: PathBuf,
        /// The colour found first, in row order.
        colour: crate::Colour,
        /// Its column.
        x: u32,
        /// Its row.
        y: u32,
        /// How many pixels have a colour without a class, whichever it is.
        pixels: u64,
        /// The name of the classes.
        set: String,
    },
    /// The description of classes cannot be used.
    #[error(transparent)]
    Classes(#[from] crate::ClassesError),
    /// A map of classes cannot be used.
    #[error(transparent)]
    Map(#[from] crate::MapError),
    /// Templates of paths cannot be used, or find no files.
    #[error(transparent)]
    Layout(#[from] crate::LayoutError),
    /// A file's SHA-256 is not the known one.
    #[error("{}: SHA-256 is {found} (expected {expected})", path.display())]
    Hash {
        /// The file.
        path: PathBuf,
        /// The known digest, in hexadecimal.
        expected: &'static str,
        /// The digest of the file's bytes.
        found: String,
    },
    /// A wheel (zip archive) cannot be opened or lacks a member.
    #[error("{}: {reason}", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A picture whose sides differ too much for its view.
    #[error(
        "an image of {}x{} would become one of {}x{} (expected at most {most} pixels; choose another view, or take the image out)",
        from.0, from.1, to.0, to.1
    )]
    Stretched {
        /// The width and the height of the picture.
        from: (u32, u32),
        /// Those that the view gives it.
        to: (u32, u32),
        /// The most pixels.
        most: u64,
    },
    /// A setting has a value outside its range.
    #[error("{name} is {value} (expected {expected})")]
    Setting {
        /// The setting's name.
        name: &'static str,
        /// Its value.
        value: String,
        /// Its range.
        expected: &'static str,
    },
    /// An image could not be prepared by the loader.
    #[error("image {id}")]
    Sample {
        /// The image.
        id: String,
        /// The reason.
        source: Box<Error>,
    },
    /// A loader thread panicked: an error of this program, not of the data.
    #[error("image {id}: a loader thread panicked: {message}")]
    Panic {
        /// The image it worked on.
        id: String,
        /// The panic's message.
        message: String,
    },
}
