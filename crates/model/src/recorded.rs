//! A network's output with the record of how it was made.

use crate::Result;
use crate::tape::Tape;
use candle_core::backprop::GradStore;
use candle_core::{Tensor, Var};

/// The output of a network in training, from which a loss of one's own is made, and the way back to the gradients of the
/// network's parameters.
///
/// A result of `forward_t(x, true)` gives the same gradients, as a part of candle's graph. This way takes less time and
/// memory: each gradient is written once, and a layer's tensors are let go of as soon as its gradients are known.
///
/// ```
/// # use candle_core::{DType, Device, Tensor};
/// # use scribe_model::{Backbone, Decoder, DeepLabConfig, Stride};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let net = DeepLabConfig {
/// #     decoder: Decoder::None,
/// #     output_stride: Stride::Sixteen,
/// #     rates: [6, 12, 18],
/// #     bn_momentum: 0.1,
/// #     dropout: 0.1,
/// #     align_corners: false,
/// #     width: 0.0625,
/// # };
/// let backbone = Backbone::new(&net, 1, &Device::Cpu)?;
/// let recorded = backbone.record(&Tensor::ones((2, 3, 32, 32), DType::F32, &Device::Cpu)?)?;
/// let loss = recorded.output().sqr()?.mean_all()?;
/// let mut gradients = loss.backward()?;
/// recorded.backward(&mut gradients)?;
/// assert!(backbone.parameters().trainable().all(|(_, var)| gradients.get(var).is_some()));
/// # Ok(())
/// # }
/// ```
pub struct Recorded {
    tape: Tape,
    /// The output as the tape knows it.
    inner: Tensor,
    /// The output as candle's graph knows it.
    output: Var,
}

impl std::fmt::Debug for Recorded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorded").field("output", &self.output).finish_non_exhaustive()
    }
}

impl Recorded {
    pub(crate) fn new(inner: Tensor, tape: Tape) -> Result<Recorded> {
        let output = Var::from_tensor(&inner)?;
        Ok(Recorded { tape, inner, output })
    }

    /// The output, a variable of candle's graph.
    pub fn output(&self) -> &Tensor {
        &self.output
    }

    /// Adds the gradients of the network's parameters to those of a loss of the output.
    ///
    /// # Errors
    /// When memory is full, and where batch norm takes its statistics over several processes, when another one is gone.
    pub fn backward(self, gradients: &mut GradStore) -> Result<()> {
        if let Some(gradient) = gradients.remove(&self.output) {
            gradients.extend(self.tape.undo(&self.inner, gradient)?.into_store()?)?;
        }
        Ok(())
    }
}
