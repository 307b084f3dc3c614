//! The size of a test image.

use crate::{Error, Result, Sample, resize_bilinear, resize_nearest};
use image::{GrayImage, RgbImage};
use std::fmt;
use std::str::FromStr;

/// The most pixels that a view gives: those of `squash:8192`.
const MOST_PIXELS: u64 = 1 << 26;

/// The size at which an image is tested: pictures are resized as Pillow's `BILINEAR`, labels as its `NEAREST`.
///
/// Its text form is `squash:224`, `short:224` or `native`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TestView {
    /// Both sides become this many pixels, whatever the aspect ratio (the authors' corrupted test images, 224).
    Squash(u32),
    /// The shorter side becomes this many pixels and the aspect ratio stays; the longer side is rounded down (the
    /// authors' `FixScaleResize`, 224, and torchvision's `Resize`).
    ShortSide(u32),
    /// The image stays as it is.
    Native,
}

impl TestView {
    /// Refuses an image of this width and height whose sides differ so much that it would get more than 2^26 pixels, as
    /// many as the largest square view has: a picture of one row has few bytes. Ask this before the view is applied to
    /// images from outside.
    ///
    /// # Errors
    /// [`Error::Stretched`].
    pub fn check(&self, from: (u32, u32)) -> Result<()> {
        let to = self.size(from.0, from.1);
        if to == from || u64::from(to.0) * u64::from(to.1) <= MOST_PIXELS {
            return Ok(());
        }
        Err(Error::Stretched { from, to, most: MOST_PIXELS })
    }

    /// Resizes a sample to this size.
    ///
    /// # Panics
    /// When the view's side is 0, which the text form refuses.
    pub fn apply(&self, sample: Sample) -> Sample {
        Sample { image: self.apply_picture(&sample.image), label: self.apply_label(&sample.label), ..sample }
    }

    /// Resizes only a label map to this size.
    ///
    /// # Panics
    /// When the view's side is 0.
    pub fn apply_label(&self, label: &GrayImage) -> GrayImage {
        let (width, height) = self.size(label.width(), label.height());
        resize_nearest(label, width, height)
    }

    /// Resizes only a picture to this size.
    ///
    /// # Panics
    /// When the view's side is 0.
    pub fn apply_picture(&self, picture: &RgbImage) -> RgbImage {
        let (width, height) = self.size(picture.width(), picture.height());
        resize_bilinear(picture, width, height)
    }

    /// Width and height in pixels that an image of the given width and height gets.
    pub fn size(&self, width: u32, height: u32) -> (u32, u32) {
        match *self {
            TestView::Squash(side) => (side, side),
            TestView::ShortSide(side) => short_side(width, height, side),
            TestView::Native => (width, height),
        }
    }
}

/// The size of an image whose shorter side becomes `side`; the longer is rounded down.
pub(super) fn short_side(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = |long: u32, short: u32| {
        u32::try_from(u64::from(long) * u64::from(side) / u64::from(short)).unwrap_or(u32::MAX)
    };
    if width > height { (longer(width, height), side) } else { (side, longer(height, width)) }
}

impl fmt::Display for TestView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TestView::Squash(side) => write!(f, "squash:{side}"),
            TestView::ShortSide(side) => write!(f, "short:{side}"),
            TestView::Native => write!(f, "native"),
        }
    }
}

impl FromStr for TestView {
    type Err = Error;

    fn from_str(text: &str) -> Result<TestView> {
        let refused = || Error::Setting {
            name: "the test view",
            value: format!("{text:?}"),
            expected: "squash:SIDE, short:SIDE or native, SIDE in pixels from 1 to 8192",
        };
        let side = |digits: &str| match digits.parse() {
            Ok(side @ 1..=8192) => Ok(side),
            _ => Err(refused()),
        };
        match text.split_once(':') {
            None if text == "native" => Ok(TestView::Native),
            Some(("squash", digits)) => Ok(TestView::Squash(side(digits)?)),
            Some(("short", digits)) => Ok(TestView::ShortSide(side(digits)?)),
            _ => Err(refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        for text in ["squash:224", "short:224", "native"] {
            assert_eq!(text.parse::<TestView>().unwrap().to_string(), text);
        }
        for text in ["squash", "squash:0", "squash:-3", "short:9999999", "nativ", ""] {
            let error = text.parse::<TestView>().unwrap_err();
            assert!(error.to_string().contains(&format!("{text:?}")), "{error}");
        }
    }

    #[test]
    fn a_picture_of_one_row_is_not_stretched_without_end() {
        let row = (100_000, 1);
        let error = TestView::ShortSide(224).check(row).unwrap_err().to_string();
        assert!(error.contains("100000x1") && error.contains("22400000x224"), "{error}");
        TestView::Squash(3).check(row).unwrap();
        TestView::Native.check((1 << 27, 1)).unwrap();
        TestView::Squash(8192).check(row).unwrap();
        assert_eq!(TestView::ShortSide(8192).size(1 << 27, 1), (u32::MAX, 8192));
    }

    #[test]
    fn short_side_rounds_the_longer_down() {
        assert_eq!(TestView::ShortSide(224).size(500, 375), (298, 224));
        assert_eq!(TestView::ShortSide(224).size(333, 500), (224, 336));
        assert_eq!(TestView::ShortSide(224).size(100, 100), (224, 224));
        assert_eq!(TestView::Squash(224).size(500, 375), (224, 224));
        assert_eq!(TestView::Native.size(500, 375), (500, 375));
    }
}
