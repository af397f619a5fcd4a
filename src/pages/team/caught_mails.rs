//! The mails that a demonstration caught, in the place of mailboxes.

use leptos::prelude::*;

use crate::components::{button, heading, link, paragraph};
use crate::context::{Announcer, Focus, HEADING, Session};
use crate::html::{self, Element, details, div, p, strong, summary, ul};
use crate::model::wire::{CaughtMail, CaughtMails};
use crate::navigation::Place;
use crate::pages::event_entry::linked_text;
use crate::pages::reading::{Lost, Question};
use crate::texts::{dates, mails};

/// Shows the mails, the last one first.
#[component]
pub(super) fn CaughtMailsPage() -> impl IntoView {
    Focus::get().open_page("Courriels");
    let question = Question::of(|session: Session| session.examination().caught_mails());
    let lost = Lost {
        words: "Les courriels n’ont pas pu être lus. Vérifiez votre accès à internet, puis réessayez.",
        heading: HEADING,
    };
    let announcer = Announcer::get();
    let again = button("button", "Actualiser", move || question.refresh(announcer));
    let sheet = html::section()
        .attr("class", "card wide")
        .child(heading(1, "Courriels"))
        .child(paragraph("Dans cette démonstration, aucun courriel ne part. Voici ceux que les demandeurs, leurs contacts et l’équipe auraient reçus, le dernier en premier."))
        .child(p().attr("class", "actions").child(again))
        .child(question.view(|mails| list(mails).into_any(), lost));
    div().attr("class", "page").child(sheet)
}

fn list(CaughtMails { mails }: CaughtMails) -> AnyView {
    if mails.is_empty() {
        let begin = link(&Place::Requests, "", "vos demandes");
        return paragraph("Aucun courriel pour le moment. Il en vient dès qu’une demande est envoyée\u{a0}: voyez ")
            .child(begin)
            .child(".")
            .into_any();
    }
    let items: Vec<Element> = mails.iter().map(|mail| html::li().child(item(mail)).attr("class", "caught")).collect();
    ul().attr("role", "list").child(items).into_any()
}

fn item(caught: &CaughtMail) -> Element {
    let CaughtMail { mail, recipient, at, to, subject, body, .. } = caught;
    let name =
        [mails::to(*mail, *recipient), ", le ", &dates::day_and_time(at), "\u{a0}: ", mails::mail(*mail)].concat();
    details().attr("class", "help").child(summary().child(name)).child(
        div()
            .child(paragraph(["À\u{a0}: ", to].concat()))
            .child(p().child(strong().child(["Objet\u{a0}: ", subject].concat())))
            .child(linked_text(body)),
    )
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::Id;
    use crate::model::wire::{Mail, Recipient};
    use crate::pages::team::testing::drawn;

    #[test]
    fn a_mail_tells_to_whom_it_went_and_its_links_can_be_followed() {
        let mail = CaughtMail {
            id: Id::new(0, [1; 10]),
            request: Some(Id::new(0, [2; 10])),
            mail: Mail::Ack,
            recipient: Recipient::Applicant,
            at: "2026-11-22T12:00:00.000Z".to_owned(),
            to: "camille@mairie.example".to_owned(),
            subject: "[FC-2026-000123] Demande bien reçue".to_owned(),
            body: "Bonjour,\n\nhttps://demande.example/?demande=1".to_owned(),
        };
        let html = drawn(move || list(CaughtMails { mails: vec![mail] }));
        for words in [
            "Au demandeur, le 22\u{a0}novembre 2026",
            "camille@mairie.example",
            "Objet\u{a0}: [FC-2026-000123] Demande bien reçue",
            "href=\"https://demande.example/?demande=1\"",
        ] {
            assert!(html.contains(words), "{words} in {html}");
        }
        assert!(drawn(|| list(CaughtMails { mails: Vec::new() })).contains("Aucun courriel pour le moment."));
    }
}
