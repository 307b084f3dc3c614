//! A folder of pictures without lists and label maps.

use crate::voc::PICTURES;
use crate::{Error, ImageId, Limits, Result, Sample, Split, read_image_with};
use image::RgbImage;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The JPEG and PNG files of one folder, in the order of their names. There are no label maps, so only
/// [`Split::load_picture`] works.
#[derive(Debug, Clone)]
pub struct PictureFolder {
    ids: Vec<ImageId>,
    paths: BTreeMap<ImageId, PathBuf>,
    limits: Limits,
}

impl PictureFolder {
    /// Lists the pictures of the folder `root`: files that end in `.jpg`, `.jpeg` or `.png`. A file's name without
    /// its extension is the image's id.
    ///
    /// # Errors
    /// [`Error::Read`] when the folder cannot be read, [`Error::BadId`] when a name is not an id, [`Error::NoPicture`]
    /// when there is no picture, [`Error::SameId`] when two pictures have one name with different extensions.
    pub fn open(root: &Path) -> Result<PictureFolder> {
        let mut paths = BTreeMap::new();
        for entry in fs::read_dir(root).map_err(|e| Error::read(root, e))? {
            let path = entry.map_err(|e| Error::read(root, e))?.path();
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            if !PICTURES.contains(&&*extension) || !path.is_file() {
                continue;
            }
            let id = ImageId::new(path.file_stem().unwrap_or_default().to_string_lossy())?;
            if let Some(other) = paths.insert(id, path.clone()) {
                return Err(Error::SameId { path, other });
            }
        }
        if paths.is_empty() {
            return Err(Error::NoPicture { path: root.to_owned() });
        }
        Ok(PictureFolder { ids: paths.keys().cloned().collect(), paths, limits: Limits::default() })
    }

    /// The same pictures, read with limits other than the default ones.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> PictureFolder {
        PictureFolder { limits, ..self }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write_png;

    #[test]
    fn pictures_come_in_the_order_of_their_names_and_without_labels() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(PictureFolder::open(dir.path()), Err(Error::NoPicture { .. })));
        for (name, width) in [("b.png", 2), ("a.PNG", 1)] {
            write_png(&dir.path().join(name), &RgbImage::new(width, 1)).unwrap();
        }
        let folder = PictureFolder::open(dir.path()).unwrap();
        assert_eq!(folder.ids().iter().map(ImageId::as_str).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(folder.load_picture(&folder.ids()[1]).unwrap().width(), 2);
        assert!(matches!(folder.load(&folder.ids()[0]), Err(Error::NoLabel { .. })));
        write_png(&dir.path().join("a.png"), &RgbImage::new(1, 1)).unwrap();
        assert!(matches!(PictureFolder::open(dir.path()), Err(Error::SameId { .. })));
    }
}
