//! What a corruption is: a description, and a function that changes a picture.

use crate::{Error, Group, Meta, PictureMut, Result, Rng, Severity, SizePolicy, Tolerance};
#[cfg(feature = "image")]
use image::{GrayImage, RgbImage};

/// One way to damage a picture, with its own constants for the five severities.
///
/// To use a corruption, call [`apply_in_place`](Self::apply_in_place) or [`apply`](Self::apply).
/// To write one, implement [`meta`](Self::meta) and [`corrupt`](Self::corrupt); everything else follows from them.
///
/// An implementation is a pure function of picture, severity and generator: it reads no file, clock or
/// environment, and the same three inputs give the same bytes on every machine.
///
/// ```
/// use scribe_corruptions::{Corruption, Picture, Rng, Severity, corruptions::GaussianNoise};
///
/// let mut once = Picture::from_pixel(64, 48, [120, 130, 140]);
/// let mut twice = once.clone();
/// for picture in [&mut once, &mut twice] {
///     GaussianNoise.apply_in_place(picture.into(), Severity::new(3)?, &mut Rng::seed(7))?;
/// }
/// assert_eq!(once, twice);
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
pub trait Corruption: Send + Sync {
    /// The name, group, constants and limits.
    fn meta(&self) -> &Meta;

    /// Corrupts a picture in place, whose size [`Meta::size`] accepts.
    ///
    /// This is the part that an implementation writes. It is called by [`apply_in_place`](Self::apply_in_place), which
    /// has checked the size; called directly with a size that is not accepted, it may panic.
    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng);

    /// Corrupts a picture in place.
    ///
    /// # Errors
    /// [`Error::Size`] if [`Meta::size`] does not accept the picture, which is then unchanged.
    fn apply_in_place(&self, picture: PictureMut<'_>, severity: Severity, rng: &mut Rng) -> Result<()> {
        let (width, height, policy) = (picture.width(), picture.height(), self.size());
        if !policy.accepts(width, height) {
            return Err(Error::Size { corruption: self.name(), width, height, policy });
        }
        self.corrupt(picture, severity, rng);
        Ok(())
    }

    /// Corrupts a copy of `image`.
    ///
    /// # Errors
    /// The same as those of [`apply_in_place`](Self::apply_in_place).
    #[cfg(feature = "image")]
    fn apply(&self, image: &RgbImage, severity: Severity, rng: &mut Rng) -> Result<RgbImage> {
        let mut out = image.clone();
        self.apply_in_place((&mut out).into(), severity, rng)?;
        Ok(out)
    }

    /// Moves a label map as this corruption moves pixels; `None` for a corruption that moves none.
    ///
    /// Every pixel takes the class at the nearest pixel to its displaced place, with the picture's own treatment of the
    /// edge. `rng` must be seeded exactly as for [`apply`](Self::apply).
    /// Evaluations score against the label map that stayed, as the paper and every published ImageNet-C evaluation of
    /// segmentation do, unless [`moves_label`](Self::moves_label) says otherwise.
    #[cfg(feature = "image")]
    fn warp_label(&self, _label: &GrayImage, _severity: Severity, _rng: &mut Rng) -> Option<GrayImage> {
        None
    }

    /// Whether it takes random numbers: without them, every seed gives the same bytes.
    ///
    /// It is found and not declared: a grey picture of 224 x 224 pixels, which every size policy accepts, is corrupted at
    /// every severity, and a generator from which nothing was taken is still in the state in which it began.
    ///
    /// ```
    /// use scribe_corruptions::{Corruption, corruptions::{Contrast, Fog}};
    /// assert!(Fog.draws() && !Contrast.draws());
    /// ```
    fn draws(&self) -> bool {
        Severity::ALL.into_iter().any(|severity| {
            let mut picture = crate::Picture::from_pixel(224, 224, [128; 3]);
            let mut rng = Rng::seed(0);
            // One that refuses the picture may draw: nothing is known of it.
            self.apply_in_place((&mut picture).into(), severity, &mut rng).is_err()
                || rng.state() != Rng::seed(0).state()
        })
    }

    /// Whether predictions under this corruption are scored against the moved label map
    /// ([`warp_label`](Self::warp_label)). None of a suite's own corruptions is.
    fn moves_label(&self) -> bool {
        false
    }

    /// The name from which the seeds of its pictures follow ([`seed_for`](crate::seed_for)): its own, or that of another
    /// corruption whose pictures it makes again.
    fn seeded_as(&self) -> &'static str {
        self.name()
    }

    /// [`Meta::name`].
    fn name(&self) -> &'static str {
        self.meta().name
    }

    /// [`Meta::implementation`].
    fn implementation(&self) -> &'static str {
        self.meta().implementation
    }

    /// [`Meta::group`].
    fn group(&self) -> Group {
        self.meta().group
    }

    /// [`Meta::about`].
    fn about(&self) -> &'static str {
        self.meta().about
    }

    /// [`Meta::parameters`] at one severity.
    fn parameters(&self, severity: Severity) -> String {
        (self.meta().parameters)(severity)
    }

    /// [`Meta::size`].
    fn size(&self) -> SizePolicy {
        self.meta().size
    }

    /// [`Meta::tolerance`].
    fn tolerance(&self) -> Tolerance {
        self.meta().tolerance
    }
}
