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
    BATCH_NORM_BACKWARD = "batch_norm_backward";
    BILINEAR = "bilinear";
    CONCAT = "concat";
    DROPOUT = "dropout";
    FILTERS = "filters";
    FINITE = "finite";
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

/// Neighbouring elements that a thread moves at a time: 16 bytes, or one where they do not divide the channels. `WIDEST` of
/// `kernels/pixels.cuh`.
fn width(dtype: DType, channels: usize) -> usize {
    let widest = 16 / dtype.size_in_bytes().max(1);
    if channels.is_multiple_of(widest) { widest } else { 1 }
}

/// A launch of threads that take packs of elements, some at a time: enough blocks to fill a large GPU, then as many as
/// give each thread four packs.
fn over_packs(packs: usize, multiple: usize) -> LaunchConfig {
    const FULL: usize = 8 * MULTIPROCESSORS;
    let wanted = packs.div_ceil(BLOCK as usize);
    let blocks = wanted.min(FULL).max(wanted.div_ceil(4)).clamp(1, 1 << 20);
    blocks_of(BLOCK, blocks.next_multiple_of(multiple))
}

/// A launch for `for_packs` of `kernels/pixels.cuh` over a map: a thread keeps to the same channels, because the threads are
/// a multiple of the channels.
pub(super) fn over_elements(pixels: usize, channels: usize, dtype: DType) -> LaunchConfig {
    // The largest power of two that divides the channels, up to the block.
    let common = 1 << channels.trailing_zeros().min(BLOCK.trailing_zeros());
    over_packs(pixels * channels / width(dtype, channels), (channels / common).max(1))
}

/// A launch for `for_packs` over elements that belong to no channels.
pub(super) fn over_all(elements: usize, dtype: DType) -> LaunchConfig {
    over_packs(elements.div_ceil(width(dtype, 0)), 1)
}

/// A launch for `for_pixels` of `kernels/pixels.cuh`.
pub(super) fn over_pixels(pixels: usize, channels: usize, dtype: DType) -> LaunchConfig {
    over(pixels * channels / width(dtype, channels))
}

/// A launch for `for_runs` of `kernels/pixels.cuh`, and how many blocks share the pixels of a channel there: enough to fill
/// a large GPU once, and a number that follows from the sizes alone, so that sums do not depend on the card.
pub(super) fn over_runs(pixels: usize, channels: usize, dtype: DType) -> (LaunchConfig, usize) {
    /// `RESIDENT` blocks for each multiprocessor.
    const BLOCKS: usize = 3 * MULTIPROCESSORS;
    /// Pixels that are worth a thread.
    const PIXELS: usize = 8;
    let (lanes, width) = lanes(channels, dtype);
    let groups = channels.div_ceil(lanes * width).max(1);
    let useful = pixels.div_ceil(BLOCK as usize / lanes * PIXELS);
    let splits = (BLOCKS / groups).min(useful).max(1);
    (blocks_of(BLOCK, groups * splits), splits)
}

/// `lanes` and `WIDTH` of `Share` in `kernels/pixels.cuh`: the threads of a warp that take different channels, and how many
/// each of them takes.
fn lanes(channels: usize, dtype: DType) -> (usize, usize) {
    let widest = (16 / dtype.size_in_bytes().max(1)).min(4);
    match channels / widest {
        packs if packs > 0 && channels.is_multiple_of(widest) => {
            (1 << packs.trailing_zeros().min(WARP.trailing_zeros()), widest)
        }
        _ => (WARP, 1),
    }
}

/// A launch for `sum_of_parts` of `kernels/pixels.cuh`.
pub(super) fn over_parts(channels: usize) -> LaunchConfig {
    /// `CHANNELS` there.
    const CHANNELS: usize = 8;
    blocks_of(BLOCK, channels.div_ceil(CHANNELS))
}

/// A launch of a block for each 32 channels of each of `images`.
pub(super) fn over_channels(images: usize, channels: usize) -> LaunchConfig {
    blocks_of(BLOCK, images * channels.div_ceil(WARP))
}

/// A launch of a block for each chunk of the `channels` of each of `filters`, where a channel takes `bytes` of shared memory,
/// and the channels of a chunk.
pub(super) fn over_chunks(filters: usize, channels: usize, bytes: usize) -> (LaunchConfig, u32) {
    let most = (SHARED_BYTES / bytes.max(1)).clamp(1, 512).min(channels.max(1));
    let config = blocks_of(BLOCK, filters * channels.div_ceil(most));
    (LaunchConfig { shared_mem_bytes: (most * bytes) as u32, ..config }, most as u32)
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

/// A launch of `blocks` of [`BLOCK`] threads.
pub(super) fn over_blocks(blocks: usize) -> LaunchConfig {
    blocks_of(BLOCK, blocks)
}

fn blocks_of(threads: u32, blocks: usize) -> LaunchConfig {
    let blocks = blocks.clamp(1, i32::MAX as usize);
    LaunchConfig { grid_dim: (blocks as u32, 1, 1), block_dim: (threads, 1, 1), shared_mem_bytes: 0 }
}

/// Threads of a warp.
const WARP: usize = 32;
/// Of the GPU that launches are sized for, an H100 or H200. Others compute the same.
const MULTIPROCESSORS: usize = 132;
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
