//! A set of corruptions under their names, in the order of the paper's Table 1.

mod condition;
#[cfg(feature = "image")]
mod moved_label;
mod registry;
mod selection;

use crate::corruptions::Frost;
use crate::{
    ChannelOrder, Corruption, Error, FrostTextures, Group, PictureMut, Result, Rng, Severity, SizePolicy,
    seed_for,
};
pub use condition::Condition;
use rayon::prelude::*;
pub use registry::{EXTRAS, PAPER_ORDER};
use std::fmt;

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
    channel_order: ChannelOrder,
}

impl Suite {
    /// The names that [`Self::by_name`] knows.
    pub const NAMES: [&str; 2] = ["imagecorruptions", "imagenet_c"];

    /// The corruptions of PyPI `imagecorruptions` 1.1.2, for pictures of any size from 32x32.
    ///
    /// Frost is `frost-procedural/1` until [`Self::with_frost`] is given the reference's pictures.
    #[must_use]
    pub fn imagecorruptions() -> Suite {
        Suite::new(Suite::NAMES[0], registry::any_size())
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
        Suite::new(Suite::NAMES[1], registry::only_224())
    }

    fn new(name: &'static str, members: Vec<Box<dyn Corruption>>) -> Suite {
        Suite { name, members, channel_order: ChannelOrder::Rgb }
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

    /// The corruption of this name: one of [`PAPER_ORDER`] or [`EXTRAS`], or one that was added.
    ///
    /// # Errors
    /// [`Error::UnknownCorruption`], listing the names that there are.
    pub fn get(&self, name: &str) -> Result<&dyn Corruption> {
        let found = self.members.iter().find(|c| c.name() == name);
        found.map(AsRef::as_ref).ok_or_else(|| self.unknown(name))
    }

    /// The fifteen corruptions of the paper, in Table 1's order.
    pub fn corruptions(&self) -> impl Iterator<Item = &dyn Corruption> {
        self.all().filter(|c| PAPER_ORDER.contains(&c.name()))
    }

    /// Every corruption of the suite: the fifteen, then ImageNet-C's validation corruptions, then those that were added.
    pub fn all(&self) -> impl Iterator<Item = &dyn Corruption> {
        self.members.iter().map(AsRef::as_ref)
    }

    /// The 75 conditions: the fifteen in Table 1's order, each at severities 1 to 5.
    pub fn conditions(&self) -> impl Iterator<Item = (&dyn Corruption, Severity)> {
        self.corruptions().flat_map(|c| Severity::ALL.map(|s| (c, s)))
    }

    /// The same suite with one more corruption, which is not part of [`Self::conditions`] and is used by its name.
    ///
    /// ```
    /// use scribe_corruptions::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Suite, Tolerance};
    ///
    /// struct Night;
    ///
    /// static META: Meta = Meta {
    ///     name: "night",
    ///     implementation: "night/1",
    ///     group: Group::Other("hour"),
    ///     about: "Divides every sample by the severity.",
    ///     parameters: |severity| format!("divisor={severity}"),
    ///     size: SizePolicy::ANY,
    ///     tolerance: Tolerance::EXACT,
    /// };
    ///
    /// impl Corruption for Night {
    ///     fn meta(&self) -> &Meta {
    ///         &META
    ///     }
    ///     fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _: &mut Rng) {
    ///         picture.into_bytes().iter_mut().for_each(|sample| *sample /= severity.get());
    ///     }
    /// }
    ///
    /// let suite = Suite::imagecorruptions().with(Box::new(Night))?;
    /// assert_eq!(suite.select(&["hour"])?.len(), 1);
    /// # Ok::<(), scribe_corruptions::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`] if the suite holds a corruption of that name already ([`Self::replace`] takes its place), or
    /// if the corruption's name or its group's is not made of lower-case letters, digits and underscores, or is a word
    /// that [`Self::select`] or a table uses for something else.
    pub fn with(mut self, corruption: Box<dyn Corruption>) -> Result<Suite> {
        let name = corruption.name();
        if self.get(name).is_ok() {
            return refused("name of a corruption", name, "a name that the suite does not hold");
        }
        if !is_plain(name) || selection::is_word(name) || self.all().any(|c| c.group().name() == name) {
            return refused("name of a corruption", name, PLAIN);
        }
        self.check_group(corruption.as_ref())?;
        self.members.push(corruption);
        Ok(self)
    }

    /// Refuses a group's name that means something else in a list of corruptions.
    fn check_group(&self, corruption: &dyn Corruption) -> Result<()> {
        match corruption.group() {
            Group::Other(group)
                if !is_plain(group)
                    || selection::is_word(group)
                    || self.get(group).is_ok()
                    || group == corruption.name() =>
            {
                refused("group of a corruption", group, PLAIN)
            }
            _ => Ok(()),
        }
    }

    /// The same suite with the corruption of the same name replaced by `corruption`.
    ///
    /// # Errors
    /// [`Error::UnknownCorruption`] if the suite holds no corruption of that name; [`Error::Setting`] if it brings a group
    /// whose name cannot be used, as in [`Self::with`].
    pub fn replace(mut self, corruption: Box<dyn Corruption>) -> Result<Suite> {
        let place = self.members.iter().position(|c| c.name() == corruption.name());
        let place = place.ok_or_else(|| self.unknown(corruption.name()))?;
        self.check_group(corruption.as_ref())?;
        self.members[place] = corruption;
        Ok(self)
    }

    /// The same suite with its frost cut from `textures`.
    #[must_use]
    pub fn with_frost(mut self, textures: FrostTextures) -> Suite {
        let frost = self.members.iter_mut().find(|c| c.name() == "frost");
        let frost = frost.expect("every suite is built with a frost");
        let only_224 = frost.size() == SizePolicy::ONLY_224;
        *frost = Box::new(if only_224 { Frost::at_224(textures) } else { Frost::new(textures) });
        self
    }

    /// The same suite, whose corruptions see the channels of a pixel in this order when [`Self::apply`] calls them; a corruption
    /// that is taken out by [`Self::get`] sees what it is given.
    #[must_use]
    pub fn in_order(self, channel_order: ChannelOrder) -> Suite {
        Suite { channel_order, ..self }
    }

    /// The order in which its corruptions see the channels of a pixel.
    #[must_use]
    pub fn channel_order(&self) -> ChannelOrder {
        self.channel_order
    }

    /// Which frost the suite holds: `reference/1`, `frost-procedural/1`, or a replacement's own name.
    #[must_use]
    pub fn frost_source(&self) -> &'static str {
        self.get("frost").map_or("none", Corruption::implementation)
    }

    /// Corrupts a picture in place and returns the seed that was used, [`seed_for`]`(master_seed, image_id, ..)` under the
    /// name of [`Corruption::seeded_as`].
    ///
    /// `picture` is a [`PictureMut`] or whatever becomes one: a `&mut` [`Picture`](crate::Picture), or a
    /// `&mut image::RgbImage` with the feature `image`.
    ///
    /// # Errors
    /// [`Error::UnknownCorruption`] and [`Error::Size`]; the picture is then unchanged.
    pub fn apply<'p>(
        &self,
        picture: impl Into<PictureMut<'p>>,
        corruption: &str,
        severity: Severity,
        master_seed: u64,
        image_id: &str,
    ) -> Result<u32> {
        let corruption = self.get(corruption)?;
        let seed = seed_for(master_seed, image_id, corruption.seeded_as(), severity);
        let mut rng = Rng::seed(seed);
        self.channel_order.around(picture.into(), |p| corruption.apply_in_place(p, severity, &mut rng))?;
        Ok(seed)
    }

    /// Copies of a picture under every condition, in the order of [`Self::conditions`] and with the seeds of
    /// [`Self::apply`], made in parallel by rayon's current pool.
    ///
    /// `P` is [`Picture`](crate::Picture), or `image::RgbImage` with the feature `image`.
    ///
    /// # Errors
    /// The first corruption's error, in that order.
    pub fn apply_all<P>(&self, picture: &P, master_seed: u64, image_id: &str) -> Result<Vec<P>>
    where
        P: Clone + Send + Sync,
        for<'p> PictureMut<'p>: From<&'p mut P>,
    {
        let conditions: Vec<_> = self.conditions().collect();
        let one = |&(corruption, severity): &(&dyn Corruption, Severity)| {
            let mut copy = picture.clone();
            self.apply(&mut copy, corruption.name(), severity, master_seed, image_id)?;
            Ok(copy)
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
            .field("channel_order", &self.channel_order)
            .finish()
    }
}

const PLAIN: &str = "lower-case letters, digits and underscores, and no word with another meaning in lists";

fn refused<T>(name: &'static str, value: &str, expected: &'static str) -> Result<T> {
    Err(Error::Setting { name, value: value.to_string(), expected })
}

fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && name.chars().all(plain)
}
