//! `cargo xtask bench python`: the Python package beside others, in turn in one run.

use crate::splice::splice;
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// The file that holds the table, between `<!-- speed -->` and `<!-- end -->`.
const SPLICED: &str = "crates/python/README.md";

/// The Python package beside other packages for the same corruptions.
#[derive(Args)]
pub(crate) struct Python {
    /// A Python with our package [default: the one that `cargo xtask wheel` made]
    #[arg(long, value_name = "PATH")]
    ours: Option<PathBuf>,
    /// A Python with imagecorruptions 1.1.2 [default: made at the first call, of --python39]
    #[arg(long, value_name = "PATH")]
    original: Option<PathBuf>,
    /// A Python with the numba fork imagecorruptions-imaug [default: made at the first call]
    #[arg(long, value_name = "PATH")]
    fork: Option<PathBuf>,
    /// A Python with AlbumentationsX [default: made at the first call]
    #[arg(long, value_name = "PATH")]
    albumentations: Option<PathBuf>,
    /// The Python 3.9 that imagecorruptions needs with packages that it works with
    #[arg(long, default_value = "python3.9", value_name = "PATH")]
    python39: PathBuf,
    /// Rounds in which every package measures once; the median counts
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: usize,
    /// Only print; leave crates/python/README.md as it is
    #[arg(long)]
    dry: bool,
}

/// What is installed for one column where no Python is named.
struct Environment {
    name: &'static str,
    packages: &'static [&'static str],
    /// Installed without what they demand.
    without_needs: &'static [&'static str],
}

/// The pins of crates/corruptions/tests/reference/make_truth.py; the package itself demands others, and works with these.
const ORIGINAL: Environment = Environment {
    name: "original",
    packages: &[
        "numpy==1.22.4",
        "scipy==1.9.3",
        "scikit-image==0.18.3",
        "opencv-python-headless==4.8.1.78",
        "pillow==10.4.0",
        "numba==0.59.1",
        "setuptools==58.1.0",
    ],
    without_needs: &["imagecorruptions==1.1.2"],
};
const FORK: Environment = Environment {
    name: "fork",
    packages: &["imagecorruptions-imaug==1.1.5", "opencv-python-headless"],
    without_needs: &[],
};
const ALBUMENTATIONS: Environment = Environment {
    name: "albumentations",
    // It imports PyTorch, and leaves its installation to the user.
    packages: &["torch", "albumentationsx==2.5.1", "opencv-python-headless"],
    without_needs: &[],
};

impl Python {
    /// Measures, prints, and splices the table into the README.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let made = crate::workspace::target().join("wheel/venv");
        let ours = self.ours.clone().or_else(|| python_of(&made));
        let Some(ours) = ours else {
            bail!("{}: no Python with our package (expected one: cargo xtask wheel makes it)", made.display())
        };
        let here = Path::new("python3");
        let original = ORIGINAL.python(shell, self.original.as_deref(), &self.python39)?;
        let fork = FORK.python(shell, self.fork.as_deref(), here)?;
        let albumentations = ALBUMENTATIONS.python(shell, self.albumentations.as_deref(), here)?;
        let rounds = self.rounds.to_string();
        let mut table = cmd!(shell, "{ours} crates/python/bench/speed.py --ours {ours} --rounds {rounds}");
        let others = [("--original", original), ("--fork", fork), ("--albumentations", albumentations)];
        for (flag, python) in others {
            table = table.arg(flag).arg(python);
        }
        let table = table.quiet().read()? + "\n";
        print!("{table}");
        if !self.dry {
            splice(&shell.current_dir().join(SPLICED), "speed", &table)?;
        }
        Ok(())
    }
}

impl Environment {
    /// The Python that was named, or that of a virtual environment, which is made of `base` at the first call.
    fn python(&self, shell: &Shell, named: Option<&Path>, base: &Path) -> anyhow::Result<PathBuf> {
        if let Some(named) = named {
            return Ok(named.to_path_buf());
        }
        let folder = crate::workspace::target().join("wheel/speed").join(self.name);
        if let Some(python) = python_of(&folder) {
            return Ok(python);
        }
        // Renamed when it is whole, so that an interrupted installation is begun again.
        let draft = folder.with_extension("draft");
        shell.remove_path(&draft)?;
        cmd!(shell, "{base} -m venv {draft}").quiet().run().with_context(|| {
            let (name, base) = (self.name, base.display());
            format!("{base}: no Python of which an environment can be made (another: --{name}; for the original, --python39)")
        })?;
        let Some(python) = python_of(&draft) else { bail!("{}: it has no Python", draft.display()) };
        let pip = || cmd!(shell, "{python} -m pip install --quiet --disable-pip-version-check").quiet();
        pip().args(self.packages).run()?;
        for package in self.without_needs {
            pip().arg("--no-deps").arg(package).run()?;
        }
        std::fs::rename(&draft, &folder)?;
        match python_of(&folder) {
            Some(python) => Ok(python),
            None => bail!("{}: it has no Python", folder.display()),
        }
    }
}

/// The Python of a virtual environment, where there is one.
fn python_of(folder: &Path) -> Option<PathBuf> {
    ["bin/python", "Scripts/python.exe"].map(|name| folder.join(name)).into_iter().find(|path| path.exists())
}
