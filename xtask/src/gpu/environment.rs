//! The environment variables in which cargo builds the feature `cuda` and in which the programs run.

use super::emulator::Emulator;
use anyhow::bail;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names and values.
pub(super) type Environment = Vec<(&'static str, String)>;

/// Lets cargo find the stand-ins of the emulated device, and the system their libraries.
pub(super) fn emulated(emulator: &Emulator, target: &Path) -> Environment {
    let text = |path: &Path| path.display().to_string();
    vec![
        ("CARGO_TARGET_DIR", text(target)),
        ("CUDA_HOME", text(emulator.home())),
        ("NVCC", text(&emulator.home().join("bin/nvcc"))),
        ("PATH", path_list(&emulator.home().join("bin"), "PATH")),
        ("LD_LIBRARY_PATH", path_list(&emulator.libraries(), "LD_LIBRARY_PATH")),
        // What the stand-ins follow: CUDA 13.0; the compute capability only names files.
        ("CUDARC_CUDA_VERSION", "13000".to_string()),
        ("CUDA_COMPUTE_CAP", "90".to_string()),
    ]
}

/// For a build with the real nvcc; an error where there is none. The system finds the libraries.
pub(super) fn built_for_gpu(target: &Path) -> anyhow::Result<Environment> {
    let nvcc = nvcc();
    let asked = Command::new(&nvcc).arg("--version").output();
    if !asked.is_ok_and(|output| output.status.success()) {
        bail!(
            "{} does not run: a build for a GPU needs nvcc (docs/cuda.md); without a GPU use `cargo xtask gpu emulate`",
            nvcc.display()
        );
    }
    let mut environment = vec![("CARGO_TARGET_DIR", target.display().to_string())];
    if let Some(bin) = nvcc.parent().filter(|bin| bin.is_dir()) {
        environment.push(("PATH", path_list(bin, "PATH")));
    }
    Ok(environment)
}

/// `NVCC`, or the one of `CUDA_HOME`, or the one on the path: as crates/model/build.rs finds it.
pub(super) fn nvcc() -> PathBuf {
    let of_home = || std::env::var_os("CUDA_HOME").map(|home| Path::new(&home).join("bin/nvcc"));
    std::env::var_os("NVCC").map(PathBuf::from).or_else(of_home).unwrap_or_else(|| "nvcc".into())
}

/// A folder before those of a variable.
fn path_list(first: &Path, name: &str) -> String {
    match std::env::var(name) {
        Ok(rest) if !rest.is_empty() => format!("{}:{rest}", first.display()),
        _ => first.display().to_string(),
    }
}
