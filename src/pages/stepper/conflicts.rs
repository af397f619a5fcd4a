//! Fields with two values: both are shown side by side, and the person chooses one or goes and writes a third.
use leptos::prelude::*;

use super::state::StepperState;
use crate::clock;
use crate::components::{button, heading, paragraph, visually_hidden};
use crate::context::{Announcer, Focus, HEADING};
use crate::effect::{computed, watch_changes};
use crate::html::{self, Bare, Element, div, li, live, p, ul};
use crate::model::saving::{Conflict, Side};
use crate::steps::{answer_of, link_to};
use crate::texts::{count, fields};

/// Shows the choices that wait for the person.
#[component]
pub(super) fn Conflicts(stepper: StepperState) -> impl IntoView {
    let announcer = Announcer::get();
    let status = stepper.filling.draft.status();
    // They are not drawn again at each save: somebody may be about to press a button.
    let conflicts = computed(move |_| status.with(|status| status.conflicts.clone()));
    watch_changes(move |before: Option<usize>| {
        let waiting = conflicts.with(Vec::len);
        if waiting > before.unwrap_or_default() {
            announcer.announce(&count(
                waiting,
                "réponse a deux versions, à vérifier",
                "réponses ont deux versions, à vérifier",
            ));
        }
        waiting
    });
    live(move || {
        let waiting = conflicts.get();
        (!waiting.is_empty()).then(|| {
            let about = "Ces réponses ont été changées ici et ailleurs : dans un autre onglet, ou sur un autre appareil. Rien n’est perdu : choisissez celle à garder, ou écrivez-en une autre.";
            let items: Vec<Bare> = waiting.iter().map(|conflict| item(stepper, conflict)).collect();
            html::section()
                .attr("class", "note conflicts")
                .child(heading(2, "Deux versions d’une même réponse"))
                .child(paragraph(about))
                .child(ul().attr("role", "list").child(items))
        })
    })
}

fn item(stepper: StepperState, conflict: &Conflict) -> Bare {
    let (focus, announcer) = (Focus::get(), Announcer::get());
    let field = conflict.field;
    let name = fields::name(field);
    let elsewhere = match &conflict.saved_at {
        Some(saved_at) => {
            let when = clock::parse(saved_at).map(clock::lately).unwrap_or_default();
            let before = if when.starts_with("le ") { "Enregistrée ailleurs " } else { "Enregistrée ailleurs à " };
            [before, &when].concat()
        }
        None => "Écrite dans un autre onglet".to_owned(),
    };
    let mine = answer_of(&stepper.filling.form.draft(), field);
    let theirs = answer_of(&conflict.theirs, field);
    let choose = move |side: Side, told: &str| {
        let draft = stepper.filling.draft;
        draft.choose(field, side);
        announcer.announce(told);
        let is_last = draft.status().with_untracked(|status| status.conflicts.is_empty());
        focus.on(if is_last { HEADING } else { ".conflicts .h3" });
    };
    let version = |title: &str, answer: AnyView, way: Element| {
        let name = visually_hidden([" pour « ", &name, " »"].concat());
        div()
            .attr("class", "version")
            .child(paragraph(title).attr("class", "hint"))
            .child(p().attr("class", "answer").child(answer))
            .child(way.child(name))
    };
    let keep = button("button", "Garder la mienne", move || choose(Side::Mine, "Votre réponse est gardée"));
    let take = button("button", "Prendre celle-ci", move || choose(Side::Theirs, "L’autre réponse est prise"));
    let versions = [version("La vôtre, ici", mine, keep), version(&elsewhere, theirs, take)];
    li().child(heading(3, &name).attr("tabindex", "-1"))
        .child(div().attr("class", "versions").child(versions))
        .child(paragraph("").child(link_to(&stepper.filling.draft.id(), field, "Écrire une autre réponse")))
}
