//! Compiles the CUDA kernels, in builds with the feature `cuda` only.
//!
//! Each file under `src/ops/cuda/enabled/kernels` becomes one fat binary with machine code for `SCRIBE_CUDA_ARCHS`
//! (`75,80,86,89,90` where unset) and, for newer cards, portable code of the last of them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

const KERNELS: &str = "src/ops/cuda/enabled/kernels";
const ARCHS: &str = "75,80,86,89,90";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_CUDA").is_none() {
        return;
    }
    println!("cargo::rerun-if-changed={KERNELS}");
    for name in ["NVCC", "CUDA_HOME", "SCRIBE_CUDA_ARCHS"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut sources: Vec<PathBuf> = std::fs::read_dir(KERNELS)
        .expect("the kernels are part of the crate")
        .map(|entry| entry.expect("a folder of the crate can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "cu"))
        .collect();
    sources.sort();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let compilations: Vec<_> =
            sources.iter().map(|source| scope.spawn(|| compile(source, &out))).collect();
        compilations
            .into_iter()
            .filter_map(|c| c.join().expect("a compilation does not panic").err())
            .collect()
    });
    if let Some(first) = failures.first() {
        println!("cargo::error={}", first.replace('\n', " "));
        std::process::exit(1);
    }
}

/// `NVCC`, or the one of `CUDA_HOME`, or the one on the path.
fn nvcc() -> PathBuf {
    let of_home = || env::var_os("CUDA_HOME").map(|home| Path::new(&home).join("bin/nvcc"));
    let named = env::var_os("NVCC").map(PathBuf::from).or_else(of_home);
    named.unwrap_or_else(|| PathBuf::from("nvcc"))
}

fn compile(source: &Path, out: &Path) -> Result<(), String> {
    let stem = source.file_stem().expect("a .cu file has a name");
    let target = out.join(stem).with_extension("fatbin");
    let mut command = Command::new(nvcc());
    command.args(["-std=c++17", "-O3", "-fatbin"]).args(targets()).arg("-o").arg(&target).arg(source);
    let output = command.output().map_err(|error| {
        format!(
            "the feature cuda needs nvcc 12 or newer to compile {}, and {} could not be run ({error}); install the CUDA \
             toolkit, or the Python packages nvidia-cuda-nvcc, nvidia-nvvm, nvidia-cuda-crt, nvidia-cuda-cccl and \
             nvidia-cuda-runtime, and set CUDA_HOME; without the feature cuda nothing of this is needed",
            source.display(),
            nvcc().display()
        )
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("nvcc failed on {}: {}", source.display(), String::from_utf8_lossy(&output.stderr)))
}

/// The options that name the architectures.
fn targets() -> Vec<String> {
    let archs = env::var("SCRIBE_CUDA_ARCHS").unwrap_or_else(|_| ARCHS.to_string());
    let archs: Vec<&str> = archs.split(',').map(str::trim).collect();
    let machine = archs.iter().map(|a| format!("-gencode=arch=compute_{a},code=sm_{a}"));
    let portable = archs.last().map(|a| format!("-gencode=arch=compute_{a},code=compute_{a}"));
    machine.chain(portable).collect()
}
