//! Counts of pixels by label and predicted class.

use super::classes::classes;
use crate::ops::head::{Readout, VOID_LABEL};
use candle_core::{Result, Tensor, bail};

/// The confusion matrix of outputs `v` `[N, C, h, w]` at the size of `label` `[N, H, W]`.
pub(in crate::ops) fn confusion(v: &Tensor, label: &Tensor, readout: Readout) -> Result<Vec<u64>> {
    let (_, height, width) = label.dims3()?;
    let predicted = classes(v, (height, width), readout)?;
    count(&label.flatten_all()?.to_vec1()?, &predicted, readout.classes(v.dim(1)?))
}

fn count(labels: &[u8], predicted: &[u8], classes: usize) -> Result<Vec<u64>> {
    let mut cells = vec![0; classes * classes];
    for (&label, &class) in labels.iter().zip(predicted) {
        match usize::from(label) {
            _ if label == VOID_LABEL => {}
            row if row < classes => cells[row * classes + usize::from(class)] += 1,
            row => bail!("confusion: expected labels below {classes}, got {row}"),
        }
    }
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_labels_and_void_is_left_out() {
        assert_eq!(count(&[0, 1, 1, 255], &[0, 0, 1, 1], 2).unwrap(), [1, 0, 1, 1]);
        assert!(count(&[3], &[0], 2).unwrap_err().to_string().contains("below 2, got 3"));
    }
}
