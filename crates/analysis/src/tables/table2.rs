//! Table 2: clean and corrupted mIoU of each model, single scale and multi-scale, with rPC.

use super::{Better, Column, Row, RowKind, RowModel, Table, notes};
use crate::reference;
use crate::summary::{ModeChoice, Quantity, Results};
use crate::view::View;
use scribe_records::ModelId;

/// Table 2 of a view: val, val+MSC, cor, cor+MSC as in the paper, and rPC = cor / val for both modes; after each of
/// the three quantities a column for every further mode of the view.
pub(crate) fn table2(results: &Results<'_>) -> Table {
    let view = results.view();
    let columns = columns(&shown(view));
    let row = |model: &ModelId| Row {
        stubs: vec![view.title(model)],
        model: RowModel::of(view, model),
        kind: RowKind::Body,
        values: columns.iter().map(|c| value(results, model, &c.key)).collect(),
    };
    let rows = view.models.iter().map(row).collect();
    Table {
        id: "table2".to_owned(),
        title: "Table 2. Clean and corrupted mIoU".to_owned(),
        caption: "mIoU in percent: val on the clean pictures, cor the mean over corruptions and severities; rPC = cor / val in percent."
            .to_owned(),
        stubs: vec!["Model".to_owned()],
        groups: Vec::new(),
        columns,
        rows,
        notes: notes(results, results.shown()),
        better: Better::Higher,
        not_established: Vec::new(),
    }
}

/// The paper's Table 2 in the same form; its rPC follows from its columns.
pub(crate) fn printed_table2() -> Table {
    let rows = reference::table2()
        .into_iter()
        .map(|r| {
            let values = [r.val, r.val_msc, r.cor, r.cor_msc].map(|x| Some(x / 100.0));
            let rpc = [Some(r.cor / r.val), Some(r.cor_msc / r.val_msc)];
            Row {
                stubs: vec![r.model],
                model: None,
                kind: RowKind::Body,
                values: values.into_iter().chain(rpc).collect(),
            }
        })
        .collect();
    Table {
        id: "table2-paper".to_owned(),
        title: "Table 2 as the paper prints it".to_owned(),
        caption: "mIoU in percent on VOC 2012 val; rPC follows from the printed columns.".to_owned(),
        stubs: vec!["Model".to_owned()],
        groups: Vec::new(),
        columns: columns(&PAPER),
        rows,
        notes: Vec::new(),
        better: Better::Higher,
        not_established: Vec::new(),
    }
}

/// What a column of Table 2 measures, by its key.
pub(super) fn meaning(key: &str) -> Option<(ModeChoice, Quantity<'static>)> {
    let (name, mode) = key.split_once('_').unwrap_or((key, "single"));
    let choice = ModeChoice::OF_ONE_MODE.into_iter().find(|c| c.key() == mode)?;
    let quantity = match name {
        "val" => Quantity::Clean,
        "cor" => Quantity::Cor,
        "rpc" => Quantity::Rpc,
        _ => return None,
    };
    Some((choice, quantity))
}

fn value(results: &Results<'_>, model: &ModelId, key: &str) -> Option<f64> {
    let (choice, quantity) = meaning(key)?;
    results.of(model, choice).value(quantity)
}

/// The modes of the paper's columns.
const PAPER: [ModeChoice; 2] = [ModeChoice::Single, ModeChoice::Msc];

fn shown(view: &View) -> Vec<ModeChoice> {
    let more = ModeChoice::held_by(view).into_iter().filter(|c| !PAPER.contains(c));
    PAPER.into_iter().chain(more).collect()
}

fn columns(modes: &[ModeChoice]) -> Vec<Column> {
    let quantities = [
        ("val", "val", "clean pictures"),
        ("cor", "cor", "mean over corruptions and severities"),
        ("rpc", "rPC", "cor / val"),
    ];
    let column = |(key, short, title): (&str, &str, &str), choice: &ModeChoice| {
        let (suffix, mark) = match choice {
            ModeChoice::Single => (String::new(), String::new()),
            ModeChoice::Msc => ("_msc".to_owned(), "+MSC".to_owned()),
            other => (format!("_{}", other.key()), format!("+{}", other.key().replacen("msc", "MSC", 1))),
        };
        Column {
            key: format!("{key}{suffix}"),
            short: format!("{short}{mark}"),
            title: format!(
                "{title}, {}",
                if *choice == ModeChoice::Msc { "multi-scale" } else { choice.title() }
            ),
        }
    };
    quantities.into_iter().flat_map(|q| modes.iter().map(move |m| column(q, m))).collect()
}
