//! The workspace's runner: `cargo xtask <command>`. It links none of the workspace's crates; it spawns cargo.

mod bench;
mod deny;
mod dist;
mod flags;
mod fuzz;
mod gpu;
mod lint;
mod release;
mod reproduce;
mod results;
mod splice;
mod test;
mod torture;
mod truth;
mod wheel;
mod workspace;

use clap::Parser;
use flags::{Command, Xtask};
use xshell::Shell;

fn main() -> anyhow::Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(workspace::root());
    match Xtask::parse().command {
        Command::Reproduce(reproduce) => reproduce.run(&shell),
        Command::Test(test) => test.run(&shell),
        Command::Bench(bench) => bench.run(&shell),
        Command::Gpu(gpu) => gpu.run(&shell),
        Command::Torture(torture) => torture.run(&shell),
        Command::Truth(truth) => truth.run(&shell),
        Command::Fuzz(fuzz) => fuzz.run(&shell),
        Command::Wheel(wheel) => wheel.run(&shell),
        Command::Results(results) => results.run(),
        Command::Lint => lint::run(&shell),
        Command::Dist => dist::run(&shell),
        Command::Release(release) => release.run(&shell),
    }
}
