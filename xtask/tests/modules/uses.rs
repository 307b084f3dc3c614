//! The paths that a module names: in `use`, and in its code.

use syn::visit::Visit;

/// One path, and the name that it has in the module.
pub(crate) struct Use {
    /// Segments as written, without a glob's star.
    pub(crate) path: Vec<String>,
    /// The name, or `*`; empty for a path in the code.
    pub(crate) name: String,
    /// Whether it is a re-export.
    pub(crate) public: bool,
}

/// Every path of a module's own items; inline modules have their own.
pub(crate) fn uses(items: &[syn::Item]) -> Vec<Use> {
    let mut collector = Collector { found: Vec::new() };
    for item in items {
        if !matches!(item, syn::Item::Mod(_)) {
            collector.visit_item(item);
        }
    }
    collector.found
}

/// Whether something is there for tests alone.
pub(crate) fn is_test(attributes: &[syn::Attribute]) -> bool {
    let is = |attribute: &syn::Attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    };
    attributes.iter().any(is)
}

struct Collector {
    found: Vec<Use>,
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes(item)) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let public = !matches!(item.vis, syn::Visibility::Inherited);
        self.tree(&item.tree, &[], public);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.found.push(Use { path: segments, name: String::new(), public: false });
        }
        syn::visit::visit_path(self, path);
    }
}

impl Collector {
    fn tree(&mut self, tree: &syn::UseTree, before: &[String], public: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        let mut push = |path: Vec<String>, name: String| self.found.push(Use { path, name, public });
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident), public),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(item, before, public));
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                let last = before.last().cloned().unwrap_or_default();
                push(before.to_vec(), last);
            }
            syn::UseTree::Name(name) => push(with(&name.ident), name.ident.to_string()),
            syn::UseTree::Rename(rename) => push(with(&rename.ident), rename.rename.to_string()),
            syn::UseTree::Glob(_) => push(before.to_vec(), "*".into()),
        }
    }
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        _ => &[],
    }
}
