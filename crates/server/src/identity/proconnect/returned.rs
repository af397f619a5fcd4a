//! Parameters with which a person comes back from the provider.

use super::refusal::Refusal;

/// Longest code that is passed on.
const CODE_MAX: usize = 2_048;

/// Parameters of the callback (OpenID Connect Core 1.0, section 3.1.2.5; RFC 9207).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Returned {
    pub(crate) state: Option<String>,
    pub(super) issuer: Option<String>,
    code: Option<String>,
    error: Option<String>,
    /// Set where the provider refuses people of private companies.
    is_private_sector: bool,
    /// Set where a parameter is there twice.
    is_ambiguous: bool,
}

impl Returned {
    /// Reads the query of the callback.
    pub(crate) fn read(query: &str) -> Self {
        let mut returned = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "state" => &mut returned.state,
                "iss" => &mut returned.issuer,
                "code" => &mut returned.code,
                "error" => &mut returned.error,
                "error_description" => {
                    returned.is_private_sector |= value.contains("Y500015");
                    continue;
                }
                _ => continue,
            };
            returned.is_ambiguous |= place.replace(value.into_owned()).is_some();
        }
        returned
    }

    /// Returns the code for tokens.
    ///
    /// # Errors
    /// When the provider gave none.
    pub(super) fn outcome(&self) -> Result<&str, Refusal> {
        if self.is_ambiguous {
            return Err(Refusal::untrusted("a parameter of the callback is there twice"));
        }
        match (self.error.as_deref(), self.code.as_deref()) {
            (Some(_), _) if self.is_private_sector => Err(Refusal {
                code: habilitation_model::wire::SignInRefusal::PrivateSector,
                reason: "the provider refuses people of private companies",
            }),
            (Some("access_denied" | "login_required" | "interaction_required" | "consent_required"), _) => {
                Err(Refusal::refused("the provider or the person refused"))
            }
            (Some("server_error" | "temporarily_unavailable"), _) => Err(Refusal::unavailable("the provider failed")),
            (Some(_), _) => Err(Refusal::untrusted("the provider takes the call for a wrong one")),
            (None, Some(code)) if (1..=CODE_MAX).contains(&code.len()) => Ok(code),
            (None, _) => Err(Refusal::untrusted("the callback has no code")),
        }
    }
}

#[cfg(test)]
mod tests {
    use habilitation_model::wire::SignInRefusal;

    use super::*;

    #[test]
    fn what_the_provider_answers_is_a_code_or_a_refusal_in_our_own_words() {
        let outcome = |query: &str| Returned::read(query).outcome().map(str::to_owned).map_err(|refusal| refusal.code);
        assert_eq!(outcome("code=a%20b&state=c").as_deref(), Ok("a b"));
        for (query, code) in [
            ("error=access_denied&error_description=no", SignInRefusal::Refused),
            ("error=access_denied&error_description=Y500015+x", SignInRefusal::PrivateSector),
            ("error=login_required", SignInRefusal::Refused),
            ("error=server_error&code=a", SignInRefusal::Unavailable),
            ("error=invalid_scope", SignInRefusal::Untrusted),
            ("error=<script>", SignInRefusal::Untrusted),
            ("code=a&code=b", SignInRefusal::Untrusted),
            ("code=", SignInRefusal::Untrusted),
            ("", SignInRefusal::Untrusted),
        ] {
            assert_eq!(outcome(query), Err(code), "{query}");
        }
    }
}
