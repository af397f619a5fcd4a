//! Macros by which `habilitation-model` declares each wire type and each field of the form once.
//!
//! The macros write code for that crate alone: the code names its modules (`crate::from_json`, `crate::answer`, `crate::step`).

mod attributes;
mod form;
mod from_json;

use proc_macro::TokenStream;
use syn::{DeriveInput, ItemMod, parse_macro_input};

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

/// Declares the form: adds the enumeration `Field` to a module of structs that hold the answers.
///
/// The draft is the struct with a `#[step(Step)]` on each member: its sections. In sections, each member is one of:
///
/// - `#[field(Name)]`: an answer, and the variant of `Field` that names it;
/// - `#[fields(Prefix)]`: a struct of fields, whose names get the prefix.
///
/// A field takes, after its name:
///
/// - `optional`: a request can do without an answer;
/// - `multiline`: the answer may hold several lines;
/// - `from_link`: a portal or a link may give the answer in the person's place;
/// - `shows_others`: the answer decides whether other fields are shown;
/// - `shown_if = path`: asked when this function of the struct around the field (`fn(&Section) -> bool`) returns true;
/// - `max_length = expression`: most characters, where no `length(max = …)` of `validator` says so.
#[proc_macro_attribute]
pub fn form(_: TokenStream, module: TokenStream) -> TokenStream {
    let module = parse_macro_input!(module as ItemMod);
    form::expand(module).unwrap_or_else(syn::Error::into_compile_error).into()
}
