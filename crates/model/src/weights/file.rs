//! The tensors of a file of weights, by the file's own names.

use super::kind::{FileKind, HEAD, recognise};
use super::pth::{self, Archive};
use crate::{Error, Result};
use candle_core::{Device, Tensor};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes of the largest file that is read. A full-width network with the state of its optimizer takes half a GiB.
const LARGEST: u64 = 8 << 30;

/// The tensors of one file, by the file's own names.
#[derive(Clone, Debug)]
pub struct Weights {
    path: PathBuf,
    tensors: BTreeMap<String, Tensor>,
}

impl Weights {
    /// Reads a file of weights: safetensors, or a state dict of PyTorch in either of its forms, zip (since 1.6) or legacy.
    /// Its kind follows from its first bytes, not from its name. Nothing that a pickle asks for is run.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::NotWeights`] when it is something else, [`Error::Pth`] or
    /// [`Error::Weights`] when it is damaged or claims more than a file of weights may.
    pub fn read(path: &Path) -> Result<Weights> {
        Weights::parse(path, &Weights::bytes(path)?)
    }

    /// Reads the bytes of a file that may hold weights, for a caller that also needs their hash.
    ///
    /// # Errors
    /// [`Error::Io`], or [`Error::Weights`] for a folder, a device, or a file of more than 8 GiB.
    pub fn bytes(path: &Path) -> Result<Vec<u8>> {
        let io = |source| Error::Io { path: path.to_path_buf(), source };
        let refused = |reason: String| Error::Weights { path: path.to_path_buf(), reason };
        let about = std::fs::metadata(path).map_err(io)?;
        if !about.is_file() {
            return Err(refused("a folder or a device (expected a file)".into()));
        }
        if about.len() > LARGEST {
            return Err(refused(format!("{} bytes (expected at most {LARGEST}, 8 GiB)", about.len())));
        }
        std::fs::read(path).map_err(io)
    }

    /// [`Weights::read`] of a file whose bytes are given. `path` is named in errors.
    ///
    /// # Errors
    /// As [`Weights::read`].
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Weights> {
        let other = |kind| Error::NotWeights { path: path.to_path_buf(), kind };
        let damaged = |source| Error::Pth { path: path.to_path_buf(), source };
        let tensors = match recognise(&bytes[..bytes.len().min(HEAD)]) {
            FileKind::Safetensors => safetensors(path, bytes)?,
            FileKind::LegacyPth => pth::read_legacy(bytes).map_err(damaged)?,
            FileKind::Zip => {
                let archive = Archive::open(bytes).map_err(damaged)?;
                if !archive.has_pickle() {
                    return Err(other(kind_of_archive(&archive.names())));
                }
                pth::read_archive(archive, bytes).map_err(damaged)?
            }
            kind => return Err(other(kind)),
        };
        Ok(Weights { path: path.to_path_buf(), tensors })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The tensors by the file's own names.
    pub fn tensors(&self) -> &BTreeMap<String, Tensor> {
        &self.tensors
    }
}

/// The kind of a zip file that PyTorch did not write, by the names in it.
fn kind_of_archive(names: &[String]) -> FileKind {
    if names.iter().any(|name| name.ends_with(".npy")) {
        return FileKind::Npz;
    }
    let first = names.first().map_or("nothing", String::as_str);
    FileKind::Archive(first.chars().take(60).collect())
}

fn safetensors(path: &Path, bytes: &[u8]) -> Result<BTreeMap<String, Tensor>> {
    let bad = |reason: String| Error::Weights { path: path.to_path_buf(), reason };
    // `recognise` takes only a file of more than 8 bytes for safetensors, so neither line can panic or wrap.
    let mut length = [0; 8];
    length.copy_from_slice(&bytes[..8]);
    let header = u64::from_le_bytes(length);
    if header > bytes.len() as u64 - 8 {
        let there = bytes.len();
        return Err(bad(format!(
            "a safetensors file that is cut: its header takes {header} bytes, the file has {there}; fetch it again"
        )));
    }
    let tensors = candle_core::safetensors::load_buffer(bytes, &Device::Cpu);
    let tensors = tensors
        .map_err(|error| bad(format!("a cut or damaged safetensors file ({error}); fetch it again")))?;
    Ok(tensors.into_iter().collect())
}
