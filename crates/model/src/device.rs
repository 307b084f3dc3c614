//! Where tensors live.

use crate::{Error, Result};
use candle_core::Device;

/// The device of a name: `cpu`, or `cuda:0` in a build with CUDA (this one has none).
///
/// # Errors
/// [`Error::Device`] for an unknown name, or one that this build cannot use.
pub fn pick(name: &str) -> Result<Device> {
    let refuse = |reason| Err(Error::Device { name: name.to_string(), reason });
    match name.split(':').next() {
        Some("cpu") if name == "cpu" => Ok(Device::Cpu),
        Some("cuda") => refuse("this program was built without cuda; use \"cpu\""),
        _ => refuse("unknown; expected \"cpu\" or \"cuda:INDEX\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(pick("cpu").expect("every build has it").is_cpu());
        assert!(pick("cuda:0").unwrap_err().to_string().contains("built without cuda"));
        assert!(pick("cpu:1").unwrap_err().to_string().contains("unknown"));
        assert!(pick("").unwrap_err().to_string().contains("unknown"));
    }
}
