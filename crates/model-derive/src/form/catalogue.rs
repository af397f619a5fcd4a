//! The code of the enumeration of fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::walk::Found;
use crate::attributes::doc;

/// Writes the enumeration of the fields of a draft.
pub(super) fn write(draft: &Ident, fields: &[Found<'_>]) -> TokenStream {
    let (variants, methods) = (variants(fields), [paths(fields), answers(draft, fields), properties(draft, fields)]);
    quote! {
        #variants

        impl Field { #(#methods)* }
    }
}

fn names<'a>(fields: &'a [Found<'a>]) -> impl Iterator<Item = &'a Ident> {
    fields.iter().map(|field| &field.name)
}

fn variants(fields: &[Found<'_>]) -> TokenStream {
    let variants = fields.iter().map(|field| {
        let (path, more, name) = (doc(&format!("`{}`", field.dotted())), field.doc, &field.name);
        quote!(#path #[doc = ""] #(#more)* #name)
    });
    quote! {
        /// A field of the request.
        ///
        /// Its [path](Field::path) is its one name: place in the draft, `name` of its control, key of its texts and, as a
        /// [pointer](Field::pointer), subject of its findings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { #(#variants,)* }
    }
}

fn paths(fields: &[Found<'_>]) -> TokenStream {
    let (all, each) = (names(fields), names(fields));
    let paths = fields.iter().map(Found::dotted);
    let steps = fields.chunk_by(|one, other| one.step == other.step).map(|section| {
        let (names, step) = (names(section), section[0].step);
        quote!(#(Self::#names)|* => crate::step::Step::#step)
    });
    quote! {
        /// Every field, in the order of the form.
        pub const ALL: &'static [Self] = &[#(Self::#all,)*];

        /// Returns the place of the field in the draft, dotted.
        #[must_use]
        pub const fn path(self) -> &'static str {
            match self { #(Self::#each => #paths,)* }
        }

        /// Returns the step that asks for the field.
        #[must_use]
        pub const fn step(self) -> crate::step::Step {
            match self { #(#steps,)* }
        }
    }
}

fn answers(draft: &Ident, fields: &[Found<'_>]) -> TokenStream {
    let (read, written) = (names(fields), names(fields));
    let answers: Vec<TokenStream> = fields.iter().map(Found::answer).collect();
    quote! {
        /// Returns the answer of the field.
        pub(crate) fn slot(self, draft: &#draft) -> &dyn crate::value::ValueSlot {
            match self { #(Self::#read => &#answers,)* }
        }

        /// Returns the answer of the field, to change it.
        pub(crate) fn slot_mut(self, draft: &mut #draft) -> &mut dyn crate::value::ValueSlot {
            match self { #(Self::#written => &mut #answers,)* }
        }
    }
}

fn properties(draft: &Ident, fields: &[Found<'_>]) -> TokenStream {
    let shown = fields.iter().filter_map(|field| {
        let (name, shown_if, around) = (&field.name, field.declared.shown_if.as_ref()?, field.around());
        Some(quote!(Self::#name => #shown_if(&#around)))
    });
    let max_lengths = fields.iter().filter_map(|field| {
        let (name, max) = (&field.name, field.declared.max_length.as_ref()?);
        Some(quote!(Self::#name => #max))
    });
    let optional = any(fields, |field| field.declared.optional);
    let multiline = any(fields, |field| field.declared.multiline);
    let from_link = any(fields, |field| field.declared.from_link);
    let showing = fields.iter().filter(|field| field.declared.shows_others).map(|field| &field.name);
    quote! {
        /// The fields whose answers decide whether others are shown.
        pub const SHOWING_OTHERS: &'static [Self] = &[#(Self::#showing,)*];

        /// Returns whether the form asks for the field, given the other answers. A field that is not asked for has no
        /// findings and is left out of the request; an answer typed before stays in the draft.
        #[must_use]
        pub fn is_shown(self, draft: &#draft) -> bool {
            match self {
                #(#shown,)*
                _ => true,
            }
        }

        /// Returns whether a request can do without an answer.
        #[must_use]
        pub fn is_optional(self) -> bool {
            #optional
        }

        /// Returns whether the answer may hold several lines.
        #[must_use]
        pub fn is_multiline(self) -> bool {
            #multiline
        }

        /// Returns whether a portal or a link may give the answer in the person's place.
        #[must_use]
        pub fn is_from_link(self) -> bool {
            #from_link
        }

        /// Returns the most characters of a text by the rules of the field, where they set a limit.
        pub(crate) fn declared_max_length(self) -> ::core::option::Option<u64> {
            ::core::option::Option::Some(match self {
                #(#max_lengths,)*
                _ => return ::core::option::Option::None,
            })
        }
    }
}

/// Writes the test for one of the fields that are so.
fn any(fields: &[Found<'_>], is_so: impl Fn(&Found<'_>) -> bool) -> TokenStream {
    let names: Vec<&Ident> = fields.iter().filter(|field| is_so(field)).map(|field| &field.name).collect();
    if names.is_empty() { quote!(false) } else { quote!(matches!(self, #(Self::#names)|*)) }
}
