//! What `cargo xtask torture` passes on.

use std::path::PathBuf;

/// How long and what to kill.
pub(crate) struct Options {
    /// Kills in all (`SCRIBE_TORTURE_KILLS`).
    pub(crate) kills: u32,
    /// Decides when and where (`SCRIBE_TORTURE_SEED`).
    pub(crate) seed: u64,
    /// The only subject (`SCRIBE_TORTURE_ONLY`).
    pub(crate) only: Option<String>,
    /// Where everything is written, and stays (`SCRIBE_TORTURE_FOLDER`); otherwise a temporary folder.
    pub(crate) folder: Option<PathBuf>,
}

impl Options {
    /// Ten kills, unless the variables say something else.
    pub(crate) fn from_environment() -> Options {
        let get = |name: &str| std::env::var(format!("SCRIBE_TORTURE_{name}")).ok();
        let number = |name: &str| get(name).map(|text| text.parse().expect("xtask passes numbers"));
        Options {
            kills: number("KILLS").map_or(10, |kills: u64| kills.try_into().expect("xtask checks it")),
            seed: number("SEED").unwrap_or(1),
            only: get("ONLY"),
            folder: get("FOLDER").map(PathBuf::from),
        }
    }

    /// Whether a subject was asked for.
    pub(crate) fn wants(&self, subject: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == subject)
    }

    /// Whether disks are filled too: not in the ordinary test.
    pub(crate) fn fills_disks(&self) -> bool {
        self.folder.is_some() && self.wants("disk")
    }
}
