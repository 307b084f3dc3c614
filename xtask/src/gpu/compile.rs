//! Calls g++ for the emulated device, only where a source is newer than its result.

use anyhow::{Context, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Kernels round as they are written (no contraction), may read vectors of numbers as nvcc lets them (no strict
/// aliasing), and each library keeps its templates to itself.
const KERNEL_FLAGS: [&str; 7] = [
    "-std=c++17",
    "-O2",
    "-ffp-contract=off",
    "-fvisibility=hidden",
    "-fno-gnu-unique",
    "-fno-strict-aliasing",
    "-w",
];

/// The compiler.
pub(super) struct Compiler {
    /// The folder of the emulator's sources.
    pub sources: PathBuf,
}

impl Compiler {
    /// Refuses to start where there is none.
    pub(super) fn find(sources: PathBuf) -> anyhow::Result<Compiler> {
        let found = Command::new("g++").arg("--version").output();
        match found {
            Ok(output) if output.status.success() => Ok(Compiler { sources }),
            _ => bail!(
                "the emulated device needs g++ 12 or newer on the path (Debian and Ubuntu: apt install g++)"
            ),
        }
    }

    /// Makes a library from the emulator's own sources and from further source text.
    pub(super) fn library(
        &self,
        target: &Path,
        soname: &str,
        sources: &[&str],
        missing: &str,
    ) -> anyhow::Result<()> {
        let generated = target.with_extension("missing.cpp");
        write_changed(&generated, missing)?;
        let mut inputs: Vec<PathBuf> = sources.iter().map(|name| self.sources.join(name)).collect();
        inputs.push(generated);
        if !is_old(target, inputs.iter().chain(&self.headers()?))? {
            return Ok(());
        }
        eprintln!("compiling {}", target.display());
        let mut command = Command::new("g++");
        command.args(["-std=c++17", "-O2", "-fPIC", "-shared", "-pthread", "-Wall", "-Wextra"]);
        command.arg(format!("-Wl,-soname,{soname}")).arg("-I").arg(&self.sources);
        build(command.args(&inputs).arg("-ldl"), target)
    }

    /// Makes a library from a file of kernels, with an entry for each kernel.
    pub(super) fn kernels(&self, target: &Path, source: &Path) -> anyhow::Result<()> {
        let folder = source.parent().context("a file of kernels lies in a folder")?;
        let beside = files(folder, "cuh")?;
        let headers = self.headers()?;
        let flags = target.with_file_name("flags.txt");
        write_changed(&flags, &KERNEL_FLAGS.join(" "))?;
        let own = [source.to_path_buf(), flags];
        let generated = target.with_extension("cpp");
        let mut text = format!("#include \"{}\"\n#include \"entry.h\"\n", source.display());
        // A target folder that was copied may hold what was made of another copy of the file.
        let of_this = std::fs::read_to_string(&generated).is_ok_and(|old| old.starts_with(&text));
        if of_this && !is_old(target, own.iter().chain(&beside).chain(&headers))? {
            return Ok(());
        }
        eprintln!("compiling {}", source.display());
        let mut preprocess = self.for_kernels();
        preprocess.args(["-E", "-P", "-x", "c++"]).arg(source);
        let output = preprocess.output().context("g++")?;
        if !output.status.success() {
            bail!("g++ failed on {}:\n{}", source.display(), String::from_utf8_lossy(&output.stderr));
        }
        for name in kernel_names(&String::from_utf8_lossy(&output.stdout)) {
            text += &format!("EMULATED_ENTRY({name})\n");
        }
        write_changed(&generated, &text)?;
        build(self.for_kernels().args(["-fPIC", "-shared"]).arg(&generated), target)
    }

    fn for_kernels(&self) -> Command {
        let mut command = Command::new("g++");
        command.args(KERNEL_FLAGS);
        command.arg("-I").arg(self.sources.join("include")).arg("-I").arg(&self.sources);
        command.args(["-include", "device.h"]);
        command
    }

    fn headers(&self) -> anyhow::Result<Vec<PathBuf>> {
        files(&self.sources, "h")
    }
}

/// The files of a folder with an extension, in order.
pub(super) fn files(folder: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let mut found: Vec<PathBuf> =
        paths.into_iter().filter(|path| path.extension() == Some(OsStr::new(extension))).collect();
    found.sort();
    Ok(found)
}

/// The kernels of a preprocessed file: device.h makes `__global__` an attribute that nothing else has before `void`.
fn kernel_names(text: &str) -> Vec<String> {
    let mark = "extern \"C\" __attribute__((noinline)) void ";
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let after = text.split(mark).skip(1);
    after.filter_map(|rest| rest.split(['(', ' ']).next()).map(str::to_string).collect()
}

/// Runs the compiler. The target is written whole or not at all.
fn build(command: &mut Command, target: &Path) -> anyhow::Result<()> {
    let half = target.with_extension("half");
    let output = command.arg("-o").arg(&half).output().context("g++")?;
    if !output.status.success() {
        bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::rename(&half, target).with_context(|| target.display().to_string())
}

/// Writes a file only if its text changes, so that what depends on it is not built again without need.
fn write_changed(path: &Path, text: &str) -> anyhow::Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

/// Whether the target is missing or older than a source.
fn is_old<'a>(target: &Path, sources: impl Iterator<Item = &'a PathBuf>) -> anyhow::Result<bool> {
    let time = |path: &Path| -> anyhow::Result<SystemTime> {
        Ok(std::fs::metadata(path).with_context(|| path.display().to_string())?.modified()?)
    };
    let Ok(made) = time(target) else { return Ok(true) };
    for source in sources {
        if time(source)? > made {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    #[test]
    fn kernels_are_found_by_their_qualifiers() {
        let text = "void f(int); extern \"C\" __attribute__((noinline)) void\n  one_f32(float *x) {}\n\
                    extern \"C\" __attribute__((noinline)) void two (int n) {} extern \"C\" void host(int);";
        assert_eq!(super::kernel_names(text), ["one_f32", "two"]);
    }
}
