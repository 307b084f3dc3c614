//! Frost: ice on the lens.

use super::textures::REFERENCE_SIZES;
use crate::kit::cubic::Enlarged;
use crate::kit::pixels::clip_to_byte;
use crate::kit::scratch;
use crate::{Corruption, FrostTextures, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// `clip(a x + b frost)` with a random cut of a picture of frost (`frost` of ImageNet-C).
///
/// The picture is one of five; for pictures of any size it is first enlarged by `k = 1.1 max(1, H/h, W/w)` with
/// cubic interpolation as OpenCV's plain code does it (OpenCV's x86 builds call Intel's library instead, which
/// differs by one level on 3.5 % of the samples).
/// The authors' own toolkit cuts 224x224 from the file as it is.
///
/// Draws: three whole numbers: the picture, the row and the column of the cut. Of generated pictures, which have other sizes
/// than the reference's, they come from a copy of the generator; the generator itself is moved on as by the reference's
/// pictures, so that what is drawn afterwards is the same.
///
/// ```
/// use scribe_corruptions::{Corruption, FrostTextures, PictureMut, Rng, Severity, corruptions::Frost};
/// let frost = Frost::new(FrostTextures::procedural());
/// assert_eq!(frost.implementation(), "frost-procedural/1");
/// let mut black = vec![0; 64 * 48 * 3];
/// frost.apply_in_place(PictureMut::new(&mut black, 64, 48)?, Severity::new(3)?, &mut Rng::seed(0))?;
/// assert!(black.iter().any(|&s| s > 0));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Frost {
    textures: FrostTextures,
    /// Of the textures' implementation.
    meta: Meta,
}

const WEIGHTS: [(f64, f64); 5] = [(1.0, 0.4), (0.8, 0.6), (0.7, 0.7), (0.65, 0.7), (0.6, 0.75)];

impl Frost {
    /// Frost as `imagecorruptions` applies it: enlarged to any size.
    #[must_use]
    pub fn new(textures: FrostTextures) -> Frost {
        let meta = Meta { implementation: textures.implementation(), ..META };
        Frost { textures, meta }
    }

    /// Frost as the authors' toolkit applies it: 224x224 cut from the file as it is.
    #[must_use]
    pub fn at_224(textures: FrostTextures) -> Frost {
        let frost = Frost::new(textures);
        Frost { meta: Meta { size: SizePolicy::ONLY_224, ..frost.meta }, ..frost }
    }

    /// Whether textures are enlarged to the picture.
    fn enlarges(&self) -> bool {
        self.meta.size == SizePolicy::ANY
    }

    /// The size to which a texture is enlarged for a picture.
    fn enlarged(&self, (w, h): (usize, usize), width: usize, height: usize) -> (usize, usize) {
        if !self.enlarges() {
            return (w, h);
        }
        let needed = (height as f64 / h as f64).max(width as f64 / w as f64).max(1.0);
        let k = needed * 1.1;
        ((w as f64 * k).ceil() as usize, (h as f64 * k).ceil() as usize)
    }

    /// Draws what is cut for a picture out of pictures of frost of these sizes.
    fn cut(
        &self,
        size_of: impl Fn(usize) -> (usize, usize),
        (width, height): (usize, usize),
        rng: &mut Rng,
    ) -> Cut {
        let number = rng.randint(0, 5) as usize;
        let size = self.enlarged(size_of(number), width, height);
        let top = rng.randint(0, (size.1 - height) as i32) as usize;
        let left = rng.randint(0, (size.0 - width) as i32) as usize;
        Cut { number, size, top, left }
    }
}

/// Which part of which picture of frost.
struct Cut {
    /// The picture's place in the list.
    number: usize,
    /// The width and height to which it is enlarged.
    size: (usize, usize),
    top: usize,
    left: usize,
}

static META: Meta = Meta {
    name: "frost",
    implementation: "frost-procedural/1",
    group: Group::Weather,
    about: "Blends a random cut of a picture of frost in.",
    parameters: |severity| {
        let (image, frost) = severity.pick(&WEIGHTS);
        format!("image={image} frost={frost}")
    },
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for Frost {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let textures = self.textures.pictures();
        let own_size = |number: usize| (textures[number].width(), textures[number].height());
        let Cut { number, size, top, left } = if self.textures.are_generated() {
            let cut = self.cut(own_size, (width, height), &mut rng.clone());
            self.cut(|number| REFERENCE_SIZES[number], (width, height), rng);
            cut
        } else {
            self.cut(own_size, (width, height), rng)
        };
        let (texture, own) = (&textures[number], own_size(number));
        let weights = severity.pick(&WEIGHTS);
        if !self.enlarges() {
            for (y, row) in pixels.chunks_exact_mut(3 * width).enumerate() {
                let start = 3 * ((top + y) * own.0 + left);
                blend(row, &texture.bytes()[start..start + 3 * width], weights);
            }
            return;
        }
        let mut view = Enlarged::new(texture.bytes(), own, size, (left, width));
        let mut ice: scratch::Buffer<u8> = scratch::dirty(3 * width);
        for (y, row) in pixels.chunks_exact_mut(3 * width).enumerate() {
            view.row(top + y, &mut ice);
            blend(row, &ice, weights);
        }
    }
}

simd_fn! {
    fn blend(row: &mut [u8], ice: &[u8], weights: (f64, f64)) {
        for (s, &f) in row.iter_mut().zip(ice) {
            *s = clip_to_byte(weights.0 * f64::from(*s) + weights.1 * f64::from(f));
        }
    }
}
