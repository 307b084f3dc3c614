//! Devices by their names.

use crate::ops::cuda;
use crate::{Error, Result};
use candle_core::Device;

/// The device with this name: `cpu`, or `cuda:0` (`cuda` for short) in a build with the feature `cuda`.
///
/// # Errors
/// [`Error::Device`] for an unknown name, or one that this build or this machine cannot use.
pub fn pick(name: &str) -> Result<Device> {
    let refuse = |reason: String| Err(Error::Device { name: name.to_string(), reason });
    let index = match name.split_once(':') {
        None if name == "cpu" => return Ok(Device::Cpu),
        None if name == "cuda" => Some(0),
        Some(("cuda", index)) => index.parse().ok(),
        _ => None,
    };
    match index {
        Some(index) => gpu(index).or_else(refuse),
        None => refuse("unknown; expected \"cpu\" or \"cuda:INDEX\"".to_string()),
    }
}

/// The most bytes that tensors had on a GPU at a time since the last call; `None` for a CPU.
///
/// # Errors
/// When the GPU's driver fails.
pub fn most_memory(device: &Device) -> Result<Option<u64>> {
    match device {
        Device::Cuda(gpu) => Ok(cuda::device::most_memory(gpu)?),
        _ => Ok(None),
    }
}

fn gpu(index: usize) -> std::result::Result<Device, String> {
    cuda::device::open(index).map_err(|error| reason(&error))
}

/// Why a GPU was not opened.
fn reason(error: &candle_core::Error) -> String {
    match error {
        candle_core::Error::NotCompiledWithCudaSupport => {
            "this program was built without cuda; use \"cpu\", or build with --features cuda".to_string()
        }
        error => format!("the GPU cannot be used: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let cpu = pick("cpu").expect("every build has it");
        assert!(cpu.is_cpu());
        assert_eq!(most_memory(&cpu).expect("nothing is asked"), None);
        assert!(pick("cuda:one").unwrap_err().to_string().contains("unknown"));
        assert!(pick("cpu:1").unwrap_err().to_string().contains("unknown"));
        assert!(pick("").unwrap_err().to_string().contains("unknown"));
    }

    #[test]
    fn a_build_without_cuda_says_so() {
        assert!(reason(&candle_core::Error::NotCompiledWithCudaSupport).contains("built without cuda"));
        match pick("cuda:0") {
            Ok(device) => assert!(device.is_cuda()),
            Err(error) => assert!(error.to_string().contains("cuda:0"), "{error}"),
        }
    }
}
