//! Stochastic gradient descent with momentum, weight decay and one learning rate per parameter group.

use crate::Result;
use candle_core::{
    CpuStorage, InplaceOp2, InplaceOp3, Layout, Result as TensorResult, Tensor, Var, backprop::GradStore,
    bail,
};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Which learning rate a parameter follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The pretrained trunk.
    Backbone,
    /// ASPP, decoder and classifier.
    Head,
}

/// One trainable tensor.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name in checkpoints.
    pub name: String,
    /// The tensor.
    pub var: Var,
    /// Its group.
    pub group: Group,
}

/// The optimizer. With gradient `g`, parameter `p` and buffer `u` (0 at the start) a step is, as in torch's `SGD`
/// without dampening and without Nesterov: `u <- momentum * u + g + weight_decay * p`, then `p <- p - lr * u`.
pub struct Sgd {
    parameters: Vec<Parameter>,
    buffers: Vec<Tensor>,
    momentum: f64,
    weight_decay: f64,
}

impl Sgd {
    /// An optimizer over `parameters`, its buffers zero.
    ///
    /// # Errors
    /// When a buffer cannot be allocated.
    pub fn new(parameters: Vec<Parameter>, momentum: f64, weight_decay: f64) -> Result<Self> {
        let buffers = parameters
            .iter()
            .map(|p| Tensor::zeros_like(p.var.as_tensor()))
            .collect::<TensorResult<Vec<_>>>()?;
        Ok(Self { parameters, buffers, momentum, weight_decay })
    }

    /// One step. A parameter without a gradient (a part that the loss does not reach) stays as it is.
    ///
    /// # Errors
    /// When a gradient's shape or type does not fit its parameter.
    pub fn step(&mut self, gradients: &GradStore, lr: impl Fn(Group) -> f64) -> Result<()> {
        for (parameter, buffer) in self.parameters.iter().zip(&self.buffers) {
            let value = parameter.var.as_tensor();
            let Some(gradient) = gradients.get(value) else { continue };
            // A gradient still holds the forward graph; detached, the activations are freed when it goes.
            let gradient = gradient.detach().contiguous()?;
            let gather = Accumulate { momentum: self.momentum, weight_decay: self.weight_decay };
            buffer.inplace_op3(&gradient, value, &gather)?;
            value.inplace_op2(buffer, &Descend { lr: lr(parameter.group) })?;
        }
        Ok(())
    }

    /// The momentum buffers by parameter name, for a checkpoint.
    pub fn state(&self) -> BTreeMap<String, Tensor> {
        self.parameters.iter().zip(&self.buffers).map(|(p, b)| (p.name.clone(), b.clone())).collect()
    }

    /// Takes the buffers back from a checkpoint; `Err` holds the name that is missing or has another shape.
    pub fn restore(&mut self, state: &BTreeMap<String, Tensor>) -> std::result::Result<(), String> {
        let found = self.parameters.iter().zip(&self.buffers).map(|(parameter, own)| {
            let kept = state.get(&parameter.name).filter(|t| t.shape() == own.shape());
            kept.and_then(|t| t.to_device(own.device()).and_then(|t| t.copy()).ok()).ok_or(&parameter.name)
        });
        self.buffers = found.collect::<std::result::Result<_, _>>().map_err(String::clone)?;
        Ok(())
    }
}

/// `u <- momentum * u + g + weight_decay * p`.
struct Accumulate {
    momentum: f64,
    weight_decay: f64,
}

/// `p <- p - lr * u`.
struct Descend {
    lr: f64,
}

/// Elements a task works on: large enough to hide the hand-over, small enough to share out.
const CHUNK: usize = 1 << 16;

impl InplaceOp3 for Accumulate {
    fn name(&self) -> &'static str {
        "sgd-accumulate"
    }

    fn cpu_fwd(
        &self,
        buffer: &mut CpuStorage,
        buffer_layout: &Layout,
        gradient: &CpuStorage,
        gradient_layout: &Layout,
        value: &CpuStorage,
        value_layout: &Layout,
    ) -> TensorResult<()> {
        let (momentum, decay) = (self.momentum as f32, self.weight_decay as f32);
        let gradient = slice(gradient, gradient_layout)?;
        let value = slice(value, value_layout)?;
        let buffer = slice_mut(buffer, buffer_layout)?;
        let chunks =
            buffer.par_chunks_mut(CHUNK).zip(gradient.par_chunks(CHUNK)).zip(value.par_chunks(CHUNK));
        chunks.for_each(|((buffer, gradient), value)| {
            for ((u, g), p) in buffer.iter_mut().zip(gradient).zip(value) {
                *u = momentum * *u + (g + decay * p);
            }
        });
        Ok(())
    }
}

impl InplaceOp2 for Descend {
    fn name(&self) -> &'static str {
        "sgd-descend"
    }

    fn cpu_fwd(
        &self,
        value: &mut CpuStorage,
        value_layout: &Layout,
        buffer: &CpuStorage,
        buffer_layout: &Layout,
    ) -> TensorResult<()> {
        let lr = self.lr as f32;
        let buffer = slice(buffer, buffer_layout)?;
        let value = slice_mut(value, value_layout)?;
        value.par_chunks_mut(CHUNK).zip(buffer.par_chunks(CHUNK)).for_each(|(value, buffer)| {
            for (p, u) in value.iter_mut().zip(buffer) {
                *p -= lr * u;
            }
        });
        Ok(())
    }
}

fn slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> TensorResult<&'a [f32]> {
    let (CpuStorage::F32(values), Some((start, end))) = (storage, layout.contiguous_offsets()) else {
        bail!("SGD works on contiguous f32 tensors")
    };
    Ok(&values[start..end])
}

fn slice_mut<'a>(storage: &'a mut CpuStorage, layout: &Layout) -> TensorResult<&'a mut [f32]> {
    let (CpuStorage::F32(values), Some((start, end))) = (storage, layout.contiguous_offsets()) else {
        bail!("SGD works on contiguous f32 tensors")
    };
    Ok(&mut values[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device};

    /// Expected values printed by torch 2.15:
    /// ```python
    /// a = torch.tensor([1., -2.], requires_grad=True); b = torch.tensor([3.], requires_grad=True)
    /// o = torch.optim.SGD([{'params': [a], 'lr': .1}, {'params': [b], 'lr': .5}], momentum=.9, weight_decay=.01)
    /// for _ in range(3): o.zero_grad(); ((a**2).sum() + (b**3).sum() * .1).backward(); o.step()
    /// print(a.tolist(), b.tolist())
    /// ```
    #[test]
    fn three_steps_follow_torch() {
        let a = Var::new(&[1f32, -2.], &Device::Cpu).unwrap();
        let b = Var::new(&[3f32], &Device::Cpu).unwrap();
        let parameters = vec![
            Parameter { name: "a".into(), var: a.clone(), group: Group::Backbone },
            Parameter { name: "b".into(), var: b.clone(), group: Group::Head },
        ];
        let mut sgd = Sgd::new(parameters, 0.9, 0.01).unwrap();
        for _ in 0..3 {
            let cube = b.as_tensor().powf(3.).unwrap().sum_all().unwrap();
            let loss = (a.as_tensor().sqr().unwrap().sum_all().unwrap() + (cube * 0.1).unwrap()).unwrap();
            let gradients = loss.backward().unwrap();
            sgd.step(&gradients, |g| if g == Group::Backbone { 0.1 } else { 0.5 }).unwrap();
        }
        let close = |got: Vec<f32>, want: &[f32]| got.iter().zip(want).all(|(g, w)| (g - w).abs() < 2e-6);
        assert!(close(a.to_vec1().unwrap(), &EXPECTED_A), "{a}");
        assert!(close(b.to_vec1().unwrap(), &EXPECTED_B), "{b}");
    }

    const EXPECTED_A: [f32; 2] = [0.058_194_22, -0.116_388_44];
    const EXPECTED_B: [f32; 1] = [-1.476_539_3];

    #[test]
    fn a_restored_state_goes_on_alike() {
        let var = Var::zeros(3, DType::F32, &Device::Cpu).unwrap();
        let parameter = Parameter { name: "w".into(), var, group: Group::Head };
        let mut sgd = Sgd::new(vec![parameter], 0.9, 0.).unwrap();
        assert_eq!(sgd.restore(&BTreeMap::new()), Err("w".to_string()));
        assert!(sgd.restore(&sgd.state()).is_ok());
    }
}
