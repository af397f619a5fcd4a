//! The way from the draft to each field.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Ident};

use super::declaration::{Field, Member, Role, Struct};
use crate::attributes::{also, error};

/// A field, found from the draft.
pub(super) struct Found<'a> {
    /// Name of the variant.
    pub(super) name: Ident,
    pub(super) doc: &'a [Attribute],
    pub(super) step: &'a Ident,
    /// Members that lead to the struct around it, then its own.
    pub(super) path: Vec<&'a Ident>,
    pub(super) declared: &'a Field,
}

impl Found<'_> {
    /// Returns the place in the draft, dotted.
    pub(super) fn dotted(&self) -> String {
        self.path.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
    }

    /// Returns the expression of its answer in `draft`.
    pub(super) fn answer(&self) -> TokenStream {
        let path = &self.path;
        quote!(draft #(.#path)*)
    }

    /// Returns the expression of the struct around it in `draft`.
    pub(super) fn around(&self) -> TokenStream {
        let path = &self.path[..self.path.len() - 1];
        quote!(draft #(.#path)*)
    }
}

/// Returns the name of the draft's struct, and every field in the order of the form.
pub(super) fn fields(structs: &[Struct]) -> syn::Result<(&Ident, Vec<Found<'_>>)> {
    let draft = draft(structs)?;
    let mut walk = Walk { structs, around: vec![&draft.name], used: BTreeSet::from([&draft.name]), found: Vec::new() };
    let mut errors = None;
    for section in &draft.members {
        let Role::Section(step) = &section.is else {
            also(
                &mut errors,
                syn::Error::new_spanned(
                    &section.name,
                    "each member of the draft is a section: give it `#[step(Step)]`",
                ),
            );
            continue;
        };
        walk.enter(section, step, "", &[]).unwrap_or_else(|error| also(&mut errors, error));
    }
    let Walk { used, found, .. } = walk;
    if errors.is_none()
        && let Some(unused) = structs.iter().find(|declared| !used.contains(&declared.name))
    {
        return error(&unused.name, &format!("no section of the draft holds `{}`", unused.name));
    }
    errors.map_or(Ok((&draft.name, found)), Err)
}

/// Finds the struct whose members are sections.
fn draft(structs: &[Struct]) -> syn::Result<&Struct> {
    let has_sections = |declared: &&Struct| declared.members.iter().any(|member| matches!(member.is, Role::Section(_)));
    let mut drafts = structs.iter().filter(has_sections);
    match (drafts.next(), drafts.next()) {
        (Some(draft), None) => Ok(draft),
        (Some(draft), Some(other)) => {
            error(&other.name, &format!("`{}` is the draft already: a form has one", draft.name))
        }
        (None, _) => Err(syn::Error::new(
            proc_macro2::Span::call_site(),
            "no struct is the draft: its members are sections, with `#[step(Step)]`",
        )),
    }
}

struct Walk<'a> {
    structs: &'a [Struct],
    /// The structs that the walk is in.
    around: Vec<&'a Ident>,
    used: BTreeSet<&'a Ident>,
    found: Vec<Found<'a>>,
}

impl<'a> Walk<'a> {
    /// Walks through the struct that a member holds.
    fn enter(&mut self, member: &'a Member, step: &'a Ident, prefix: &str, path: &[&'a Ident]) -> syn::Result<()> {
        let declared = self.structs.iter().find(|declared| member.of.as_ref() == Some(&declared.name));
        let Some(Struct { name, members }) = declared else {
            return error(&member.name, "a struct of fields has to be declared in this module");
        };
        if self.around.contains(&name) {
            return error(&member.name, &format!("`{name}` holds itself"));
        }
        self.used.insert(name);
        self.around.push(name);
        let path = [path, &[&member.name]].concat();
        for member in members {
            match &member.is {
                Role::Field(declared) => self.find(member, declared, step, prefix, &path)?,
                Role::Fields(own) => self.enter(member, step, &format!("{prefix}{own}"), &path)?,
                Role::Section(_) => return error(&member.name, "a section is a member of the draft"),
            }
        }
        self.around.pop();
        Ok(())
    }

    fn find(
        &mut self,
        member: &'a Member,
        declared: &'a Field,
        step: &'a Ident,
        prefix: &str,
        path: &[&'a Ident],
    ) -> syn::Result<()> {
        let name = format_ident!("{prefix}{}", declared.name);
        if let Some(same) = self.found.iter().find(|found| found.name == name) {
            return error(&declared.name, &format!("`{name}` names another field already, `{}`", same.dotted()));
        }
        self.found.push(Found { name, doc: &member.doc, step, path: [path, &[&member.name]].concat(), declared });
        Ok(())
    }
}
