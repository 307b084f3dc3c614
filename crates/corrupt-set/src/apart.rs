//! Whether a folder of pictures and the folder of their corrupted set are apart.

use crate::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Refuses a set `out` that is in the folder `pictures`, or the other way round: the set's files would be taken for
/// pictures by the next call. `out` need not exist yet.
///
/// # Errors
/// [`Error::Nested`], or [`Error::File`] where a folder cannot be looked up.
pub fn check_apart(pictures: &Path, out: &Path) -> Result<()> {
    let (source, target) = (real(pictures)?, real(out)?);
    if source.starts_with(&target) || target.starts_with(&source) {
        return Err(Error::Nested { pictures: pictures.to_owned(), out: out.to_owned() });
    }
    Ok(())
}

/// The absolute path without symbolic links, of which the last parts need not exist.
fn real(path: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(path).map_err(Error::file(path, "looked up"))?;
    for ancestor in absolute.ancestors() {
        if let Ok(mut found) = fs::canonicalize(ancestor) {
            // What does not exist is no symbolic link, so `..` leads back.
            for part in absolute.strip_prefix(ancestor).unwrap_or(Path::new("")) {
                if part == ".." {
                    found.pop();
                } else {
                    found.push(part);
                }
            }
            return Ok(found);
        }
    }
    Ok(absolute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_hold_each_other_are_refused_under_any_spelling() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("pictures/deep")).unwrap();
        fs::create_dir(at("out")).unwrap();
        let apart = |pictures: &str, out: &str| check_apart(&at(pictures), &at(out)).is_ok();
        assert!(apart("pictures", "out") && apart("pictures", "pictures-C") && apart("pictures", "new/out"));
        for out in [
            "pictures",
            "pictures/out",
            "pictures/deep/new/out",
            "out/../pictures/x",
            "new/../pictures/x",
            "",
        ] {
            assert!(!apart("pictures", out), "{out}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("pictures"), at("link")).unwrap();
            assert!(!apart("pictures", "link/out") && !apart("link", "pictures/out"));
        }
    }
}
