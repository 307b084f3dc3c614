//! `scribe data frost`: the six pictures of the reference's frost, from its own package.

use crate::cmd::common::frost_cache;
use crate::cmd::output::print;
use anyhow::{Context, bail};
use clap::Args;
use scribe_dataset::import_frost_wheel;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package that holds them.
const PACKAGE: &str = "imagecorruptions==1.1.2";

/// Fetch the six pictures that frost needs.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe data frost                         # pip fetches the wheel
  scribe data frost --wheel imagecorruptions-1.1.2-py3-none-any.whl
The pictures are not part of scribe: they come from the wheel of
imagecorruptions 1.1.2, and their SHA-256 is checked. Without them frost
uses generated textures, and says so.")]
pub(crate) struct Frost {
    /// A wheel that lies here already
    #[arg(long, value_name = "FILE")]
    wheel: Option<PathBuf>,
    /// The python whose pip fetches the wheel
    #[arg(long, default_value = "python3", value_name = "PROGRAM")]
    python: PathBuf,
    /// Where the pictures go [default: the user's cache folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Frost {
    /// Fetches, checks, unpacks.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let out = self.out.clone().unwrap_or_else(frost_cache);
        let temporary = tempfile::tempdir().context("cannot make a temporary folder")?;
        let wheel = match &self.wheel {
            Some(wheel) => wheel.clone(),
            None => self.download(temporary.path())?,
        };
        import_frost_wheel(&wheel, &out)?;
        Ok(print(&format!("{}: six pictures, hashes as expected\n", out.display()))?)
    }

    fn download(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        let mut pip = Command::new(&self.python);
        pip.args(["-m", "pip", "download", "--quiet", "--no-deps", PACKAGE, "--dest"]).arg(folder);
        let status = pip.status().with_context(|| format!("cannot start {}", self.python.display()))?;
        if !status.success() {
            bail!("pip could not download {PACKAGE}; fetch the wheel elsewhere and give it with --wheel");
        }
        let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        let wheel =
            entries.into_iter().map(|entry| entry.path()).find(|p| p.extension().is_some_and(|e| e == "whl"));
        wheel.with_context(|| format!("pip left no wheel of {PACKAGE} in {}", folder.display()))
    }
}
