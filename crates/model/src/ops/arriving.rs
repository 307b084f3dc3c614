//! Bytes that a CPU has computed, or that are on their way from a GPU.

use super::cuda::download::Download;
use candle_core::Result;

/// See the module.
#[derive(Debug)]
pub(crate) enum Arriving {
    Here(Vec<u8>),
    Underway(Download),
}

impl Arriving {
    /// The bytes, once they are here.
    ///
    /// # Errors
    /// Those of what computes them on the device.
    pub(crate) fn wait(self) -> Result<Vec<u8>> {
        match self {
            Arriving::Here(bytes) => Ok(bytes),
            Arriving::Underway(download) => download.wait(),
        }
    }
}
