//! Notes which code was built: its revision and the versions that results depend on, for the manifest.

use std::process::Command;

fn main() {
    // A path that does not exist, as in the package of a release, would make every build begin anew.
    for path in ["../../.git/logs/HEAD", "../../Cargo.lock"] {
        if std::fs::exists(path).unwrap_or(false) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=SCRIBE_REVISION={}", answer("git", &["rev-parse", "--short=12", "HEAD"]));
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_string());
    println!("cargo:rustc-env=SCRIBE_RUSTC={}", answer(&rustc, &["--version"]));
    println!("cargo:rustc-env=SCRIBE_CANDLE={}", locked("candle-core"));
}

/// First line of what a program prints; "unknown" where it cannot be asked, as in an unpacked archive.
fn answer(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success());
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string());
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| "unknown".to_string())
}

/// The version of a package in the lock file.
fn locked(package: &str) -> String {
    // In the workspace, and in the package of a release.
    let lock = ["../../Cargo.lock", "Cargo.lock"].iter().find_map(|path| std::fs::read_to_string(path).ok());
    let lock = lock.unwrap_or_default();
    let after = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).map(|(_, rest)| rest);
    after.and_then(|rest| rest.split('"').next()).unwrap_or("unknown").to_string()
}
