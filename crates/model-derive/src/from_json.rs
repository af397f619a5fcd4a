//! `#[derive(FromJson)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Token, Type};

use crate::attributes::{error, skip};

/// Most members of an object: the reader notes those that it has seen in 32 bits.
const MEMBERS_MAX: usize = 32;

/// A struct as it is read.
#[derive(Default)]
struct Container {
    /// Begins as its default.
    default: bool,
    /// Refuses members of other names.
    closed: bool,
}

/// A member as it is read.
struct Member<'a> {
    member: &'a Ident,
    name: String,
    may_be_absent: bool,
    /// Keeps its empty value, whatever is read.
    is_skipped: bool,
}

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else { return error(&input.ident, "`FromJson` reads structs only") };
    let Fields::Named(fields) = &data.fields else {
        return error(&input.ident, "`FromJson` reads structs whose members have names");
    };
    if !input.generics.params.is_empty() {
        return error(&input.generics, "`FromJson` does not read generic structs");
    }
    if fields.named.len() > MEMBERS_MAX {
        return error(&input.ident, "`FromJson` reads structs of 32 members at most");
    }
    let container = container(&input.attrs)?;
    let members = fields.named.iter().map(member).collect::<syn::Result<Vec<Member<'_>>>>()?;
    Ok(implementation(&input.ident, &container, members))
}

fn implementation(name: &Ident, container: &Container, members: Vec<Member<'_>>) -> TokenStream {
    let all = members.iter().map(|member| member.member).collect::<Vec<_>>();
    let empty = if container.default {
        quote!(::core::default::Default::default())
    } else {
        quote!(Self { #(#all: crate::from_json::Empty::empty(),)* })
    };
    let (absent, needed): (Vec<_>, Vec<_>) = members
        .into_iter()
        .filter(|member| !member.is_skipped)
        .partition(|member| container.default || member.may_be_absent);
    let count = needed.len();
    let ordered = || needed.iter().chain(&absent);
    let (names, values) = (ordered().map(|member| &member.name), ordered().map(|member| member.member));
    let (index, open) = (0_usize.., !container.closed);
    quote! {
        impl crate::from_json::Empty for #name {
            fn empty() -> Self {
                #empty
            }
        }

        impl crate::from_json::Object for #name {
            fn shape(&self) -> &'static crate::from_json::Shape {
                const SHAPE: crate::from_json::Shape =
                    crate::from_json::Shape { names: &[#(#names),*], needed: #count, open: #open };
                &SHAPE
            }

            fn member(
                &mut self,
                index: usize,
            ) -> ::core::option::Option<&mut dyn crate::from_json::Readable> {
                match index {
                    #(#index => ::core::option::Option::Some(&mut self.#values),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl crate::from_json::Readable for #name {
            fn target(&mut self) -> crate::from_json::Target<'_> {
                crate::from_json::Target::Object(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                crate::from_json::read(deserializer)
            }
        }
    }
}

fn container(attributes: &[Attribute]) -> syn::Result<Container> {
    let mut container = Container::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("default") {
                container.default = true;
                no_value(&meta)
            } else if meta.path.is_ident("deny_unknown_fields") {
                container.closed = true;
                Ok(())
            } else {
                Err(meta.error("`FromJson` knows `default` and `deny_unknown_fields` of a struct, and nothing else"))
            }
        })?;
    }
    Ok(container)
}

fn member(field: &syn::Field) -> syn::Result<Member<'_>> {
    let Some(ident) = &field.ident else { return error(field, "`FromJson` reads structs whose members have names") };
    let mut member =
        Member { member: ident, name: ident.to_string(), may_be_absent: is_option(&field.ty), is_skipped: false };
    for attribute in &field.attrs {
        if attribute.path().is_ident("serde") {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("default") {
                    member.may_be_absent = true;
                    no_value(&meta)
                } else if meta.path.is_ident("rename") {
                    member.name = meta.value()?.parse::<LitStr>()?.value();
                    Ok(())
                } else if meta.path.is_ident("skip_serializing_if") || meta.path.is_ident("serialize_with") {
                    skip(&meta)
                } else {
                    Err(meta
                        .error("`FromJson` knows `default` and `rename` of a member, and nothing else of its reading"))
                }
            })?;
        } else if attribute.path().is_ident("from_json") {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("default") {
                    member.may_be_absent = true;
                    no_value(&meta)
                } else if meta.path.is_ident("skip") {
                    member.is_skipped = true;
                    no_value(&meta)
                } else {
                    Err(meta.error("`from_json` of a member is `default` or `skip`"))
                }
            })?;
        }
    }
    Ok(member)
}

fn no_value(meta: &syn::meta::ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        Err(meta.error("`FromJson` takes the default of the type, not of a function"))
    } else {
        Ok(())
    }
}

fn is_option(of: &Type) -> bool {
    matches!(of, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn expanded(input: &DeriveInput) -> String {
        expand(input).unwrap().to_string()
    }

    fn error_of(input: &DeriveInput) -> String {
        expand(input).unwrap_err().to_string()
    }

    #[test]
    fn needed_members_stand_before_those_that_may_be_absent() {
        let code = expanded(&parse_quote! {
            struct Page {
                next: Option<String>,
                requests: Vec<String>,
                #[serde(default, skip_serializing_if = "Vec::is_empty")]
                errors: Vec<String>,
                #[from_json(default)]
                earlier: Vec<String>,
                #[serde(rename = "type")]
                kind: String,
            }
        });
        assert!(
            code.contains(r#"names : & ["requests" , "type" , "next" , "errors" , "earlier"] , needed : 2usize"#),
            "{code}"
        );
        assert!(code.contains("open : true"), "{code}");
        assert!(code.contains("1usize => :: core :: option :: Option :: Some (& mut self . kind)"), "{code}");
        assert!(code.contains("Self { next : crate :: from_json :: Empty :: empty ()"), "{code}");
    }

    #[test]
    fn a_member_that_is_skipped_keeps_its_empty_value() {
        let code = expanded(&parse_quote! {
            struct Page {
                next: Option<String>,
                #[from_json(skip)]
                events: Vec<String>,
            }
        });
        assert!(code.contains(r#"names : & ["next"]"#), "{code}");
        assert!(code.contains("events : crate :: from_json :: Empty :: empty ()"), "{code}");
    }

    #[test]
    fn a_struct_that_begins_as_its_default_needs_nothing() {
        let code = expanded(&parse_quote! {
            #[serde(default, deny_unknown_fields)]
            struct Terms {
                accepted: bool,
            }
        });
        assert!(code.contains("needed : 0usize , open : false"), "{code}");
        assert!(code.contains("fn empty () -> Self { :: core :: default :: Default :: default () }"), "{code}");
    }

    #[test]
    fn what_it_cannot_read_is_told() {
        for (input, message) in [
            (parse_quote! { enum Level { Low } }, "`FromJson` reads structs only"),
            (parse_quote! { struct Id(String); }, "`FromJson` reads structs whose members have names"),
            (parse_quote! { struct Page<T> { items: Vec<T> } }, "`FromJson` does not read generic structs"),
            (
                parse_quote! { #[serde(rename_all = "camelCase")] struct Page { items: Vec<String> } },
                "`FromJson` knows `default` and `deny_unknown_fields` of a struct, and nothing else",
            ),
            (
                parse_quote! { struct Page { #[serde(flatten)] rest: Rest } },
                "`FromJson` knows `default` and `rename` of a member, and nothing else of its reading",
            ),
            (
                parse_quote! { struct Page { #[serde(default = "ten")] size: u32 } },
                "`FromJson` takes the default of the type, not of a function",
            ),
            (
                parse_quote! { struct Page { #[from_json(skipped)] size: u32 } },
                "`from_json` of a member is `default` or `skip`",
            ),
        ] {
            assert_eq!(error_of(&input), message);
        }
    }

    #[test]
    fn an_object_of_more_members_than_the_reader_can_note_is_refused() {
        let members = |count: usize| (0..count).map(|number| quote::format_ident!("member_{number}"));
        let many = |count: usize| {
            let members = members(count);
            parse_quote! { struct Many { #(#members: u32),* } }
        };
        assert!(expand(&many(32)).is_ok());
        assert_eq!(error_of(&many(33)), "`FromJson` reads structs of 32 members at most");
    }
}
