//! What to do with a file that holds no weights, with a command where there is one.

use super::kind::FileKind;
use std::path::Path;

const EXPECTED: &str = "expected weights as .safetensors, .pth or .pt";

impl FileKind {
    /// Describes the file, and gives the command that fetches or converts it.
    pub(crate) fn advice(&self, path: &Path) -> String {
        let file = path.display();
        let again = "fetch it again, for example `curl -fL -o";
        match self {
            FileKind::Empty => format!("an empty file; {again} {file} ADDRESS`"),
            FileKind::Html => format!(
                "a web page (the server answered with a page in the file's place); {again} {file} ADDRESS`, with \
                 the address of the file itself"
            ),
            FileKind::LfsPointer => {
                format!(
                    "the pointer that git LFS keeps in place of the file; fetch it: `git lfs pull -I {file}`"
                )
            }
            FileKind::Compressed(program) => {
                let out = beside(path, "unpacked");
                format!("a compressed file; unpack it: `{program} -c {file} > {out}`")
            }
            FileKind::Tar => format!("a tar archive; unpack it: `tar -xf {file}`"),
            FileKind::Archive(first) => {
                format!(
                    "a zip archive that PyTorch did not write (it holds {first}); unpack it: `unzip {file}`"
                )
            }
            FileKind::Npz => format!("an archive of NumPy arrays; {}", numpy(path, "dict(numpy.load(F))")),
            FileKind::Npy => {
                format!("one NumPy array, which has no name; {}", numpy(path, "{'NAME': numpy.load(F)}"))
            }
            FileKind::Hdf5 => format!("an HDF5 file, as Keras writes it; {}", hdf5(path)),
            FileKind::Onnx => format!("an ONNX network; {}", onnx(path)),
            FileKind::Pickle => pickle(path),
            FileKind::Text(start) => format!("a text file that begins with {start:?}; {EXPECTED}"),
            FileKind::Unknown(bytes) => {
                let hex: Vec<_> = bytes.iter().map(|byte| scribe_base::digest::hex([*byte])).collect();
                format!("a file of an unknown kind that begins with the bytes {}; {EXPECTED}", hex.join(" "))
            }
            FileKind::Zip | FileKind::LegacyPth | FileKind::Safetensors => EXPECTED.to_string(),
        }
    }
}

/// The same path with another extension. It is never the file itself.
fn beside(path: &Path, extension: &str) -> String {
    path.with_extension(extension).display().to_string()
}

fn pickle(path: &Path) -> String {
    format!(
        "a Python pickle that torch.save did not write; save its tensors by name: `python -c \"import pickle, torch; \
         torch.save(pickle.load(open('{}', 'rb')), '{}')\"`",
        path.display(),
        beside(path, "converted.pth")
    )
}

/// A command that writes a dict of NumPy arrays as safetensors.
fn python(path: &Path, imports: &str, arrays: &str) -> String {
    let (file, out) = (path.display(), beside(path, "converted.safetensors"));
    let arrays = arrays.replace("(F)", &format!("('{file}')"));
    format!(
        "convert it: `python -c \"import {imports}; from safetensors.numpy import save_file; \
         save_file({arrays}, '{out}')\"` (names and layouts must be those of torchvision)"
    )
}

fn numpy(path: &Path, arrays: &str) -> String {
    python(path, "numpy", arrays)
}

fn hdf5(path: &Path) -> String {
    let collect = "d = {}; h5py.File(F).visititems(lambda n, v: d.update({n: v[()]}) if hasattr(v, 'dtype') \
                   else None)";
    let collect = collect.replace("(F)", &format!("('{}')", path.display()));
    python(path, &format!("h5py; {collect}"), "d")
}

fn onnx(path: &Path) -> String {
    let arrays = "{t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(F).graph.initializer}";
    python(path, "onnx, onnx.numpy_helper", arrays)
}
