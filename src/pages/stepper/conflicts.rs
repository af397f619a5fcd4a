//! Fields with two values: both are shown side by side, and the person chooses one or goes and writes a third.
use leptos::prelude::*;

use super::Stepper;
use crate::app::{self, HEADING};
use crate::clock;
use crate::dom::{Element, View, button, element, live, paragraph, unseen};
use crate::model::saving::{Conflict, Side};
use crate::steps::{answer_of, link_to};
use crate::texts::{count, fields};

/// The choices that wait for the person.
pub(super) fn conflicts(stepper: Stepper) -> View {
    let standing = stepper.filling.draft.standing();
    // They are not drawn again at each save: somebody may be about to press a button.
    let conflicts = Memo::new(move |_| standing.with(|standing| standing.conflicts.clone()));
    Effect::new(move |before: Option<usize>| {
        let waiting = conflicts.with(Vec::len);
        if waiting > before.unwrap_or_default() {
            stepper.app.announce(&count(
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
            let items: Vec<Element> = waiting.iter().map(|conflict| item(stepper, conflict)).collect();
            element("section")
                .class("note conflicts")
                .child(app::heading(2, "Deux versions d’une même réponse"))
                .child(paragraph(about))
                .child(element("ul").attr("role", "list").child(items))
        })
    })
}

fn item(stepper: Stepper, conflict: &Conflict) -> Element {
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
        stepper.app.announce(told);
        let is_last = draft.standing().with_untracked(|standing| standing.conflicts.is_empty());
        stepper.app.focus(if is_last { HEADING } else { ".conflicts .h3" });
    };
    let version = |title: &str, answer: View, way: Element| {
        let name = unseen(&[" pour « ", &name, " »"].concat());
        element("div")
            .class("version")
            .child(paragraph(title).class("hint"))
            .child(element("p").class("answer").child(answer))
            .child(way.child(name))
    };
    let keep = button("button", "Garder la mienne", move || choose(Side::Mine, "Votre réponse est gardée"));
    let take = button("button", "Prendre celle-ci", move || choose(Side::Theirs, "L’autre réponse est prise"));
    let versions = [version("La vôtre, ici", mine, keep), version(&elsewhere, theirs, take)];
    element("li")
        .child(app::heading(3, &name).attr("tabindex", "-1"))
        .child(element("div").class("versions").child(versions))
        .child(paragraph("").child(link_to(&stepper.filling.draft.id(), field, "Écrire une autre réponse")))
}
