//! What cuDNN is told of one convolution in one direction: an operation on three tensors.

use super::descriptor::{Attribute, Descriptor, Outcome};
use super::handle::Handle;
use super::problem::{Direction, Problem};
use candle_core::cuda_backend::cudarc::cudnn::sys;
use candle_core::{DType, Result, bail};
use sys::cudnnBackendAttributeName_t as Name;
use sys::cudnnBackendDescriptorType_t as Kind;

/// By what numbers a pack of operands names the tensors.
pub(super) const X: i64 = 1;
pub(super) const WEIGHT: i64 = 2;
pub(super) const Y: i64 = 3;
/// The tensors' addresses are multiples of this many bytes, which the fast engines ask for.
pub(in crate::ops::cuda) const ALIGNMENT: u64 = 16;

/// The operation, with all that it is made of.
pub(super) struct Graph {
    pub(super) whole: Descriptor,
    // Destroyed after the graph that refers to them.
    _parts: Vec<Descriptor>,
}

impl Graph {
    pub(super) fn new(handle: &Handle, problem: &Problem) -> Result<Graph> {
        let elements = element(problem.dtype)?;
        Graph::described(handle, problem, elements)
            .map_err(|e| super::failed(&format!("describing {problem:?}"), e))
    }

    fn described(handle: &Handle, problem: &Problem, elements: sys::cudnnDataType_t) -> Outcome<Graph> {
        let last = problem.channels_last;
        let x = tensor(X, elements, problem.x(), last)?;
        let weight = tensor(WEIGHT, elements, problem.weight(), last)?;
        let y = tensor(Y, elements, problem.y(), last)?;
        let convolution = convolution(problem, elements)?;
        let parts = Parts { x: &x, weight: &weight, y: &y, convolution: &convolution };
        let operation = match problem.dtype {
            DType::F64 => parts.operation(problem.direction, [1f64, 0.]),
            _ => parts.operation(problem.direction, [1f32, 0.]),
        }?;
        let whole = Descriptor::new(Kind::CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR)?
            .with(Name::CUDNN_ATTR_OPERATIONGRAPH_HANDLE, &[handle.0])?
            .with_objects(Name::CUDNN_ATTR_OPERATIONGRAPH_OPS, &[&operation])?
            .finished()?;
        Ok(Graph { whole, _parts: vec![operation, convolution, x, weight, y] })
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

/// A tensor `[A, B, C, D]` whose B follow each other in memory if `last`, and whose D do so otherwise.
fn tensor(id: i64, elements: sys::cudnnDataType_t, size: [usize; 4], last: bool) -> Outcome<Descriptor> {
    let [a, b, c, d] = size.map(|v| v as i64);
    let strides = if last { [b * c * d, 1, b * d, b] } else { [b * c * d, c * d, d, 1] };
    Descriptor::new(Kind::CUDNN_BACKEND_TENSOR_DESCRIPTOR)?
        .with(Name::CUDNN_ATTR_TENSOR_DATA_TYPE, &[elements])?
        .with(Name::CUDNN_ATTR_TENSOR_DIMENSIONS, &[a, b, c, d])?
        .with(Name::CUDNN_ATTR_TENSOR_STRIDES, &strides)?
        .with(Name::CUDNN_ATTR_TENSOR_UNIQUE_ID, &[id])?
        .with(Name::CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, &[ALIGNMENT as i64])?
        .finished()
}

fn convolution(problem: &Problem, elements: sys::cudnnDataType_t) -> Outcome<Descriptor> {
    // Sums of bfloat16 are kept in f32.
    let sums = if problem.dtype == DType::BF16 { sys::cudnnDataType_t::CUDNN_DATA_FLOAT } else { elements };
    let config = problem.shape.config;
    let both = |v: usize| [v as i64; 2];
    Descriptor::new(Kind::CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR)?
        .with(Name::CUDNN_ATTR_CONVOLUTION_COMP_TYPE, &[sums])?
        .with(
            Name::CUDNN_ATTR_CONVOLUTION_CONV_MODE,
            &[sys::cudnnConvolutionMode_t::CUDNN_CROSS_CORRELATION],
        )?
        .with(Name::CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, &[2i64])?
        .with(Name::CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, &both(config.padding))?
        .with(Name::CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, &both(config.padding))?
        .with(Name::CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, &both(config.stride))?
        .with(Name::CUDNN_ATTR_CONVOLUTION_DILATIONS, &both(config.dilation))?
        .finished()
}

/// What an operation is made of.
struct Parts<'a> {
    x: &'a Descriptor,
    weight: &'a Descriptor,
    y: &'a Descriptor,
    convolution: &'a Descriptor,
}

impl Parts<'_> {
    /// The result is the first factor times what is computed plus the second times what was there.
    fn operation<T: Attribute>(&self, direction: Direction, [one, zero]: [T; 2]) -> Outcome<Descriptor> {
        let (kind, names) = names(direction);
        let [x, weight, y, convolution, alpha, beta] = names;
        Descriptor::new(kind)?
            .with_objects(x, &[self.x])?
            .with_objects(weight, &[self.weight])?
            .with_objects(y, &[self.y])?
            .with_objects(convolution, &[self.convolution])?
            .with(alpha, &[one])?
            .with(beta, &[zero])?
            .finished()
    }
}

/// An operation's kind, and its names for x, the weight, y, the convolution and the two factors.
fn names(direction: Direction) -> (Kind, [Name; 6]) {
    match direction {
        Direction::Forward => (
            Kind::CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
            [
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
            ],
        ),
        Direction::InputGradient => (
            Kind::CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
            [
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA,
            ],
        ),
        Direction::WeightGradient => (
            Kind::CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
            [
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
                Name::CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA,
            ],
        ),
    }
}
