//! The course of every training of a run, from its metrics.jsonl.

use anyhow::Context;
use serde_json::Value;
use std::path::Path;

/// A table: a row a training, a column a validation; mIoU in percent and the mean loss since the validation before.
pub(super) fn curves(folder: &Path) -> anyhow::Result<String> {
    let train = folder.join("train");
    let mut names: Vec<String> = std::fs::read_dir(&train)
        .with_context(|| train.display().to_string())?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    names.sort();
    let mut steps: Vec<u64> = Vec::new();
    let mut rows = String::new();
    for name in names.iter().filter(|n| train.join(n).join("metrics.jsonl").is_file()) {
        let points = points(&train.join(name).join("metrics.jsonl"))?;
        if points.len() > steps.len() {
            steps = points.iter().map(|p| p.0).collect();
        }
        let cells: Vec<String> =
            points.iter().map(|(_, miou, loss)| format!("{:.1} ({loss:.3})", miou * 100.0)).collect();
        rows.push_str(&format!("| {name} | {} |\n", cells.join(" | ")));
    }
    let head: Vec<String> = steps.iter().map(|s| format!("step {s}")).collect();
    Ok(format!(
        "\n| Training | {} |\n| :-- |{}\n{rows}\nmIoU on the clean val pictures in percent; in brackets the mean loss since the column before.\n\n",
        head.join(" | "),
        " --: |".repeat(steps.len())
    ))
}

/// Step, mIoU and mean loss since the point before, of each line with a mIoU.
fn points(path: &Path) -> anyhow::Result<Vec<(u64, f64, f64)>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let (mut out, mut sum, mut count) = (Vec::new(), 0.0, 0_u32);
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).with_context(|| path.display().to_string())?;
        let number = |key: &str| value.get(key).and_then(Value::as_f64);
        sum += number("loss").unwrap_or(f64::NAN);
        count += 1;
        if let (Some(miou), Some(step)) = (number("miou"), value.get("step").and_then(Value::as_u64)) {
            out.push((step, miou, sum / f64::from(count)));
            (sum, count) = (0.0, 0);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn the_loss_is_the_mean_since_the_validation_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("metrics.jsonl");
        let lines = "{\"step\":1,\"loss\":3.0}\n{\"step\":2,\"loss\":1.0,\"miou\":0.25}\n{\"step\":3,\"loss\":0.5,\"miou\":0.5}\n";
        std::fs::write(&path, lines).unwrap();
        assert_eq!(points(&path).unwrap(), [(2, 0.25, 2.0), (3, 0.5, 0.5)]);
    }
}
