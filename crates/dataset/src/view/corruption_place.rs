//! Whether a test picture is corrupted before or after it is brought to its size.

use super::TestView;
use crate::{Error, Result};
use image::RgbImage;
use std::fmt;
use std::str::FromStr;

/// Where the corruption comes: after the view or before it.
///
/// ImageNet-C and this project corrupt what the network sees. Where a corruption comes before the view, it works at the
/// size of the file, and the resizing that follows smooths what it did.
///
/// Its text form is `after_view` or `before_view`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CorruptionPlace {
    /// The picture is brought to the size of the test, then corrupted.
    #[default]
    AfterView,
    /// The picture is corrupted as it is, then brought to the size of the test.
    BeforeView,
}

impl CorruptionPlace {
    /// The names that are read and written, in the order of the variants.
    pub const NAMES: [&str; 2] = ["after_view", "before_view"];

    /// A copy of `picture` that `corrupt` has changed, at the size of the test, with what `corrupt` returned. `picture` has the
    /// size of the test already where the corruption comes after the view, else the size of its file.
    ///
    /// # Errors
    /// Those of `corrupt`.
    pub fn corrupted<T, E>(
        self,
        view: TestView,
        picture: &RgbImage,
        corrupt: impl FnOnce(&mut RgbImage) -> std::result::Result<T, E>,
    ) -> std::result::Result<(RgbImage, T), E> {
        let mut copy = picture.clone();
        let done = corrupt(&mut copy)?;
        Ok(match self {
            CorruptionPlace::AfterView => (copy, done),
            CorruptionPlace::BeforeView => (view.apply_picture(&copy), done),
        })
    }
}

impl fmt::Display for CorruptionPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(CorruptionPlace::NAMES[usize::from(*self == CorruptionPlace::BeforeView)])
    }
}

impl FromStr for CorruptionPlace {
    type Err = Error;

    fn from_str(text: &str) -> Result<CorruptionPlace> {
        match text {
            "after_view" => Ok(CorruptionPlace::AfterView),
            "before_view" => Ok(CorruptionPlace::BeforeView),
            _ => Err(Error::Setting {
                name: "the place of the corruption",
                value: format!("{text:?}"),
                expected: "after_view or before_view",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn before_the_view_the_corruption_works_at_the_size_of_the_file() {
        // Columns of 0 and 100; the corruption adds 50 at one pixel; the view halves both sides.
        let native = RgbImage::from_fn(4, 4, |x, _| Rgb([100 * (x as u8 % 2); 3]));
        let view = TestView::Squash(2);
        let add = |picture: &mut RgbImage| {
            picture.get_pixel_mut(0, 0).0 = [50; 3];
            Ok::<_, ()>(picture.width())
        };
        let (before, seen) = CorruptionPlace::BeforeView.corrupted(view, &native, add).unwrap();
        assert_eq!((seen, before.dimensions()), (4, (2, 2)));
        // Half the size by Pillow's bilinear filter: at an edge the weights 3, 3, 1 of 7. Across, the first row is
        // (3 * 50 + 3 * 100) / 7 = 64 and the others are 3 * 100 / 7 = 43, rounded; down, (3 * 64 + 3 * 43 + 43) / 7 = 52.
        assert_eq!(before.get_pixel(0, 0).0, [52; 3]);
        assert_eq!(before.get_pixel(0, 1).0, view.apply_picture(&native).get_pixel(0, 1).0);
        let at_view = view.apply_picture(&native);
        let (after, seen) = CorruptionPlace::AfterView.corrupted(view, &at_view, add).unwrap();
        assert_eq!((seen, after.get_pixel(0, 0).0), (2, [50; 3]));
    }

    #[test]
    fn text_form_round_trips() {
        for text in CorruptionPlace::NAMES {
            assert_eq!(text.parse::<CorruptionPlace>().unwrap().to_string(), text);
        }
        let error = "before".parse::<CorruptionPlace>().unwrap_err().to_string();
        assert!(error.contains("before") && error.contains("after_view or before_view"), "{error}");
    }
}
