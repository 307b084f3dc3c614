//! Finding a kernel, and how it is launched.

use candle_core::cuda_backend::cudarc::driver::{CudaFunction, LaunchConfig};
use candle_core::cuda_backend::cudarc::nvrtc::Ptx;
use candle_core::cuda_backend::{CudaDevice, DeviceId, WrapErr};
use candle_core::{DType, Result, bail};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// A file of kernels, compiled for all architectures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Module {
    name: &'static str,
    image: &'static [u8],
}

macro_rules! modules {
    ($($constant:ident = $file:literal;)*) => {
        $(
            #[doc = concat!("`kernels/", $file, ".cu`.")]
            pub(super) const $constant: Module = Module {
                name: $file,
                image: include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".fatbin")),
            };
        )*
    };
}
modules! {
    BACKGROUND = "background";
    BATCH_NORM = "batch_norm";
    BILINEAR = "bilinear";
    HEAD_EVAL = "head_eval";
    HEAD_LOSS = "head_loss";
    MAX_POOL = "max_pool";
    PIXEL_LOSS = "pixel_loss";
    POINTWISE = "pointwise";
    SCORES = "scores";
    SGD = "sgd";
    SUMS = "sums";
}

/// Threads in a block of the kernels that do not say otherwise.
pub(super) const BLOCK: u32 = 256;

type Loaded = HashMap<(DeviceId, &'static str, String), CudaFunction>;

/// The kernel `name` of `module` for elements of type `dtype`.
pub(super) fn typed(device: &CudaDevice, module: Module, name: &str, dtype: DType) -> Result<CudaFunction> {
    let suffix = match dtype {
        DType::F32 => "f32",
        DType::F64 => "f64",
        DType::BF16 => "bf16",
        other => bail!("{name}: expected f32, f64 or bf16 on a GPU, got {other:?}"),
    };
    plain(device, module, &format!("{name}_{suffix}"))
}

/// The kernel `name` of `module`.
pub(super) fn plain(device: &CudaDevice, module: Module, name: &str) -> Result<CudaFunction> {
    static LOADED: LazyLock<Mutex<Loaded>> = LazyLock::new(Mutex::default);
    let mut loaded = LOADED.lock().unwrap_or_else(|e| e.into_inner());
    let key = (device.id(), module.name, name.to_string());
    if let Some(function) = loaded.get(&key) {
        return Ok(function.clone());
    }
    let stream = device.cuda_stream();
    let code = stream.context().load_module(Ptx::from_binary(module.image.to_vec())).w()?;
    let function = code.load_function(name).w()?;
    loaded.insert(key, function.clone());
    Ok(function)
}

/// A launch of one thread per element, in blocks of [`BLOCK`]; kernels loop where the grid ends before the elements.
pub(super) fn over(elements: usize) -> LaunchConfig {
    let blocks = elements.div_ceil(BLOCK as usize).clamp(1, 1 << 20);
    LaunchConfig { grid_dim: (blocks as u32, 1, 1), block_dim: (BLOCK, 1, 1), shared_mem_bytes: 0 }
}

/// A launch for `for_pieces` of `kernels/planes.cuh`: a warp for each piece of `planes` maps of `hw` elements.
pub(super) fn over_pieces(planes: usize, hw: usize) -> LaunchConfig {
    let pieces = planes * hw.div_ceil(PIECE);
    let warps = pieces.clamp(1, WARPS);
    let blocks = pieces.div_ceil(warps).clamp(1, 1 << 30);
    LaunchConfig {
        grid_dim: (blocks as u32, 1, 1),
        block_dim: (warps as u32 * 32, 1, 1),
        shared_mem_bytes: 0,
    }
}

/// A launch for `for_channel` of `kernels/planes.cuh`, and how many blocks share a channel there: enough to fill a large
/// GPU, and a number that follows from the sizes alone, so that sums do not depend on the card.
pub(super) fn over_channels(images: usize, channels: usize, hw: usize) -> (LaunchConfig, usize) {
    const BLOCKS: usize = 1024;
    let pieces = images * hw.div_ceil(PIECE);
    let warps = pieces.clamp(1, WARPS);
    let splits = BLOCKS.div_ceil(channels.max(1)).min(pieces.div_ceil(warps)).max(1);
    let grid_dim = ((channels * splits) as u32, 1, 1);
    (LaunchConfig { grid_dim, block_dim: (warps as u32 * 32, 1, 1), shared_mem_bytes: 0 }, splits)
}

/// Elements of one plane that a warp takes at a time; `PIECE` of `kernels/planes.cuh`.
const PIECE: usize = 1024;
/// Warps of a block, and the places that the kernels have for their sums.
const WARPS: usize = 8;

/// Launches a kernel: `launch!(device, function, config; argument, ...)`, arguments by reference, in the kernel's order.
///
/// # Safety
/// As the launch of any kernel: the arguments' types and sizes are those that the kernel expects. Every use of the macro
/// stands in an `unsafe` block that says why.
macro_rules! launch {
    ($device:expr, $function:expr, $config:expr; $($argument:expr),+ $(,)?) => {{
        use candle_core::cuda_backend::cudarc::driver::PushKernelArg;
        use candle_core::cuda_backend::WrapErr;
        let stream = $device.cuda_stream();
        // One expression, so that arguments computed in place live until the launch.
        stream.launch_builder($function)$(.arg($argument))+.launch($config).w().map(|_| ())
    }};
}
pub(super) use launch;
