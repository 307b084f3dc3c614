//! The dependency law of ARCHITECTURE.md: who may use whom, and who must never reach candle.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use std::collections::{BTreeMap, BTreeSet};

const PROGRAM: [&str; 8] =
    ["base", "corruptions", "dataset", "model", "records", "train", "eval", "analysis"];

/// What each crate may use of ours.
const LAW: [(&str, &[&str]); 10] = [
    ("scribe-base", &[]),
    ("scribe-corruptions", &["base"]),
    ("scribe-dataset", &["base"]),
    ("scribe-model", &["base"]),
    ("scribe-records", &["base"]),
    ("scribe-train", &["base", "dataset", "model", "records"]),
    ("scribe-eval", &["base", "corruptions", "dataset", "model", "records"]),
    ("scribe-analysis", &["base", "records"]),
    ("scribe", &PROGRAM),
    ("xtask", &[]),
];

const WITHOUT_CANDLE: [&str; 6] =
    ["scribe-base", "scribe-corruptions", "scribe-dataset", "scribe-records", "scribe-analysis", "xtask"];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path("../Cargo.toml")
        .exec()
        .expect("cargo metadata runs in the workspace")
}

#[test]
fn every_edge_is_allowed() {
    let metadata = metadata();
    let members = metadata.workspace_packages();
    assert_eq!(members.len(), LAW.len(), "a new crate needs its line in the law");
    for package in members {
        let (_, allowed) =
            LAW.iter().find(|(name, _)| *name == package.name.as_str()).expect("the crate stands in the law");
        let ours =
            package.dependencies.iter().filter(|d| d.path.is_some() && d.kind == DependencyKind::Normal);
        for used in ours {
            let short = used.name.strip_prefix("scribe-").unwrap_or(&used.name);
            assert!(allowed.contains(&short), "{} must not use {}", package.name, used.name);
        }
    }
}

#[test]
fn candle_stays_where_networks_are() {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().expect("metadata holds the resolved graph");
    let edges: BTreeMap<_, Vec<_>> = resolve
        .nodes
        .iter()
        .map(|node| {
            let normal =
                node.deps.iter().filter(|d| d.dep_kinds.iter().any(|k| k.kind == DependencyKind::Normal));
            (&node.id, normal.map(|d| &d.pkg).collect())
        })
        .collect();
    let name = |id: &cargo_metadata::PackageId| metadata[id].name.to_string();
    for package in
        metadata.workspace_packages().into_iter().filter(|p| WITHOUT_CANDLE.contains(&p.name.as_str()))
    {
        let (mut seen, mut open) = (BTreeSet::new(), vec![&package.id]);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(&edges[id]);
            }
        }
        let reached = seen.into_iter().map(name).find(|name| name.starts_with("candle"));
        assert_eq!(reached, None, "{} reaches candle", package.name);
    }
}
