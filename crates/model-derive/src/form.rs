//! `#[form]`: reads the declarations ([`declaration`]), walks from the draft to each field ([`walk`]), and writes the
//! enumeration of fields ([`catalogue`]).

mod catalogue;
mod declaration;
mod walk;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ItemMod;

use crate::attributes::error;

pub(crate) fn expand(mut module: ItemMod) -> syn::Result<TokenStream> {
    let Some((_, items)) = &mut module.content else {
        return error(&module, "`form` stands on a module that is written here, between braces");
    };
    let structs = declaration::take(items)?;
    let (draft, fields) = walk::fields(&structs)?;
    items.push(syn::Item::Verbatim(catalogue::write(draft, &fields)));
    Ok(module.into_token_stream())
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn expanded(module: ItemMod) -> String {
        expand(module).unwrap().to_string()
    }

    fn error_of(module: ItemMod) -> String {
        let error = expand(module).unwrap_err();
        error.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n")
    }

    fn small_form() -> ItemMod {
        parse_quote! {
            mod form {
                /// Draft of a request.
                pub struct Draft {
                    #[step(Organisation)]
                    pub organisation: Organisation,
                }

                pub struct Organisation {
                    /// Name of the organisation.
                    #[field(OrganisationName, from_link, shows_others)]
                    #[validate(custom(function = rules::filled), length(max = NAME_MAX, code = "too_long"))]
                    pub name: Text,
                    /// Reason of the request.
                    #[field(Reason, optional, multiline, shown_if = Organisation::is_private)]
                    pub reason: Text,
                    #[fields(Applicant)]
                    #[validate(nested)]
                    pub applicant: Contact,
                }

                pub struct Contact {
                    /// E-mail address.
                    #[field(Email, max_length = email::MAX)]
                    pub email: Text,
                }
            }
        }
    }

    #[test]
    fn a_field_is_named_by_its_attribute_and_found_by_its_place() {
        let code = expanded(small_form());
        for expected in [
            "ALL : & 'static [Self] = & [Self :: OrganisationName , Self :: Reason , Self :: ApplicantEmail ,]",
            r#"Self :: ApplicantEmail => "organisation.applicant.email""#,
            "Self :: OrganisationName | Self :: Reason | Self :: ApplicantEmail => crate :: step :: Step :: Organisation",
            "Self :: ApplicantEmail => & draft . organisation . applicant . email",
            "Self :: ApplicantEmail => & mut draft . organisation . applicant . email",
        ] {
            assert!(code.contains(expected), "{expected}\n{code}");
        }
    }

    #[test]
    fn what_a_field_says_of_itself_is_in_the_catalogue() {
        let code = expanded(small_form());
        for expected in [
            "Self :: Reason => Organisation :: is_private (& draft . organisation)",
            "fn is_optional (self) -> bool { matches ! (self , Self :: Reason) }",
            "fn is_multiline (self) -> bool { matches ! (self , Self :: Reason) }",
            "SHOWING_OTHERS : & 'static [Self] = & [Self :: OrganisationName ,]",
            "fn is_from_link (self) -> bool { matches ! (self , Self :: OrganisationName) }",
            "Self :: OrganisationName => NAME_MAX",
            "Self :: ApplicantEmail => email :: MAX",
        ] {
            assert!(code.contains(expected), "{expected}\n{code}");
        }
    }

    #[test]
    fn the_structs_keep_everything_but_the_attributes_of_the_form() {
        let code = expanded(small_form());
        for gone in ["# [field (", "# [fields (", "# [step ("] {
            assert!(!code.contains(gone), "{gone}\n{code}");
        }
        assert!(code.contains("# [validate (nested)] pub applicant : Contact"), "{code}");
    }

    #[test]
    fn each_mistake_is_told_in_a_sentence() {
        for (module, message) in [
            (parse_quote! { mod form; }, "`form` stands on a module that is written here, between braces"),
            (
                parse_quote! { mod form { struct Draft { name: Text } } },
                "this member is no field: give it `#[field(Name)]`, `#[fields(Prefix)]` for a struct of fields, or `#[step(Step)]` for a section",
            ),
            (
                parse_quote! { mod form { struct Draft { #[field(Name)] #[fields(Name)] name: Text } } },
                "a member is one of `#[field]`, `#[fields]` and `#[step]`",
            ),
            (
                parse_quote! { mod form { struct Draft { #[field(Name, hidden)] name: Text } } },
                "a field takes `optional`, `multiline`, `from_link`, `shows_others`, `shown_if = …` and `max_length = …`",
            ),
            (
                parse_quote! { mod form { struct Draft { #[field(Name, max_length = 3)] #[validate(length(max = 3))] name: Text } } },
                "`length(max = …)` says already how long the answer may be",
            ),
            (
                parse_quote! { mod form { struct Contact { #[field(Email)] email: Text } } },
                "no struct is the draft: its members are sections, with `#[step(Step)]`",
            ),
            (
                parse_quote! { mod form { struct Draft { #[step(Data)] data: Data, #[field(Name)] name: Text } struct Data { #[field(Scopes)] scopes: Scopes } } },
                "each member of the draft is a section: give it `#[step(Step)]`",
            ),
            (
                parse_quote! { mod form { struct Draft { #[step(Data)] data: Data } struct Other { #[step(Data)] data: Data } struct Data { #[field(Scopes)] scopes: Scopes } } },
                "`Draft` is the draft already: a form has one",
            ),
            (
                parse_quote! { mod form { struct Draft { #[step(Data)] data: elsewhere::Data } } },
                "a struct of fields has to be declared in this module",
            ),
            (
                parse_quote! { mod form { struct Draft { #[step(Data)] data: Data } struct Data { #[fields(More)] more: Data } } },
                "`Data` holds itself",
            ),
            (
                parse_quote! { mod form { struct Draft { #[step(Data)] data: Data } struct Data { #[field(Scopes)] scopes: Scopes, #[field(Scopes)] others: Scopes } } },
                "`Scopes` names another field already, `data.scopes`",
            ),
            (
                parse_quote! { mod form { struct Draft { #[step(Data)] data: Data } struct Data { #[field(Scopes)] scopes: Scopes } struct Contact { #[field(Email)] email: Text } } },
                "no section of the draft holds `Contact`",
            ),
        ] {
            assert_eq!(error_of(module), message);
        }
    }

    #[test]
    fn several_mistakes_are_told_at_once() {
        let module = parse_quote! { mod form { struct Draft { name: Text, email: Text } } };
        assert_eq!(error_of(module).lines().count(), 2);
    }
}
