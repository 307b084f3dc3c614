//! Draws the synthetic set of a run into its folder.

use super::drawn_files;
use crate::progress::bar;
use crate::recipe::SyntheticSection;
use crate::run_dir::RunDir;
use anyhow::{Context, bail};
use scribe_base::atomic_file;
use scribe_base::kill_point::reached;
use scribe_dataset::{Classes, SynthConfig, write_synthetic};
use std::path::Path;

/// The file in the folder of a drawn set that holds the settings it was drawn from, as JSON.
const SETTINGS: &str = "made.json";

/// Draws the set, unless the same one is there, with every file as it was drawn. It is drawn in a temporary folder that is
/// then renamed, so that neither a kill nor another process that draws the same set leaves half of one.
///
/// # Errors
/// When other shards of the run may read a set of other settings, or the folder cannot be written.
pub(super) fn draw(section: &SyntheticSection, dir: &RunDir) -> anyhow::Result<()> {
    let root = dir.synthetic();
    let wanted = serde_json::to_string_pretty(section)?;
    if is_drawn(&root, &wanted) {
        return Ok(());
    }
    dir.claim()?;
    let problem = drawn_files::problem(&root);
    if dir.shard().is_some() && root.exists() {
        let why = problem.as_deref().unwrap_or("drawn from other settings");
        bail!("{}: {why}, and other shards may read it; take another --name", root.display());
    }
    if let Some(problem) = problem {
        tracing::warn!("{}: {problem}; the set is drawn again", root.display());
    }
    let parent = root.parent().context("the folder of a run has a parent")?;
    let in_parent = || parent.display().to_string();
    std::fs::create_dir_all(parent).with_context(in_parent)?;
    let draft = draft_in(parent).with_context(in_parent)?;
    let bar = bar("drawing", (section.train + section.val) as u64, "pictures");
    write_synthetic(draft.path(), &config(section), &|done, _| bar.set_position(done as u64))?;
    bar.finish();
    drawn_files::write(draft.path())?;
    atomic_file::write(&draft.path().join(SETTINGS), wanted.as_bytes())?;
    publish(draft, &root, &wanted)
}

/// Whether the folder holds the set of these settings, whole.
fn is_drawn(root: &Path, settings: &str) -> bool {
    let same = std::fs::read_to_string(root.join(SETTINGS)).is_ok_and(|found| found == settings);
    same && drawn_files::problem(root).is_none()
}

/// Puts the drawn set into its place, unless another process was faster with the same set.
fn publish(draft: tempfile::TempDir, root: &Path, settings: &str) -> anyhow::Result<()> {
    if is_drawn(root, settings) {
        return Ok(());
    }
    if root.exists() {
        std::fs::remove_dir_all(root).with_context(|| root.display().to_string())?;
        reached("a drawn set is removed, the new one is not there");
    }
    match atomic_file::publish(&draft.keep(), root) {
        Err(_) if is_drawn(root, settings) => Ok(()),
        other => Ok(other?),
    }
}

/// Refuses other classes than those that are drawn.
///
/// # Errors
/// When the classes are not VOC's.
pub(super) fn check_drawn_classes(classes: &Classes) -> anyhow::Result<()> {
    if classes.names().eq(scribe_dataset::CLASS_NAMES) {
        return Ok(());
    }
    bail!(
        "data.classes = {}: drawn pictures have VOC's classes (expected --data, the folder of your pictures, or no \
         data.classes)",
        classes.name()
    )
}

/// The section as the drawing takes it.
pub(super) fn config(section: &SyntheticSection) -> SynthConfig {
    SynthConfig {
        train: section.train,
        val: section.val,
        width: section.width,
        height: section.height,
        classes: section.classes.clone(),
        seed: section.seed,
    }
}

/// A temporary folder that becomes an ordinary one: it has the mode that the umask leaves, and is not its owner's alone.
fn draft_in(parent: &Path) -> std::io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.prefix(".drawing-").tempdir_in(parent)
}
