//! What cuDNN knows of one convolution: the shapes of its three tensors, and its geometry.

use super::failed;
use super::problem::Problem;
use candle_core::cuda_backend::cudarc::cudnn::{CudnnError, result, sys};
use candle_core::{DType, Result, bail};
use std::ffi::c_int;

/// Descriptors of `x`, the weight, `y` and the convolution, destroyed together.
pub(super) struct Descriptors {
    pub(super) x: sys::cudnnTensorDescriptor_t,
    pub(super) weight: sys::cudnnFilterDescriptor_t,
    pub(super) y: sys::cudnnTensorDescriptor_t,
    pub(super) convolution: sys::cudnnConvolutionDescriptor_t,
}

impl Descriptors {
    pub(super) fn new(problem: &Problem) -> Result<Descriptors> {
        let (x, weight, y) = (ints(problem.x())?, ints(problem.weight())?, ints(problem.y())?);
        let made = Descriptors::allocate().map_err(|e| failed("making descriptors", e))?;
        let elements = element(problem.dtype)?;
        // Sums of bfloat16 are kept in f32.
        let sums = if problem.dtype == DType::BF16 { element(DType::F32)? } else { elements };
        let layout = match problem.channels_last {
            true => sys::cudnnTensorFormat_t::CUDNN_TENSOR_NHWC,
            false => sys::cudnnTensorFormat_t::CUDNN_TENSOR_NCHW,
        };
        let mode = sys::cudnnConvolutionMode_t::CUDNN_CROSS_CORRELATION;
        let config = problem.shape.config;
        let [padding, stride, dilation] =
            [config.padding, config.stride, config.dilation].map(|v| v as c_int);
        // SAFETY: the four descriptors were just made.
        let set = unsafe {
            result::set_tensor4d_descriptor(made.x, layout, elements, x)
                .and_then(|()| result::set_filter4d_descriptor(made.weight, elements, layout, weight))
                .and_then(|()| result::set_tensor4d_descriptor(made.y, layout, elements, y))
                .and_then(|()| {
                    result::set_convolution2d_descriptor(
                        made.convolution,
                        padding,
                        padding,
                        stride,
                        stride,
                        dilation,
                        dilation,
                        mode,
                        sums,
                    )
                })
        };
        set.map_err(|e| failed(&format!("describing {problem:?}"), e))?;
        Ok(made)
    }

    fn allocate() -> std::result::Result<Descriptors, CudnnError> {
        let nothing = std::ptr::null_mut();
        let mut made =
            Descriptors { x: nothing as _, weight: nothing as _, y: nothing as _, convolution: nothing as _ };
        made.x = result::create_tensor_descriptor()?;
        made.weight = result::create_filter_descriptor()?;
        made.y = result::create_tensor_descriptor()?;
        made.convolution = result::create_convolution_descriptor()?;
        Ok(made)
    }

    /// Sets how elements may be multiplied.
    pub(super) fn set_math(&self, math: sys::cudnnMathType_t) -> Result<()> {
        // SAFETY: the descriptor lives as long as `self`.
        unsafe { result::set_convolution_math_type(self.convolution, math) }
            .map_err(|e| failed("setting the kind of multiplication", e))
    }
}

impl Drop for Descriptors {
    fn drop(&mut self) {
        // SAFETY: each descriptor is destroyed once, and only if it was made. A failure leaks a few bytes.
        unsafe {
            for tensor in [self.x, self.y] {
                if !tensor.is_null() {
                    let _ = result::destroy_tensor_descriptor(tensor);
                }
            }
            if !self.weight.is_null() {
                let _ = result::destroy_filter_descriptor(self.weight);
            }
            if !self.convolution.is_null() {
                let _ = result::destroy_convolution_descriptor(self.convolution);
            }
        }
    }
}

fn element(dtype: DType) -> Result<sys::cudnnDataType_t> {
    Ok(match dtype {
        DType::F32 => sys::cudnnDataType_t::CUDNN_DATA_FLOAT,
        DType::F64 => sys::cudnnDataType_t::CUDNN_DATA_DOUBLE,
        DType::BF16 => sys::cudnnDataType_t::CUDNN_DATA_BFLOAT16,
        other => bail!("conv2d: expected f32, f64 or bf16 on a GPU, got {other:?}"),
    })
}

/// cuDNN counts in 32 bits, strides included.
fn ints(shape: [usize; 4]) -> Result<[c_int; 4]> {
    if shape.iter().product::<usize>() > c_int::MAX as usize {
        bail!("conv2d: expected a tensor of fewer than 2^31 elements on a GPU, got {shape:?}");
    }
    Ok(shape.map(|v| v as c_int))
}
