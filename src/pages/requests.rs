//! The requests of the person signed in: search, states, and what can be done with each.
use leptos::ev;
use leptos::prelude::*;

mod everything;
mod import;
mod list;

use web_sys::{Event, SubmitEvent};

use crate::api::Filter;
use crate::clock;
use crate::components::{button, heading, link, new_request_link, paragraph, visually_hidden};
use crate::context::{Announcer, Focus, HEADING, Session};
use crate::html::{self, Element, Input, div, input, li, live, p, select, span, ul};
use crate::model::saving::{Basis, DeviceCopy};
use crate::model::wire::{RequestSummary, State};
use crate::model::{ClosedList, Id};
use crate::navigation::Place;
use crate::texts::named;

use everything::Everything;
use import::Import;
use list::{Found, List, Phase, place};

/// Shows the requests of the person signed in.
#[component]
pub(super) fn Requests() -> impl IntoView {
    let (session, focus, announcer) = (Session::get(), Focus::get(), Announcer::get());
    let list = List::new();
    focus.open_page("Mes demandes");
    list.search();
    list.send_left();
    let heading = div().attr("class", "heading").child(heading(1, "Mes demandes")).child(new_request_link());
    let sheet = html::section()
        .attr("class", "sheet wide")
        .child(heading)
        .child(announcer.take_flash().map(|words| paragraph(words).attr("class", "good")))
        .child(view! { <Search list /> })
        .child(live(move || on_device(list)))
        .child(live(move || list.found.with(|found| on_server(list, found))))
        .child(view! { <Import list /> })
        .child(session.api().is_local().then(|| view! { <Everything list /> }));
    div().attr("class", "page").child(sheet)
}

/// Asks what to look for.
#[component]
fn Search(list: List) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        list.search();
    };
    html::form()
        .attr("class", "search")
        .attr("role", "search")
        .on(ev::submit, submit)
        .child(labelled("search-words", "Rechercher par nom, organisation ou numéro", words_control(list)))
        .child(labelled("search-state", "État", state_control(list)))
        .child(html::button().attr("class", "button").child("Rechercher"))
}

fn labelled(id: &'static str, words: &'static str, control: impl IntoView) -> Element {
    div().attr("class", "field").child(html::label().attr("for", id).child(words)).child(control)
}

fn words_control(list: List) -> Input {
    input()
        .attr("id", "search-words")
        .attr("class", "control")
        .attr("type", "search")
        .attr("maxlength", "100")
        .attr("autocomplete", "off")
        .on(ev::input, move |event| list.wanted.update_value(|wanted| wanted.words = event_target_value(&event)))
}

fn state_control(list: List) -> Element {
    let choose = move |event: Event| {
        list.wanted.update_value(|wanted| wanted.state = State::parse(&event_target_value(&event)));
        list.search();
    };
    let option = |value: &'static str, words: &'static str| html::option().attr("value", value).child(words);
    let states: Vec<Element> = State::ALL.iter().map(|state| option(state.as_str(), state_words(*state))).collect();
    select()
        .attr("id", "search-state")
        .attr("class", "control")
        .on(ev::change, choose)
        .child(option("", "Tous"))
        .child(states)
}

fn state_words(state: State) -> &'static str {
    match state {
        State::Draft => "Brouillon",
        State::Submitted => "Envoyée",
    }
}

/// Drafts with something that only this device has, where the list has not got them. All of its drafts while the server
/// is away.
fn on_device(list: List) -> Option<Element> {
    let is_away = list.found.with(|found| matches!(found.phase, Phase::Late | Phase::Unreachable));
    let is_listed = |id: &Id| list.found.with(|found| found.requests.iter().any(|request| request.id == *id));
    let is_unknown = |id: &Id| list.found.with(|found| found.unknown.contains(id));
    let drafts = list.session.copies().map_or(Vec::new(), |copies| copies.list());
    let items: Vec<Element> = drafts
        .iter()
        .filter(|(id, copy)| is_away || (copy.is_unsent() || is_unknown(id)) && !is_listed(id))
        .map(|(id, copy)| device_item(list, id, copy, copy.is_unsent() || is_unknown(id)))
        .collect();
    (!items.is_empty()).then(|| items_list(items))
}

fn device_item(list: List, id: &Id, copy: &DeviceCopy, is_the_only_one: bool) -> Element {
    let when = ["modifiée le ", &clock::day_and_time_of(copy.changed_at)].concat();
    let about = in_a_row(&[copy.mine.organisation.name.trimmed(), &when]);
    let name = named(copy.mine.project.name.trimmed());
    let is_doubtful = list.found.with(|found| found.doubtful.as_ref() == Some(id));
    let erased = id.clone();
    let erase = move || list.erase(&erased);
    let action = match (is_doubtful, is_the_only_one) {
        (true, _) => {
            let words = "Ces réponses ne sont enregistrées nulle part ailleurs. Les effacer pour de bon ?";
            question(list, id, &["Effacer ", name].concat(), words, button("quiet danger", "Oui, effacer", erase))
        }
        (false, true) => way(list, id, "Effacer de cet appareil", name),
        (false, false) => {
            button("quiet", "Effacer de cet appareil", erase).child(visually_hidden([" ", name].concat()))
        }
    };
    item(id, name, &about)
        .attr("id", place(id))
        .child(badge("Sur cet appareil"))
        .child(div().attr("class", "request-actions").child(action))
}

fn on_server(list: List, found: &Found) -> Vec<AnyView> {
    match found.phase {
        Phase::Awaited | Phase::Late => vec![paragraph("Un instant…").attr("role", "status").into_any()],
        Phase::Unreachable => {
            let words = "Le service ne répond pas. Les brouillons gardés sur cet appareil restent accessibles.";
            let again = button("button", "Réessayer", move || {
                list.focus.on(HEADING);
                list.search();
            });
            vec![paragraph(words).attr("class", "note").into_any(), p().child(again).into_any()]
        }
        Phase::Shown if found.requests.is_empty() && found.next.is_none() => {
            vec![paragraph(nothing(&found.asked)).into_any()]
        }
        Phase::Shown => {
            let unsent = list.session.copies().map_or(Vec::new(), |copies| copies.unsent());
            let is_unsent = |request: &RequestSummary| unsent.iter().any(|(id, _)| *id == request.id);
            let item = |request| server_item(list, found, request, is_unsent(request));
            let items = found.requests.iter().map(item).collect();
            let more = || p().child(button("button", "Afficher plus", move || list.more()));
            std::iter::once(items_list(items).into_any())
                .chain(found.next.as_ref().map(|_| more().into_any()))
                .collect()
        }
    }
}

fn nothing(asked: &Filter) -> &'static str {
    if asked.words.trim().is_empty() && asked.state.is_none() {
        "Aucune demande enregistrée pour le moment. Une demande apparaît ici dès votre première réponse."
    } else {
        "Aucune demande ne correspond à cette recherche. Essayez un seul mot, ou l’état « Tous »."
    }
}

fn server_item(list: List, found: &Found, request: &RequestSummary, is_unsent: bool) -> Element {
    let doubtful = found.doubtful.as_ref() == Some(&request.id);
    let actions = match request.state {
        State::Submitted => None,
        State::Draft if doubtful => Some(sure(list, request)),
        State::Draft => Some(way(list, &request.id, "Supprimer", named(request.name.trim()))),
    };
    item(&request.id, request.name.trim(), &about(request))
        .attr("id", place(&request.id))
        .child(
            div()
                .attr("class", "badges")
                .child(badge(state_words(request.state)).attr("data-state", request.state.as_str()))
                .child(is_unsent.then(|| badge("Modifiée sur cet appareil").attr("data-state", "unsent"))),
        )
        .child(div().attr("class", "request-actions").child(actions))
}

/// Its number, its organisation, and when it last changed.
fn about(request: &RequestSummary) -> String {
    let what = match request.state {
        State::Draft => "modifiée le ",
        State::Submitted => "envoyée le ",
    };
    let when = [what, &clock::day_and_time(&request.updated_at)].concat();
    in_a_row(&[request.number.as_deref().unwrap_or_default(), request.organisation.trim(), &when])
}

/// What is known of a request, with a capital where it is the time alone.
fn in_a_row(parts: &[&str]) -> String {
    let known: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    let mut said = known.join(" · ");
    if let ([_], Some(first)) = (known.as_slice(), said.get_mut(..1)) {
        first.make_ascii_uppercase();
    }
    said
}

/// Leads to the question whether a draft is to go.
fn way(list: List, id: &Id, words: &str, name: &str) -> Element {
    let id = id.clone();
    button("quiet", words, move || list.doubt(&id, true)).child(visually_hidden([" ", name].concat()))
}

/// The question whether to delete a draft.
fn sure(list: List, request: &RequestSummary) -> Element {
    let (over, id) = (Basis::of(request.revision, &request.updated_at), request.id.clone());
    let yes = button("quiet danger", "Oui, supprimer", move || list.delete(id.clone(), &over));
    let name = ["Supprimer ", named(request.name.trim())].concat();
    question(list, &request.id, &name, "Supprimer ce brouillon pour de bon ?", yes)
}

/// The question whether a draft is to go. Its last button is the one that changes nothing.
fn question(list: List, id: &Id, name: &str, words: &str, yes: Element) -> Element {
    let kept = id.clone();
    span()
        .attr("class", "sure")
        .attr("role", "group")
        .attr("aria-label", name)
        .child(span().child(words.to_owned()))
        .child(yes)
        .child(button("quiet", "Non, le garder", move || list.doubt(&kept, false)))
}

fn items_list(items: Vec<Element>) -> Element {
    ul().attr("class", "requests").attr("role", "list").child(items)
}

/// A request: its name, which leads to it, and what else tells it from others.
fn item(id: &Id, name: &str, about: &str) -> Element {
    let link = link(&Place::Request(id.clone(), None), "name", named(name));
    let link = if name.is_empty() { link } else { link.attr("translate", "no") };
    let words = div().child(link).child(paragraph(about).attr("class", "hint"));
    li().attr("class", "request").child(words)
}

fn badge(words: &str) -> Element {
    span().attr("class", "badge").child(words.to_owned())
}
