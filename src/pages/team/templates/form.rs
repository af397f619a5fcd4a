//! The form of a template.

use leptos::ev;
use leptos::prelude::*;
use web_sys::{Event, SubmitEvent};

use super::editing::{Editing, Meanwhile};
use crate::components::{Confirm, button, characters_left, heading, paragraph};
use crate::html::{
    self, Element, Input, LiveView, details, div, follow, holds, input, live, p, select, summary, textarea,
};
use crate::model::ClosedList;
use crate::model::lifecycle::act::TEXT_MAX;
use crate::model::wire::{TITLE_MAX, Template, TemplateUse};
use crate::texts::templates;

/// Shows the form of a template.
#[component]
pub(super) fn Form(editing: Editing) -> impl IntoView {
    let is_new = editing.typed.with_untracked(|typed| typed.base.is_none());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        editing.save();
    };
    let title = input()
        .attr("class", "control")
        .attr("name", "title")
        .attr("autocomplete", "off")
        .attr("value", editing.typed.with_untracked(|typed| typed.title.clone()))
        .prop("value", follow(move || editing.typed.with(|typed| typed.title.clone())))
        .on(ev::input, move |event: Event| editing.edit(|typed| typed.title = event_target_value(&event)));
    let text = textarea()
        .attr("class", "control")
        .attr("name", "text")
        .attr("autocomplete", "off")
        .on(ev::input, move |event: Event| editing.edit(|typed| typed.text = event_target_value(&event)))
        .prop("value", follow(move || editing.typed.with(|typed| typed.text.clone())));
    let failure = live(move || {
        let words = editing.failure.get();
        (!words.is_empty()).then(|| paragraph(words).attr("class", "message").attr("role", "alert"))
    });
    let running = live(move || {
        editing.is_running.get().then(|| paragraph("Enregistrement…").attr("class", "hint").attr("role", "status"))
    });
    let save = html::button().attr("class", "button primary").child("Enregistrer le modèle");
    let close = button("button", "Fermer sans enregistrer", move || editing.close()).attr("class", "button close");
    html::form()
        .attr("class", "section act template-form")
        .attr("novalidate", "")
        .on(ev::submit, submit)
        .child(if is_new { heading(2, "Nouveau modèle") } else { heading(3, "Modifier le modèle") })
        .child(meanwhile(editing))
        .child(field(editing, "template-title", "/title", "Titre", title))
        .child(characters_left(move || editing.typed.with(|typed| typed.title.clone()), TITLE_MAX))
        .child(purpose(editing))
        .child(field(editing, "template-text", "/text", "Texte", text))
        .child(characters_left(move || editing.typed.with(|typed| typed.text.clone()), TEXT_MAX))
        .child(failure)
        .child(question(editing))
        .child(p().attr("class", "actions").child(save).child(close))
        .child(running)
}

/// Asks whether to erase what is typed.
fn question(editing: Editing) -> LiveView {
    live(move || {
        let confirm = move || editing.shelf.close(&editing.id());
        let cancel = move || {
            editing.asks.set(false);
            editing.shelf.focus.on(".template-form .close");
        };
        editing.asks.get().then(|| {
            view! {
                <Confirm
                    about="Fermer le modèle sans enregistrer"
                    question="Effacer ce que vous avez écrit\u{a0}?"
                    yes="Oui, effacer"
                    no="Non, continuer"
                    confirm
                    cancel
                />
            }
        })
    })
}

/// Returns a labelled control, with the error at its member.
fn field(editing: Editing, id: &'static str, pointer: &'static str, label: &'static str, control: Input) -> Element {
    let message = [id, "-message"].concat();
    let described = message.clone();
    let control = control
        .attr("id", id)
        .attr("aria-describedby", follow(move || editing.error_at(pointer).map(|_| described.clone())))
        .attr("aria-invalid", follow(move || editing.error_at(pointer).map(|_| "true")));
    let error = live(move || {
        let message = message.clone();
        editing.error_at(pointer).map(move |words| paragraph(words).attr("class", "message").attr("id", message))
    });
    div()
        .attr("class", "field")
        .class(("invalid", holds(move || editing.error_at(pointer).is_some())))
        .child(html::label().attr("for", id).child(label))
        .child(control)
        .child(error)
}

/// Returns the choice of the use of a template.
fn purpose(editing: Editing) -> Element {
    let choose = move |event: Event| {
        if let Some(purpose) = TemplateUse::parse(&event_target_value(&event)) {
            editing.edit(|typed| typed.purpose = purpose);
        }
    };
    let option = |purpose: &TemplateUse| {
        let purpose = *purpose;
        html::option()
            .attr("value", purpose.as_str())
            .attr("selected", editing.typed.with_untracked(|typed| (typed.purpose == purpose).then_some("")))
            .prop("selected", holds(move || editing.typed.with(|typed| typed.purpose == purpose)))
            .child(templates::purpose(purpose))
    };
    let options: Vec<_> = TemplateUse::ALL.iter().map(option).collect();
    let control = select().attr("id", "template-use").attr("class", "control").on(ev::change, choose).child(options);
    let label = html::label().attr("for", "template-use").child("Usage");
    div().attr("class", "field").child(label).child(control)
}

/// Tells what became of the template meanwhile, and lets the person choose.
fn meanwhile(editing: Editing) -> LiveView {
    live(move || {
        let (words, saved) = match editing.meanwhile.get() {
            Meanwhile::Same => return None,
            Meanwhile::Saved(saved) => (templates::changed(&saved), Some(saved)),
            Meanwhile::Deleted => (templates::DELETED.to_owned(), None),
        };
        let over = if saved.is_some() { "Enregistrer ma version" } else { "Enregistrer de nouveau" };
        let take = saved
            .clone()
            .map(|saved| button("button", "Prendre la version enregistrée", move || editing.take(&saved)));
        let over = button("button", over, move || editing.save_over());
        let title = if saved.is_some() { "Ce modèle a changé" } else { "Ce modèle n’existe plus" };
        let note = div()
            .attr("class", "note")
            .child(heading(3, title).attr("tabindex", "-1"))
            .child(paragraph(words))
            .child(saved.as_deref().map(version))
            .child(p().attr("class", "actions").child(over).child(take));
        Some(note)
    })
}

/// Returns the version that was saved meanwhile.
fn version(saved: &Template) -> Element {
    let about =
        ["Titre\u{a0}: ", &saved.title.line(), ". Usage\u{a0}: ", templates::purpose(saved.purpose), "."].concat();
    details()
        .attr("class", "help")
        .child(summary().child("Version enregistrée"))
        .child(div().child(paragraph(about)).child(paragraph(saved.text.lines()).attr("class", "answer")))
}
