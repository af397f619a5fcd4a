//! Helpers to read attributes.

use proc_macro2::{Group, TokenStream};
use syn::meta::ParseNestedMeta;
use syn::{Expr, Token, token};

/// Skips the value (`= …`) or the arguments (`(…)`) of an item of an attribute.
pub(crate) fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(token::Paren) {
        meta.input.parse::<Group>()?;
    }
    Ok(())
}

/// Returns an error of the whole of `tokens`.
pub(crate) fn error<T>(tokens: impl quote::ToTokens, message: &str) -> syn::Result<T> {
    Err(syn::Error::new_spanned(tokens, message))
}

/// Adds an error to the earlier ones, so that all are reported at once.
pub(crate) fn also(errors: &mut Option<syn::Error>, error: syn::Error) {
    match errors {
        Some(before) => before.combine(error),
        None => *errors = Some(error),
    }
}

/// Returns the documentation of generated code.
pub(crate) fn doc(text: &str) -> TokenStream {
    quote::quote!(#[doc = #text])
}
