//! The command line.

use crate::bench::Bench;
use crate::gpu::Gpu;
use clap::{Args, Parser, Subcommand};

/// Runs the tasks of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Xtask {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Rebuild Tables 1 and 2: train, evaluate, report. Without arguments, on pictures that the program draws
    Reproduce(Reproduce),
    /// Run all tests, and the checks of the source's own rules
    Test(Test),
    /// Measure beside other programs, in turn in one run
    Bench(Bench),
    /// Build, test and measure the GPU side, with a GPU or on an emulated device
    Gpu(Gpu),
    /// Kill commands at random moments, start them again, and compare what they leave with what an undisturbed call leaves
    Torture(Torture),
    /// Count how many of the reference's hashes the corruptions match
    Truth(Truth),
    /// Feed random bytes to the readers of everything that comes from outside; needs cargo-fuzz
    Fuzz(Fuzz),
    /// Build the Python package in a virtual environment and run its tests; needs a Python, and pip's network
    Wheel(Wheel),
    /// Write the numbers of finished runs into a page, such as docs/results/camvid.md
    Results(Results),
    /// Run rustfmt, clippy and rustdoc, and fail on any warning
    Lint,
    /// Build a small program to give to others: without line tables, under the profile `dist`
    Dist,
    /// Publish the crates, each after those that it needs
    Release(Release),
}

/// Everything after `reproduce` is passed to `scribe reproduce`; `cargo xtask reproduce --help` shows its help.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Reproduce {
    /// Arguments of `scribe reproduce`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
}

/// All tests.
#[derive(Args)]
pub(crate) struct Test {
    /// Only tests whose name holds this text
    pub filter: Option<String>,
}

/// A release of all crates.
#[derive(Args)]
pub(crate) struct Release {
    /// Package every crate and build it from its package, as the registry would have it; upload nothing
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run: do not build the packages (seconds instead of many minutes)
    #[arg(long, requires = "dry_run")]
    pub no_build: bool,
}

/// Killed commands.
#[derive(Args)]
pub(crate) struct Torture {
    /// How often a process is killed
    #[arg(long, default_value_t = 200, value_name = "N")]
    pub kills: u32,
    /// Decides when and where
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Only this: reproduce, train, eval, shards, merge, corrupt-set, report, export, ask, ask-program or disk
    #[arg(long, value_name = "WHAT")]
    pub only: Option<String>,
    /// Where everything is written, log included; it must not exist [default: target/torture]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<std::path::PathBuf>,
}

/// The reference's hashes.
#[derive(Args)]
pub(crate) struct Truth {
    /// Folder with frost1.png to frost5.png (crates/corruptions/tests/reference/README.md makes it); without it the rows of
    /// frost are left out, and the document stays as it is
    #[arg(long, value_name = "DIR")]
    pub frost: Option<std::path::PathBuf>,
    /// Also counts where the package differs when it runs as it is installed; a Python with the packages in the header of
    /// crates/corruptions/tests/reference/make_truth.py
    #[arg(long, value_name = "PATH")]
    pub python: Option<std::path::PathBuf>,
}

/// A page of results.
#[derive(Args)]
pub(crate) struct Results {
    /// The page. It holds blocks `<!-- results: RUN FILE ... -->` to `<!-- end -->`
    pub page: std::path::PathBuf,
    /// Name and folder of a run, such as camvid=runs/camvid-scratch
    #[arg(value_name = "RUN=FOLDER", required = true)]
    pub runs: Vec<String>,
}

/// The fuzz targets.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// The target, a file in fuzz/fuzz_targets without its ending; without one, all of them, one after another
    pub target: Option<String>,
    /// How many minutes each target runs, after it was built
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub minutes: u64,
}

/// The Python package.
#[derive(Args)]
pub(crate) struct Wheel {
    /// The Python that the virtual environment is made of, 3.9 or newer
    #[arg(long, default_value = "python3", value_name = "PATH")]
    pub python: std::path::PathBuf,
    /// Also runs the tests with this Python and its packages, such as one with imagecorruptions 1.1.2 (the pins are in
    /// crates/corruptions/tests/reference/make_truth.py) or one with PyTorch; may be given several times
    #[arg(long, value_name = "PATH")]
    pub also: Vec<std::path::PathBuf>,
    /// The built scribe with which an Evaluator is compared [default: target/release/scribe, if it is there]
    #[arg(long, value_name = "PATH")]
    pub program: Option<std::path::PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::Xtask;
    use clap::Parser;
    use clap::error::ErrorKind;

    /// The lines of blocks, and the pieces of code in running text, that start with `cargo xtask`.
    fn commands(text: &str) -> Vec<&str> {
        text.lines()
            .flat_map(|line| line.split('`'))
            .filter(|code| code.starts_with("cargo xtask "))
            .collect()
    }

    #[test]
    fn every_command_of_the_documents_is_understood() {
        let root = crate::workspace::root();
        let top = ["README.md", "CONTRIBUTING.md", "FORMAT.md", "METHODOLOGY.md", "DEVIATIONS.md"];
        let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
        let docs = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
        let mut found = 0;
        for file in top.map(|name| root.join(name)).into_iter().chain(docs) {
            let text = std::fs::read_to_string(&file).unwrap();
            for command in commands(&text) {
                let words = command.split(" #").next().unwrap_or(command).split_whitespace().skip(1);
                let error = Xtask::try_parse_from(words).err();
                // Running text names commands without all that they need.
                let wrong = error.filter(|error| error.kind() != ErrorKind::MissingRequiredArgument);
                assert!(wrong.is_none(), "{}: {command}: {}", file.display(), wrong.unwrap());
                found += 1;
            }
        }
        assert!(found > 10, "{found} commands found");
    }
}
