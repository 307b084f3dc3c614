//! The one look of this program's progress bars.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar with rate and time left; it hides itself where standard error is not a terminal.
pub fn bar(label: &str, length: u64, unit: &str) -> ProgressBar {
    let template =
        format!("{{prefix:<10}} {{bar:28}} {{pos}}/{{len}} {unit}  {{per_sec}}  {{eta}} left  {{msg}}");
    let style = ProgressStyle::with_template(&template).expect("the template is built from constants");
    ProgressBar::new(length).with_style(style).with_prefix(label.to_string())
}
