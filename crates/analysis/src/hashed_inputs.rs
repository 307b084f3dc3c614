//! How many inputs of a store have their SHA-256 with them.

use scribe_records::{Result, Store};

/// How many inputs have their SHA-256 stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HashedInputs {
    /// Clean pictures.
    pub clean: u64,
    /// Pictures under any other condition.
    pub corrupted: u64,
    /// Corrupted pictures under further master seeds.
    pub further: u64,
}

impl HashedInputs {
    /// Those of a store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) fn of(store: &Store) -> Result<HashedInputs> {
        let inputs = store.inputs()?;
        let clean = inputs.iter().filter(|input| input.condition.is_clean()).count();
        let further = store.further_inputs()?.len() as u64;
        Ok(HashedInputs { clean: clean as u64, corrupted: (inputs.len() - clean) as u64, further })
    }
}
