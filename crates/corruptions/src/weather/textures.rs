//! Pictures of frost: the reference's, given by the caller, or generated ones.

use crate::kit::plasma;
use crate::{Error, Picture, Result, Rng};
use std::sync::{Arc, LazyLock};

/// Width and height of the reference's pictures, in the order of their numbers.
pub(super) const REFERENCE_SIZES: [(usize, usize); 6] =
    [(900, 600), (560, 315), (560, 315), (527, 350), (660, 495), (485, 323)];

/// The pictures that frost is cut from.
///
/// The reference ships six photographs whose source and licence nobody states, so this crate holds none:
/// a caller who has them passes them to [`FrostTextures::reference`], and [`FrostTextures::procedural`] makes
/// others, which look like frost and are not the reference's.
#[derive(Clone, Debug)]
pub struct FrostTextures {
    /// The caller's, or `None` for those that are generated on first use.
    given: Option<Arc<[Picture]>>,
}

impl FrostTextures {
    /// The reference's own pictures, in the order of their numbers: `frost1.png`, `frost2.png`, `frost3.png`,
    /// `frost4.jpg`, `frost5.jpg`, and `frost6.jpg` which the reference ships but never draws.
    ///
    /// The two JPEG files must be decoded as libjpeg-turbo decodes them, or the result differs from the
    /// reference by what the decoders differ.
    ///
    /// # Errors
    /// [`Error::FrostTextures`] unless there are five or six, of the reference's sizes.
    pub fn reference(pictures: Vec<Picture>) -> Result<FrostTextures> {
        if !(5..=6).contains(&pictures.len()) {
            let problem = format!("{} pictures, expected the reference's five or six", pictures.len());
            return Err(Error::FrostTextures { problem });
        }
        for (i, (picture, size)) in pictures.iter().zip(REFERENCE_SIZES).enumerate() {
            let (w, h) = (picture.width(), picture.height());
            if (w, h) != size {
                let problem = format!("picture {} is {w}x{h}, expected {}x{}", i + 1, size.0, size.1);
                return Err(Error::FrostTextures { problem });
            }
        }
        Ok(FrostTextures { given: Some(pictures.into()) })
    }

    /// Five pictures of 640x480 generated from fixed seeds, once in a process and on first use.
    #[must_use]
    pub fn procedural() -> FrostTextures {
        FrostTextures { given: None }
    }

    /// `reference/1` or `frost-procedural/1`: the implementation name of a frost cut from these.
    #[must_use]
    pub fn implementation(&self) -> &'static str {
        if self.given.is_some() { "reference/1" } else { "frost-procedural/1" }
    }

    /// Whether they are generated.
    pub(super) fn are_generated(&self) -> bool {
        self.given.is_none()
    }

    /// The pictures, five or six.
    #[must_use]
    pub fn pictures(&self) -> &[Picture] {
        static MADE: LazyLock<Vec<Picture>> = LazyLock::new(|| (0..5).map(ice).collect());
        self.given.as_deref().unwrap_or(&MADE)
    }
}

/// One picture of ice: bright needles along the ridges of two plasmas, over a darker blue ground.
///
/// A ridge is where a plasma crosses its middle; such lines are thin, branch and never end, like ice on glass.
fn ice(number: u32) -> Picture {
    const SIDE: usize = 1024;
    let mut rng = Rng::seed(0x1ce + number);
    let mut coarse = vec![0.0; SIDE * SIDE];
    plasma::fractal(&mut coarse, (SIDE, SIDE), 1.9, &mut rng);
    let mut fine = vec![0.0; SIDE * SIDE];
    plasma::fractal(&mut fine, (SIDE, SIDE), 1.6, &mut rng);
    Picture::from_fn(640, 480, |x, y| {
        // The second plasma is read sheared, so that needles of one picture share a direction.
        let at = y * SIDE + x;
        let sheared = y * SIDE + (x + (y * (number as usize + 1)) / 4) % SIDE;
        let ridge = |v: f64, sharpness: f64| (1.0 - (2.0 * v - 1.0).abs() * sharpness).max(0.0);
        let needles = ridge(fine[sheared], 5.0);
        let frost = 0.25 + 0.35 * coarse[at] + 0.45 * needles * needles + 0.2 * ridge(coarse[at], 9.0);
        let byte = |v: f64| (v.clamp(0.0, 1.0) * 255.0) as u8;
        [byte(frost * 0.86), byte(frost * 0.95), byte(frost * 1.02)]
    })
}
