//! The contract of one corruption: what it is called, what it needs, and what it does to a picture.

use image::{GrayImage, RgbImage};

use crate::{Error, Result, Rng, Severity, Tolerance};

/// One way to spoil a picture, with its own published constants for the five severities.
///
/// An implementation is a pure function of picture, severity and generator: it reads no file, clock or
/// environment, and the same three inputs give the same bytes on every machine.
///
/// ```
/// use image::RgbImage;
/// use scribe_corruptions::{Rng, Severity, Suite};
///
/// let suite = Suite::imagecorruptions();
/// let noise = suite.get("gaussian_noise")?;
/// let picture = RgbImage::from_pixel(64, 48, image::Rgb([120, 130, 140]));
/// let once = noise.apply(&picture, Severity::new(3)?, &mut Rng::seed(7))?;
/// let twice = noise.apply(&picture, Severity::new(3)?, &mut Rng::seed(7))?;
/// assert_eq!(once, twice);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
pub trait Corruption: Send + Sync {
    /// The reference's spelling, such as `gaussian_noise`: the key under which a [`crate::Suite`] holds it.
    fn name(&self) -> &'static str;

    /// Which implementation this is, such as `reference/1`.
    /// It is stored beside every result, so that numbers from different implementations never mix.
    fn implementation(&self) -> &'static str;

    /// The group under which Table 1 of the paper lists it.
    fn group(&self) -> Group;

    /// One or two sentences for tables and help texts: what it does and from which constants.
    fn about(&self) -> &'static str;

    /// The constants at one severity, written as the reference writes them, such as `scale=0.18`.
    fn parameters(&self, severity: Severity) -> String;

    /// Which picture sizes it accepts.
    fn size(&self) -> SizePolicy {
        SizePolicy::ANY
    }

    /// How far from the reference's bytes it may be: what [`crate::trial()`] and the truth tests hold it to.
    fn tolerance(&self) -> Tolerance {
        Tolerance::EXACT
    }

    /// Corrupts `pixels` where they lie: `height` rows of `width` RGB triples, one byte a sample, in `0..=255`.
    ///
    /// # Errors
    /// [`Error::Buffer`] if the slice is not `3 * width * height` long, [`Error::Size`] if [`Self::size`]
    /// refuses the picture; an implementation may add its own.
    fn apply_in_place(
        &self,
        pixels: &mut [u8],
        width: usize,
        height: usize,
        severity: Severity,
        rng: &mut Rng,
    ) -> Result<()>;

    /// Corrupts a copy of `image`.
    ///
    /// # Errors
    /// As [`Self::apply_in_place`].
    fn apply(&self, image: &RgbImage, severity: Severity, rng: &mut Rng) -> Result<RgbImage> {
        let mut out = image.clone();
        let (width, height) = (image.width() as usize, image.height() as usize);
        self.apply_in_place(&mut out, width, height, severity, rng)?;
        Ok(out)
    }

    /// Moves a label map as this corruption moves pixels, for corruptions that do; `None` for the others.
    ///
    /// `rng` must be seeded exactly as for [`Self::apply`].
    /// The paper, like every published ImageNet-C evaluation of segmentation, does *not* move labels.
    fn warp_label(&self, _label: &GrayImage, _severity: Severity, _rng: &mut Rng) -> Option<GrayImage> {
        None
    }

    /// Checks a buffer against its stated size and [`Self::size`]; implementations call it first.
    ///
    /// # Errors
    /// [`Error::Buffer`] and [`Error::Size`], as for [`Self::apply_in_place`].
    fn check(&self, pixels: &[u8], width: usize, height: usize) -> Result<()> {
        let expected = 3 * width * height;
        if pixels.len() != expected {
            return Err(Error::Buffer {
                corruption: self.name(),
                len: pixels.len(),
                width,
                height,
                expected,
            });
        }
        let policy = self.size();
        if !policy.accepts(width, height) {
            return Err(Error::Size { corruption: self.name(), width, height, policy });
        }
        Ok(())
    }
}

/// The five column groups of the paper's Table 1.
///
/// The grouping differs from ImageNet-C's own four: brightness and contrast form "lighting", and what
/// ImageNet-C calls "digital" is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Gaussian, shot and impulse noise.
    Noise,
    /// Defocus, glass, motion and zoom blur.
    Blur,
    /// Snow, frost and fog.
    Weather,
    /// Brightness and contrast.
    Lighting,
    /// Elastic transform, pixelate and JPEG compression.
    Spatial,
}

impl Group {
    /// The five groups in the paper's order.
    pub const ALL: [Group; 5] = [Group::Noise, Group::Blur, Group::Weather, Group::Lighting, Group::Spatial];

    /// The lower-case name, such as `noise`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Group::Noise => "noise",
            Group::Blur => "blur",
            Group::Weather => "weather",
            Group::Lighting => "lighting",
            Group::Spatial => "spatial",
        }
    }
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Which picture sizes a corruption accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizePolicy {
    /// Any picture with both sides at least this long, in pixels.
    AtLeast(usize),
    /// Only pictures of exactly this width and height: some originals exist at 224x224 alone.
    Exactly(usize, usize),
}

impl SizePolicy {
    /// The reference's own rule: both sides at least 32 pixels.
    pub const ANY: SizePolicy = SizePolicy::AtLeast(32);

    /// Whether a picture of this size may come in.
    #[must_use]
    pub fn accepts(self, width: usize, height: usize) -> bool {
        match self {
            SizePolicy::AtLeast(side) => width >= side && height >= side,
            SizePolicy::Exactly(w, h) => (width, height) == (w, h),
        }
    }
}

impl std::fmt::Display for SizePolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SizePolicy::AtLeast(side) => write!(f, "at least {side}x{side}"),
            SizePolicy::Exactly(w, h) => write!(f, "exactly {w}x{h}"),
        }
    }
}
