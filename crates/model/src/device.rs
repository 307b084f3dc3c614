//! Devices by their names.

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
        Some(index) => cuda(index).or_else(refuse),
        None => refuse("unknown; expected \"cpu\" or \"cuda:INDEX\"".to_string()),
    }
}

#[cfg(feature = "cuda")]
fn cuda(index: usize) -> std::result::Result<Device, String> {
    let open = || {
        // All threads share one stream. Candle's default is one per thread, and then nothing would make a network's first
        // use on one thread wait for its weights, which another thread sent.
        let device = Device::new_cuda_with_stream(index)?;
        // SAFETY: with a single stream every use of a tensor comes after the work that made it, and its memory is freed in
        // that order too, so no events are needed.
        unsafe { device.as_cuda_device()?.disable_event_tracking() };
        candle_core::Result::Ok(device)
    };
    open().map_err(|error| format!("the GPU cannot be used: {error}"))
}

#[cfg(not(feature = "cuda"))]
fn cuda(_index: usize) -> std::result::Result<Device, String> {
    Err("this program was built without cuda; use \"cpu\", or build with --features cuda".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(pick("cpu").expect("every build has it").is_cpu());
        #[cfg(not(feature = "cuda"))]
        assert!(pick("cuda:0").unwrap_err().to_string().contains("built without cuda"));
        assert!(pick("cuda:one").unwrap_err().to_string().contains("unknown"));
        assert!(pick("cpu:1").unwrap_err().to_string().contains("unknown"));
        assert!(pick("").unwrap_err().to_string().contains("unknown"));
    }
}
