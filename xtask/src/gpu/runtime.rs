//! Finds NVIDIA's runtime library (libcudart) for the linker. A build calls functions of it, so that no stand-in can
//! replace it.

use super::environment::nvcc;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};

/// The file name that the linker looks for.
const NAME: &str = "libcudart.so";

/// The runtime library of the toolkit that nvcc belongs to, or of the system.
///
/// # Errors
/// When there is none; names where it was looked for and the package that holds it.
pub(super) fn find() -> anyhow::Result<PathBuf> {
    let folders = folders();
    if let Some(found) = folders.iter().find_map(|folder| in_folder(folder)) {
        return Ok(found);
    }
    let looked: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    bail!(
        "no {NAME} and no {NAME}.13 in {}: the program does not link without NVIDIA's runtime library (expected it in \
         CUDA_HOME, where `pip install nvidia-cuda-runtime` puts it beside nvcc; docs/cuda.md)",
        looked.join(", ")
    )
}

/// Lays out `home` as a toolkit for the linker: the stand-ins in `libraries`, and the real runtime library instead of its
/// stand-in.
/// Python packages hold it as libcudart.so.13 alone; the linker wants a name without a number.
///
/// # Errors
/// When a link cannot be made.
pub(super) fn beside(libraries: &Path, runtime: &Path, home: &Path) -> anyhow::Result<()> {
    let lib = home.join("lib");
    std::fs::create_dir_all(&lib).with_context(|| lib.display().to_string())?;
    let entries = std::fs::read_dir(libraries).with_context(|| libraries.display().to_string())?;
    for entry in entries {
        let entry = entry.with_context(|| libraries.display().to_string())?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.contains(".so") && !text.starts_with(NAME) {
            link(&entry.path(), &lib.join(&name))?;
        }
    }
    link(runtime, &lib.join(NAME))
}

fn folders() -> Vec<PathBuf> {
    let home = std::env::var_os("CUDA_HOME").map(PathBuf::from);
    let of_nvcc = nvcc().canonicalize().ok().and_then(|path| Some(path.parent()?.parent()?.to_path_buf()));
    let homes = home.into_iter().chain(of_nvcc).chain([PathBuf::from("/usr/local/cuda")]);
    let mut folders: Vec<PathBuf> = homes
        .flat_map(|home| ["lib64", "lib", "targets/x86_64-linux/lib"].map(|lib| home.join(lib)))
        .collect();
    let listed = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty()));
    folders.extend(["/usr/lib/x86_64-linux-gnu", "/usr/lib64"].map(PathBuf::from));
    folders
}

/// The library under its plain name, or under its newest number.
fn in_folder(folder: &Path) -> Option<PathBuf> {
    let plain = folder.join(NAME);
    if plain.exists() {
        return Some(plain);
    }
    let number = |path: &Path| -> Option<u32> {
        let rest = path.file_name()?.to_str()?.strip_prefix(NAME)?.strip_prefix('.')?;
        rest.split('.').next()?.parse().ok()
    };
    let paths = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    paths.filter(|path| number(path).is_some()).max_by_key(|path| number(path))
}

fn link(target: &Path, name: &Path) -> anyhow::Result<()> {
    let target = target.canonicalize().with_context(|| target.display().to_string())?;
    if std::fs::read_link(name).is_ok_and(|old| old == target) {
        return Ok(());
    }
    let _ = std::fs::remove_file(name);
    std::os::unix::fs::symlink(&target, name).with_context(|| name.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that is removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let path = std::env::temp_dir().join(format!("scribe-xtask-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Folder(path)
        }

        fn file(&self, name: &str) -> PathBuf {
            let path = self.0.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, name).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_library_with_a_number_alone_is_found_and_the_plain_name_comes_first() {
        let folder = Folder::new("numbers");
        assert_eq!(in_folder(&folder.0), None);
        folder.file("libcudart_static.a");
        assert_eq!(in_folder(&folder.0), None);
        folder.file("libcudart.so.9.2");
        let newest = folder.file("libcudart.so.13");
        assert_eq!(in_folder(&folder.0), Some(newest));
        let plain = folder.file("libcudart.so");
        assert_eq!(in_folder(&folder.0), Some(plain));
    }

    #[test]
    fn the_real_runtime_takes_the_place_of_its_stand_in() {
        let folder = Folder::new("links");
        let real = folder.file("real/libcudart.so.13");
        for name in ["libcuda.so.1", "libcuda.so", "libcudart.so.13", "libcudart.so", "flags.txt"] {
            folder.file(&format!("stand-ins/{name}"));
        }
        let home = folder.0.join("home");
        for _ in 0..2 {
            beside(&folder.0.join("stand-ins"), &real, &home).unwrap();
        }
        let mut names: Vec<_> =
            std::fs::read_dir(home.join("lib")).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["libcuda.so", "libcuda.so.1", "libcudart.so"]);
        assert_eq!(std::fs::read_to_string(home.join("lib/libcudart.so")).unwrap(), "real/libcudart.so.13");
    }
}
