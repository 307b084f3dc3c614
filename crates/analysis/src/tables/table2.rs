//! Table 2: clean and corrupted mIoU of each model, single scale and multi-scale, with rPC.

use scribe_records::ModelId;

use super::{Better, Column, Row, RowKind, Table, notes};
use crate::reference;
use crate::summary::{self, Cells};
use crate::view::View;

/// Table 2 of a view: val, val+MSC, cor, cor+MSC as in the paper, and rPC = cor / val for both modes.
pub fn table2(view: &View) -> Table {
    let rows = view.models.iter().map(|m| row(view, m)).collect();
    Table {
        id: "table2".to_owned(),
        title: "Table 2. Clean and corrupted mIoU".to_owned(),
        caption: "mIoU in percent: val on the clean pictures, cor the mean over corruptions and severities; rPC = cor / val in percent."
            .to_owned(),
        stubs: vec!["Model".to_owned()],
        groups: Vec::new(),
        columns: columns(),
        rows,
        notes: notes(view, Cells::best_for(view)),
        better: Better::Higher,
        open: Vec::new(),
    }
}

/// The paper's Table 2 in the same form; its rPC follows from its columns.
pub fn printed_table2() -> Table {
    let rows = reference::table2()
        .into_iter()
        .map(|r| {
            let values = [r.val, r.val_msc, r.cor, r.cor_msc].map(|x| Some(x / 100.0));
            let rpc = [Some(r.cor / r.val), Some(r.cor_msc / r.val_msc)];
            Row { stubs: vec![r.model], kind: RowKind::Body, values: values.into_iter().chain(rpc).collect() }
        })
        .collect();
    Table {
        id: "table2-paper".to_owned(),
        title: "Table 2 as the paper prints it".to_owned(),
        caption: "mIoU in percent on VOC 2012 val; rPC follows from the printed columns.".to_owned(),
        stubs: vec!["Model".to_owned()],
        groups: Vec::new(),
        columns: columns(),
        rows,
        notes: Vec::new(),
        better: Better::Higher,
        open: Vec::new(),
    }
}

fn row(view: &View, model: &ModelId) -> Row {
    let both = [Cells::Single, Cells::Msc];
    let values = both
        .map(|c| summary::clean(view, model, c))
        .into_iter()
        .chain(both.map(|c| summary::mpc(view, model, c)))
        .chain(both.map(|c| summary::rpc(view, model, c)))
        .collect();
    Row { stubs: vec![view.title(model)], kind: RowKind::Body, values }
}

fn columns() -> Vec<Column> {
    [
        ("val", "val", "clean pictures, single scale"),
        ("val_msc", "val+MSC", "clean pictures, multi-scale"),
        ("cor", "cor", "mean over corruptions and severities, single scale"),
        ("cor_msc", "cor+MSC", "mean over corruptions and severities, multi-scale"),
        ("rpc", "rPC", "cor / val, single scale"),
        ("rpc_msc", "rPC+MSC", "cor / val, multi-scale"),
    ]
    .map(|(key, short, title)| Column {
        key: key.to_owned(),
        short: short.to_owned(),
        title: title.to_owned(),
    })
    .to_vec()
}
