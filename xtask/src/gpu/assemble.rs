//! `cargo xtask gpu assemble`: every kernel for every architecture, with the registers and memory that it takes.

use super::compile::files;
use super::environment::nvcc;
use super::jobs::{Job, all};
use crate::splice::splice;
use anyhow::{Context, bail};
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use xshell::Shell;

/// The architectures of crates/model/build.rs.
const ARCHS: [&str; 5] = ["75", "80", "86", "89", "90"];

/// Assemble every kernel for every architecture with a real nvcc (no GPU needed); fails where a kernel spills.
#[derive(Args)]
pub(crate) struct Assemble {
    /// Only print; leave docs/cuda.md as it is
    #[arg(long)]
    dry: bool,
}

/// What ptxas reports about a kernel.
#[derive(Clone, Debug, Default, PartialEq)]
struct Usage {
    registers: u32,
    shared: u32,
    stack: u32,
    spilled: u32,
}

/// By file, kernel and architecture.
type Table = BTreeMap<(String, String), BTreeMap<String, Usage>>;

impl Assemble {
    /// Assembles, prints the table, splices it into docs/cuda.md.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let root = shell.current_dir();
        let nvcc = nvcc();
        let version = Command::new(&nvcc).arg("--version").output().with_context(|| {
            format!(
                "{}: a real nvcc is needed; set CUDA_HOME (docs/cuda.md says how to get one)",
                nvcc.display()
            )
        })?;
        let version = String::from_utf8_lossy(&version.stdout).into_owned();
        let version = version.lines().find(|line| line.contains("release")).unwrap_or("").trim().to_string();
        let table = assemble(&nvcc, &files(&root.join("crates/model/src/ops/cuda/enabled/kernels"), "cu")?)?;
        let text = render(&table, &version);
        print!("{text}");
        let spilling: Vec<&str> = table
            .iter()
            .filter(|(_, by_arch)| by_arch.values().any(|usage| usage.spilled > 0))
            .map(|((_, kernel), _)| kernel.as_str())
            .collect();
        if !spilling.is_empty() {
            bail!("these kernels keep registers in memory: {}", spilling.join(", "));
        }
        if !self.dry {
            splice(&root.join("docs/cuda.md"), "gpu assemble", &text)?;
        }
        Ok(())
    }
}

fn assemble(nvcc: &Path, sources: &[PathBuf]) -> anyhow::Result<Table> {
    let folder = std::env::temp_dir().join(format!("scribe-assemble-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let table = std::sync::Mutex::new(Table::new());
    let mut jobs: Vec<Job> = Vec::new();
    for source in sources {
        let file = source.file_stem().and_then(|s| s.to_str()).context("a kernel file has a name")?;
        for arch in ARCHS {
            let (table, folder) = (&table, &folder);
            jobs.push(Box::new(move || {
                let output = folder.join(format!("{file}-{arch}.cubin"));
                let said = compile(nvcc, source, arch, &output)?;
                let mut table = table.lock().unwrap_or_else(|e| e.into_inner());
                for (kernel, usage) in usages(&said) {
                    table.entry((file.to_string(), kernel)).or_default().insert(arch.to_string(), usage);
                }
                Ok(())
            }));
        }
    }
    let result = all(jobs);
    std::fs::remove_dir_all(&folder)?;
    result.map(|()| table.into_inner().unwrap_or_else(|e| e.into_inner()))
}

/// Returns the text that ptxas prints while nvcc assembles a file.
fn compile(nvcc: &Path, source: &Path, arch: &str, output: &Path) -> anyhow::Result<String> {
    eprintln!("assembling {} for sm_{arch}", source.display());
    let mut command = Command::new(nvcc);
    command.args(["-std=c++17", "-O3", "-cubin", "--resource-usage"]).arg(format!("-arch=sm_{arch}"));
    let output = command.arg("-o").arg(output).arg(source).output().context("nvcc")?;
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("nvcc failed on {} for sm_{arch}:\n{said}", source.display());
    }
    Ok(said)
}

/// The kernels of ptxas's report.
fn usages(said: &str) -> BTreeMap<String, Usage> {
    let mut found = BTreeMap::new();
    let mut kernel: Option<String> = None;
    let mut usage = Usage::default();
    for line in said.lines() {
        if let Some((_, rest)) = line.split_once("Compiling entry function '") {
            kernel = rest.split('\'').next().map(str::to_string);
            usage = Usage::default();
        } else if line.contains("bytes stack frame") {
            usage.stack = before(line, " bytes stack frame");
            usage.spilled = before(line, " bytes spill stores") + before(line, " bytes spill loads");
        } else if line.contains("Used ") {
            usage.registers = before(line, " registers");
            usage.shared = before(line, " bytes smem");
            found.extend(kernel.take().map(|kernel| (kernel, usage.clone())));
        }
    }
    found
}

/// The number before a text; 0 where the text does not occur.
fn before(line: &str, text: &str) -> u32 {
    let number = line.split_once(text).and_then(|(rest, _)| rest.rsplit([' ', ',']).next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn render(table: &Table, version: &str) -> String {
    let mut text = "| file | kernel |".to_string();
    ARCHS.iter().for_each(|arch| text += &format!(" sm_{arch} |"));
    text += " shared | stack | spilled |\n| :-- | :-- |";
    text += &" --: |".repeat(ARCHS.len() + 3);
    text += "\n";
    for ((file, kernel), by_arch) in table {
        text += &format!("| {file} | {kernel} |");
        for arch in ARCHS {
            text += &by_arch.get(arch).map_or(" - |".to_string(), |usage| format!(" {} |", usage.registers));
        }
        let largest = |of: fn(&Usage) -> u32| by_arch.values().map(of).max().unwrap_or(0);
        let (shared, stack, spilled) = (largest(|u| u.shared), largest(|u| u.stack), largest(|u| u.spilled));
        text += &format!(" {shared} | {stack} | {spilled} |\n");
    }
    text + &format!(
        "\nRegisters of a thread by architecture; static shared memory of a block, stack of a thread and spilled bytes, \
         the largest of the five, in bytes.\n{} kernels, {version}.\n",
        table.len()
    )
}

#[cfg(test)]
mod tests {
    use super::{Usage, usages};

    #[test]
    fn the_report_is_read() {
        let said = "ptxas info    : 0 bytes gmem\n\
            ptxas info    : Compiling entry function 'a_f32' for 'sm_90'\n\
            ptxas info    : Function properties for a_f32\n\
                16 bytes stack frame, 4 bytes spill stores, 8 bytes spill loads\n\
            ptxas info    : Used 24 registers, used 1 barriers, 16 bytes cumulative stack size, 128 bytes smem\n\
            ptxas info    : Compiling entry function 'b' for 'sm_90'\n\
            ptxas info    : Function properties for b\n\
                0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads\n\
            ptxas info    : Used 10 registers, used 0 barriers\n";
        let found = usages(said);
        assert_eq!(found["a_f32"], Usage { registers: 24, shared: 128, stack: 16, spilled: 12 });
        assert_eq!(found["b"], Usage { registers: 10, ..Usage::default() });
    }
}
