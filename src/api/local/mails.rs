//! Mails of the demonstration, in a part of the program of their own: nobody needs their words before they ask for them.

use habilitation_words::{SILENCE_NOTICE, Service};

use super::store::KeptRequest;
use super::store::mails::mails;
use crate::lazy::deferred;
use crate::model::lifecycle::deadline::Keeping;
use crate::model::wire::CaughtMails;

deferred! {
    in mails;
    /// Returns the mails of requests that were sent before a moment, by the service at an address of the page.
    pub(super) fn caught(requests: Vec<KeptRequest>, support: String, page: String, now: String) -> CaughtMails {
        mails(&requests, &service(&support, page), &now)
    }
}

/// Returns the made-up service that answers in the demonstration, at the operator's address for questions.
pub(super) fn service(support: &str, page: String) -> Service {
    Service {
        name: "Équipe FranceConnect".to_owned(),
        postal_address: "20\u{a0}avenue de la Démonstration\n75007\u{a0}Paris".to_owned(),
        phone: "01\u{a0}99\u{a0}00\u{a0}00\u{a0}07".to_owned(),
        email: support.to_owned(),
        team_email: "equipe@franceconnect.example".to_owned(),
        operator_email: String::new(),
        keeping: Keeping::default(),
        court: "tribunal administratif de Paris".to_owned(),
        silence_notice: SILENCE_NOTICE.to_owned(),
        page,
        partner_space: "https://partenaires.franceconnect.example/".to_owned(),
    }
}
