//! A set of corruptions under their names, in the order of the paper's Table 1.

use std::fmt;
use std::str::FromStr;

use image::RgbImage;
use rayon::prelude::*;

use crate::at_224::At224;
use crate::corruptions::*;
use crate::{Corruption, Error, FrostTextures, Result, Rng, Severity, seed_for};

/// The fifteen corruptions in the order of the paper's Table 1, which is ImageNet-C's own.
pub const PAPER_ORDER: [&str; 15] = [
    "gaussian_noise",
    "shot_noise",
    "impulse_noise",
    "defocus_blur",
    "glass_blur",
    "motion_blur",
    "zoom_blur",
    "snow",
    "frost",
    "fog",
    "brightness",
    "contrast",
    "elastic_transform",
    "pixelate",
    "jpeg_compression",
];

/// ImageNet-C's four validation corruptions: held by a suite, but no part of [`Suite::conditions`].
pub const EXTRAS: [&str; 4] = ["speckle_noise", "gaussian_blur", "spatter", "saturate"];

/// Corruptions under their names.
///
/// ```
/// use scribe_corruptions::Suite;
/// let suite = Suite::by_name("imagecorruptions")?;
/// assert_eq!(suite.conditions().count(), 75);
/// let (first, severity) = suite.conditions().next().unwrap();
/// assert_eq!((first.name(), severity.get()), ("gaussian_noise", 1));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
pub struct Suite {
    name: &'static str,
    members: Vec<Box<dyn Corruption>>,
}

impl Suite {
    /// The names that [`Self::by_name`] knows.
    pub const NAMES: [&str; 2] = ["imagecorruptions", "imagenet_c"];

    /// The corruptions of PyPI `imagecorruptions` 1.1.2, for pictures of any size from 32x32.
    ///
    /// Frost is `frost-procedural/1` until [`Self::with_frost`] is given the reference's pictures.
    #[must_use]
    pub fn imagecorruptions() -> Suite {
        let members: Vec<Box<dyn Corruption>> = vec![
            Box::new(GaussianNoise),
            Box::new(ShotNoise),
            Box::new(ImpulseNoise),
            Box::new(DefocusBlur),
            Box::new(GlassBlur),
            Box::new(MotionBlur),
            Box::new(ZoomBlur),
            Box::new(Snow),
            Box::new(Frost::new(FrostTextures::procedural())),
            Box::new(Fog),
            Box::new(Brightness),
            Box::new(Contrast),
            Box::new(ElasticTransform),
            Box::new(Pixelate),
            Box::new(JpegCompression),
            Box::new(SpeckleNoise),
            Box::new(GaussianBlur),
            Box::new(Spatter::any_size()),
            Box::new(Saturate),
        ];
        Suite { name: "imagecorruptions", members }
    }

    /// The corruptions of PyPI `imagenet_c` 0.0.3, the authors' own toolkit, for pictures of 224x224 only.
    ///
    /// It differs from the other suite in motion blur, snow (both ImageMagick 6's), frost, elastic transform and
    /// spatter. JPEG compression is libjpeg-turbo's, as in Pillow from 9.0 on, and not that of the Independent
    /// JPEG Group's library 9 inside older Pillow wheels, which differs by up to 57 levels.
    ///
    /// Frost is `frost-procedural/1` until [`Self::with_frost`] is given the reference's pictures.
    #[must_use]
    pub fn imagenet_c() -> Suite {
        let members: Vec<Box<dyn Corruption>> = vec![
            Box::new(At224(GaussianNoise)),
            Box::new(At224(ShotNoise)),
            Box::new(At224(ImpulseNoise)),
            Box::new(At224(DefocusBlur)),
            Box::new(At224(GlassBlur)),
            Box::new(MagickMotionBlur),
            Box::new(At224(ZoomBlur)),
            Box::new(MagickSnow),
            Box::new(Frost::at_224(FrostTextures::procedural())),
            Box::new(At224(Fog)),
            Box::new(At224(Brightness)),
            Box::new(At224(Contrast)),
            Box::new(AffineElasticTransform),
            Box::new(At224(Pixelate)),
            Box::new(At224(JpegCompression)),
            Box::new(At224(SpeckleNoise)),
            Box::new(At224(GaussianBlur)),
            Box::new(Spatter::at_224()),
            Box::new(At224(Saturate)),
        ];
        Suite { name: "imagenet_c", members }
    }

    /// A suite by its name.
    ///
    /// # Errors
    /// [`Error::UnknownSuite`] unless the name is one of [`Self::NAMES`].
    pub fn by_name(name: &str) -> Result<Suite> {
        match name {
            "imagecorruptions" => Ok(Suite::imagecorruptions()),
            "imagenet_c" => Ok(Suite::imagenet_c()),
            _ => Err(Error::UnknownSuite { name: name.to_string(), known: Suite::NAMES.to_vec() }),
        }
    }

    /// The suite's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The corruption of this name, one of [`PAPER_ORDER`] or [`EXTRAS`].
    ///
    /// # Errors
    /// [`Error::UnknownCorruption`], listing the names that there are.
    pub fn get(&self, name: &str) -> Result<&dyn Corruption> {
        let found = self.members.iter().find(|c| c.name() == name);
        found.map(AsRef::as_ref).ok_or_else(|| self.unknown(name))
    }

    /// The fifteen corruptions of the paper, in Table 1's order.
    pub fn corruptions(&self) -> impl Iterator<Item = &dyn Corruption> {
        self.members.iter().map(AsRef::as_ref).filter(|c| PAPER_ORDER.contains(&c.name()))
    }

    /// Every corruption held: the fifteen, then ImageNet-C's validation corruptions.
    pub fn all(&self) -> impl Iterator<Item = &dyn Corruption> {
        self.members.iter().map(AsRef::as_ref)
    }

    /// The 75 conditions: the fifteen in Table 1's order, each at severities 1 to 5.
    pub fn conditions(&self) -> impl Iterator<Item = (&dyn Corruption, Severity)> {
        self.corruptions().flat_map(|c| Severity::ALL.map(|s| (c, s)))
    }

    /// The same suite with the corruption of the same name replaced by `corruption`.
    ///
    /// # Errors
    /// [`Error::UnknownCorruption`] if the suite holds nothing of that name.
    pub fn replace(mut self, corruption: Box<dyn Corruption>) -> Result<Suite> {
        let place = self.members.iter().position(|c| c.name() == corruption.name());
        let place = place.ok_or_else(|| self.unknown(corruption.name()))?;
        self.members[place] = corruption;
        Ok(self)
    }

    /// The same suite with its frost cut from `textures`.
    #[must_use]
    pub fn with_frost(mut self, textures: FrostTextures) -> Suite {
        let frost = if self.name == "imagenet_c" { Frost::at_224(textures) } else { Frost::new(textures) };
        let place = self.members.iter().position(|c| c.name() == "frost");
        self.members[place.expect("every suite is built with a frost")] = Box::new(frost);
        self
    }

    /// Which frost the suite holds: `reference/1`, `frost-procedural/1`, or a replacement's own name.
    #[must_use]
    pub fn frost_source(&self) -> &'static str {
        self.get("frost").map_or("none", Corruption::implementation)
    }

    /// Corrupts `image` under every condition, in [`Self::conditions`]' order, with the seeds of
    /// [`seed_for`]`(master, image_name, ..)`, in parallel over rayon's current pool.
    ///
    /// # Errors
    /// The first corruption's error, in that order.
    pub fn apply_all(&self, image: &RgbImage, master: u64, image_name: &str) -> Result<Vec<RgbImage>> {
        let conditions: Vec<_> = self.conditions().collect();
        let one = |&(c, severity): &(&dyn Corruption, Severity)| {
            let seed = seed_for(master, image_name, c.name(), severity);
            c.apply(image, severity, &mut Rng::seed(seed))
        };
        // One condition is one piece of work: they differ too much in cost to be grouped.
        conditions.par_iter().with_max_len(1).map(one).collect()
    }

    fn unknown(&self, name: &str) -> Error {
        let known = self.members.iter().map(|c| c.name()).collect();
        Error::UnknownCorruption { name: name.to_string(), suite: self.name.to_string(), known }
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.members.iter().map(|c| (c.name(), c.implementation()));
        f.debug_struct("Suite")
            .field("name", &self.name)
            .field("members", &members.collect::<Vec<_>>())
            .finish()
    }
}

/// One column of the paper's Table 1: a corruption's name and a severity, written `gaussian_noise:3`.
///
/// ```
/// use scribe_corruptions::Condition;
/// let fog: Condition = "fog:5".parse()?;
/// assert_eq!((fog.corruption.as_str(), fog.severity.get()), ("fog", 5));
/// assert_eq!(fog.to_string(), "fog:5");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// The corruption's name; whether a suite holds it is found by [`Suite::get`].
    pub corruption: String,
    /// The severity.
    pub severity: Severity,
}

impl FromStr for Condition {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, severity) =
            text.split_once(':').ok_or_else(|| Error::Condition { text: text.to_string() })?;
        Ok(Condition { corruption: name.to_string(), severity: severity.parse()? })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.corruption, self.severity)
    }
}
