//! The filters of the queue, which stand in the address.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{Event, SubmitEvent};

use super::address::place;
use crate::components::{choice, link};
use crate::html::{self, Element, Input, details, div, input, p, select, summary};
use crate::model::assurance::AssuranceLevel;
use crate::model::draft::OrganisationKind;
use crate::model::place::team::QueueFilter;
use crate::model::wire::{QueueKind, State, TeamList, TeamRole};
use crate::model::{ClosedList, Date, Field};
use crate::navigation::Navigation;
use crate::texts::{fields, lifecycle};

/// Filters that are being chosen.
type Chosen = StoredValue<QueueFilter>;

/// Asks for words to search by, and for filters.
#[component]
pub(super) fn Filters(filter: QueueFilter, team: TeamList) -> impl IntoView {
    let navigation = Navigation::get();
    let is_narrowed = filter.is_narrowed();
    let QueueFilter { state, examiner, order, is_descending, .. } = filter.clone();
    let wide = QueueFilter { state, examiner, order, is_descending, ..QueueFilter::default() };
    let chosen = StoredValue::new(QueueFilter { cursor: String::new(), ..filter.clone() });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        navigation.go(&place(&chosen.get_value()));
    };
    let more = details()
        .attr("open", (is_narrowed && filter.words.is_empty()).then_some(""))
        .child(summary().child("Filtres"))
        .child(div().attr("class", "filters").child(selects(&filter, &team, chosen)));
    html::form()
        .attr("class", "section")
        .attr("role", "search")
        .on(ev::submit, submit)
        .child(labelled("queue-words", "Rechercher par nom, organisation, SIRET ou numéro", words(&filter, chosen)))
        .child(more)
        .child(
            p().attr("class", "actions")
                .child(html::button().attr("class", "button").child("Rechercher"))
                .child(is_narrowed.then(|| link(&place(&wide), "button", "Retirer les filtres"))),
        )
}

fn labelled(id: &'static str, words: &'static str, control: impl IntoAny) -> Element {
    let label = html::label().attr("for", id).child(words);
    div().attr("class", "field").child(label).child(control.into_any())
}

fn words(filter: &QueueFilter, chosen: Chosen) -> Input {
    let typed = move |event: Event| chosen.update_value(|filter| filter.words = event_target_value(&event));
    input()
        .attr("id", "queue-words")
        .attr("class", "control")
        .attr("type", "search")
        .attr("maxlength", "100")
        .attr("autocomplete", "off")
        .attr("value", filter.words.clone())
        .on(ev::input, typed)
}

/// Returns a choice among words, which sets a filter.
fn choose(
    id: &'static str,
    options: Vec<(&str, String)>,
    current: &str,
    chosen: Chosen,
    set: fn(&mut QueueFilter, &str),
) -> Element {
    let option = |(value, words): (&str, String)| {
        let selected = (value == current).then_some("");
        html::option().attr("value", value.to_owned()).attr("selected", selected).child(words)
    };
    let options: Vec<_> = options.into_iter().map(option).collect();
    let change = move |event: Event| chosen.update_value(|filter| set(filter, &event_target_value(&event)));
    select().attr("id", id).attr("class", "control").on(ev::change, change).child(options)
}

/// Returns the values of a list with their words, after those for all of them.
fn listed<T: ClosedList>(all: &'static str, words: impl Fn(T) -> &'static str) -> Vec<(&'static str, String)> {
    let every = [("", all.to_owned())];
    every.into_iter().chain(T::ALL.iter().map(|value| (value.as_str(), words(*value).to_owned()))).collect()
}

fn selects(filter: &QueueFilter, team: &TeamList, chosen: Chosen) -> Vec<Element> {
    let states = listed("Toutes", lifecycle::state);
    let mut examiners = vec![
        ("", "Tous".to_owned()),
        (QueueFilter::ME, "Moi".to_owned()),
        (QueueFilter::NOBODY, "Personne".to_owned()),
    ];
    let members = team.people.iter().filter(|member| member.role == TeamRole::Examiner);
    examiners.extend(members.map(|member| (member.id.as_str(), member.name.clone())));
    let kinds = listed("Toutes", |kind: QueueKind| match kind {
        QueueKind::First => "Première demande",
        QueueKind::Modification => "Modification",
        QueueKind::Contacts => "Contacts seulement",
    });
    let levels = listed("Tous", |level: AssuranceLevel| fields::option(Field::AssuranceLevel, level.as_str()).0);
    let organisations =
        listed("Toutes", |kind: OrganisationKind| fields::option(Field::OrganisationKind, kind.as_str()).0);
    let state = choose("queue-state", states, filter.state.map_or("", ClosedList::as_str), chosen, |filter, value| {
        filter.state = State::parse(value);
    });
    let examiner = choose("queue-examiner", examiners, &filter.examiner, chosen, |filter, value| {
        value.clone_into(&mut filter.examiner);
    });
    let kind = choose("queue-kind", kinds, filter.kind.map_or("", ClosedList::as_str), chosen, |filter, value| {
        filter.kind = QueueKind::parse(value);
    });
    let level = choose("queue-level", levels, filter.level.map_or("", ClosedList::as_str), chosen, |filter, value| {
        filter.level = AssuranceLevel::parse(value);
    });
    let organisation = filter.organisation_kind.map_or("", ClosedList::as_str);
    let organisation = choose("queue-organisation", organisations, organisation, chosen, |filter, value| {
        filter.organisation_kind = OrganisationKind::parse(value);
    });
    vec![
        labelled("queue-state", "État", state),
        labelled("queue-examiner", "Examinateur", examiner),
        labelled("queue-kind", "Nature", kind),
        labelled("queue-level", "Niveau de garantie", level),
        labelled("queue-organisation", "Type d’organisation", organisation),
        labelled("queue-due", "Échéance avant le", due_before(filter, chosen)),
        awaiting_reply(filter, chosen),
    ]
}

fn due_before(filter: &QueueFilter, chosen: Chosen) -> Input {
    let change = move |event: Event| {
        chosen.update_value(|filter| filter.due_before = Date::parse(&event_target_value(&event)).ok());
    };
    input()
        .attr("id", "queue-due")
        .attr("class", "control")
        .attr("type", "date")
        .attr("value", filter.due_before.map(|day| day.to_string()))
        .on(ev::change, change)
}

fn awaiting_reply(filter: &QueueFilter, chosen: Chosen) -> Element {
    let change = move |event: Event| chosen.update_value(|filter| filter.awaiting_reply = event_target_checked(&event));
    let checkbox =
        input().attr("type", "checkbox").attr("checked", filter.awaiting_reply.then_some("")).on(ev::change, change);
    choice(checkbox, "Réponse attendue", "", None)
}
