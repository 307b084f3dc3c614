//! The recipes that are compiled into the program.

/// Name and text of each, in the order of `recipes/`.
pub(crate) const ALL: [(&str, &str); 7] = [
    ("smoke", include_str!("../recipes/smoke.toml")),
    ("paper-text", include_str!("../recipes/paper-text.toml")),
    ("authors-code", include_str!("../recipes/authors-code.toml")),
    ("voc-scratch", include_str!("../recipes/voc-scratch.toml")),
    ("voc-small", include_str!("../recipes/voc-small.toml")),
    ("camvid-scratch", include_str!("../recipes/camvid-scratch.toml")),
    ("camvid-confounds", include_str!("../recipes/camvid-confounds.toml")),
];

/// The text of a preset.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of all presets.
pub fn names() -> Vec<&'static str> {
    ALL.iter().map(|(name, _)| *name).collect()
}
