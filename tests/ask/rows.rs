//! All rows of a run's store.

use scribe_records::{Filter, Result, Store};
use std::path::Path;

/// Everything that was counted, in the order of the file.
pub(crate) fn rows(folder: &Path, run: &str) -> String {
    let store = Store::open(&folder.join("runs").join(run).join(Store::FILE_NAME)).unwrap();
    let mut text = format!("{:?}\n{:?}\n", store.inputs().unwrap(), store.panels().unwrap());
    let mut add = |line: String| -> Result<()> {
        text += &(line + "\n");
        Ok(())
    };
    let all = Filter::all();
    store.for_each_confusion(&all, |key, cells| add(format!("{key} {cells:?}"))).unwrap();
    store.for_each_calibration(&all, |key, p, c| add(format!("{key} {p} {c:?}"))).unwrap();
    store.for_each_non_distinctiveness(&all, |key, end| add(format!("{key} {end:?}"))).unwrap();
    for (series, condition) in store.moment_keys().unwrap() {
        text += &format!("{series} {condition} {:?}\n", store.moment_blocks(&series, &condition).unwrap());
    }
    for (series, condition) in store.cross_keys().unwrap() {
        text += &format!("{series} {condition} {:?}\n", store.cross_blocks(&series, &condition).unwrap());
    }
    text
}
