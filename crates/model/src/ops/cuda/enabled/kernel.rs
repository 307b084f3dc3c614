//! Finding a kernel, and how it is launched.

use candle_core::cuda_backend::cudarc::driver::{CudaFunction, CudaModule, LaunchConfig};
use candle_core::cuda_backend::cudarc::nvrtc::Ptx;
use candle_core::cuda_backend::{CudaDevice, DeviceId, WrapErr};
use candle_core::{DType, Result, bail};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, LazyLock, Mutex};

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
    CONCAT = "concat";
    DROPOUT = "dropout";
    FILTERS = "filters";
    HEAD_EVAL = "head_eval";
    HEAD_LOSS = "head_loss";
    MAX_POOL = "max_pool";
    NORMALISED = "normalised";
    PIXEL_LOSS = "pixel_loss";
    POINTWISE = "pointwise";
    SCORES = "scores";
    SGD = "sgd";
    SUMS = "sums";
}

/// Threads in a block of the kernels that do not say otherwise.
pub(super) const BLOCK: u32 = 256;

/// The modules and kernels that devices have loaded.
#[derive(Default)]
struct Loaded {
    modules: HashMap<(DeviceId, &'static str), Arc<CudaModule>>,
    functions: HashMap<(DeviceId, &'static str, String), CudaFunction>,
}

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
    let Loaded { modules, functions } = &mut *loaded;
    let key = (device.id(), module.name, name.to_string());
    if let Some(function) = functions.get(&key) {
        return Ok(function.clone());
    }
    let code = match modules.entry((device.id(), module.name)) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => {
            let image = Ptx::from_binary(module.image.to_vec());
            place.insert(device.cuda_stream().context().load_module(image).w()?)
        }
    };
    let function = code.load_function(name).w()?;
    functions.insert(key, function.clone());
    Ok(function)
}

/// A launch of one thread per element, in blocks of [`BLOCK`]; kernels loop where the grid ends before the elements.
pub(super) fn over(elements: usize) -> LaunchConfig {
    blocks_of(BLOCK, elements.div_ceil(BLOCK as usize).min(1 << 20))
}

/// A launch for `for_elements` of `kernels/pixels.cuh`: a thread keeps to one channel, because the threads are a multiple
/// of the channels or no fewer than the elements.
pub(super) fn over_elements(pixels: usize, channels: usize) -> LaunchConfig {
    // More than fit on a large GPU at a time.
    const BLOCKS: usize = 2048;
    let wanted = (pixels * channels).div_ceil(BLOCK as usize);
    // The largest power of two that divides the channels, up to the block.
    let common = 1 << channels.trailing_zeros().min(BLOCK.trailing_zeros());
    let most = BLOCKS.next_multiple_of((channels / common).max(1));
    blocks_of(BLOCK, wanted.min(most))
}

/// A launch for `for_pixels` of `kernels/pixels.cuh`, and how many threads share a pixel there.
pub(super) fn over_pixels(pixels: usize, channels: usize) -> (LaunchConfig, u32) {
    let lanes = channels.next_power_of_two().min(WARP);
    (over(pixels * lanes), lanes as u32)
}

/// A launch for `for_runs` of `kernels/pixels.cuh`, and how many blocks share the pixels of a channel there: enough to fill
/// a large GPU, and a number that follows from the sizes alone, so that sums do not depend on the card.
pub(super) fn over_runs(pixels: usize, channels: usize) -> (LaunchConfig, usize) {
    const BLOCKS: usize = 1024;
    /// Pixels that are worth a warp.
    const PIXELS: usize = 16;
    let groups = channels.div_ceil(WARP).max(1);
    let useful = pixels.div_ceil(BLOCK as usize / WARP * PIXELS).max(1);
    let splits = BLOCKS.div_ceil(groups).min(useful);
    (blocks_of(BLOCK, groups * splits), splits)
}

/// A launch of a block for each 32 channels of each of `images`.
pub(super) fn over_channels(images: usize, channels: usize) -> LaunchConfig {
    blocks_of(BLOCK, images * channels.div_ceil(WARP))
}

/// A launch for the tiles of `kernels/tile.cuh`, each of which takes `bytes` of shared memory for a pixel, and the pixels of
/// one: as many as a block has threads, if they fit.
pub(super) fn over_tiles(pixels: usize, bytes: usize) -> (LaunchConfig, u32) {
    let tile = (SHARED_BYTES / bytes).clamp(1, BLOCK as usize);
    let config = blocks_of(BLOCK, pixels.div_ceil(tile));
    (LaunchConfig { shared_mem_bytes: (tile * bytes) as u32, ..config }, tile as u32)
}

/// Values of a pixel of `channels` in a tile: `tile_stride` of `kernels/tile.cuh`.
pub(super) fn tile_stride(channels: usize) -> usize {
    channels | 1
}

fn blocks_of(threads: u32, blocks: usize) -> LaunchConfig {
    let blocks = blocks.clamp(1, i32::MAX as usize);
    LaunchConfig { grid_dim: (blocks as u32, 1, 1), block_dim: (threads, 1, 1), shared_mem_bytes: 0 }
}

/// Threads of a warp.
const WARP: usize = 32;
/// Shared memory that every card gives a block without being asked, less what kernels declare themselves.
pub(super) const SHARED_BYTES: usize = 47 << 10;

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
