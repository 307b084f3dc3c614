//! The modules of one crate, and which file uses items of which.

use super::uses::{Use, is_test, uses};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module's path from the crate's root; the root's is empty.
type ModulePath = Vec<String>;

/// A crate, parsed.
pub(crate) struct Source {
    modules: BTreeMap<ModulePath, Module>,
}

struct Module {
    file: PathBuf,
    /// What the module defines itself, macros included.
    items: BTreeSet<String>,
    uses: Vec<Use>,
}

impl Source {
    /// Reads the crate whose root is the file `main`.
    pub(crate) fn read(main: &Path) -> Source {
        let mut source = Source { modules: BTreeMap::new() };
        let folder = main.parent().expect("a file has a folder");
        source.read_file(main, folder, Vec::new());
        source
    }

    /// For each file, the files of the crate whose items it uses, tests left out.
    pub(crate) fn edges(&self) -> BTreeMap<String, Vec<String>> {
        let mut edges = BTreeMap::<String, BTreeSet<String>>::new();
        for (path, module) in &self.modules {
            let from = module.file.display().to_string();
            let entry = edges.entry(from.clone()).or_default();
            // A module that only hands its children's items on does not use them.
            let used = module.uses.iter().filter(|used| !used.public);
            let above: Vec<&Path> =
                (0..path.len()).filter_map(|n| Some(self.modules.get(&path[..n])?.file.as_path())).collect();
            let files = used.filter_map(|used| self.home(path, &used.path, 0));
            // A folder's `mod.rs` and the files below it are read together, from the top down.
            let files = files.filter(|file| !above.contains(file));
            // The crate's error type is every file's return type and names the types that its messages show.
            let files = files.filter(|file| !file.ends_with("src/error.rs"));
            entry.extend(files.map(|file| file.display().to_string()).filter(|file| *file != from));
        }
        edges.into_iter().map(|(from, to)| (from, to.into_iter().collect())).collect()
    }

    fn read_file(&mut self, file: &Path, folder: &Path, path: ModulePath) {
        let text =
            std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.read_items(&parsed.items, file, folder, path);
    }

    fn read_items(&mut self, items: &[syn::Item], file: &Path, folder: &Path, path: ModulePath) {
        let names = items.iter().filter_map(name_of).collect();
        let module = Module { file: file.to_owned(), items: names, uses: uses(items) };
        self.modules.insert(path.clone(), module);
        for item in items {
            let syn::Item::Mod(child) = item else { continue };
            if is_test(&child.attrs) {
                continue;
            }
            let name = child.ident.to_string();
            let child_path = [path.clone(), vec![name.clone()]].concat();
            match &child.content {
                Some((_, items)) => self.read_items(items, file, &folder.join(&name), child_path),
                None => {
                    let beside = [folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs")];
                    if let Some(found) = beside.iter().find(|path| path.exists()) {
                        self.read_file(found, &folder.join(&name), child_path);
                    }
                }
            }
        }
    }

    /// The file that defines what `path`, written in the module `from`, names; `None` for what is not of this crate.
    fn home(&self, from: &ModulePath, path: &[String], depth: usize) -> Option<&Path> {
        // Re-exports of re-exports end; a glob that leads back to itself does not.
        const DEEPEST: usize = 8;
        if depth > DEEPEST {
            return None;
        }
        let (mut at, rest) = self.start(from, path)?;
        for (index, segment) in rest.iter().enumerate() {
            let child = [at.clone(), vec![segment.clone()]].concat();
            if self.modules.contains_key(&child) {
                at = child;
                continue;
            }
            let module = self.modules.get(&at)?;
            if module.items.contains(segment) {
                return Some(&module.file);
            }
            return self.re_exported(&at, segment, &rest[index + 1..], depth);
        }
        self.modules.get(&at).map(|module| module.file.as_path())
    }

    /// Where a path begins: the module, and the segments behind.
    fn start<'a>(&self, from: &ModulePath, path: &'a [String]) -> Option<(ModulePath, &'a [String])> {
        let mut at = from.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (at, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    at.pop()?;
                    rest = &rest[1..];
                }
            }
            first => {
                let child = [at.clone(), vec![first.to_owned()]].concat();
                self.modules.contains_key(&child).then_some(())?;
            }
        }
        Some((at, rest))
    }

    fn re_exported(&self, at: &ModulePath, name: &str, rest: &[String], depth: usize) -> Option<&Path> {
        let module = self.modules.get(at)?;
        let named = module.uses.iter().filter(|used| used.name == name).map(|used| used.path.clone());
        let globs = module.uses.iter().filter(|used| used.name == "*");
        let through = globs.map(|used| [used.path.clone(), vec![name.to_owned()]].concat());
        named.chain(through).find_map(|path| self.home(at, &[path, rest.to_vec()].concat(), depth + 1))
    }
}

fn name_of(item: &syn::Item) -> Option<String> {
    let name = match item {
        syn::Item::Const(item) => &item.ident,
        syn::Item::Enum(item) => &item.ident,
        syn::Item::Fn(item) => &item.sig.ident,
        syn::Item::Macro(item) => item.ident.as_ref()?,
        syn::Item::Static(item) => &item.ident,
        syn::Item::Struct(item) => &item.ident,
        syn::Item::Trait(item) => &item.ident,
        syn::Item::Type(item) => &item.ident,
        syn::Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}
