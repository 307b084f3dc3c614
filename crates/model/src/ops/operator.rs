//! Makes an operator on tensors one that candle can differentiate.
//!
//! An operator is a function of tensors and its derivative, both outside of candle's graph. Training calls the two
//! itself; [`apply`] puts them into candle's graph for everybody else.

use candle_core::backend::BackendStorage;
use candle_core::{
    CpuStorage, CudaStorage, CustomOp1, CustomOp2, CustomOp3, InplaceOp1, Layout, Result, Shape, Storage,
    Tensor, bail,
};
use std::sync::Mutex;

/// A function of `N` tensors, and the gradients of these.
pub(crate) trait Operator<const N: usize>: Send + Sync + 'static {
    /// The name in error messages and in profiles.
    const NAME: &'static str;

    /// The result, in memory that nothing else uses.
    fn forward(&self, inputs: [&Tensor; N]) -> Result<Tensor>;

    /// The gradients of the inputs, given the result `y` and its gradient `dy`; `None` for an input that `wanted` leaves
    /// out, or that has none.
    fn backward(
        &self,
        inputs: [&Tensor; N],
        wanted: [bool; N],
        y: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; N]>;
}

/// Runs the operator; candle can differentiate the result where it can differentiate an input.
pub(crate) fn apply<const N: usize, O: Operator<N>>(op: O, inputs: [&Tensor; N]) -> Result<Tensor>
where
    Recorded<N, O>: Apply<N>,
{
    let y = op.forward(inputs.map(Tensor::detach).each_ref())?;
    if !inputs.iter().any(|input| input.track_op()) {
        return Ok(y);
    }
    // candle's own operators give contiguous results; a map keeps its channels last and is turned afterwards.
    let turned = y.rank() == 4 && !y.is_contiguous();
    let stored = if turned { y.permute((0, 2, 3, 1))?.contiguous()? } else { y.contiguous()? };
    let shape = stored.shape().clone();
    let y = Recorded { op, value: Mutex::new(Some(take_storage(&stored)?)), shape, turned }.apply(inputs)?;
    if turned { y.permute((0, 3, 1, 2)) } else { Ok(y) }
}

/// An operator whose result is known already.
pub(crate) struct Recorded<const N: usize, O> {
    op: O,
    value: Mutex<Option<Storage>>,
    shape: Shape,
    /// Whether the result is kept as `[N, H, W, C]`.
    turned: bool,
}

/// candle's application of an operator with `N` inputs.
pub(crate) trait Apply<const N: usize> {
    fn apply(self, inputs: [&Tensor; N]) -> Result<Tensor>;
}

impl<const N: usize, O: Operator<N>> Recorded<N, O> {
    fn take(&self) -> Result<Storage> {
        match self.value.lock().unwrap_or_else(|e| e.into_inner()).take() {
            Some(value) => Ok(value),
            None => bail!("{}: its result was asked for twice", O::NAME),
        }
    }

    fn on_cpu(&self) -> Result<(CpuStorage, Shape)> {
        match self.take()? {
            Storage::Cpu(value) => Ok((value, self.shape.clone())),
            _ => bail!("{}: expected the inputs on one device", O::NAME),
        }
    }

    fn on_cuda(&self) -> Result<(CudaStorage, Shape)> {
        match self.take()? {
            Storage::Cuda(value) => Ok((value, self.shape.clone())),
            _ => bail!("{}: expected the inputs on one device", O::NAME),
        }
    }

    fn gradients(&self, inputs: [&Tensor; N], y: &Tensor, dy: &Tensor) -> Result<[Option<Tensor>; N]> {
        let seen = |t: &Tensor| if self.turned { t.permute((0, 3, 1, 2)) } else { Ok(t.clone()) };
        let wanted = inputs.map(Tensor::track_op);
        let detached = inputs.map(Tensor::detach);
        self.op.backward(detached.each_ref(), wanted, &seen(&y.detach())?, &seen(&dy.detach())?)
    }
}

impl<O: Operator<1>> CustomOp1 for Recorded<1, O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        self.on_cpu()
    }

    fn cuda_fwd(&self, _: &CudaStorage, _: &Layout) -> Result<(CudaStorage, Shape)> {
        self.on_cuda()
    }

    fn bwd(&self, a: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        self.gradients([a], y, dy).map(|[a]| a)
    }
}

impl<O: Operator<2>> CustomOp2 for Recorded<2, O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        self.on_cpu()
    }

    fn cuda_fwd(
        &self,
        _: &CudaStorage,
        _: &Layout,
        _: &CudaStorage,
        _: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        self.on_cuda()
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        self.gradients([a, b], y, dy).map(|[a, b]| (a, b))
    }
}

impl<O: Operator<3>> CustomOp3 for Recorded<3, O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn cpu_fwd(
        &self,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.on_cpu()
    }

    fn cuda_fwd(
        &self,
        _: &CudaStorage,
        _: &Layout,
        _: &CudaStorage,
        _: &Layout,
        _: &CudaStorage,
        _: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        self.on_cuda()
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        c: &Tensor,
        y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        self.gradients([a, b, c], y, dy).map(|[a, b, c]| (a, b, c))
    }
}

impl<O: Operator<1>> Apply<1> for Recorded<1, O> {
    fn apply(self, [a]: [&Tensor; 1]) -> Result<Tensor> {
        a.apply_op1(self)
    }
}

impl<O: Operator<2>> Apply<2> for Recorded<2, O> {
    fn apply(self, [a, b]: [&Tensor; 2]) -> Result<Tensor> {
        a.apply_op2(b, self)
    }
}

impl<O: Operator<3>> Apply<3> for Recorded<3, O> {
    fn apply(self, [a, b, c]: [&Tensor; 3]) -> Result<Tensor> {
        a.apply_op3(b, c, self)
    }
}

/// The storage of a contiguous tensor that nothing else uses; the tensor is left empty.
fn take_storage(tensor: &Tensor) -> Result<Storage> {
    let taken = Take(Mutex::new(None));
    tensor.inplace_op1(&taken)?;
    match taken.0.into_inner().unwrap_or_else(|e| e.into_inner()) {
        Some(storage) => Ok(storage),
        None => bail!("the tensor's device is not supported"),
    }
}

struct Take(Mutex<Option<Storage>>);

impl Take {
    fn put(&self, storage: Storage) {
        *self.0.lock().unwrap_or_else(|e| e.into_inner()) = Some(storage);
    }
}

impl InplaceOp1 for Take {
    fn name(&self) -> &'static str {
        "take_storage"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, _: &Layout) -> Result<()> {
        self.put(Storage::Cpu(std::mem::replace(storage, CpuStorage::U8(Vec::new()))));
        Ok(())
    }

    fn cuda_fwd(&self, storage: &mut CudaStorage, layout: &Layout) -> Result<()> {
        // A GPU's storage cannot be empty, so it is copied; training does not come here.
        self.put(Storage::Cuda(storage.try_clone(layout)?));
        Ok(())
    }
}
