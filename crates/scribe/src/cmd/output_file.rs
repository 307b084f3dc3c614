//! Files that a command writes where its user says.

use anyhow::{Context, bail};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What every SQLite file begins with.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

/// Refuses to replace a store, or any other database of SQLite: a name that the shell has completed must not cost a run's results.
///
/// # Errors
/// There is one at the path, or what is there cannot be read.
pub(super) fn refuse_store(option: &str, path: &Path) -> anyhow::Result<()> {
    // Of devices and pipes nothing is read, which could wait for ever; what writes refuses them.
    if !path.metadata().is_ok_and(|found| found.is_file()) {
        return Ok(());
    }
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let mut start = Vec::new();
    file.take(SQLITE.len() as u64).read_to_end(&mut start).with_context(|| path.display().to_string())?;
    if start == SQLITE {
        bail!(
            "{}: {option} would replace this SQLite file, as every run's store is one; expected the path of another file",
            path.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse_store;

    #[test]
    fn a_store_is_not_replaced_and_other_files_are() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("store.sqlite"), b"SQLite format 3\0 and the rest").unwrap();
        std::fs::write(path("short.md"), b"SQLite").unwrap();
        for name in ["short.md", "not there", "."] {
            refuse_store("--markdown", &path(name)).unwrap();
        }
        let said = refuse_store("--markdown", &path("store.sqlite")).unwrap_err().to_string();
        assert!(said.contains("store.sqlite: --markdown would replace this SQLite file"), "{said}");
    }
}
