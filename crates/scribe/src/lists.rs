//! The lists of a set in VOC's layout, by the names that a user types.

use anyhow::bail;
use scribe_corruptions::did_you_mean;
use std::path::Path;

/// Refuses a list that is not there, where the folder of lists is.
///
/// # Errors
/// Names the file, the nearest names and all lists that there are.
pub fn check_list(root: &Path, name: &str) -> anyhow::Result<()> {
    let folder = root.join("ImageSets").join("Segmentation");
    let path = folder.join(format!("{name}.txt"));
    // What else is wrong with the layout is said by those who open it.
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
