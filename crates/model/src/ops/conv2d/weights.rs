//! The weights of a layer in inference, in the forms that its convolutions use.

use super::ChannelAffine;
use candle_core::{Result, Tensor};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The weight of a convolution with its folded batch norm. It is packed when a form of it is used for the first time, and
/// the packed form is kept.
#[derive(Debug)]
pub(crate) struct FoldedWeights {
    /// `[Co, Ci, Kh, Kw]`.
    pub(crate) weight: Tensor,
    pub(crate) affine: ChannelAffine,
    forms: Mutex<HashMap<&'static str, Arc<dyn Any + Send + Sync>>>,
}

impl FoldedWeights {
    /// The weights as they are now. Later changes of the variables do not reach what is packed.
    pub(crate) fn new(weight: Tensor, affine: ChannelAffine) -> FoldedWeights {
        FoldedWeights { weight, affine, forms: Mutex::default() }
    }

    /// The form of this name, which `pack` makes the first time.
    pub(in crate::ops) fn form<F: Send + Sync + 'static>(
        &self,
        name: &'static str,
        pack: impl FnOnce() -> Result<F>,
    ) -> Result<Arc<F>> {
        let known = |forms: &HashMap<&'static str, Arc<dyn Any + Send + Sync>>| {
            forms.get(name).and_then(|form| form.clone().downcast::<F>().ok())
        };
        let lock = || self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(form) = known(&lock()) {
            return Ok(form);
        }
        // Not under the lock: packing runs on rayon's threads, and one that waits for a part of it may take up another
        // prediction, which wants this lock.
        let made = Arc::new(pack()?);
        let mut forms = lock();
        if let Some(form) = known(&forms) {
            return Ok(form);
        }
        forms.insert(name, made.clone());
        Ok(made)
    }
}
