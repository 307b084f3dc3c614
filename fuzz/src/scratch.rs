//! Files of one input, for readers that take a path.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A folder of this process alone, in memory where the system has such a place.
pub fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = place.join(format!("scribe-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the inputs");
        folder
    })
}

/// Writes the bytes to the file `name` in [`folder`], whose own folders are made.
pub fn scratch(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).expect("a folder for the input");
    }
    std::fs::write(&path, bytes).expect("a file for the input");
    path
}
