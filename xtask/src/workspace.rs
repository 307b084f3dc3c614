//! Where the workspace is, and where cargo builds it.

use std::path::{Path, PathBuf};

/// The workspace's folder: where this program was built or, on another machine, where it was started.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = own.parent().expect("xtask is a folder of the workspace").to_path_buf();
    if built.join("Cargo.toml").is_file() {
        return built;
    }
    std::env::current_dir().unwrap_or(built)
}

/// The folder that cargo builds into: what `CARGO_TARGET_DIR` names, else `target` in the workspace.
pub(crate) fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(named)
}
