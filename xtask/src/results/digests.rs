//! SHA-256 of what a run's numbers come from.

use anyhow::Context;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A table of the recipe, the store and every network.
pub(super) fn digests(folder: &Path) -> anyhow::Result<String> {
    let mut paths = vec![folder.join("recipe.toml"), folder.join("store.sqlite")];
    paths.extend(networks(folder)?);
    let mut out = "\n| File | SHA-256 |\n| :-- | :-- |\n".to_owned();
    for path in paths {
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let hex: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        out.push_str(&format!("| `{name}` | `{hex}` |\n"));
    }
    Ok(out + "\n")
}

/// The final network of every training, by name.
fn networks(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let train = folder.join("train");
    if !train.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&train).with_context(|| train.display().to_string())? {
        let path = entry?.path().join("model.safetensors");
        if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
