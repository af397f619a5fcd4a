//! Notices to the program of a partner, by Standard Webhooks: signed, sent once or more, each under one identifier.

use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, Uri};
use data_encoding::BASE64;
use habilitation_model::draft::Contact;
use habilitation_model::phone::Phone;
use habilitation_model::siret::Siret;
use habilitation_model::wire::Notice;
use habilitation_model::{ClosedList, Draft, Field};
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::clock::rfc3339;
use crate::outgoing::{self, HttpClient};
use crate::settings::{WebhookSecret, WebhookSettings, WrongSettings};
use crate::store::outbox::Material;

/// Longest time of one attempt.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Way to the program of a partner.
pub(crate) struct Webhook {
    url: Uri,
    secrets: Vec<WebhookSecret>,
    client: HttpClient,
}

impl Webhook {
    /// Opens the way, where the operator gives one.
    ///
    /// # Errors
    /// When no secret is there, or the certificates that this machine trusts cannot be read.
    pub(crate) fn open(settings: &WebhookSettings) -> Result<Option<Self>, WrongSettings> {
        let Some(url) = &settings.webhook_url else { return Ok(None) };
        let client = outgoing::client().map_err(|error| WrongSettings::NoCertificates(error.kind()))?;
        Ok(Some(Self { url: url.as_uri().clone(), secrets: settings.secrets()?, client }))
    }

    /// Asks whether somebody answers at the address. Nothing is sent there (RFC 9110, section 9.3.2).
    ///
    /// # Errors
    /// With a sentence, when there is no answer in time.
    pub(crate) async fn check(&self) -> Result<String, String> {
        let call = Request::head(self.url.clone()).body(Full::default()).map_err(|error| error.to_string())?;
        let host = self.url.host().unwrap_or_default();
        match tokio::time::timeout(TIMEOUT, self.client.request(call)).await {
            Ok(Ok(answer)) => Ok(format!("{host} answers, with {}", answer.status().as_u16())),
            Ok(Err(_)) => Err(format!("{host}: no connection can be made")),
            Err(_) => Err(format!("{host} does not answer in time")),
        }
    }

    /// Sends a notice once. A redirection counts as a refusal: the signature is for this address alone.
    ///
    /// # Errors
    /// With the status of an answer that is not a success, if there is an answer in time. Its body is not read.
    pub(crate) async fn send(&self, id: &str, body: String, at: Timestamp) -> Result<(), Option<u16>> {
        let timestamp = at.as_second();
        let call = Request::post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signatures(&self.secrets, id, timestamp, &body))
            .body(Full::from(body))
            .map_err(|_| None)?;
        let answer = tokio::time::timeout(TIMEOUT, self.client.request(call)).await;
        let status = answer.map_err(|_| None)?.map_err(|_| None)?.status();
        if status.is_success() { Ok(()) } else { Err(Some(status.as_u16())) }
    }
}

/// Returns the signatures of a notice, one for each secret.
fn signatures(secrets: &[WebhookSecret], id: &str, timestamp: i64, body: &str) -> String {
    let sign = |secret: &WebhookSecret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes()).ok()?;
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        Some(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
    };
    secrets.iter().filter_map(sign).collect::<Vec<_>>().join(" ")
}

/// Returns the body of a notice: its type, its time, and what a partner needs to give a service its access.
pub(crate) fn body(notice: Notice, material: Option<&Material>, at: Timestamp) -> String {
    let timestamp = material.map_or_else(|| rfc3339(at), |material| material.event.at.clone());
    let data = material.map_or_else(|| json!({}), |material| data(notice, material));
    json!({ "type": notice.as_str(), "timestamp": timestamp, "data": data }).to_string()
}

fn data(notice: Notice, material: &Material) -> Value {
    // A revocation ends the habilitation of an earlier submission.
    let earlier = material.earlier.as_ref().filter(|_| notice == Notice::Revoked);
    let draft: &Draft = earlier.unwrap_or(&material.sent);
    let organisation = &draft.organisation;
    let siret = organisation.siret.as_str();
    let mut data = json!({
        "number": material.event.habilitation,
        "request": material.request,
        "siret": Siret::parse(siret).map_or_else(|_| siret.to_owned(), |siret| siret.as_str().to_owned()),
        "organisation": organisation.name.line(),
        "project": draft.project.name.line(),
        "level": draft.assurance.level.as_str(),
        "scopes": draft.data.scopes.known().map(ClosedList::as_str).collect::<Vec<_>>(),
        "launch_date": Field::LaunchDate.date(draft).map(|date| date.to_string()),
        "applicant": contact(&organisation.applicant),
        "technical": contact(&draft.people.technical),
    });
    if let Some(replaced) = material.before.active().filter(|_| notice == Notice::Accepted) {
        let number = habilitation_model::lifecycle::act::habilitation_number(&material.number, replaced.rank);
        data["replaces"] = number.into();
    }
    data
}

fn contact(contact: &Contact) -> Value {
    let phone = contact.phone.as_str();
    json!({
        "given_name": contact.given_name.line(),
        "family_name": contact.family_name.line(),
        "email": contact.email.line(),
        "phone": Phone::parse(phone).map_or_else(|_| phone.to_owned(), |phone| phone.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_signed_as_the_standard_shows() {
        // The example of the libraries of Standard Webhooks.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        let signature = signatures(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_one_secret_replaces_another_a_notice_bears_both_signatures() {
        let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"];
        let both = signatures(&secrets.map(|secret| secret.parse().unwrap()), "a", 1, "{}");
        let parts: Vec<&str> = both.split(' ').collect();
        assert!(parts.len() == 2 && parts[0] != parts[1] && parts.iter().all(|part| part.starts_with("v1,")));
    }
}
