//! The requests of the person signed in: search, states, and what can be done with each.

mod erase_all;
mod import;
mod item;
mod list;
mod search;

use leptos::prelude::*;

use crate::components::{Placeholder, button, deferred_view, heading, link, new_request_link, paragraph};
use crate::context::{Announcer, Focus, HEADING, Host, Identity, Session, Settings};
use crate::html::{self, Element, div, live, p, ul};
use crate::model::Id;
use crate::model::wire::{self, RequestSummary};
use crate::navigation::Place;
use crate::pages::people;

use erase_all::EraseAll;
use import::Import;
use item::{DeviceItem, ServerItem};
use list::{List, ListState};
use search::{Search, no_result};

/// Shows the requests of the person signed in.
#[component]
pub(super) fn Requests() -> impl IntoView {
    let (session, focus, announcer) = (Session::get(), Focus::get(), Announcer::get());
    let list = List::new();
    focus.open_page("Mes demandes");
    list.search();
    list.send_unsent();
    let heading = div().attr("class", "heading").child(heading(1, "Mes demandes")).child(new_request_link());
    let sheet = html::section()
        .attr("class", "card wide")
        .child(heading)
        .child(announcer.take_flash().map(|words| paragraph(words).attr("class", "success")))
        .child(view! {
            {session.shares_requests().then(|| deferred_view(Placeholder::Nothing, people::waiting))}
            <Search list />
            <OnDevice list />
            <OnServer list />
            <Import list />
        })
        .child(session.api().is_local().then(|| view! { <EraseAll list /> }))
        .child(other_account());
    div().attr("class", "page").child(sheet)
}

/// Returns the organisation for which the person signed in with ProConnect, with the way to another.
fn other_account() -> Option<Element> {
    let Identity::Person(session) = Session::get().identity().get_untracked() else { return None };
    let is_offered = Settings::get().config.with_untracked(|config| config.proconnect) && !Host::get().is_portal();
    let wire::Organisation { name, siret, .. } = session.organisation;
    let name = if name.is_empty() { siret } else { name };
    let change = link(&Place::SignIn(None), "", "Changer de compte ou d’organisation");
    is_offered.then(|| {
        p().attr("class", "hint").child(["Votre session est ouverte pour « ", &name, " ». "].concat()).child(change)
    })
}

/// Offers a person who has another account than before to find their requests.
fn former_account() -> Option<Element> {
    let is_offered = Settings::get().config.with_untracked(|config| config.proconnect) && !Host::get().is_portal();
    is_offered.then(|| {
        let words = "Vous aviez des demandes, et votre adresse ou votre fournisseur d’identité a changé ? ";
        p().attr("class", "hint").child(words).child(former_account_link()).child(".")
    })
}

/// Returns the link to the page of the server that finds the requests of a former account.
pub(super) fn former_account_link() -> Element {
    html::a().attr("href", "api/accounts/former").attr("rel", "external").child("Retrouver mes demandes")
}

/// Lists drafts with something that only this device has, where the list of the server lacks them. While the server is
/// away, lists all drafts of this device.
#[component]
fn OnDevice(list: List) -> impl IntoView {
    live(move || {
        let (is_away, known) = list.found.with(|found| {
            let is_away = matches!(found.state, ListState::Late | ListState::Unreachable);
            (is_away, found.requests.iter().map(|request| request.id.clone()).collect::<Vec<_>>())
        });
        let is_forgotten = |id: &Id| list.found.with(|found| found.forgotten.contains(id));
        let drafts = list.session.copies().map_or(Vec::new(), |copies| copies.list());
        let items: Vec<_> = drafts
            .into_iter()
            .map(|(id, copy)| {
                let is_only_here = copy.is_unsent() || is_forgotten(&id);
                (id, copy, is_only_here)
            })
            .filter(|(id, _, is_only_here)| is_away || *is_only_here && !known.contains(id))
            .map(|(id, copy, is_only_here)| view! { <DeviceItem list id copy is_only_here /> }.into_any())
            .collect();
        (!items.is_empty()).then(|| view! { <Items items /> })
    })
}

/// Lists the requests on the server, or tells that it did not answer.
#[component]
fn OnServer(list: List) -> impl IntoView {
    live(move || {
        list.found.with(|found| match found.state {
            ListState::Pending | ListState::Late => paragraph("Un instant…").attr("role", "status").into_any(),
            ListState::Unreachable => view! { <Unreachable list /> }.into_any(),
            ListState::Ready if found.requests.is_empty() && found.next.is_none() => {
                let is_everything = found.asked.words.trim().is_empty() && found.asked.state.is_none();
                view! {
                    {paragraph(no_result(&found.asked))}
                    {is_everything.then(former_account)}
                }
                .into_any()
            }
            ListState::Ready => {
                let unsent = list.session.copies().map_or(Vec::new(), |copies| copies.unsent());
                let is_unsent = |request: &RequestSummary| unsent.iter().any(|(id, _)| *id == request.id);
                let item = |request: &RequestSummary| {
                    let asks_to_delete = found.asked_about.as_ref() == Some(&request.id);
                    let (request, is_unsent) = (request.clone(), is_unsent(request));
                    view! { <ServerItem list request is_unsent asks_to_delete /> }.into_any()
                };
                let items = found.requests.iter().map(item).collect();
                let more =
                    found.next.is_some().then(|| p().child(button("button", "Afficher plus", move || list.more())));
                view! {
                    <Items items />
                    {more}
                }
                .into_any()
            }
        })
    })
}

/// Tells that the server did not answer.
#[component]
fn Unreachable(list: List) -> impl IntoView {
    let words = "Le service ne répond pas. Les brouillons gardés sur cet appareil restent accessibles.";
    let retry = move || {
        list.focus.on(HEADING);
        list.search();
    };
    view! {
        {paragraph(words).attr("class", "note")}
        {p().child(button("button", "Réessayer", retry))}
    }
}

#[component]
fn Items(items: Vec<AnyView>) -> impl IntoView {
    ul().attr("class", "requests").attr("role", "list").child(items)
}
