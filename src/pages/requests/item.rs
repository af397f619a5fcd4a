//! Items of the list of requests: name, state, and a button that deletes the draft.

use leptos::prelude::*;

use super::list::{List, item_id};
use crate::clock;
use crate::components::{Confirm, button, link, paragraph, visually_hidden};
use crate::html::{Element, div, li, span};
use crate::model::rights::Action;
use crate::model::saving::{BaseRevision, DeviceCopy};
use crate::model::wire::{RequestSummary, State};
use crate::model::{ClosedList, Id};
use crate::navigation::Place;
use crate::texts::{self, dates, lifecycle, named, people};

/// Shows a draft that this device keeps.
#[component]
pub(super) fn DeviceItem(
    list: List,
    id: Id,
    copy: DeviceCopy,
    /// Set if the server lacks some of its answers.
    is_only_here: bool,
) -> impl IntoView {
    let when = ["modifiée le ", &dates::day_and_time_of(copy.changed_at)].concat();
    let about = in_a_row(&[copy.mine.organisation.name.trimmed(), &when]);
    let name = copy.mine.project.name.trimmed().to_owned();
    let asks_to_erase = list.found.with_untracked(|found| found.asked_about.as_ref() == Some(&id));
    let erase = {
        let id = id.clone();
        move || list.erase(&id)
    };
    let action = if asks_to_erase {
        let about = ["Effacer ", named(&name)].concat();
        let question = "Ces réponses ne sont enregistrées nulle part ailleurs. Les effacer définitivement ?";
        view! { <ConfirmRemoval list id=id.clone() about question yes="Oui, effacer" delete=erase /> }.into_any()
    } else {
        let (id, hidden) = (id.clone(), visually_hidden([" ", named(&name)].concat()));
        let press = move || if is_only_here { list.ask_about(&id) } else { erase() };
        button("quiet", "Effacer de cet appareil", press).child(hidden).into_any()
    };
    let badges = badge("Sur cet appareil").into_any();
    view! { <Item id name about badges action=Some(action) /> }
}

/// Shows a request that the server keeps.
#[component]
pub(super) fn ServerItem(
    list: List,
    request: RequestSummary,
    /// Set if this device has answers that the server lacks.
    is_unsent: bool,
    /// Set while the person is asked to confirm the deletion.
    asks_to_delete: bool,
) -> impl IntoView {
    let about = about(&request);
    let can_be_deleted = request.allows(Action::Delete);
    let (id, name) = (request.id, request.name.trim().to_owned());
    let action = match asks_to_delete {
        _ if !can_be_deleted => None,
        true => {
            let (base, deleted) = (BaseRevision::of(request.revision, &request.updated_at), id.clone());
            let delete = move || list.delete(deleted.clone(), &base);
            let about = ["Supprimer ", named(&name)].concat();
            let question = "Supprimer définitivement ce brouillon ?";
            Some(view! { <ConfirmRemoval list id=id.clone() about question yes="Oui, supprimer" delete /> }.into_any())
        }
        false => {
            let (id, hidden) = (id.clone(), visually_hidden([" ", named(&name)].concat()));
            Some(button("quiet", "Supprimer", move || list.ask_about(&id)).child(hidden).into_any())
        }
    };
    let badges = div()
        .attr("class", "badges")
        .child(badge(lifecycle::state(request.state)).attr("data-state", request.state.as_str()))
        .child(lifecycle::is_modification(request.state, request.habilitation.as_ref()).then(|| badge("Modification")))
        .child(people::own_part(request.role, request.elsewhere).map(badge))
        .child(
            (request.unread > 0)
                .then(|| span().attr("class", "badge").attr("data-state", "unsent").child(unread(request.unread))),
        )
        .child(is_unsent.then(|| badge("Modifiée sur cet appareil").attr("data-state", "unsent")))
        .into_any();
    view! { <Item id name about badges action /> }
}

#[component]
fn Item(id: Id, name: String, about: String, badges: AnyView, action: Option<AnyView>) -> impl IntoView {
    let link = link(&Place::Request(id.clone(), None), "name", named(&name));
    let link = if name.is_empty() { link } else { link.attr("translate", "no") };
    li().attr("class", "request")
        .attr("id", item_id(&id))
        .child(div().child(link).child(paragraph(about).attr("class", "hint")))
        .child(badges)
        .child(div().attr("class", "request-actions").child(action))
}

/// Asks whether a draft is to be deleted, or erased from this device.
#[component]
fn ConfirmRemoval(
    list: List,
    id: Id,
    about: String,
    question: &'static str,
    yes: &'static str,
    delete: impl Fn() + 'static,
) -> impl IntoView {
    let cancel = move || list.cancel(&id);
    view! { <Confirm about question yes no="Non, le garder" confirm=delete cancel /> }
}

/// Returns the number of messages and decisions that the person has not read.
fn unread(number: u32) -> String {
    texts::count(usize::try_from(number).unwrap_or(usize::MAX), "nouveauté", "nouveautés")
}

fn badge(words: &'static str) -> Element {
    span().attr("class", "badge").child(words)
}

/// Returns the number of a request, its organisation, the time of its last change, and when it is due.
fn about(request: &RequestSummary) -> String {
    // An accepted request was accepted before its last modification was given up or refused.
    let accepted_at = request.habilitation.as_ref().filter(|_| request.state == State::Accepted);
    let at = accepted_at.map_or(&request.updated_at, |habilitation| &habilitation.accepted_at);
    let when = [lifecycle::changed(request.state), " le ", &dates::day_and_time(at)].concat();
    let due_on = request.due_on.filter(|_| request.state == State::Submitted);
    let due = due_on.map(|due_on| lifecycle::due(due_on, clock::today_in_paris())).unwrap_or_default();
    in_a_row(&[request.number.as_deref().unwrap_or_default(), request.organisation.trim(), &when, &due])
}

/// Joins the parts that are not empty. A time that stands alone gets a capital.
fn in_a_row(parts: &[&str]) -> String {
    let known: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    let mut row = known.join(" · ");
    if let ([_], Some(first)) = (known.as_slice(), row.get_mut(..1)) {
        first.make_ascii_uppercase();
    }
    row
}
