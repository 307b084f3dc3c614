//! The layouts that are compiled in: of the paper's Table 1 and of public tables.

/// Name and text of each.
pub(super) const ALL: [(&str, &str); 4] = [
    ("paper-table1", include_str!("../../layouts/paper-table1.toml")),
    ("robustbench", include_str!("../../layouts/robustbench.toml")),
    ("robust-detection", include_str!("../../layouts/robust-detection.toml")),
    ("semsegbench", include_str!("../../layouts/semsegbench.toml")),
];
