//! Tests the emulated device: a correct kernel gives its sums, and each faulty one is found.

use super::compile::Compiler;
use super::emulator::DRIVER;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The kernels of faults.cu and a program that launches them, or none where there is no g++.
fn program(folder: &Path) -> Option<PathBuf> {
    let sources = crate::workspace::root().join("tools/cuda-emulator");
    let Ok(compiler) = Compiler::find(sources.clone()) else {
        eprintln!("skipped: no g++");
        return None;
    };
    for part in ["lib", "kernels"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
    }
    let driver = folder.join("lib/libcuda.so.1");
    compiler.library(&driver, "libcuda.so.1", &DRIVER, "").unwrap();
    compiler.kernels(&folder.join("kernels/faults.so"), &sources.join("faults/faults.cu")).unwrap();
    let program = folder.join("main");
    let mut link = Command::new("g++");
    link.arg("-o").arg(&program).arg(sources.join("faults/main.cpp")).arg(&driver);
    assert!(link.status().unwrap().success());
    Some(program)
}

/// Runs one kernel: returns what it prints, or the emulator's error message.
fn launch(program: &Path, words: &str, backwards: bool) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(words.split(' ')).env("LD_LIBRARY_PATH", program.parent().unwrap().join("lib"));
    if backwards {
        command.env("SCRIBE_EMULATOR_BACKWARDS", "1");
    }
    let output = command.output().unwrap();
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout).unwrap()),
        false => Err(String::from_utf8(output.stderr).unwrap()),
    }
}

#[test]
fn right_kernels_run_and_wrong_ones_are_seen() {
    let folder = crate::workspace::target().join("gpu-faults");
    let Some(program) = program(&folder) else { return };
    let faults = [
        ("left_before_barrier", "from thread 32 on: has left the kernel"),
        ("two_barriers", "threads of one block wait at two different barriers"),
        ("divergent_shuffle", "from thread 16 on: waits for the block at"),
        ("reads_past_the_end", "1024 bytes past the start of the allocation before it, which has 1024 bytes"),
        ("writes_past_the_end", "thread (40, 0, 0) of (64, 1, 1)"),
        ("right host", "a pointer that is not of the device"),
    ];
    for backwards in [false, true] {
        // 0 + 1 + ... + 63, then 64 numbers more, and so on.
        assert_eq!(launch(&program, "right", backwards).as_deref(), Ok("2016 6112 10208 14304 "));
    }
    for (words, complaint) in faults {
        let complained = launch(&program, words, false).expect_err(words);
        assert!(complained.contains(complaint), "{words}: {complained}");
        let kernel = words.split(' ').next().unwrap();
        assert!(complained.contains(&format!("kernel {kernel}, ")), "{words}: {complained}");
    }
    // What the linker keeps of a block's shared memory is NaN when the next block starts.
    let kept = launch(&program, "unwritten_shared", false).unwrap();
    assert_eq!(kept.replace('-', ""), "nan nan nan nan ");
    // A race has no sign of its own: the two orders of threads give two results.
    assert_ne!(launch(&program, "no_barrier", false), launch(&program, "no_barrier", true));
}
