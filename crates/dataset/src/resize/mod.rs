//! Resizing as Pillow does it, to the byte.

mod bilinear;
mod nearest;

pub(crate) use bilinear::resize_bilinear_window;
pub use bilinear::{resize_bilinear, resize_bilinear_pillow13};
pub use nearest::resize_nearest;
pub(crate) use nearest::resize_nearest_window;

/// A rectangle of the resized picture: the part that is wanted, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// Left column.
    pub x: u32,
    /// Top row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Window {
    /// All of a picture.
    pub(crate) fn whole(width: u32, height: u32) -> Window {
        Window { x: 0, y: 0, width, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{labels, picture, rows, sha};
    use image::imageops::crop_imm;
    use image::{GrayImage, Luma, Rgb, RgbImage};
    use proptest::prelude::*;

    /// `37x29>11x29` as two sizes.
    fn sizes(argument: &str) -> [(u32, u32); 2] {
        let side = |text: &str| text.parse().unwrap();
        let (from, to) = argument.split_once('>').unwrap();
        [from, to].map(|size| size.split_once('x').unwrap()).map(|(w, h)| (side(w), side(h)))
    }

    #[test]
    fn equals_pillow() {
        for (argument, digest) in rows("bilinear") {
            let [(w, h), to] = sizes(argument);
            let resized = resize_bilinear(&picture(w, h), to.0, to.1);
            assert_eq!(sha(resized.as_raw()), digest, "bilinear {argument}");
        }
        for (argument, digest) in rows("bilinear13") {
            let [(w, h), to] = sizes(argument);
            let resized = resize_bilinear_pillow13(&picture(w, h), to.0, to.1);
            assert_eq!(sha(resized.as_raw()), digest, "bilinear of Pillow 13, {argument}");
        }
        for (argument, digest) in rows("nearest") {
            let [(w, h), to] = sizes(argument);
            let resized = resize_nearest(&labels(w, h), to.0, to.1);
            assert_eq!(sha(resized.as_raw()), digest, "nearest {argument}");
        }
    }

    #[test]
    fn halves_by_hand() {
        // Two outputs of four columns: the triangle's weights are 1 3 3 1 of 8, cut at the border to 3 3 1 of 7.
        let image = RgbImage::from_fn(4, 1, |x, _| Rgb([[0, 70, 140, 210][x as usize]; 3]));
        let halved = resize_bilinear(&image, 2, 1);
        assert_eq!(halved.as_raw()[..], [50, 50, 50, 160, 160, 160]);
        let label = GrayImage::from_fn(4, 1, |x, _| Luma([x as u8]));
        assert_eq!(resize_nearest(&label, 2, 1).as_raw()[..], [1, 3]);
    }

    proptest! {
        #[test]
        fn a_window_is_a_part_of_the_whole(
            (w, h, tw, th) in (1_u32..40, 1_u32..40, 1_u32..60, 1_u32..60),
            cut in (0.0..1.0, 0.0..1.0, 0.0..1.0, 0.0..1.0),
        ) {
            let part = |from: f64, length: f64, side: u32| {
                let start = (from * f64::from(side)) as u32;
                (start, 1 + (length * f64::from(side - start - 1)) as u32)
            };
            let ((x, width), (y, height)) = (part(cut.0, cut.1, tw), part(cut.2, cut.3, th));
            let window = Window { x, y, width, height };
            let whole = resize_bilinear(&picture(w, h), tw, th);
            let cropped = crop_imm(&whole, x, y, width, height).to_image();
            prop_assert_eq!(resize_bilinear_window(&picture(w, h), (tw, th), window), cropped);
            let whole = resize_nearest(&labels(w, h), tw, th);
            let cropped = crop_imm(&whole, x, y, width, height).to_image();
            prop_assert_eq!(resize_nearest_window(&labels(w, h), (tw, th), window), cropped);
        }
    }
}
