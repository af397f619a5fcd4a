//! Claims of the provider about a person, read leniently: unknown claims are ignored, and what cannot be read is as if it were not there.

use habilitation_model::Text;
use habilitation_model::draft::OrganisationKind;
use habilitation_model::siret::Siret;
use habilitation_model::wire::Organisation;
use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::identification::Identification;
use crate::settings::Registration;
use crate::store::Visitor;

/// Longest text of a claim, in characters.
const TEXT_MAX: usize = 256;
/// Longest identifier of a person at their provider, in bytes.
const SUBJECT_MAX: usize = 256;
/// ProConnect's own identity provider, for those who have no other.
const OWN_PROVIDER: &str = "71144ab3-ee1a-4401-b7b3-79b44f7daeeb";
/// Levels at which that provider has verified the tie to the organisation.
const VERIFIED_LEVELS: [&str; 4] = ["eidas1", "eidas1-mfa", "eidas2", "eidas3"];
/// Beginning of the establishments of La Poste, whose numbers follow no rule that all of them obey.
const LA_POSTE: &str = "356000000";

/// Person as the provider describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) visitor: Visitor,
    pub(crate) phone: String,
    pub(crate) organisation: Organisation,
    pub(crate) identification: Identification,
}

/// Reads the claims about a person; how strongly they signed in stands in the identity token alone.
///
/// # Errors
/// When the provider does not say who it is, for which organisation, or at which address they get mails.
pub(super) fn describe(
    registration: &Registration,
    identity: &Map<String, Value>,
    claims: &Map<String, Value>,
) -> Result<Described, Refusal> {
    let text = |name: &str| line(claims.get(name));
    let subject = identity.get("sub").and_then(Value::as_str).unwrap_or_default();
    if subject.is_empty() || subject.len() > SUBJECT_MAX || !subject.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refusal::untrusted("the provider does not say who it is"));
    }
    let siret = siret(&text("siret")).ok_or(Refusal::incomplete("the provider names no organisation"))?;
    let email = text("email");
    if email.contains(char::is_whitespace)
        || !email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
    {
        return Err(Refusal::incomplete("the provider gives no e-mail address"));
    }
    // The claims may tell a level too, but not that of this sign-in.
    let identification = Identification {
        issuer: registration.issuer.as_str().to_owned(),
        subject: subject.to_owned(),
        provider: text("idp_id"),
        level: line(identity.get("acr")),
    };
    let visitor = Visitor {
        issuer: identification.issuer.clone(),
        subject: subject.to_owned(),
        email,
        given_name: text("given_name"),
        usual_name: text("usual_name"),
        siren: siret.chars().take(9).collect(),
        is_tie_verified: is_tie_verified(&identification, &registration.trusted_providers),
    };
    let organisation = Organisation { siret, name: text("organization_label"), kind: kind(claims.get("roles")) };
    Ok(Described { visitor, phone: text("phone_number"), organisation, identification })
}

/// Returns whether somebody verified that a person belongs to the organisation: a provider that the operator trusts, or ProConnect's
/// own from a level on. Below that level its people may have named any organisation, whatever the operator trusts.
fn is_tie_verified(identification: &Identification, trusted_providers: &[String]) -> bool {
    let Identification { provider, level, .. } = identification;
    if provider == OWN_PROVIDER {
        VERIFIED_LEVELS.contains(&level.as_str())
    } else {
        !provider.is_empty() && trusted_providers.contains(provider)
    }
}

/// Returns the text of a claim, clean and on one line.
fn line(claim: Option<&Value>) -> String {
    let text = Text::from(claim.and_then(Value::as_str).unwrap_or_default()).line();
    text.chars().take(TEXT_MAX).collect()
}

/// Returns the number of an establishment, by the rule of the provider.
fn siret(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_of_la_poste =
        digits.len() == 14 && digits.starts_with(LA_POSTE) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_of_la_poste { Some(digits) } else { Siret::parse(&digits).ok().map(|siret| siret.as_str().to_owned()) }
}

/// Returns the kind of the organisation, which the provider tells of administrations alone, and not of all.
fn kind(roles: Option<&Value>) -> Option<OrganisationKind> {
    let roles = roles.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_agent = roles.iter().filter_map(Value::as_str).any(|role| role.starts_with("agent_public"));
    is_agent.then_some(OrganisationKind::Administration)
}

#[cfg(test)]
mod tests {
    use habilitation_model::wire::SignInRefusal;
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        json!({
            "sub": "5f2c7c1e-0001", "given_name": "Noémie", "usual_name": "Lœb", "email": "Noemie.Loeb@vallon.example",
            "siret": "21990042000015", "organization_label": "Commune de Vallon-les-Prés", "phone_number": "+33199001234",
            "roles": ["agent_public", "agent_public_territorial"], "idp_id": OWN_PROVIDER, "custom": {"a": [1]}, "new": null,
        })
    }

    fn described(claims: &Value, acr: &Value) -> Result<Described, SignInRefusal> {
        let identity = json!({"sub": "5f2c7c1e-0001", "acr": acr});
        let [identity, claims] = [&identity, claims].map(|claims| claims.as_object().unwrap());
        let registration = Registration::made_up("https://auth.example", &["fia-trusted", OWN_PROVIDER]);
        describe(&registration, identity, claims).map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_person_is_read_with_the_address_as_they_write_it() {
        let Described { visitor, phone, organisation, identification } = described(&whole(), &json!("eidas1")).unwrap();
        assert_eq!((&*identification.provider, &*identification.level), (OWN_PROVIDER, "eidas1"));
        assert_eq!((&*identification.subject, &*identification.issuer), ("5f2c7c1e-0001", "https://auth.example"));
        assert_eq!((&*visitor.email, &*visitor.siren), ("Noemie.Loeb@vallon.example", "219900420"));
        assert_eq!((&*visitor.given_name, &*visitor.usual_name, &*phone), ("Noémie", "Lœb", "+33199001234"));
        assert_eq!(organisation.kind, Some(OrganisationKind::Administration));
    }

    #[test]
    fn what_is_missing_odd_or_unknown_keeps_nobody_out() {
        let mut claims = whole();
        for name in ["given_name", "organization_label", "phone_number", "roles", "idp_id"] {
            for odd in [Value::Null, json!(7), json!({}), json!([null, 7])] {
                claims[name] = odd;
                assert!(described(&claims, &json!(["eidas1"])).is_ok(), "{claims}");
            }
        }
        let found = described(&claims, &Value::Null).unwrap();
        assert_eq!((&*found.visitor.given_name, &*found.organisation.name), ("", ""));
        assert_eq!((found.organisation.kind, found.visitor.is_tie_verified), (None, false));
        let mut long = whole();
        long["given_name"] = json!("é\u{202e}\n".repeat(1_000));
        let name = described(&long, &Value::Null).unwrap().visitor.given_name;
        assert!(name.chars().count() <= 256 && !name.contains(['\u{202e}', '\n']));
    }

    #[test]
    fn without_an_organisation_or_an_address_nobody_signs_in() {
        for (name, value) in [
            ("siret", json!(null)),
            ("siret", json!("21990042000016")),
            ("siret", json!("35600000000")),
            ("siret", json!("219900420")),
            ("email", json!("")),
            ("email", json!("noemie")),
            ("email", json!("@example")),
        ] {
            let mut claims = whole();
            claims[name] = value;
            assert_eq!(described(&claims, &Value::Null), Err(SignInRefusal::Incomplete), "{claims}");
        }
    }

    #[test]
    fn establishments_of_la_poste_are_taken_whatever_their_key() {
        for number in ["35600000000048", "35600000012345", "356 000 000 00001"] {
            assert!(siret(number).is_some(), "{number}");
        }
        assert_eq!(siret("35600000a00048"), None);
    }

    #[test]
    fn the_tie_is_verified_by_a_trusted_provider_or_by_proconnects_own_from_a_level_on() {
        for (provider, level, is_verified) in [
            (OWN_PROVIDER, "eidas1", true),
            (OWN_PROVIDER, "eidas1-mfa", true),
            (OWN_PROVIDER, "eidas0", false),
            (OWN_PROVIDER, "eidas0-mfa", false),
            (OWN_PROVIDER, "", false),
            ("fia-communes", "eidas3", false),
            ("fia-trusted", "eidas0", true),
            ("", "eidas3", false),
        ] {
            let mut claims = whole();
            claims["idp_id"] = json!(provider);
            let found = described(&claims, &json!(level)).unwrap();
            assert_eq!(found.visitor.is_tie_verified, is_verified, "{provider} {level}");
        }
    }

    #[test]
    fn how_somebody_signed_in_stands_in_the_identity_token_alone() {
        let mut claims = whole();
        claims["acr"] = json!("eidas3");
        claims["idp_acr"] = json!("eidas3");
        for (told, level) in [(json!("eidas1"), "eidas1"), (Value::Null, ""), (json!(["eidas1-mfa"]), "")] {
            assert_eq!(described(&claims, &told).unwrap().identification.level, level, "{told}");
        }
    }
}
