//! Macros by which `habilitation-model` declares each wire type once.
//!
//! They write code for that crate alone: the code names its module `crate::from_json`.

mod attributes;
mod from_json;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct readable from a JSON object, by the reader in `crate::from_json`.
///
/// The attributes of serde, by which the struct is written and described, say how it is read:
///
/// - `deny_unknown_fields` on the struct refuses members of other names, which are skipped otherwise;
/// - `default` on the struct lets every member be absent: the struct begins as its default;
/// - `default` on a member, or the type `Option`, lets that member be absent;
/// - `rename` on a member gives its name in JSON.
///
/// `#[from_json(default)]` lets a member be absent that is always written, so that its description still promises it.
#[proc_macro_derive(FromJson, attributes(serde, from_json))]
pub fn derive_from_json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    from_json::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
