//! The dependency law of ARCHITECTURE.md: who may use whom, and who must never reach candle.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};

const ALL_BUT_THE_PROGRAM: &[&str] = &[
    "base",
    "corruptions",
    "dataset",
    "corrupt-set",
    "model",
    "records",
    "train",
    "eval",
    "analysis",
    "export",
];

/// What each crate may use of ours. A crate is named after its folder.
const LAW: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("jpeg", &["base"]),
    ("corruptions", &["base"]),
    ("dataset", &["base", "jpeg"]),
    ("model", &["base"]),
    ("records", &["base"]),
    ("train", &["base", "dataset", "model", "records"]),
    ("eval", &["base", "corruptions", "dataset", "model", "records"]),
    ("corrupt-set", &["base", "corruptions", "dataset"]),
    ("analysis", &["base", "records"]),
    ("export", &["base", "records"]),
    ("scribe", ALL_BUT_THE_PROGRAM),
    ("xtask", &[]),
];

/// The same for the crate that is a workspace of its own, because it needs a Python.
const LAW_OF_PYTHON: &[&str] = &["base", "analysis", "corruptions", "dataset", "jpeg", "records"];

const WITHOUT_CANDLE: &[&str] =
    &["base", "jpeg", "corruptions", "dataset", "corrupt-set", "records", "analysis", "export", "xtask"];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path("../Cargo.toml")
        .exec()
        .expect("cargo metadata runs in the workspace")
}

/// The version that all crates have.
fn workspace_version() -> String {
    metadata().workspace_packages().first().expect("the workspace has crates").version.to_string()
}

/// The name of the folder that holds a crate.
fn folder(package: &Package) -> &str {
    package.manifest_path.parent().and_then(|folder| folder.file_name()).expect("a crate has a folder")
}

#[test]
fn every_edge_is_allowed() {
    let metadata = metadata();
    let members = metadata.workspace_packages();
    assert_eq!(members.len(), LAW.len(), "a new crate needs its line in the law");
    for package in members {
        let own = folder(package);
        let (_, allowed) =
            LAW.iter().find(|(name, _)| *name == own).expect("the law has a line for the crate");
        let ours = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
        for used in ours.filter_map(|dependency| dependency.path.as_ref()?.file_name()) {
            assert!(allowed.contains(&used), "{own} must not use {used}");
        }
    }
}

#[test]
fn the_python_package_uses_what_it_may() {
    let mut command = MetadataCommand::new();
    let metadata = command.manifest_path("../crates/python/Cargo.toml").no_deps().exec();
    let metadata = metadata.expect("cargo metadata runs in the Python package");
    let [package] = metadata.packages.as_slice() else { panic!("one package in its workspace") };
    let ours: Vec<&str> =
        package.dependencies.iter().filter_map(|dependency| dependency.path.as_ref()?.file_name()).collect();
    assert!(ours.contains(&"corruptions"), "it is a package of corruptions");
    let version = workspace_version();
    assert_eq!(package.version.to_string(), version, "the Python package has the version of the others");
    for used in ours {
        assert!(LAW_OF_PYTHON.contains(&used), "python must not use {used}");
        assert!(WITHOUT_CANDLE.contains(&used), "python must not reach candle through {used}");
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
    for package in metadata.workspace_packages().into_iter().filter(|p| WITHOUT_CANDLE.contains(&folder(p))) {
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
