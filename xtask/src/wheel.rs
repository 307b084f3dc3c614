//! `cargo xtask wheel`: builds the Python package in a virtual environment, and tests it there.

use crate::flags::Wheel;
use crate::workspace::target;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

/// What builds the package and runs its tests.
const TOOLS: [&str; 4] = ["maturin>=1.9,<2", "numpy", "pillow", "pytest>=8"];

/// The vector code of numpy and OpenCV, and Intel's library inside OpenCV, which the reference's hashes were made without
/// (crates/corruptions/tests/reference/make_truth.py).
const WITHOUT_VECTORS: [(&str, &str); 3] = [
    ("NPY_DISABLE_CPU_FEATURES", "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"),
    ("OPENCV_CPU_DISABLE", "AVX512-SKX,AVX2,FMA3,AVX"),
    ("OPENCV_IPP", "disabled"),
];

impl Wheel {
    /// Builds the wheel, installs it, and runs its tests. Its source is checked by `cargo xtask lint`: clippy compiles every
    /// package a second time, and is no part of every toolchain.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let folder = target().join("wheel");
        let python = environment(shell, &self.python, &folder.join("venv"))?;
        let python = &python;
        let manifest = "crates/python/Cargo.toml";
        // Packages that the workspace has too are built in its versions; cargo adds the others.
        shell.copy_file("Cargo.lock", "crates/python/Cargo.lock")?;
        let wheel = &wheel(shell, python, manifest, &folder)?;
        cmd!(shell, "{python} -m pip install --quiet --no-deps --force-reinstall {wheel}").quiet().run()?;
        self.name_program(shell)?;
        test(shell, python)?;
        for (n, also) in self.also.iter().enumerate() {
            let also = &std::path::absolute(also)?;
            let packages = folder.join(format!("also-{n}"));
            shell.remove_path(&packages)?;
            let pip =
                || cmd!(shell, "{python} -m pip --python {also} install --quiet --target {packages}").quiet();
            // NumPy is there already, in the version that the other packages want.
            pip().arg("--no-deps").arg(wheel).run()?;
            pip().arg("pytest").run()?;
            let _path = shell.push_env("PYTHONPATH", &packages);
            test(shell, also)?;
        }
        println!("{}", wheel.display());
        Ok(())
    }

    /// Tells the tests the program whose rows an `Evaluator` must give: the one that was named, or the workspace's own
    /// release build. Building it takes many minutes, so that this is left to the caller.
    fn name_program(&self, shell: &Shell) -> anyhow::Result<()> {
        let built = target().join("release").join(format!("scribe{}", std::env::consts::EXE_SUFFIX));
        let program = self.program.as_ref().unwrap_or(&built);
        if program.is_file() {
            shell.set_var("SCRIBE_BIN", std::path::absolute(program)?);
        } else if self.program.is_some() {
            bail!("--program {}: no such file (expected a built scribe)", program.display());
        } else {
            eprintln!(
                "{}: not there, so that an Evaluator is not compared with `scribe eval` (cargo build --release, or --program)",
                program.display()
            );
        }
        Ok(())
    }
}

/// The Python of a virtual environment, made at the first call, that has the tools.
fn environment(shell: &Shell, python: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let own = ["bin/python", "Scripts/python.exe"].map(|name| folder.join(name));
    if !own.iter().any(|path| path.exists()) {
        cmd!(shell, "{python} -m venv {folder}").quiet().run()?;
    }
    let own = own.into_iter().find(|path| path.exists()).context("the virtual environment has no Python")?;
    cmd!(shell, "{own} -m pip install --quiet --disable-pip-version-check {TOOLS...}").quiet().run()?;
    Ok(own)
}

/// Builds the wheel and returns its path.
fn wheel(shell: &Shell, python: &Path, manifest: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    let (build, dist) = (folder.join("build"), folder.join("dist"));
    shell.remove_path(&dist)?;
    let command = cmd!(shell, "{python} -m maturin build --release --manifest-path {manifest}");
    command.arg("--target-dir").arg(build).arg("--out").arg(&dist).quiet().run()?;
    let wheels: Vec<PathBuf> = shell.read_dir(&dist)?;
    let [wheel] = wheels.as_slice() else { bail!("{}: expected one wheel", dist.display()) };
    Ok(wheel.clone())
}

/// Runs the tests with this Python, in their own folder, so that the installed package is the one that is tested.
fn test(shell: &Shell, python: &Path) -> anyhow::Result<()> {
    let _here = shell.push_dir("crates/python");
    let _vectors = WITHOUT_VECTORS.map(|(name, value)| shell.push_env(name, value));
    // Python must not leave compiled files beside the tests.
    cmd!(shell, "{python} -B -m pytest -q -p no:cacheprovider").quiet().run()?;
    Ok(())
}
