//! Checks the name of a list of a data set in VOC's layout.

use anyhow::bail;
use scribe_base::nearest::did_you_mean;
use std::path::Path;

/// Refuses a name for which the folder of lists has no file.
///
/// # Errors
/// Names the file, the most similar names and all lists that exist.
pub fn check_list(root: &Path, name: &str) -> anyhow::Result<()> {
    let folder = root.join("ImageSets").join("Segmentation");
    let path = folder.join(format!("{name}.txt"));
    // Whoever opens the data set reports what else is wrong with its layout.
    let Ok(entries) = folder.read_dir() else { return Ok(()) };
    if path.exists() {
        return Ok(());
    }
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut lists: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".txt")?.to_owned())).collect();
    lists.sort_unstable();
    let hint = did_you_mean(name, lists.iter().map(String::as_str));
    let expected =
        if lists.is_empty() { "a list".to_owned() } else { format!("one of {}", lists.join(", ")) };
    bail!("{}: no such list: {hint}expected {expected}", path.display())
}
