//! Reads PyTorch's files in both of their forms, within bounds, and runs nothing that they contain.
//!
//! The formats: `torch/serialization.py` of PyTorch (`_save`, `_legacy_save`) and Python's `pickletools`.

mod archive;
mod cursor;
mod error;
mod legacy;
mod limits;
mod node;
mod opcode;
mod pickle;
mod rebuild;
mod scalar;
mod state;
mod steps;
mod tensor;
mod unpickle;

pub(super) use archive::Archive;
pub use error::PthError;
pub(super) use legacy::begins;

use candle_core::Tensor;
use std::collections::BTreeMap;

type Tensors = BTreeMap<String, Tensor>;

/// The state dict of a zip file that PyTorch wrote. `bytes` is the whole file.
///
/// # Errors
/// When it is damaged, holds no state dict, or claims more than [`limits`] allow.
pub(super) fn read_archive(mut archive: Archive<'_>, bytes: &[u8]) -> Result<Tensors, PthError> {
    let script = archive.is_script();
    let pickle = unpickle::unpickle(archive.pickle()?)?;
    let mut read = BTreeMap::new();
    let made = state::tensors(&pickle, bytes.len(), &mut |storage, expected| {
        // Several tensors may share a storage.
        match read.get(storage.key) {
            Some(bytes) => Ok(*bytes),
            None => {
                let bytes = archive.storage(storage.key, expected)?;
                read.insert(storage.key, bytes);
                Ok(bytes)
            }
        }
    });
    made.map_err(|error| match error {
        PthError::NoStateDict { keys, .. } if script => PthError::NoStateDict {
            keys,
            holds: "a compiled program (TorchScript)".into(),
            cure: "save its state dict: torch.save(torch.jit.load(FILE).state_dict(), OUT)".into(),
        },
        error => error,
    })
}

/// The state dict of a file from before PyTorch 1.6.
///
/// # Errors
/// As [`read_archive`].
pub(super) fn read_legacy(bytes: &[u8]) -> Result<Tensors, PthError> {
    let legacy = legacy::read(bytes)?;
    state::tensors(&legacy.object, bytes.len(), &mut |storage, expected| {
        let found = legacy.storages.get(storage.key).copied().unwrap_or_default();
        match found.len() as u64 == expected {
            true => Ok(found),
            false => Err(PthError::Storage {
                storage: pickle::shown(storage.key).into_owned(),
                found: found.len() as u64,
                expected,
            }),
        }
    })
}
