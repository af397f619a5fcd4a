//! Preview of the mails that an act sends, as they would leave now.

use std::sync::Arc;

use habilitation_words::{Facts, Letter, letter};
use leptos::ev;
use leptos::prelude::*;

use super::acting::Desk;
use super::dossier::Dossier;
use super::written::{track, written};
use crate::clock;
use crate::components::{Placeholder, button, heading, paragraph};
use crate::context::{Identity, Loader};
use crate::html::{Element, article, details, div, live, p, strong, summary};
use crate::lazy::{DeferredCall, Loading, deferred};
use crate::model::Id;
use crate::model::draft::Draft;
use crate::model::lifecycle::Stamp;
use crate::model::lifecycle::mail::{Addresses, CONTACTS, Due, earlier_submission, mails_of};
use crate::model::wire::{Act, By, Kind, Mail, Outlets, Recipient, Service, Side};
use crate::pages::reading::Lost;
use crate::texts::mails;

/// Words where the mails could not be written.
const LOST: &str = "L’aperçu n’a pas pu être préparé. Vérifiez votre accès à internet, puis réessayez.";

/// Returns the preview of the mails of an act, which is written while it is open.
pub(super) fn preview(desk: Desk, dossier: &Arc<Dossier>, kind: Kind) -> Option<Element> {
    let outlets = desk.outlets.filter(|_| kind != Kind::Note)?;
    let dossier = StoredValue::new(Arc::clone(dossier));
    let is_open = RwSignal::new(false);
    let toggle = move |event: web_sys::Event| {
        is_open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    };
    let lost = Lost { words: LOST, heading: "[open] > .mail-preview" };
    let loader = Loader::get();
    let draw = move |outlets: Outlets| {
        live(move || {
            track(desk, kind);
            let (dossier, act) = (dossier.get_value(), written(desk, kind));
            let author = author(desk, &dossier);
            let is_local = desk.session.api().is_local();
            in_words(loader, letters_in_words(dossier, act, author, outlets.clone(), is_local))
        })
        .into_any()
    };
    let content = live(move || is_open.get().then(|| outlets.view(draw, lost)));
    let name =
        if kind == Kind::Accepted || kind == Kind::Revoked { "Aperçu des courriels" } else { "Aperçu du courriel" };
    Some(
        details()
            .attr("class", "help")
            .on(ev::toggle, toggle)
            .child(summary().child(name))
            .child(div().attr("class", "mail-preview").attr("tabindex", "-1").child(content)),
    )
}

/// Shows the mails once the part that has their words is loaded.
fn in_words(loader: Loader, call: DeferredCall<AnyView>) -> AnyView {
    let part = call.part();
    match loader.state(part) {
        Loading::Ready => call.now().unwrap_or_else(|| Placeholder::Part.waiting()),
        Loading::Failed => {
            let retry = button("button", "Réessayer", move || loader.load(part));
            view! { {paragraph(LOST)} {p().attr("class", "actions").child(retry)} }.into_any()
        }
        Loading::Idle => {
            loader.load(part);
            Placeholder::Part.waiting()
        }
        Loading::Pending => Placeholder::Part.waiting(),
    }
}

deferred! {
    in mails;
    /// Draws the mails of an act.
    fn letters_in_words(dossier: Arc<Dossier>, act: Act, author: By, outlets: Outlets, is_local: bool) -> AnyView {
        let no_relay = if is_local { mails::NOTHING_LEAVES } else { mails::NO_RELAY };
        let no_relay = (!outlets.relay).then(|| paragraph(no_relay).attr("class", "hint"));
        let letters: Vec<_> = letters(&dossier, &act, author, &outlets.service).into_iter().map(shown).collect();
        view! { {no_relay} {letters} }.into_any()
    }
}

/// Returns a mail as it is read.
fn shown((mail, recipient, Letter { subject, body, .. }): (Mail, Recipient, Letter)) -> Element {
    article()
        .attr("class", "message-entry")
        .child(heading(3, mails::to(mail, recipient)))
        .child(strong().child(["Objet\u{a0}: ", &subject].concat()))
        .child(paragraph(body).attr("class", "answer"))
}

/// Returns the person who examines, as events name them.
fn author(desk: Desk, dossier: &Dossier) -> By {
    let (name, job_title) = desk.session.identity().with_untracked(|identity| {
        let Identity::Person(session) = identity else { return Default::default() };
        let user = &session.user;
        match dossier.team.iter().find(|member| member.id == user.id) {
            Some(member) => (member.name.clone(), member.job_title.clone()),
            None => ([&user.given_name, " ", &user.family_name].concat(), user.job_title.clone()),
        }
    });
    By { side: Side::Examiner, name, job_title }
}

/// Returns the mails that an act sends at once, or soon.
fn letters(dossier: &Dossier, act: &Act, author: By, service: &Service) -> Vec<(Mail, Recipient, Letter)> {
    let Dossier { request, history: before, last, .. } = dossier;
    let stamp =
        Stamp { id: Id::new(clock::now(), [0; 10]), at: clock::now_rfc3339(), on: clock::today_in_paris(), by: author };
    let event = act.event(stamp, before, &request.number, None);
    let mut history = before.clone();
    history.add(&event);
    let sent = &last.draft;
    let submission = |n: u32| {
        let mut others = [&dossier.previous, &dossier.active].into_iter().flatten();
        if last.n == n { Some(sent) } else { others.find(|other| other.n == n).map(|other| &other.draft) }
    };
    let earlier = earlier_submission(&event, before).and_then(submission);
    let replaced =
        earlier.filter(|_| event.kind == Kind::Accepted).map(|earlier| (addresses(earlier), addresses(sent)));
    let messages = std::slice::from_ref(&event);
    let facts = Facts {
        service,
        request: &request.id,
        number: &request.number,
        event: &event,
        before,
        history: &history,
        messages: if event.kind == Kind::Message { messages } else { &[] },
        sent,
        earlier,
    };
    mails_of(&event, before, replaced.as_ref().map(|(were, are)| (were, are)))
        .into_iter()
        .filter(|posting| matches!(posting.due, Due::AtOnce | Due::Soon))
        .map(|posting| (posting.mail, posting.recipient, letter(posting.mail, posting.recipient, &facts)))
        .collect()
}

/// Returns the addresses of the contacts of a submission.
fn addresses(draft: &Draft) -> Addresses {
    CONTACTS.map(|recipient| match recipient {
        Recipient::Controller => draft.people.controller.email.line(),
        Recipient::Dpo => draft.people.dpo.email.line(),
        _ => draft.people.technical.email.line(),
    })
}
