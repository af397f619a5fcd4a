//! Declarations of the form, as its structs make them.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, Ident, Item, ItemStruct, Path, Token, Type, token};

use crate::attributes::{also, error, skip};

/// A struct that holds answers.
pub(super) struct Struct {
    pub(super) name: Ident,
    pub(super) members: Vec<Member>,
}

/// A member of such a struct.
pub(super) struct Member {
    pub(super) name: Ident,
    pub(super) doc: Vec<Attribute>,
    /// Name of the type, where that can be a struct of the same module.
    pub(super) of: Option<Ident>,
    pub(super) is: Role,
}

/// Part that a member plays in the form.
pub(super) enum Role {
    /// `#[field(…)]`
    Field(Box<Field>),
    /// `#[fields(Prefix)]`
    Fields(Ident),
    /// `#[step(Step)]`
    Section(Ident),
}

/// A field, as its attribute declares it.
pub(super) struct Field {
    pub(super) name: Ident,
    pub(super) optional: bool,
    pub(super) multiline: bool,
    pub(super) from_link: bool,
    pub(super) shows_others: bool,
    pub(super) shown_if: Option<Path>,
    pub(super) max_length: Option<Expr>,
}

impl Parse for Field {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut field = Self {
            name: input.parse()?,
            optional: false,
            multiline: false,
            from_link: false,
            shows_others: false,
            shown_if: None,
            max_length: None,
        };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let word: Ident = input.parse()?;
            match word.to_string().as_str() {
                "optional" => field.optional = true,
                "multiline" => field.multiline = true,
                "from_link" => field.from_link = true,
                "shows_others" => field.shows_others = true,
                "shown_if" => field.shown_if = Some(value(input)?),
                "max_length" => field.max_length = Some(value(input)?),
                _ => {
                    return error(
                        word,
                        "a field takes `optional`, `multiline`, `from_link`, `shows_others`, `shown_if = …` and `max_length = …`",
                    );
                }
            }
        }
        Ok(field)
    }
}

fn value<T: Parse>(input: ParseStream<'_>) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// Takes the declarations out of the structs of a module.
pub(super) fn take(items: &mut [Item]) -> syn::Result<Vec<Struct>> {
    let (mut structs, mut errors) = (Vec::new(), None);
    for item in items {
        let Item::Struct(ItemStruct { ident, fields, .. }) = item else { continue };
        let mut members = Vec::new();
        for field in fields {
            match member(field) {
                Ok(member) => members.push(member),
                Err(error) => also(&mut errors, error),
            }
        }
        structs.push(Struct { name: ident.clone(), members });
    }
    errors.map_or(Ok(structs), Err)
}

/// Takes the declaration out of a member.
fn member(field: &mut syn::Field) -> syn::Result<Member> {
    let Some(name) = field.ident.clone() else { return error(field, "a struct of fields gives each member a name") };
    let is_ours = |attribute: &Attribute| ["field", "fields", "step"].iter().any(|own| attribute.path().is_ident(own));
    let ours: Vec<Attribute> = field.attrs.extract_if(.., |attribute| is_ours(attribute)).collect();
    let attribute = match ours.as_slice() {
        [attribute] => attribute,
        [] => {
            return error(
                name,
                "this member is no field: give it `#[field(Name)]`, `#[fields(Prefix)]` for a struct of fields, or `#[step(Step)]` for a section",
            );
        }
        [_, another, ..] => return error(another, "a member is one of `#[field]`, `#[fields]` and `#[step]`"),
    };
    let is = if attribute.path().is_ident("field") {
        let mut declared: Field = attribute.parse_args()?;
        if let Some(max) = length_of_rules(&field.attrs)? {
            if let Some(own) = &declared.max_length {
                return error(own, "`length(max = …)` says already how long the answer may be");
            }
            declared.max_length = Some(max);
        }
        Role::Field(Box::new(declared))
    } else if attribute.path().is_ident("fields") {
        Role::Fields(attribute.parse_args()?)
    } else {
        Role::Section(attribute.parse_args()?)
    };
    let doc = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect();
    let of = match &field.ty {
        Type::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    };
    Ok(Member { name, doc, of, is })
}

/// Returns the `max` of `#[validate(length(max = …))]`.
fn length_of_rules(attributes: &[Attribute]) -> syn::Result<Option<Expr>> {
    let mut max = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("validate")) {
        attribute.parse_nested_meta(|rule| {
            if !rule.path.is_ident("length") || !rule.input.peek(token::Paren) {
                return skip(&rule);
            }
            rule.parse_nested_meta(|argument| {
                if argument.path.is_ident("max") {
                    max = Some(argument.value()?.parse()?);
                    Ok(())
                } else {
                    skip(&argument)
                }
            })
        })?;
    }
    Ok(max)
}
