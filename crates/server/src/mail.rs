//! Mails as they leave: written by [`habilitation_words`], put into messages, and given to a relay or to a folder.

mod folder;
mod relay;
mod sending;

use std::io;
use std::str::FromStr;
use std::time::SystemTime;

use habilitation_model::Id;
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::wire::{Mail, Recipient};
use habilitation_words::{Facts, Letter, Outlook, Personal, SILENCE_NOTICE, Service, letter, line, outlook, personal};
use jiff::Timestamp;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::{Address, Message};
use url::Host;

use self::folder::Folder;
use self::relay::Relay;
pub(crate) use self::sending::Sending;
use crate::files::MAILS;
use crate::public_url::PublicUrl;
use crate::settings::{Settings, WrongMailSettings};
use crate::store::outbox::{Material, OutlookMaterial, PersonalMaterial};
use crate::store::recoveries::DeciderAddresses;

/// Name of the service where the operator gives none.
const SERVICE_NAME: &str = "Équipe FranceConnect";

/// Mark of a message that no person sent (RFC 3834, section 5).
///
/// Programs that tell of somebody's absence do not answer it.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Writer and sender of mails.
pub(crate) struct Mailer {
    service: Service,
    from: Address,
    /// Way out, where there is no relay.
    folder: Folder,
    relay: Option<Relay>,
}

impl Mailer {
    /// Makes a mailer that writes for a service, and sends through its relay or into a folder of the data.
    ///
    /// # Errors
    /// When the settings do not go together.
    pub(crate) fn open(settings: &Settings, public_url: &PublicUrl) -> Result<Self, WrongMailSettings> {
        let (support, operator) = (&settings.page.support_email, &settings.webhook.operator_email);
        let (keeping, data, settings) = (settings.retention.keeping(), &settings.data, &settings.mail);
        let relay =
            settings.relay()?.map(|address| Relay::at(&address).ok_or(WrongMailSettings::NoRelay)).transpose()?;
        let lines = |text: &str| text.split(';').map(str::trim).collect::<Vec<_>>().join("\n");
        let service = Service {
            name: line(settings.service_name.as_deref().unwrap_or(SERVICE_NAME)),
            postal_address: settings.service_address.as_deref().map(lines).unwrap_or_default(),
            phone: settings.service_phone.clone().unwrap_or_default(),
            email: support.to_owned(),
            team_email: settings.team_email.clone().unwrap_or_else(|| support.to_owned()),
            operator_email: operator.clone().unwrap_or_default(),
            keeping,
            court: settings.court.clone(),
            silence_notice: settings.notice()?.unwrap_or_else(|| SILENCE_NOTICE.to_owned()),
            page: public_url.to_string(),
            partner_space: settings.partner_space_url.clone(),
        };
        let from = settings.mail_from.as_deref().unwrap_or(support);
        let from = ascii_address(from).ok_or_else(|| WrongMailSettings::NoSender(from.to_owned()))?;
        Ok(Self { service, from, folder: Folder::at(data.join(MAILS)), relay })
    }

    /// Returns the service in whose name mails are written.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// Speaks to the relay as far as a mail could begin, and tells how that went; none is sent.
    ///
    /// # Errors
    /// With a sentence on what the relay refuses.
    pub(crate) async fn check(&self) -> Result<String, String> {
        match &self.relay {
            Some(relay) => relay.check().await,
            None => Ok("none is set; mails are files in the data folder".to_owned()),
        }
    }

    /// Returns whether mails leave through a relay.
    pub(crate) fn has_relay(&self) -> bool {
        self.relay.is_some()
    }

    /// Returns the domain in the identifiers of our messages.
    pub(crate) fn domain(&self) -> &str {
        self.from.domain()
    }

    /// Returns a mail as it is read.
    pub(crate) fn letter(&self, mail: Mail, recipient: Recipient, material: &Material) -> Letter {
        let Material { request, number, event, before, history, messages, sent, earlier } = material;
        let facts = Facts {
            service: &self.service,
            request,
            number,
            event,
            before,
            history,
            messages,
            sent,
            earlier: earlier.as_ref(),
        };
        letter(mail, recipient, &facts)
    }

    /// Returns a mail on coming days as it is read.
    pub(crate) fn outlook(&self, mail: Mail, material: &OutlookMaterial) -> Letter {
        let OutlookMaterial { request, number, habilitation, draft, arrived, to, since, loss, on } = material;
        let facts = Outlook {
            service: &self.service,
            request,
            number: number.as_deref(),
            habilitation: habilitation.as_deref(),
            draft,
            arrived,
            to,
            since: *since,
            loss: *loss,
            on: *on,
        };
        outlook(mail, &facts)
    }

    /// Returns a mail to one person as it is read.
    pub(crate) fn personal(&self, mail: Mail, material: &PersonalMaterial) -> Letter {
        let PersonalMaterial { request, number, facts, token } = material;
        let (service, token) = (&self.service, token.as_deref());
        personal(mail, &Personal { service, request: request.as_ref(), number: number.as_deref(), facts, token })
    }

    /// Returns the terms for which requests are kept, as mails tell them.
    pub(crate) fn keeping(&self) -> Keeping {
        self.service.keeping
    }

    /// Returns whether there is an operator to write to.
    pub(crate) fn has_operator(&self) -> bool {
        !self.service.operator_email.is_empty()
    }

    /// Returns the addresses of those who decide where an owner does not.
    pub(crate) fn deciders(&self) -> DeciderAddresses {
        DeciderAddresses { team: self.service.team_email.clone(), operator: self.service.operator_email.clone() }
    }

    /// Removes files of mails that were not finished before a time, and returns the deliveries whose mails are files.
    pub(crate) async fn tidy(&self, before: SystemTime) -> io::Result<Vec<Id>> {
        self.folder.tidy(before).await
    }

    /// Removes the file of a delivery, whichever way mails leave now.
    pub(crate) async fn forget(&self, delivery: &Id) -> io::Result<()> {
        self.folder.remove(delivery).await
    }

    /// Sends a mail. Its message bears the identifier of the delivery, so that mailboxes know a repetition.
    pub(crate) async fn send(&self, delivery: &Id, letter: Letter, at: Timestamp) -> Sending {
        let Some(message) = self.message(delivery, letter, at) else { return Sending::Refused(None) };
        match &self.relay {
            Some(relay) => relay.send(&message).await,
            None => match self.folder.write(delivery, &message.formatted()).await {
                Ok(()) => Sending::Taken,
                Err(error) => {
                    tracing::error!(error = %error.kind(), "a mail cannot be written to its folder");
                    Sending::Closed(None)
                }
            },
        }
    }

    /// Returns the message of a mail; none where no message can be sent to the address.
    fn message(&self, delivery: &Id, letter: Letter, at: Timestamp) -> Option<Message> {
        let mailbox = |address: &str| Some(Mailbox::new(None, ascii_address(address)?));
        let from = Mailbox::new(Some(self.service.name.clone()), self.from.clone());
        Message::builder()
            .message_id(Some(format!("<{delivery}@{}>", self.from.domain())))
            .date(at.into())
            .from(from)
            .reply_to(mailbox(&self.service.email)?)
            .to(mailbox(&letter.to)?)
            .subject(line(&letter.subject))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body)
            .ok()
    }
}

/// Reads an address. A domain with accents gets its ASCII form (RFC 5890), which every relay takes.
fn ascii_address(text: &str) -> Option<Address> {
    if text.is_ascii() {
        return Address::from_str(text).ok();
    }
    let (local, domain) = text.rsplit_once('@').filter(|(local, _)| local.is_ascii())?;
    let Host::Domain(domain) = Host::parse(domain).ok()? else { return None };
    Address::new(local, domain).ok()
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use habilitation_fixtures::id;

    use super::*;
    use crate::settings::Settings;

    fn mailer() -> Mailer {
        let flags = [
            "--service-name",
            "Équipe « FranceConnect »\r\nBcc: x@y.example",
            "--support-email",
            "support@equipe.example",
        ];
        let settings = Settings::parse_from(std::iter::once("habilitation-server").chain(flags));
        let public_url = "https://habilitation.example".parse().unwrap();
        Mailer::open(&settings, &public_url).unwrap()
    }

    fn written(to: &str, subject: &str) -> Option<String> {
        let letter = Letter { to: to.into(), subject: subject.into(), body: "Bonjour é.\n".into() };
        let at = "2027-01-14T10:00:00Z".parse().unwrap();
        let message = mailer().message(&id(7), letter, at)?;
        Some(String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_message_says_who_sends_it_and_that_no_person_did() {
        let text = written("noemie@x.example", "[FC-2027-000123] Demande bien reçue").unwrap();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        for line in [
            &format!("Message-ID: <{}@equipe.example>", id(7)),
            "Date: Thu, 14 Jan 2027 10:00:00 +0000",
            "Reply-To: support@equipe.example",
            "To: noemie@x.example",
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            assert!(headers.lines().any(|header| header == line), "{line} in {headers}");
        }
        assert!(body.contains("Bonjour =C3=A9."), "{body}");
    }

    #[test]
    fn no_header_comes_from_a_text() {
        let text = written("noemie@x.example", "Demande\r\nBcc: x@y.example").unwrap();
        let (headers, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(headers.lines().all(|header| !header.starts_with("Bcc")), "{headers}");
    }

    #[test]
    fn a_domain_with_accents_goes_by_its_ascii_form() {
        let text = written("mairie@Saint-Étienne.example", "Demande").unwrap();
        assert!(text.contains("To: mairie@xn--saint-tienne-geb.example\r\n"), "{text}");
        assert_eq!(written("noémie@x.example", "Demande"), None);
    }

    #[test]
    fn to_what_is_no_address_nothing_is_sent() {
        for to in ["", "noemie", "a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example"] {
            assert_eq!(written(to, "a"), None, "{to:?}");
        }
    }
}
