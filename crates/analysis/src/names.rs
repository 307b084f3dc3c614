//! The names of the paper: its fifteen corruptions in the order of Table 1, their groups, and its three models.

/// One of the paper's five groups of corruptions (the header of Table 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// All groups in Table 1's order.
    pub const ALL: [Group; 5] = [Group::Noise, Group::Blur, Group::Weather, Group::Lighting, Group::Spatial];

    /// The group's heading in Table 1.
    pub fn title(self) -> &'static str {
        match self {
            Group::Noise => "Noise",
            Group::Blur => "Blur",
            Group::Weather => "Weather",
            Group::Lighting => "Lighting",
            Group::Spatial => "Spatial",
        }
    }
}

/// A column of Table 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The name in keys and CSV files, as the reference package spells it: `"gaussian_noise"`.
    pub name: &'static str,
    /// The heading in Table 1, `"Gaus."`.
    pub short: &'static str,
    /// The full name.
    pub title: &'static str,
    /// The group, whose heading is above.
    pub group: Group,
}

const fn column(name: &'static str, short: &'static str, title: &'static str, group: Group) -> Column {
    Column { name, short, title, group }
}

/// The fifteen columns of Table 1 in the paper's order.
pub const COLUMNS: [Column; 15] = [
    column("gaussian_noise", "Gaus.", "Gaussian noise", Group::Noise),
    column("shot_noise", "Sh.", "shot noise", Group::Noise),
    column("impulse_noise", "Imp.", "impulse noise", Group::Noise),
    column("defocus_blur", "Dfc.", "defocus blur", Group::Blur),
    column("glass_blur", "Gls.", "glass blur", Group::Blur),
    column("motion_blur", "Mtn.", "motion blur", Group::Blur),
    column("zoom_blur", "Zm.", "zoom blur", Group::Blur),
    column("snow", "Sno.", "snow", Group::Weather),
    column("frost", "Frs.", "frost", Group::Weather),
    column("fog", "Fog", "fog", Group::Weather),
    column("brightness", "Bri.", "brightness", Group::Lighting),
    column("contrast", "Cnt.", "contrast", Group::Lighting),
    column("elastic_transform", "Ela.", "elastic transform", Group::Spatial),
    column("pixelate", "Pix.", "pixelate", Group::Spatial),
    column("jpeg_compression", "JPEG", "JPEG compression", Group::Spatial),
];

/// The paper's three models in the order of its tables.
pub const MODELS: [&str; 3] = ["Baseline", "IBE", "SCrIBE"];

/// The classes of PASCAL VOC, the paper's data set, in the order of their labels.
pub const VOC_CLASSES: [&str; 21] = [
    "background",
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
];

/// The paper's name for a model id, `None` for a model that the paper does not have.
///
/// ```
/// assert_eq!(scribe_analysis::names::paper_model("softmax"), Some("Baseline"));
/// assert_eq!(scribe_analysis::names::paper_model("SCRIBE"), Some("SCrIBE"));
/// assert_eq!(scribe_analysis::names::paper_model("unet"), None);
/// ```
pub fn paper_model(id: &str) -> Option<&'static str> {
    match id.to_ascii_lowercase().as_str() {
        "baseline" | "softmax" => Some("Baseline"),
        "ibe" => Some("IBE"),
        "scribe" => Some("SCrIBE"),
        _ => None,
    }
}

/// The name to print for a model: the paper's name where it has one, otherwise the id.
pub(crate) fn model_title(id: &str) -> String {
    paper_model(id).map_or_else(|| id.to_owned(), str::to_owned)
}

/// The position of a corruption in [`COLUMNS`].
pub(crate) fn position(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|c| c.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_unique_and_grouped_in_order() {
        let groups: Vec<Group> = COLUMNS.iter().map(|c| c.group).collect();
        assert!(groups.windows(2).all(|w| w[0] <= w[1]));
        assert!(COLUMNS.iter().enumerate().all(|(i, c)| position(c.name) == Some(i)));
        let counts: Vec<usize> =
            Group::ALL.iter().map(|g| groups.iter().filter(|x| *x == g).count()).collect();
        assert_eq!(counts, [3, 4, 3, 2, 3]);
    }
}
