//! The search among one's requests.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{Event, SubmitEvent};

use super::list::List;
use crate::api::Filter;
use crate::html::{self, Element, div, input, select};
use crate::model::ClosedList;
use crate::model::wire::State;
use crate::texts::lifecycle;

/// Asks for words and a state to search by.
#[component]
pub(super) fn Search(list: List) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        list.search();
    };
    html::form().attr("class", "search").attr("role", "search").on(ev::submit, submit).child(view! {
        <Labelled id="search-words" words="Rechercher par nom, organisation ou numéro">
            <WordsControl list />
        </Labelled>
        <Labelled id="search-state" words="État">
            <StateControl list />
        </Labelled>
        {html::button().attr("class", "button").child("Rechercher")}
    })
}

#[component]
fn Labelled(id: &'static str, words: &'static str, children: Children) -> impl IntoView {
    div().attr("class", "field").child(html::label().attr("for", id).child(words)).child(children())
}

#[component]
fn WordsControl(list: List) -> impl IntoView {
    input()
        .attr("id", "search-words")
        .attr("class", "control")
        .attr("type", "search")
        .attr("maxlength", "100")
        .attr("autocomplete", "off")
        .on(ev::input, move |event| list.filter.update_value(|filter| filter.words = event_target_value(&event)))
}

#[component]
fn StateControl(list: List) -> impl IntoView {
    let choose = move |event: Event| {
        list.filter.update_value(|filter| filter.state = State::parse(&event_target_value(&event)));
        list.search();
    };
    let option = |value: &'static str, words: &'static str| html::option().attr("value", value).child(words);
    let states: Vec<Element> =
        State::ALL.iter().map(|state| option(state.as_str(), lifecycle::state(*state))).collect();
    select()
        .attr("id", "search-state")
        .attr("class", "control")
        .on(ev::change, choose)
        .child(option("", "Tous"))
        .child(states)
}

/// Returns the sentence that stands where a search found nothing.
pub(super) fn no_result(asked: &Filter) -> &'static str {
    if asked.words.trim().is_empty() && asked.state.is_none() {
        "Aucune demande enregistrée pour le moment. Une demande apparaît ici dès votre première réponse."
    } else {
        "Aucune demande ne correspond à cette recherche. Essayez un seul mot, ou l’état « Tous »."
    }
}
