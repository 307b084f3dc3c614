//! Classes, confusion counts and logit moments of a batch, from the network's outputs.

use super::head::{Head, Sized, check_status};
use super::kernel::{BLOCK, HEAD_EVAL, launch, over, plain, typed};
use super::view::{Element, Part, dtype, on_gpu, view, with_element};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, LaunchConfig};
use candle_core::{Result, Tensor, bail};

const CLASSES: &str = "head_classes";
const MOMENTS: &str = "head_moments";
/// Shared memory that every card gives a block without being asked.
const SHARED_BYTES: usize = 48 << 10;
/// Blocks that share the pixels of a picture for its moments.
const MOMENT_BLOCKS: usize = 256;

/// Predicted classes on the GPU, and what was counted.
#[derive(Debug)]
pub(crate) struct Classes {
    device: candle_core::cuda_backend::CudaDevice,
    classes: CudaSlice<u8>,
    /// `[K, K]` pixels by label and predicted class, where labels were given; void ones are left out.
    pub(crate) confusion: Option<Vec<u64>>,
}

impl Classes {
    /// The class of each pixel `[N, H, W]`, copied to the host.
    pub(crate) fn to_vec(&self) -> Result<Vec<u8>> {
        self.device.clone_dtoh(&self.classes)
    }
}

/// The class of each pixel of outputs `v` `[N, C, h, w]` at `size`, and with `label` `[N, H, W]` the confusion.
///
/// # Errors
/// When shapes, types or devices do not belong together, a label is neither a class nor 255, or there are more classes
/// than a block's counters (110).
pub(crate) fn head_classes(
    v: &Tensor,
    size: (usize, usize),
    head: Head,
    label: Option<&Tensor>,
) -> Result<Classes> {
    let sized = Sized::new(CLASSES, head, v, size)?;
    if let Some(label) = label {
        crate::ops::cpu::real::check_label_size(CLASSES, v, label)?;
        if label.dims()[1..] != [size.0, size.1] {
            bail!("{CLASSES}: expected labels of {size:?}, got {:?}", label.dims());
        }
    }
    let (v, label) = (v.contiguous()?, label.map(Tensor::contiguous).transpose()?);
    on_gpu(CLASSES, &v, |v| {
        with_element!(dtype(v.0), CLASSES, T => match &label {
            None => classes::<T>(&sized, v, None),
            Some(label) => on_gpu(CLASSES, label, |label| classes::<T>(&sized, v, Some(label))),
        })
    })
}

fn classes<T: Element>(sized: &Sized, v: Part<'_>, label: Option<Part<'_>>) -> Result<Classes> {
    let device = v.0.device().clone();
    let v = view::<T>(CLASSES, v)?;
    let label = label.map(|label| view::<u8>(CLASSES, label)).transpose()?;
    let total = sized.classes();
    let cells = if label.is_some() { total * total } else { 0 };
    if cells * size_of::<u32>() > SHARED_BYTES {
        bail!("{CLASSES}: expected at most 110 classes to count, got {total}");
    }
    let pixels = sized.images * sized.pixels();
    // SAFETY: the kernel writes every element.
    let mut classes = unsafe { device.alloc::<u8>(pixels)? };
    let (mut counts, mut status) = (device.alloc_zeros::<i64>(cells.max(1))?, device.alloc_zeros::<i64>(3)?);
    let function = typed(&device, HEAD_EVAL, CLASSES, T::DTYPE)?;
    let blocks = pixels.div_ceil(BLOCK as usize).min(2048);
    let config = LaunchConfig {
        grid_dim: (blocks as u32, 1, 1),
        block_dim: (BLOCK, 1, 1),
        shared_mem_bytes: (cells * size_of::<u32>()) as u32,
    };
    let (rows, columns) = sized.scales::<T>();
    let (raw, images) = (sized.raw(), sized.images as i32);
    // SAFETY: the arguments are those of `head_classes` in kernels/head_eval.cu, sized as it says; without labels it is
    // given the null pointer that it asks for.
    unsafe {
        match &label {
            Some(label) => {
                launch!(device, &function, config; &raw, &images, &rows, &columns, &v, label, &mut classes,
                &mut counts, &mut status)?
            }
            None => {
                launch!(device, &function, config; &raw, &images, &rows, &columns, &v, &0u64, &mut classes,
                &mut counts, &mut status)?
            }
        }
    }
    let confusion = match label {
        None => None,
        Some(_) => {
            let host = |slice: &CudaSlice<i64>| -> Result<Vec<u64>> {
                Ok(device.clone_dtoh(slice)?.into_iter().map(|n| n as u64).collect())
            };
            check_status(CLASSES, total, &host(&status)?)?;
            Some(host(&counts)?)
        }
    };
    Ok(Classes { device, classes, confusion })
}

/// For each predicted class of picture `image` of the batch: the number of its pixels, the sums of the `K` logits, and of
/// the upper triangle of their products, row by row. `[K, 1 + K + K (K + 1) / 2]`, in f64.
///
/// # Errors
/// When shapes, types or devices do not belong together.
pub(crate) fn head_moments(
    v: &Tensor,
    size: (usize, usize),
    head: Head,
    classes: &Classes,
    image: usize,
) -> Result<Vec<f64>> {
    let v = v.narrow(0, image, 1)?.contiguous()?;
    let sized = Sized::new(MOMENTS, head, &v, size)?;
    let pixels = sized.pixels();
    let Some(classes) = classes.classes.try_slice(image * pixels..(image + 1) * pixels) else {
        bail!("{MOMENTS}: expected classes for {} pictures of {size:?}", image + 1);
    };
    on_gpu(MOMENTS, &v, |v| with_element!(dtype(v.0), MOMENTS, T => moments::<T>(&sized, v, &classes)))
}

type Classification<'a> = candle_core::cuda_backend::cudarc::driver::CudaView<'a, u8>;

fn moments<T: Element>(sized: &Sized, v: Part<'_>, classes: &Classification<'_>) -> Result<Vec<f64>> {
    let device = v.0.device().clone();
    let v = view::<T>(MOMENTS, v)?;
    let (total, pixels) = (sized.classes(), sized.pixels());
    let count = total * (1 + total + total * (total + 1) / 2);
    let blocks = pixels.div_ceil(BLOCK as usize).min(MOMENT_BLOCKS);
    let per_block = pixels.div_ceil(blocks) as u64;
    let pixel_bytes = total * size_of::<T::Arithmetic>();
    let tile = (SHARED_BYTES / pixel_bytes).min(BLOCK as usize);
    let config = LaunchConfig {
        grid_dim: (blocks as u32, 1, 1),
        block_dim: (BLOCK, 1, 1),
        shared_mem_bytes: (tile * pixel_bytes) as u32,
    };
    let function = typed(&device, HEAD_EVAL, MOMENTS, T::DTYPE)?;
    // SAFETY: each block clears its own sums first; the second kernel writes every sum.
    let (mut partial, mut sums) =
        unsafe { (device.alloc::<f64>(blocks * count)?, device.alloc::<f64>(count)?) };
    let (rows, columns) = sized.scales::<T>();
    // SAFETY: the arguments are those of `head_moments` in kernels/head_eval.cu, sized as it says.
    unsafe {
        launch!(device, &function, config; &sized.raw(), &(tile as i32), &per_block, &rows, &columns, &v, classes,
            &mut partial)?;
    }
    let add = plain(&device, HEAD_EVAL, "head_moments_sum")?;
    // SAFETY: `partial` holds `count` sums for each block, `sums` `count`.
    unsafe {
        launch!(device, &add, over(count); &(blocks as i32), &(count as i32), &partial, &mut sums)?;
    }
    device.clone_dtoh(&sums)
}
