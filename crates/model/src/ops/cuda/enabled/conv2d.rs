//! Convolution: cuDNN's, our pass for bias, scale, residual and rectifier behind it.

use super::cudnn::{Direction, Operands, Problem, run};
use super::kernel::{BATCH_NORM, launch, over_pieces, typed};
pub(in crate::ops) use super::view::Part;
use super::view::{Element, arithmetic, dtype, part, view, with_element};
use crate::ops::{ChannelAffine, Conv2dConfig, GpuMath, gpu_math};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView, DevicePtr, DevicePtrMut};
use candle_core::cuda_backend::{CudaDevice, CudaStorage};
use candle_core::{DType, Layout, Result};

/// The shapes of a convolution.
#[derive(Clone, Copy)]
pub(in crate::ops) struct Shapes {
    pub(in crate::ops) x: [usize; 4],
    pub(in crate::ops) weight: [usize; 4],
    pub(in crate::ops) y: [usize; 4],
    pub(in crate::ops) config: Conv2dConfig,
}

impl Shapes {
    fn problem(&self, direction: Direction, dtype: DType) -> Problem {
        let Shapes { x, weight, y, config } = *self;
        Problem { direction, dtype, x, weight, y, config, tf32: gpu_math() == GpuMath::Tf32 }
    }
}

/// `y` from `x` and the weight, with a bias where there is one.
pub(in crate::ops) fn forward(
    name: &str,
    shapes: Shapes,
    x: Part<'_>,
    weight: Part<'_>,
    bias: Option<Part<'_>>,
) -> Result<CudaStorage> {
    let problem = shapes.problem(Direction::Forward, dtype(x.0));
    let weight = Cast::new(weight, dtype(x.0))?;
    let device = x.0.device().clone();
    with_element!(dtype(x.0), name, T => {
        let (x, weight) = (view::<T>(name, x)?, view::<T>(name, weight.part())?);
        let mut y = computed::<T>(&device, problem, &x, &weight)?;
        if let Some(bias) = bias {
            let shift = view::<<T as Element>::Arithmetic>(name, bias)?;
            let finish = Finish { scale: None, shift, residual: None, relu: false };
            finish.apply(&device, shapes.y, &mut y)?;
        }
        Ok(CudaStorage::wrap_cuda_slice(y, device))
    })
}

/// `activation(scale * y + shift + residual)`.
pub(in crate::ops) fn normalised(
    name: &str,
    shapes: Shapes,
    x: Part<'_>,
    weight: Part<'_>,
    affine: &ChannelAffine,
    residual: Option<Part<'_>>,
    relu: bool,
) -> Result<CudaStorage> {
    let problem = shapes.problem(Direction::Forward, dtype(x.0));
    let weight = Cast::new(weight, dtype(x.0))?;
    let device = x.0.device().clone();
    let (scale, scale_layout) = affine.scale.storage_and_layout();
    let (shift, shift_layout) = affine.shift.storage_and_layout();
    with_element!(dtype(x.0), name, T => {
        type A = <T as Element>::Arithmetic;
        let (x, weight) = (view::<T>(name, x)?, view::<T>(name, weight.part())?);
        let mut y = computed::<T>(&device, problem, &x, &weight)?;
        let finish = Finish {
            scale: Some(view::<A>(name, part(name, &scale, scale_layout)?)?),
            shift: view::<A>(name, part(name, &shift, shift_layout)?)?,
            residual: residual.map(|r| view::<T>(name, r)).transpose()?,
            relu,
        };
        finish.apply(&device, shapes.y, &mut y)?;
        Ok(CudaStorage::wrap_cuda_slice(y, device))
    })
}

/// The gradient of `x`.
pub(in crate::ops) fn input_gradient(
    name: &str,
    shapes: Shapes,
    dy: Part<'_>,
    weight: Part<'_>,
) -> Result<CudaStorage> {
    let problem = shapes.problem(Direction::InputGradient, dtype(dy.0));
    let weight = Cast::new(weight, dtype(dy.0))?;
    let device = dy.0.device().clone();
    with_element!(dtype(dy.0), name, T => {
        let (dy, weight) = (view::<T>(name, dy)?, view::<T>(name, weight.part())?);
        let dx = computed::<T>(&device, problem, &dy, &weight)?;
        Ok(CudaStorage::wrap_cuda_slice(dx, device))
    })
}

/// The gradient of the weight, in the weight's own type `wanted`.
pub(in crate::ops) fn weight_gradient(
    name: &str,
    shapes: Shapes,
    x: Part<'_>,
    dy: Part<'_>,
    wanted: DType,
) -> Result<CudaStorage> {
    let problem = shapes.problem(Direction::WeightGradient, dtype(x.0));
    let device = x.0.device().clone();
    let dw = with_element!(dtype(x.0), name, T => {
        let (x, dy) = (view::<T>(name, x)?, view::<T>(name, dy)?);
        CudaStorage::wrap_cuda_slice(computed::<T>(&device, problem, &x, &dy)?, device)
    });
    if wanted == dtype(&dw) {
        return Ok(dw);
    }
    dw.to_dtype(&Layout::contiguous(shapes.weight.as_slice()), wanted)
}

/// The tensor that the problem's direction computes from the two others, given in the order x, weight, y.
fn computed<T: Element>(
    device: &CudaDevice,
    problem: Problem,
    a: &CudaView<'_, T>,
    b: &CudaView<'_, T>,
) -> Result<CudaSlice<T>> {
    let count: usize = match problem.direction {
        Direction::Forward => problem.y.iter().product(),
        Direction::InputGradient => problem.x.iter().product(),
        Direction::WeightGradient => problem.weight.iter().product(),
    };
    // SAFETY: cuDNN writes every element (its factor for the old values is 0) before anything reads it.
    let mut made = unsafe { device.alloc::<T>(count)? };
    {
        let stream = device.cuda_stream();
        let ((a, _a), (b, _b)) = (a.device_ptr(&stream), b.device_ptr(&stream));
        let (made, _made) = made.device_ptr_mut(&stream);
        let operands = match problem.direction {
            Direction::Forward => Operands { x: a, weight: b, y: made },
            Direction::InputGradient => Operands { y: a, weight: b, x: made },
            Direction::WeightGradient => Operands { x: a, y: b, weight: made },
        };
        // SAFETY: the operator has checked the shapes, and the views are of the problem's type.
        unsafe { run(device, problem, operands)? };
    }
    Ok(made)
}

/// A weight in the type of the activations.
enum Cast<'a> {
    Same(Part<'a>),
    Other(CudaStorage, Layout),
}

impl<'a> Cast<'a> {
    fn new(weight: Part<'a>, wanted: DType) -> Result<Cast<'a>> {
        if dtype(weight.0) == wanted {
            return Ok(Cast::Same(weight));
        }
        debug_assert_eq!(dtype(weight.0), arithmetic(wanted), "the operator has checked the types");
        let cast = weight.0.to_dtype(weight.1, wanted)?;
        Ok(Cast::Other(cast, Layout::contiguous(weight.1.shape().clone())))
    }

    fn part(&self) -> Part<'_> {
        match self {
            Cast::Same(part) => *part,
            Cast::Other(storage, layout) => (storage, layout),
        }
    }
}

/// What is done with a finished sum.
struct Finish<'a, T: Element> {
    /// 1 where there is none.
    scale: Option<CudaView<'a, T::Arithmetic>>,
    shift: CudaView<'a, T::Arithmetic>,
    residual: Option<CudaView<'a, T>>,
    relu: bool,
}

impl<T: Element> Finish<'_, T> {
    fn apply(&self, device: &CudaDevice, [n, c, h, w]: [usize; 4], y: &mut CudaSlice<T>) -> Result<()> {
        let function = typed(device, BATCH_NORM, "finish", T::DTYPE)?;
        let config = over_pieces(n * c, h * w);
        let (planes, channels, plane, relu) =
            ((n * c) as u64, c as u32, (h * w) as u32, i32::from(self.relu));
        let stream = device.cuda_stream();
        let scale = self.scale.as_ref().map_or(0, |v| v.device_ptr(&stream).0);
        let residual = self.residual.as_ref().map_or(0, |v| v.device_ptr(&stream).0);
        // SAFETY: `y` and the residual hold planes x plane elements of the kernel's type, scale and shift one for each
        // channel; where an address is null the kernel does without. The views live until the launch is queued.
        unsafe {
            launch!(device, &function, config; &planes, &channels, &plane, &scale, &self.shift, &residual, &relu, y)
        }
    }
}
