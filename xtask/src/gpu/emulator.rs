//! The emulated device: stand-ins of NVIDIA's libraries and of nvcc, and all kernels compiled by g++.

use super::compile::{Compiler, files};
use super::jobs::{Job, all};
use anyhow::Context;
use cargo_metadata::{CargoOpt, MetadataCommand};
use std::path::{Path, PathBuf};
use xshell::Shell;

/// The sources of the driver's stand-in.
pub(super) const DRIVER: [&str; 6] =
    ["block.cpp", "driver.cpp", "fiber.cpp", "memory.cpp", "modules.cpp", "report.cpp"];

/// Each stand-in: its name, the name that programs ask for, the module of cudarc that declares its functions, our sources.
const LIBRARIES: [(&str, &str, &str, &[&str]); 7] = [
    ("cuda", "libcuda.so.1", "driver", &DRIVER),
    ("cudnn", "libcudnn.so.9", "cudnn", &["cudnn.cpp", "convolution.cpp", "elements.cpp"]),
    ("cublas", "libcublas.so.13", "cublas", &["cublas.cpp"]),
    ("cublasLt", "libcublasLt.so.13", "cublaslt", &[]),
    ("curand", "libcurand.so.10", "curand", &["curand.cpp"]),
    ("nccl", "libnccl.so.2", "nccl", &["nccl.cpp"]),
    ("nvrtc", "libnvrtc.so.13", "nvrtc", &[]),
];

/// candle's files of kernels that are not emulated: quantised networks, and a sort that declares its memory in its own way.
const LEFT_OUT: [&str; 3] = ["quantized", "sort", "mmvq_gguf"];

/// A folder laid out like a CUDA toolkit's.
pub(super) struct Emulator {
    home: PathBuf,
}

impl Emulator {
    /// Brings the folder up to date.
    pub(super) fn build(shell: &Shell, home: &Path) -> anyhow::Result<Emulator> {
        let root = shell.current_dir();
        let compiler = Compiler::find(root.join("tools/cuda-emulator"))?;
        for folder in ["bin", "lib", "kernels"] {
            shell.create_dir(home.join(folder))?;
        }
        shell.copy_file(compiler.sources.join("nvcc"), home.join("bin/nvcc"))?;
        let packages = Packages::find(&root)?;
        let lib = home.join("lib");
        let mut jobs: Vec<Job> = Vec::new();
        for (name, soname, module, sources) in LIBRARIES {
            let declarations = packages.cudarc.join("src").join(module).join("sys/mod.rs");
            let missing = missing(&shell.read_file(declarations)?);
            let (compiler, target) = (&compiler, lib.join(soname));
            link(soname, &lib.join(format!("lib{name}.so")))?;
            jobs.push(Box::new(move || compiler.library(&target, soname, sources, &missing)));
        }
        // candle-kernels asks for the runtime library, of which nothing is called.
        let (cudart, compiler) = (lib.join("libcudart.so.13"), &compiler);
        link("libcudart.so.13", &lib.join("libcudart.so"))?;
        jobs.push(Box::new(move || compiler.library(&cudart, "libcudart.so.13", &[], "")));
        for (prefix, folder) in
            [("", root.join("crates/model/src/ops/cuda/enabled/kernels")), ("candle-", packages.kernels)]
        {
            for source in files(&folder, "cu")? {
                let stem =
                    source.file_stem().and_then(|s| s.to_str()).context("a file of kernels has a name")?;
                if prefix.is_empty() || !LEFT_OUT.contains(&stem) {
                    let target = home.join(format!("kernels/{prefix}{stem}.so"));
                    jobs.push(Box::new(move || compiler.kernels(&target, &source)));
                }
            }
        }
        all(jobs)?;
        Ok(Emulator { home: home.to_path_buf() })
    }

    /// The folder that is laid out like a toolkit.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// The folder of the libraries.
    pub(super) fn libraries(&self) -> PathBuf {
        self.home.join("lib")
    }
}

/// Where cargo keeps the packages whose sources are read.
struct Packages {
    cudarc: PathBuf,
    kernels: PathBuf,
}

impl Packages {
    fn find(root: &Path) -> anyhow::Result<Packages> {
        let mut command = MetadataCommand::new();
        let metadata = command.current_dir(root).features(CargoOpt::AllFeatures).exec()?;
        let folder = |name: &str| {
            let package = metadata.packages.iter().find(|package| *package.name == *name);
            let folder = package.and_then(|package| package.manifest_path.parent());
            folder
                .map(|folder| folder.as_std_path().to_path_buf())
                .with_context(|| format!("no package {name}"))
        };
        Ok(Packages { cudarc: folder("cudarc")?, kernels: folder("candle-kernels")?.join("src") })
    }
}

/// Source text for all functions that a library declares: each ends the program and prints its name. The emulator's own
/// functions take precedence.
fn missing(declarations: &str) -> String {
    let lines = declarations.lines().filter_map(|line| line.trim().strip_prefix("pub unsafe fn "));
    let mut names: Vec<&str> = lines.filter_map(|rest| rest.split('(').next()).collect();
    names.sort_unstable();
    names.dedup();
    let mut text = "// Made by `cargo xtask gpu emulate` from cudarc's declarations.\n#include <cstdio>\n#include <cstdlib>\n".to_string();
    text += "#define MISSING(name) extern \"C\" __attribute__((weak)) void name() { \\\n  std::fprintf(stderr, \"\\nemulated device: \" #name \" is not emulated\\n\"); std::abort(); }\n";
    for name in names {
        text += &format!("MISSING({name})\n");
    }
    text
}

/// The name under which the linker looks for a library.
fn link(soname: &str, name: &Path) -> anyhow::Result<()> {
    if std::fs::read_link(name).is_ok_and(|old| old == Path::new(soname)) {
        return Ok(());
    }
    let _ = std::fs::remove_file(name);
    std::os::unix::fs::symlink(soname, name).with_context(|| name.display().to_string())
}
