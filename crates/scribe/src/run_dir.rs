//! The folder of one run: where each of its files is, and which process may write there.

use crate::shard::Shard;
use anyhow::{Context, bail};
use scribe_base::atomic_file::{self, is_partial};
use scribe_base::lock::{self, LOCK, Lock, LockError};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The longest name of a run, in bytes.
const LONGEST: usize = 64;

/// `runs/NAME`.
///
/// One process at a time writes in it, except that processes with different shards of an evaluation
/// ([`RunDir::of_shard`]) share it. Reading needs no lock.
#[derive(Clone, Debug)]
pub struct RunDir {
    root: PathBuf,
    shard: Option<Shard>,
    /// The locks of this process. Clones share them; dropping the last clone releases them.
    held: Arc<Mutex<Vec<Lock>>>,
}

impl RunDir {
    /// The run in `root`; nothing is created.
    pub fn new(root: PathBuf) -> Self {
        Self { root, shard: None, held: Arc::default() }
    }

    /// The run called `name` in the folder `runs`; nothing is created.
    ///
    /// # Errors
    /// The name is not 1 to 64 of the characters `a-z A-Z 0-9 . _ -`, or begins with a dot: `--name "$UNSET"`, `.` and
    /// `../x` would be other folders than one in `runs`.
    pub fn named(runs: &Path, name: &str) -> anyhow::Result<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        if name.is_empty() || name.len() > LONGEST || name.starts_with('.') || !name.bytes().all(plain) {
            bail!(
                "--name {name:?}: expected 1 to {LONGEST} of the characters a-z A-Z 0-9 . _ -, the first not a dot \
                 (--runs names the folder of runs)"
            );
        }
        Ok(Self::new(runs.join(name)))
    }

    /// The same run for a process that evaluates only this shard; `None` stands for the whole run.
    #[must_use]
    pub fn of_shard(self, shard: Option<Shard>) -> Self {
        Self { shard, ..self }
    }

    /// Locks the run for this process until it ends or the last clone is dropped. A second call does
    /// nothing. The first one removes what killed processes left half-written.
    ///
    /// # Errors
    /// Another process writes there; the error names it and says since when.
    pub fn claim(&self) -> anyhow::Result<()> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.is_empty() {
            return Ok(());
        }
        let place = self.root.join(LOCK);
        let Some(shard) = self.shard else {
            // Processes with a shard share the run's lock, which then cannot say who they are.
            let whole = Lock::exclusive(&place, &self.root);
            held.push(whole.map_err(|error| self.shard_in_work().unwrap_or(error))?);
            return self.sweep();
        };
        let Some(whole) = Lock::shared(&place)? else {
            return Err(LockError::in_use(&self.root, lock::holder(&place)).into());
        };
        let store = self.shards().join(shard.file_name());
        held.extend([whole, Lock::exclusive(&self.shard_lock(&shard.file_name()), &store)?]);
        Ok(())
    }

    /// [`RunDir::claim`] where the run's folder exists: a command that may still refuse to work leaves no new folder.
    ///
    /// # Errors
    /// As [`RunDir::claim`].
    pub fn claim_if_there(&self) -> anyhow::Result<()> {
        if self.root.is_dir() { self.claim() } else { Ok(()) }
    }

    /// The shard of the evaluation that this process does; other processes may then write other shards at the same time.
    pub(crate) fn shard(&self) -> Option<Shard> {
        self.shard
    }

    fn shard_lock(&self, store: &str) -> PathBuf {
        self.shards().join(format!(".{store}{LOCK}"))
    }

    /// The error that names the first shard that a process works on, if there is one.
    fn shard_in_work(&self) -> Option<LockError> {
        let entries = fs::read_dir(self.shards()).ok()?.flatten();
        let mut locks: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        locks.retain(|path| path.to_string_lossy().ends_with(LOCK) && lock::is_held(path));
        locks.sort();
        let first = locks.first()?;
        let shard = first.file_name()?.to_string_lossy().into_owned();
        let shard = shard.trim_start_matches('.').trim_end_matches(LOCK).to_owned();
        Some(LockError::in_use(&self.root, format!("{} ({shard})", lock::holder(first))))
    }

    /// Removes what killed writers left under temporary names; no other process writes now.
    fn sweep(&self) -> anyhow::Result<()> {
        // Stores that were being made or joined, with SQLite's files beside them.
        let of_store = |name: &str| {
            name.starts_with('.') && name.contains(".sqlite.draft")
                || name.starts_with("store.joined")
                || name.starts_with("store.merging")
                || name.starts_with(".store.") && name.contains(".draft")
        };
        let left_in_training = |name: &str| name.starts_with(".tmp") || is_partial(name);
        remove_entries(&self.root, |name| name.starts_with(".drawing-") || of_store(name))?;
        // A report may be written at the same time.
        atomic_file::sweep(&self.root, |_| true);
        if self.shards().is_dir() {
            remove_entries(&self.shards(), of_store)?;
        }
        for entry in fs::read_dir(self.root.join("train")).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                remove_entries(&entry.path(), left_in_training)?;
            }
        }
        Ok(())
    }

    /// Claims the run and removes everything in it but the lock.
    ///
    /// # Errors
    /// Something cannot be removed.
    pub fn clear(&self) -> anyhow::Result<()> {
        self.claim()?;
        remove_entries(&self.root, |name| name != LOCK)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The recipe as it ran, `--set` included: that of the trainings, with the `[eval]` of the store once there is one.
    pub fn recipe(&self) -> PathBuf {
        self.root.join("recipe.toml")
    }

    /// The store, which holds what was counted.
    pub fn store(&self) -> PathBuf {
        self.root.join("store.sqlite")
    }

    /// The store that this process fills: that of its shard, or the whole one.
    pub(crate) fn own_store(&self) -> PathBuf {
        self.shard.map_or_else(|| self.store(), |shard| self.shards().join(shard.file_name()))
    }

    /// The pixels of each class in the training labels.
    pub fn label_pixels(&self) -> PathBuf {
        self.root.join("label_pixels.json")
    }

    /// Folder of the shards of an evaluation.
    pub fn shards(&self) -> PathBuf {
        self.root.join("shards")
    }

    /// Folder of the drawn set.
    pub fn synthetic(&self) -> PathBuf {
        self.root.join("synthetic")
    }

    /// Folder of one training.
    pub fn training(&self, model: &str, seed: u64) -> PathBuf {
        self.root.join("train").join(format!("{model}-seed{seed}"))
    }

    /// The finished network of one training.
    pub fn checkpoint(&self, model: &str, seed: u64) -> PathBuf {
        self.training(model, seed).join("model.safetensors")
    }
}

fn remove_entries(folder: &Path, which: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry.with_context(|| folder.display().to_string())?;
        if !which(&entry.file_name().to_string_lossy()) {
            continue;
        }
        let path = entry.path();
        // Of a link to a folder only the link is removed.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let removed = if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.with_context(|| path.display().to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_plain_folder() {
        let runs = Path::new("runs");
        assert_eq!(RunDir::named(runs, "a-B_1.2").unwrap().root(), Path::new("runs/a-B_1.2"));
        for bad in ["", ".", "..", "../x", "a/b", "/tmp/x", ".hidden", "a b", "a\\b", "é", &"x".repeat(65)] {
            let said = RunDir::named(runs, bad).unwrap_err().to_string();
            assert!(said.contains("--name") && said.contains("1 to 64"), "{bad}: {said}");
        }
    }

    #[test]
    fn leftovers_go_and_results_stay() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("r");
        let training = root.join("train/ibe-seed1");
        for folder in [&root.join(".drawing-abc/JPEGImages"), &training, &root.join("shards")] {
            fs::create_dir_all(folder).unwrap();
        }
        let left = [
            root.join(".drawing-abc/JPEGImages/a.jpg"),
            training.join(".tmpXYZ"),
            training.join(".state-1.safetensors.7-0.partial"),
            root.join(".recipe.toml.aB3dE6.partial"),
            root.join(".store.sqlite.draft"),
            root.join("store.joined-wal"),
            root.join("shards/.1-of-2.sqlite.draft-journal"),
        ];
        let kept =
            [root.join("recipe.toml"), root.join(".report.html.part"), root.join("shards/1-of-2.sqlite")];
        left.iter().chain(&kept).for_each(|path| fs::write(path, b"x").unwrap());
        RunDir::new(root.clone()).claim().unwrap();
        assert!(left.iter().all(|path| !path.exists()) && !root.join(".drawing-abc").exists());
        assert!(kept.iter().all(|path| path.exists()));
    }

    #[test]
    fn shards_share_a_run_that_no_process_has_alone() {
        let dir = tempfile::tempdir().unwrap();
        let run = |shard: Option<&str>| {
            RunDir::new(dir.path().to_owned()).of_shard(shard.map(|text| text.parse().unwrap()))
        };
        let (first, second) = (run(Some("1/2")), run(Some("2/2")));
        first.claim().unwrap();
        second.claim().unwrap();
        let same = run(Some("2/2")).claim().unwrap_err().to_string();
        assert!(same.contains("2-of-2.sqlite: in use by process"), "{same}");
        let whole = format!("{:#}", run(None).claim().unwrap_err());
        assert!(whole.contains("since") && whole.contains("1-of-2.sqlite"), "{whole}");
        drop((first, second));
        let whole = run(None);
        whole.claim().unwrap();
        whole.claim().unwrap();
        assert!(run(Some("1/2")).claim().unwrap_err().to_string().contains("in use by process"));
        assert!(run(None).claim().is_err());
    }
}
