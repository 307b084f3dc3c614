//! The order in which a corruption sees the channels of a pixel.

use crate::{Error, PictureMut, Result};
use std::fmt;
use std::str::FromStr;

/// In which order a corruption sees the channels of a pixel. Pictures go in and come out as red, green, blue in either
/// case.
///
/// The references are written for red first. Programs that read pictures with OpenCV often hand them over blue first.
/// Snow, frost and JPEG compression do not treat the channels alike, so that their pictures then look different; a noise
/// gives each channel the draws of another.
///
/// ```
/// use scribe_corruptions::{ChannelOrder, Picture, Severity, Suite};
/// let [rgb, bgr] = [ChannelOrder::Rgb, ChannelOrder::Bgr].map(|o| Suite::imagecorruptions().in_order(o));
/// let severity = Severity::new(3)?;
/// for (corruption, differs) in [("jpeg_compression", true), ("brightness", false)] {
///     let [mut a, mut b] = [(); 2].map(|()| Picture::from_pixel(40, 32, [200, 90, 20]));
///     rgb.apply(&mut a, corruption, severity, 0, "cat")?;
///     bgr.apply(&mut b, corruption, severity, 0, "cat")?;
///     assert_eq!(a != b, differs, "{corruption}");
/// }
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChannelOrder {
    /// Red, green, blue: what the references are written for.
    #[default]
    Rgb,
    /// Blue, green, red: what OpenCV reads.
    Bgr,
}

impl ChannelOrder {
    /// The names that are read and written, in the order of the variants.
    pub const NAMES: [&str; 2] = ["rgb", "bgr"];

    /// Lets `corrupt` see `picture`, whose pixels are red, green, blue, in this order.
    pub(crate) fn around<T>(
        self,
        mut picture: PictureMut<'_>,
        corrupt: impl FnOnce(PictureMut<'_>) -> T,
    ) -> T {
        if self == ChannelOrder::Rgb {
            return corrupt(picture);
        }
        picture.swap_red_and_blue();
        let done = corrupt(picture.reborrow());
        picture.swap_red_and_blue();
        done
    }
}

impl fmt::Display for ChannelOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ChannelOrder::NAMES[usize::from(*self == ChannelOrder::Bgr)])
    }
}

impl FromStr for ChannelOrder {
    type Err = Error;

    fn from_str(text: &str) -> Result<ChannelOrder> {
        match text {
            "rgb" => Ok(ChannelOrder::Rgb),
            "bgr" => Ok(ChannelOrder::Bgr),
            _ => {
                Err(Error::Setting { name: "channel order", value: text.to_owned(), expected: "rgb or bgr" })
            }
        }
    }
}
