//! Helpers to read attributes.

use proc_macro2::Group;
use syn::meta::ParseNestedMeta;
use syn::{Expr, Token, token};

/// Passes over the value (`= …`) or the arguments (`(…)`) of an attribute's item.
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
