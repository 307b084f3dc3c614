//! Circles of a directed graph.

use std::collections::{BTreeMap, BTreeSet};

/// Every set of two or more nodes that all reach each other, sorted.
pub(crate) fn circles(edges: &BTreeMap<String, Vec<String>>) -> Vec<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> =
        edges.keys().map(|node| (node, reached(edges, node))).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for node in edges.keys() {
        if seen.contains(node) {
            continue;
        }
        let back = |other: &&&String| reach.get(**other).is_some_and(|set| set.contains(node));
        let circle: Vec<String> = reach[node].iter().filter(back).map(|other| (*other).clone()).collect();
        seen.extend(circle.iter().cloned());
        if circle.len() > 1 {
            found.push(circle);
        }
    }
    found
}

/// Every node that can be reached from `start` by one edge or more.
fn reached<'a>(edges: &'a BTreeMap<String, Vec<String>>, start: &String) -> BTreeSet<&'a String> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(node) = open.pop() {
        for next in edges.get(node).into_iter().flatten() {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}
