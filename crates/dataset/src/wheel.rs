//! Taking the frost pictures out of the wheel of `imagecorruptions`.

use crate::frost::check_digest;
use crate::{Error, FROST_FILES, Result};
use scribe_base::atomic_file;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Takes the six frost pictures out of the wheel that `pip download imagecorruptions==1.1.2 --no-deps` downloads,
/// and writes them to `dir`, which is created if it does not exist.
///
/// Nothing is written unless all six are in the wheel with the known digests.
///
/// # Errors
/// [`Error::Read`] or [`Error::Archive`] for the wheel, [`Error::Hash`] for a member, [`Error::Write`].
pub fn import_frost_wheel(wheel: &Path, dir: &Path) -> Result<()> {
    let file = fs::File::open(wheel).map_err(|e| Error::read(wheel, e))?;
    let refused = |reason: String| Error::Archive { path: wheel.to_owned(), reason };
    let mut archive = zip::ZipArchive::new(file).map_err(|e| refused(format!("not a wheel: {e}")))?;
    let mut members = Vec::new();
    for file in FROST_FILES {
        let name = format!("imagecorruptions/frost/{}", file.name);
        let member = archive.by_name(&name).map_err(|e| refused(format!("{name}: {e}")))?;
        let mut bytes = Vec::new();
        // The largest is 1.2 MB; a member that claims more is another file and fails by its digest.
        member.take(1 << 24).read_to_end(&mut bytes).map_err(|e| refused(format!("{name}: {e}")))?;
        check_digest(&wheel.join(name), &bytes, file.sha256)?;
        members.push((dir.join(file.name), bytes));
    }
    fs::create_dir_all(dir).map_err(|e| Error::write(dir, e))?;
    for (path, bytes) in &members {
        atomic_file::write(path, bytes)?;
    }
    Ok(())
}
