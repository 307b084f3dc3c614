//! The families of corruptions.

/// A family of corruptions: one of the five in the paper's Table 1, or one of your own.
///
/// The paper's grouping differs from ImageNet-C's own four: brightness and contrast form "lighting", and what
/// ImageNet-C calls "digital" is split. Two groups are the same group when they have the same [`name`](Group::name).
///
/// ```
/// use scribe_corruptions::Group;
/// assert_eq!(Group::Weather.name(), "weather");
/// assert_eq!(Group::Other("wet").name(), "wet");
/// ```
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
    /// A group that the paper does not have, by its lower-case name.
    Other(&'static str),
}

impl Group {
    /// The paper's five groups in its order.
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
            Group::Other(name) => name,
        }
    }
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
