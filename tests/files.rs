//! Files on the user's system: the umask is respected, links stay, and another user's run can be read.
#![cfg(unix)]

mod common;

use common::{scribe, small, succeed};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn arguments<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let assignments = [
        "train.steps=2",
        "train.validate_every=1",
        "eval.view=squash:48",
        "eval.corruptions=[\"contrast\"]",
        "eval.severities=[1]",
        "eval.modes=[\"single\"]",
    ];
    small(command, &assignments, more)
}

/// Every file and folder below `folder` with its mode.
fn modes(folder: &Path) -> Vec<(PathBuf, bool, u32)> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let (path, about) = {
                let entry = entry.unwrap();
                (entry.path(), entry.metadata().unwrap())
            };
            found.push((path.clone(), about.is_dir(), about.permissions().mode() & 0o777));
            if about.is_dir() {
                open.push(path);
            }
        }
    }
    found
}

/// Runs the program under a umask.
fn under(umask: &str, folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("umask {umask}; exec \"$@\""), "sh", env!("CARGO_BIN_EXE_scribe")]);
    let output =
        command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", folder.join("no-cache")).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_umask_holds_for_everything_that_a_run_writes() {
    for (umask, file, dir) in [("022", 0o644, 0o755), ("007", 0o660, 0o770)] {
        let folder = tempfile::tempdir().unwrap();
        under(umask, folder.path(), &arguments("reproduce", &[]));
        under(umask, folder.path(), &["export", "runs/smoke", "--format", "csv"]);
        let found = modes(&folder.path().join("runs"));
        let name = |name: &str| found.iter().any(|(path, ..)| path.ends_with(name));
        for there in [
            "store.sqlite",
            "model.safetensors",
            "best.safetensors",
            "metrics.jsonl",
            "identity.json",
            "finished.json",
            "report.html",
            "recipe.toml",
            "synthetic",
            "val.txt",
            "confusions.csv",
        ] {
            assert!(name(there), "{there}");
        }
        for (path, is_dir, mode) in &found {
            let expected = if *is_dir { dir } else { file };
            assert_eq!(*mode, expected, "{}: {mode:o} under umask {umask}", path.display());
        }
    }
}

/// A folder that everybody may look into, with the program in it.
fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let (from, to) = (env!("CARGO_BIN_EXE_scribe"), folder.path().join("program"));
    if fs::hard_link(from, &to).is_err() {
        fs::copy(from, &to).unwrap();
    }
    folder
}

/// Runs the program as somebody who may not write in `folder`: the superuser, whom no mode stops, becomes nobody.
fn colleague(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(folder.join("program"));
    command.current_dir(folder).args(arguments).env("XDG_CACHE_HOME", folder.join("no-cache"));
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" {
        command.uid(65534).gid(65534);
    }
    command.output().unwrap()
}

/// Takes every right to write from everybody.
fn seal(folder: &Path) {
    for (path, is_dir, _) in modes(folder) {
        fs::set_permissions(path, Permissions::from_mode(if is_dir { 0o555 } else { 0o444 })).unwrap();
    }
    fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
}

fn unseal(folder: &Path) {
    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    for (path, is_dir, _) in modes(folder).into_iter().filter(|(_, is_dir, _)| *is_dir) {
        fs::set_permissions(path, Permissions::from_mode(if is_dir { 0o755 } else { 0o644 })).unwrap();
    }
}

#[test]
fn a_run_that_may_not_be_written_can_be_read() {
    let folder = open_folder();
    let path = folder.path();
    succeed(path, &arguments("reproduce", &[]));
    let (store, out) = (path.join("runs/smoke/store.sqlite"), path.join("out"));
    let bytes = fs::read(&store).unwrap();
    assert_eq!(
        bytes[18..20],
        [1, 1],
        "a store that was reported on is one plain file, not in write-ahead mode"
    );
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, Permissions::from_mode(0o777)).unwrap();
    let export = |name: &str| {
        let target = out.join(name);
        let output =
            colleague(path, &["export", "runs/smoke", "--format", "csv", "--out", target.to_str().unwrap()]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        fs::read(target.join("confusions.csv")).unwrap()
    };
    seal(&path.join("runs"));
    let plain = export("plain");
    // As a killed evaluation leaves it: in write-ahead mode.
    unseal(&path.join("runs"));
    fs::set_permissions(&store, Permissions::from_mode(0o644)).unwrap();
    let ahead = [&bytes[..18], &[2, 2], &bytes[20..]].concat();
    fs::write(&store, ahead).unwrap();
    seal(&path.join("runs"));
    assert!(export("ahead") == plain);
    unseal(&path.join("runs"));
}

#[test]
fn a_network_that_may_not_be_read_is_not_said_to_be_missing() {
    let folder = open_folder();
    let path = folder.path();
    succeed(path, &arguments("train", &[]));
    fs::set_permissions(path.join("runs/smoke"), Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(path.join("runs/smoke/.lock"), Permissions::from_mode(0o666)).unwrap();
    let network = path.join("runs/smoke/train/softmax-seed1/model.safetensors");
    fs::set_permissions(&network, Permissions::from_mode(0o000)).unwrap();
    let output = colleague(path, &arguments("eval", &[]));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("Permission denied"), "{said}");
    assert!(said.contains("softmax-seed1/model.safetensors") && !said.contains("scribe train"), "{said}");
}

#[test]
fn a_link_stays_and_what_it_points_to_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    image::RgbImage::from_pixel(40, 40, image::Rgb([9, 90, 200])).save(path.join("in.png")).unwrap();
    fs::create_dir(path.join("disk")).unwrap();
    symlink("disk/picture.png", path.join("out.png")).unwrap();
    let corrupt = ["corrupt", "in.png", "out.png", "--corruption", "contrast", "--severity", "1"];
    for _ in 0..2 {
        succeed(path, &corrupt);
        assert!(path.join("out.png").is_symlink() && path.join("disk/picture.png").is_file());
    }
    // A network and a page on another disk.
    succeed(path, &arguments("reproduce", &[]));
    for name in ["train/ibe-seed1/best.safetensors", "report.html", "recipe.toml"] {
        let (here, there) = (
            path.join("runs/smoke").join(name),
            path.join("disk").join(Path::new(name).file_name().unwrap()),
        );
        fs::rename(&here, &there).unwrap();
        symlink(&there, &here).unwrap();
    }
    fs::remove_file(path.join("runs/smoke/train/ibe-seed1/finished.json")).unwrap();
    for entry in fs::read_dir(path.join("runs/smoke/train/ibe-seed1")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with("state-") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    succeed(path, &arguments("reproduce", &[]));
    for name in ["train/ibe-seed1/best.safetensors", "report.html", "recipe.toml"] {
        assert!(path.join("runs/smoke").join(name).is_symlink(), "{name}");
    }
}

#[test]
fn metrics_of_a_training_that_went_on_are_those_of_an_undisturbed_one() {
    let (calm, rough) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let many = arguments("train", &["--set", "train.steps=60", "--set", "train.validate_every=0"]);
    succeed(calm.path(), &many);
    let metrics =
        |folder: &Path, model: &str| folder.join(format!("runs/smoke/train/{model}-seed1/metrics.jsonl"));
    let mut child = scribe(rough.path(), &many).stderr(std::process::Stdio::null()).spawn().unwrap();
    let lines = |path: &Path| fs::read_to_string(path).map_or(0, |text| text.lines().count());
    while lines(&metrics(rough.path(), "ibe")) < 12 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert!(!child.wait().unwrap().success(), "it was stopped before its end");
    succeed(rough.path(), &many);
    for model in ["softmax", "ibe", "scribe"] {
        let [calm, rough] = [&calm, &rough].map(|folder| fs::read(metrics(folder.path(), model)).unwrap());
        assert!(calm == rough, "{model}: metrics.jsonl differs");
    }
}
