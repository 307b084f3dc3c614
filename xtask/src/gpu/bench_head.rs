//! The fused head's table of `cargo xtask gpu bench`.

use crate::bench::measurer::Measurer;
use crate::bench::median::median;

pub(super) const OBJECTIVES: [&str; 3] = ["softmax", "ibe", "scribe"];

/// Loss and gradient from a network's outputs: fused, over full-size logits with our operators, and PyTorch's two ways.
pub(super) struct HeadBench<'a> {
    /// Our program.
    pub ours: &'a mut Measurer,
    /// PyTorch's.
    pub torch: &'a mut Measurer,
    /// Pictures, side of the outputs, side of the labels.
    pub sizes: (usize, usize, usize),
    /// Timed runs of each.
    pub runs: usize,
    /// Size of the copy that gives the memory's rate, in MiB.
    pub copied: usize,
}

impl HeadBench<'_> {
    /// Measures and renders.
    pub(super) fn table(&mut self, only: &str) -> anyhow::Result<String> {
        let (count, inner, outer) = self.sizes;
        let rate = 2. * (self.copied << 20) as f64 / self.time(false, &format!("copy/{}", self.copied))?;
        let mut text = "\n| loss and gradient | precision | fused ms | of the memory's rate | apart ms | torch ms | torch.compile ms |\n"
            .to_string();
        text += "| :-- | :-- | --: | --: | --: | --: | --: |\n";
        for objective in OBJECTIVES {
            for precision in ["f32", "bf16"] {
                let case = |how| format!("head/{objective}/{count}x{inner}x{outer}/{precision}/{how}");
                if !case("").contains(only) {
                    continue;
                }
                let mut row = Vec::new();
                for (torch, how) in [(false, "fused"), (false, "apart"), (true, "eager"), (true, "compile")] {
                    row.push(self.time(torch, &case(how))?);
                }
                let share = self.bytes(objective, precision) / row[0] / rate;
                text +=
                    &format!("| {objective} | {precision} | {:.3} | {:.0} % |", row[0] * 1e3, share * 100.);
                row[1..].iter().for_each(|time| text += &format!(" {:.3} |", time * 1e3));
                text += "\n";
            }
        }
        Ok(text
            + &format!(
                "\n{count} pictures, outputs of {inner}x{inner} to labels of {outer}x{outer}; the memory's rate is that of a \
                 copy of {} MiB, {:.0} GB/s.\n",
                self.copied,
                rate / 1e9
            ))
    }

    /// Bytes that no implementation can avoid: outputs read in each pass, their gradient written, labels read once.
    fn bytes(&self, objective: &str, precision: &str) -> f64 {
        let (count, inner, outer) = self.sizes;
        let outputs = if objective == "softmax" { 21 } else { 20 };
        let width = if precision == "bf16" { 2 } else { 4 };
        (count * (3 * outputs * inner * inner * width + outer * outer)) as f64
    }

    fn time(&mut self, torch: bool, case: &str) -> anyhow::Result<f64> {
        let program = if torch { &mut *self.torch } else { &mut *self.ours };
        program.ask(case)?;
        let times = (0..self.runs).map(|_| Ok(program.ask(case)?[0])).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(median(&times))
    }
}
