//! Forms of the acts of the team, each a section of its own.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use web_sys::Event;

use super::acting::{Acting, Desk};
use super::beginning::beginning;
use super::dossier::Dossier;
use super::members::Members;
use super::preview::preview;
use super::writing::{TEXT, remark};
use super::written::written;
use crate::components::{Confirm, button, characters_left, choice, heading, paragraph};
use crate::fields::AttachmentsField;
use crate::html::{
    self, Element, Input, LiveView, div, fieldset, follow, holds, input, legend, li, live, p, textarea, ul,
};
use crate::model::lifecycle::act::TEXT_MAX;
use crate::model::wire::{Ground, Kind};
use crate::model::{ClosedList, Date, Field};
use crate::texts::examination::{self, ActWords};
use crate::texts::fields;

/// Shows the form of an act, in a section of its own.
#[component]
pub(super) fn ActForm(dossier: Arc<Dossier>, kind: Kind) -> impl IntoView {
    let title = heading(2, examination::act(kind).title).attr("tabindex", "-1");
    html::section()
        .attr("class", "section act")
        .attr("id", ["act-", kind.as_str()].concat())
        .child(title)
        .child(view! { <ActFields dossier kind /> })
}

/// Shows the fields of an act, and the button that does it.
#[component]
pub(super) fn ActFields(dossier: Arc<Dossier>, kind: Kind) -> impl IntoView {
    let desk: Desk = expect_context();
    let acting = Acting::new(desk, kind);
    let members = desk.members;
    let ActWords { lead, text: label, button: name, .. } = examination::act_on(kind, dossier.modified());
    let lead = (!lead.is_empty()).then(|| paragraph(lead.into_owned()).attr("class", "hint"));
    let more = match kind {
        Kind::ChangesRequested => Some(view! { {remarked(desk)} {answer_by(acting, members)} }.into_any()),
        Kind::Revoked => Some(revocation(acting, members).into_any()),
        Kind::Message => Some(view! { <AttachmentsField attachments=desk.attachments /> }.into_any()),
        Kind::Note => Some(about(&dossier, members).into_any()),
        _ => None,
    };
    let class = match kind {
        Kind::Refused | Kind::Revoked => "button danger",
        Kind::Message | Kind::Note => "button",
        _ => "button primary",
    };
    let beginning = beginning(desk, &dossier, kind);
    let preview = preview(desk, &dossier, kind);
    let dossier = StoredValue::new(dossier);
    let submit = move |is_confirmed| acting.submit(&dossier.get_value(), written(desk, kind), is_confirmed);
    let question = live(move || {
        acting.asks.get().then(|| {
            let holder = acting.holder(&dossier.get_value()).unwrap_or_default();
            let about = [name, "\u{a0}: la demande est confiée à ", &holder].concat();
            let cancel = move || {
                acting.asks.set(false);
                desk.focus.on(&["#act-", kind.as_str(), " .submit"].concat());
            };
            let confirm = move || submit(true);
            view! {
                {paragraph(["Cette demande est confiée à ", &holder, "."].concat())}
                <Confirm about question="Agir à sa place\u{a0}?" yes="Oui, agir" no="Non" confirm cancel />
            }
        })
    });
    let failure = live(move || {
        let words = acting.failure.get();
        (!words.is_empty()).then(|| paragraph(words).attr("class", "message").attr("role", "alert"))
    });
    let go = button(class, name, move || submit(false)).attr("class", [class, " submit"].concat());
    let running = live(move || {
        acting.is_running.get().then(|| paragraph("Envoi en cours…").attr("class", "hint").attr("role", "status"))
    });
    view! {
        {lead}
        {beginning}
        {text(acting, label)}
        {more}
        {preview}
        {question}
        {failure}
        {p().attr("class", "actions").child(go)}
        {running}
    }
}

/// Ties an input to the error at a member of the act.
fn described(acting: Acting, input: Input, id: &str, pointer: &'static str) -> Input {
    let message = [id, "-message"].concat();
    input
        .attr("id", id.to_owned())
        .attr("aria-describedby", follow(move || acting.error_at(pointer).map(|_| message.clone())))
        .attr("aria-invalid", follow(move || acting.error_at(pointer).map(|_| "true")))
}

/// Returns a labelled input, with the error at its member.
fn labelled(acting: Acting, id: String, pointer: &'static str, label: &str, control: Input) -> Element {
    let control = described(acting, control, &id, pointer);
    let message = [&id, "-message"].concat();
    let error = live(move || {
        let message = message.clone();
        acting.error_at(pointer).map(move |words| paragraph(words).attr("class", "message").attr("id", message))
    });
    div()
        .attr("class", "field")
        .class(("invalid", holds(move || acting.error_at(pointer).is_some())))
        .child(html::label().attr("for", id).child(label.to_owned()))
        .child(control)
        .child(error)
}

/// Returns the control for the text of an act, which is kept on the device.
fn text(acting: Acting, label: &str) -> Element {
    let kind = acting.kind;
    let id = ["text-", kind.as_str()].concat();
    let (area, typed) = kept(acting.desk, kind, TEXT.to_owned());
    labelled(acting, id, "/text", label, area).child(characters_left(move || typed.get(), TEXT_MAX))
}

/// Returns a text area whose text is kept on the device, and its text.
pub(super) fn kept(desk: Desk, kind: Kind, name: String) -> (Input, RwSignal<String>) {
    let typed = RwSignal::from(desk.writing.typed(kind, &name));
    let control = name.clone();
    let edit = move |event: Event| desk.writing.write(kind, &control, &event_target_value(&event));
    let area = textarea()
        .attr("class", "control")
        .attr("name", name)
        .attr("autocomplete", "off")
        .on(ev::input, edit)
        .prop("value", follow(move || typed.get()));
    (area, typed)
}

/// Lists the answers that have a remark, each as a way to it: the remarks leave with the request for changes.
fn remarked(desk: Desk) -> LiveView {
    live(move || {
        let remarked = desk.writing.remarked.get();
        let way = |field: &Field| {
            let selector = ["[name=\"", &remark(*field), "\"]"].concat();
            li().child(button("quiet", fields::name(*field), move || desk.focus.on(&selector)))
        };
        let ways: Vec<_> = Field::ALL.iter().filter(|field| remarked.contains(field)).map(way).collect();
        (!ways.is_empty()).then(|| {
            let list = ul().attr("class", "actions").attr("role", "list").child(ways);
            div()
                .attr("class", "field")
                .child(paragraph("Remarques jointes à cette demande de compléments\u{a0}:"))
                .child(list)
        })
    })
}

/// Returns a control for a day.
fn day(name: &'static str, value: Option<Date>, choose: impl Fn(Option<Date>) + 'static) -> Input {
    let change = move |event: Event| choose(Date::parse(&event_target_value(&event)).ok());
    input()
        .attr("class", "control short")
        .attr("type", "date")
        .attr("name", name)
        .attr("value", value.map(|day| day.to_string()))
        .on(ev::change, change)
}

/// Returns the control for the last day to answer.
fn answer_by(acting: Acting, members: Members) -> Element {
    let control = day("answer_by", members.answer_by.get_untracked(), move |day| members.choose_answer_by(day));
    labelled(acting, "answer-by".to_owned(), "/answer_by", "Compléments attendus au plus tard le", control)
}

/// Returns the controls for the ground of a revocation, and for how the organisation was heard.
fn revocation(acting: Acting, members: Members) -> Vec<Element> {
    let option = |ground: &Ground| {
        let (name, source) = examination::ground(*ground);
        let ground = *ground;
        let radio = input()
            .attr("type", "radio")
            .attr("name", "ground")
            .attr("value", ground.as_str())
            .attr("checked", (members.ground.get_untracked() == Some(ground)).then_some(""))
            .on(ev::change, move |_: Event| members.choose_ground(ground));
        choice(radio, name, source, Some(&["ground-", ground.as_str()].concat()))
    };
    let grounds: Vec<_> = Ground::ALL.iter().map(option).collect();
    let error = live(move || {
        let words = acting.error_at("/ground");
        words.map(|words| paragraph(words).attr("class", "message").attr("id", "ground-message"))
    });
    let ground = fieldset()
        .attr("class", "field")
        .attr("role", "radiogroup")
        .attr("tabindex", "-1")
        .attr("aria-describedby", follow(move || acting.error_at("/ground").map(|_| "ground-message")))
        .attr("aria-invalid", follow(move || acting.error_at("/ground").map(|_| "true")))
        .child(legend().child("Motif"))
        .child(div().attr("class", "choices").child(grounds))
        .child(error);
    let heard_on = day("heard_on", members.heard_on.get_untracked(), move |day| members.choose_heard_on(day));
    let heard_on = labelled(
        acting,
        "heard-on".to_owned(),
        "/heard_on",
        "L’organisation a pu présenter ses observations jusqu’au",
        heard_on,
    );
    let urgent = input()
        .attr("type", "checkbox")
        .attr("name", "urgent")
        .attr("checked", members.urgent.get_untracked().then_some(""))
        .on(ev::change, move |event: Event| members.choose_urgent(event_target_checked(&event)));
    let urgent = choice(urgent, "L’urgence ne permet pas d’attendre ses observations", "", None);
    vec![ground, heard_on, urgent]
}

/// Returns the choice of what a note is about.
fn about(dossier: &Dossier, members: Members) -> Element {
    let draft = &dossier.last.draft;
    let chosen = members.pointer.get_untracked();
    let option = |field: Field| {
        let pointer = field.pointer();
        let selected = (pointer == chosen).then_some("");
        html::option().attr("value", pointer).attr("selected", selected).child(fields::name(field))
    };
    let options: Vec<_> = Field::ALL.iter().copied().filter(|field| field.is_shown(draft)).map(option).collect();
    let change = move |event: Event| members.choose_pointer(&event_target_value(&event));
    let select = html::select()
        .attr("id", "note-about")
        .attr("class", "control")
        .on(ev::change, change)
        .child(html::option().attr("value", "").child("La demande entière"))
        .child(options);
    let label = html::label().attr("for", "note-about").child("Sur");
    div().attr("class", "field").child(label).child(select)
}
