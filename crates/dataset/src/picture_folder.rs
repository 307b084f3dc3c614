//! A folder of pictures without lists and label maps.

use crate::id::id_of_file;
use crate::{Error, ImageId, Limits, PixelFormat, Result, Sample, Split, pixel_format, read_image_with};
use image::RgbImage;
use rayon::prelude::*;
use scribe_base::file_kind::no_file;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The extensions of pictures, in lower case.
const EXTENSIONS: [&str; 3] = ["jpg", "jpeg", "png"];

/// The JPEG and PNG files of a folder and of the folders in it, in the order of their ids. There are no label maps, so
/// only [`Split::load_picture`] works.
#[derive(Debug, Clone)]
pub struct PictureFolder {
    root: PathBuf,
    ids: Vec<ImageId>,
    paths: BTreeMap<ImageId, PathBuf>,
    others: usize,
    limits: Limits,
}

impl PictureFolder {
    /// Lists the pictures of the folder `root` and of all folders in it: files that end in `.jpg`, `.jpeg` or `.png`, in
    /// upper or lower case. A file's path within `root`, without its extension, is the image's id.
    ///
    /// Files and folders whose names start with a dot are left out. Symbolic links are followed; a folder that is
    /// reached twice is listed once.
    ///
    /// # Errors
    /// [`Error::MissingFolder`] when `root` is no folder, [`Error::Read`] when a folder cannot be read,
    /// [`Error::BadId`] when a path is not an id, [`Error::NoPicture`] when there is no picture,
    /// [`Error::NotAFile`] when a picture is a named pipe, or a link to nothing, and [`Error::SameId`] when
    /// two pictures of a folder have one name with different extensions.
    pub fn open(root: &Path) -> Result<PictureFolder> {
        if !root.is_dir() {
            let expected = "a folder of pictures".to_owned();
            return Err(Error::MissingFolder { path: root.to_owned(), expected });
        }
        let mut found = Found::default();
        found.folder(root, "")?;
        if found.pictures.is_empty() {
            return Err(Error::NoPicture { path: root.to_owned() });
        }
        Ok(PictureFolder {
            root: root.to_owned(),
            ids: found.pictures.keys().cloned().collect(),
            paths: found.pictures,
            others: found.others,
            limits: Limits::default(),
        })
    }

    /// The same pictures, read with limits other than the default ones.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> PictureFolder {
        PictureFolder { limits, ..self }
    }

    /// How many files are no pictures by their names; those whose names start with a dot are not counted.
    pub fn others(&self) -> usize {
        self.others
    }

    /// Refuses pictures that are not stored as 8-bit colour, by the heads of the files of the first `count` images.
    ///
    /// # Errors
    /// [`Error::NotColour`] names the first such picture and says how many there are; otherwise those of
    /// [`pixel_format`].
    pub fn check_colour(&self, count: usize) -> Result<()> {
        let odd = |id: &ImageId| {
            let path = &self.paths[id];
            let format = pixel_format(path)?;
            Ok((format != PixelFormat::Colour).then_some((path, format)))
        };
        let ids = &self.ids[..count.min(self.ids.len())];
        let found: Vec<Option<_>> = ids.par_iter().map(odd).collect::<Result<_>>()?;
        let mut odd = found.into_iter().flatten();
        match odd.next() {
            None => Ok(()),
            Some((path, format)) => Err(Error::NotColour {
                path: path.clone(),
                format,
                root: self.root.clone(),
                found: 1 + odd.count(),
                pictures: ids.len(),
            }),
        }
    }

    fn path(&self, id: &ImageId) -> Result<&Path> {
        self.paths.get(id).map(PathBuf::as_path).ok_or_else(|| Error::UnknownId { id: id.to_string() })
    }
}

impl Split for PictureFolder {
    fn ids(&self) -> &[ImageId] {
        &self.ids
    }

    fn load(&self, id: &ImageId) -> Result<Sample> {
        Err(Error::NoLabel { path: self.path(id)?.to_owned() })
    }

    fn load_picture(&self, id: &ImageId) -> Result<RgbImage> {
        read_image_with(self.path(id)?, self.limits)
    }
}

/// What a walk through a folder finds.
#[derive(Default)]
struct Found {
    pictures: BTreeMap<ImageId, PathBuf>,
    others: usize,
    /// The folders that were listed, without symbolic links: a link may lead to a folder above it.
    folders: BTreeSet<PathBuf>,
}

impl Found {
    /// Lists the folder at `path`; the ids of its pictures begin with `prefix`.
    fn folder(&mut self, path: &Path, prefix: &str) -> Result<()> {
        let read = |e| Error::read(path, e);
        if !self.folders.insert(fs::canonicalize(path).map_err(read)?) {
            return Ok(());
        }
        let mut names = fs::read_dir(path)
            .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>, _>>())
            .map_err(read)?;
        names.sort_unstable();
        for name in names {
            let (path, text) = (path.join(&name), name.to_string_lossy());
            if text.starts_with('.') {
                continue;
            }
            let value = format!("{prefix}{text}");
            if path.is_dir() {
                self.folder(&path, &format!("{value}/"))?;
            } else if !is_picture(&path) {
                self.others += 1;
            } else if let Some(what) = no_file(&path) {
                return Err(Error::NotAFile { path, what });
            } else if name.to_str().is_none() {
                let value = path.display().to_string();
                return Err(Error::BadId { value, reason: "it is not UTF-8 text" });
            } else {
                let id = value.rsplit_once('.').map_or(&*value, |(id, _)| id);
                if let Some(other) = self.pictures.insert(id_of_file(id, &path)?, path.clone()) {
                    return Err(Error::SameId { path, other });
                }
            }
        }
        Ok(())
    }
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    EXTENSIONS.iter().any(|known| extension == *known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{write_label_png, write_png};
    use image::GrayImage;

    fn ids(folder: &PictureFolder) -> Vec<&str> {
        folder.ids().iter().map(ImageId::as_str).collect()
    }

    #[cfg(unix)]
    #[test]
    fn a_file_whose_name_is_no_id_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a<b.png");
        write_png(&path, &RgbImage::new(1, 1)).unwrap();
        let said = PictureFolder::open(dir.path()).unwrap_err().to_string();
        let start = format!("{:?} is not an image id: control characters and", path.display().to_string());
        assert!(said.starts_with(&start), "{said}");
    }

    #[test]
    fn pictures_come_in_the_order_of_their_names_and_without_labels() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(PictureFolder::open(dir.path()), Err(Error::NoPicture { .. })));
        for (name, width) in [("b.png", 2), ("a.PNG", 1)] {
            write_png(&dir.path().join(name), &RgbImage::new(width, 1)).unwrap();
        }
        let folder = PictureFolder::open(dir.path()).unwrap();
        assert_eq!(ids(&folder), ["a", "b"]);
        assert_eq!(folder.load_picture(&folder.ids()[1]).unwrap().width(), 2);
        assert!(matches!(folder.load(&folder.ids()[0]), Err(Error::NoLabel { .. })));
        write_png(&dir.path().join("a.png"), &RgbImage::new(1, 1)).unwrap();
        assert!(matches!(PictureFolder::open(dir.path()), Err(Error::SameId { .. })));
        let error = PictureFolder::open(&dir.path().join("b.png")).unwrap_err().to_string();
        assert!(error.contains("b.png: no such folder (expected a folder of pictures)"), "{error}");
    }

    #[test]
    fn folders_blanks_and_endings_in_any_case_are_taken() {
        let dir = tempfile::tempdir().unwrap();
        let names = ["x y.Png", "aachen/b 1.png", "aachen/deep/c.jPG", "d.tar.jpeg", ".hidden/e.png"];
        for name in names.into_iter().chain([".f.png", "notes.txt", "aachen/g.tif"]) {
            fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
            write_png(&dir.path().join(name), &RgbImage::new(1, 1)).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path(), dir.path().join("aachen/up")).unwrap();
        let folder = PictureFolder::open(dir.path()).unwrap();
        assert_eq!(ids(&folder), ["aachen/b 1", "aachen/deep/c", "d.tar", "x y"]);
        assert_eq!(folder.others(), 2);
        folder.load_picture(&folder.ids()[3]).unwrap();
        // One name in two folders is two pictures.
        write_png(&dir.path().join("aachen/x y.png"), &RgbImage::new(1, 1)).unwrap();
        assert_eq!(PictureFolder::open(dir.path()).unwrap().ids().len(), 5);
    }

    #[test]
    fn pictures_without_colour_are_counted_and_the_first_is_named() {
        let dir = tempfile::tempdir().unwrap();
        write_png(&dir.path().join("a.png"), &RgbImage::new(1, 1)).unwrap();
        for name in ["b.png", "c.png"] {
            write_label_png(&dir.path().join(name), &GrayImage::new(1, 1)).unwrap();
        }
        let folder = PictureFolder::open(dir.path()).unwrap();
        folder.check_colour(1).unwrap();
        let error = folder.check_colour(3).unwrap_err().to_string();
        assert!(error.contains("b.png: its pixels are indices into a palette"), "{error}");
        assert!(error.contains("2 of 3 pictures in"), "{error}");
    }
}
