//! The devices that a test's body runs on.
#![allow(dead_code, reason = "each test file uses a part")]

use candle_core::{Device, Error};
use std::sync::OnceLock;

/// Runs `body` on the CPU and, in a build with the feature `cuda`, on the first GPU.
pub(crate) fn on_every_device(body: impl Fn(&Device)) {
    body(&Device::Cpu);
    on_gpu(body);
}

/// [`on_every_device`] for a body that can fail.
pub(crate) fn try_every_device<E>(body: impl Fn(&Device) -> Result<(), E>) -> Result<(), E> {
    body(&Device::Cpu)?;
    let result = std::cell::RefCell::new(Ok(()));
    on_gpu(|device| *result.borrow_mut() = body(device));
    result.into_inner()
}

/// Runs `body` on the first GPU. Without one it says that the test was skipped, or fails where the environment variable
/// `SCRIBE_REQUIRE_GPU` is 1. A build without the feature `cuda` has nothing to run.
pub(crate) fn on_gpu(body: impl Fn(&Device)) {
    // One for all tests of a program: its kernels are loaded once.
    static GPU: OnceLock<Result<Device, Error>> = OnceLock::new();
    // Candle says why there is none; the program's own way opens it with one stream for all threads.
    let open = || scribe_model::device::pick("cuda:0").expect("a GPU that candle can open");
    match GPU.get_or_init(|| Device::new_cuda(0).map(|_| open())) {
        Ok(device) => body(device),
        Err(Error::NotCompiledWithCudaSupport) => {}
        Err(error) if std::env::var("SCRIBE_REQUIRE_GPU").is_ok_and(|v| v == "1") => {
            panic!("no GPU: {error}")
        }
        Err(error) => eprintln!("skipped on a GPU: {error}"),
    }
}
