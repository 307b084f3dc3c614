//! How many lines the functions of a file have.

use syn::visit::{self, Visit};

/// The name of each function of a file and its lines, from `fn` to the closing brace. Those in macros like `simd_fn!`,
/// whose content is items, are among them; those in the rules of a macro are not.
pub(crate) fn functions(text: &str) -> Result<Vec<(String, usize)>, syn::Error> {
    let mut found = Functions(Vec::new());
    found.visit_file(&syn::parse_file(text)?);
    Ok(found.0)
}

struct Functions(Vec<(String, usize)>);

impl Functions {
    fn take(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = signature.fn_token.span.start().line;
        let last = body.brace_token.span.close().end().line;
        self.0.push((signature.ident.to_string(), last - first + 1));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.take(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.take(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.take(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        if let Ok(content) = syn::parse2::<syn::File>(called.tokens.clone()) {
            // The content lives only here, which this visitor does not mind.
            let mut inner = Functions(Vec::new());
            inner.visit_file(&content);
            self.0.append(&mut inner.0);
        }
    }
}
