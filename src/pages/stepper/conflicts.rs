//! Fields with two values. Both are shown side by side: the person chooses one, or goes and writes a third.

use leptos::prelude::*;

use super::state::StepperState;
use crate::clock;
use crate::components::{button, heading, paragraph, visually_hidden};
use crate::context::{Announcer, Focus, HEADING};
use crate::effect::{computed, watch_changes};
use crate::html::{self, Element, div, li, live, p, ul};
use crate::model::saving::{Conflict, Side};
use crate::steps::{StepContext, answer_of, link_to};
use crate::texts::{count, dates, fields};

/// Shows the conflicts of the draft.
#[component]
pub(super) fn Conflicts(stepper: StepperState) -> impl IntoView {
    let announcer = Announcer::get();
    let status = stepper.context.draft.status();
    // A memo keeps the buttons as they are at each save: somebody may be about to press one.
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
            let about = "Ces réponses ont été changées ici et ailleurs : dans un autre onglet, sur un autre appareil, ou par une autre personne. Rien n’est perdu : choisissez celle à garder, ou écrivez-en une autre.";
            let items: Vec<_> =
                waiting.into_iter().map(|conflict| view! { <TwoVersions stepper conflict /> }).collect();
            html::section()
                .attr("class", "note conflicts")
                .child(heading(2, "Deux versions d’une même réponse"))
                .child(paragraph(about))
                .child(ul().attr("role", "list").child(items))
        })
    })
}

/// Shows one field with its two values.
#[component]
fn TwoVersions(stepper: StepperState, conflict: Conflict) -> impl IntoView {
    let (focus, announcer) = (Focus::get(), Announcer::get());
    let Conflict { field, theirs, saved_at, saved_by } = conflict;
    let StepContext { form, draft, .. } = stepper.context;
    let name = fields::name(field);
    let elsewhere = origin(saved_at.as_deref(), saved_by.as_deref());
    let choose = move |side: Side, announcement: &str| {
        draft.choose(field, side);
        announcer.announce(announcement);
        let is_last = draft.status().with_untracked(|status| status.conflicts.is_empty());
        focus.on(if is_last { HEADING } else { ".conflicts .h3" });
    };
    let keep = button("button", "Garder la mienne", move || choose(Side::Mine, "Votre réponse est gardée"));
    let take = button("button", "Prendre celle-ci", move || choose(Side::Theirs, "L’autre réponse est prise"));
    let about = || visually_hidden([" pour « ", &name, " »"].concat());
    let versions = view! {
        <Version title="La vôtre, ici".to_owned() answer=answer_of(&form.draft(), field) choose=keep.child(about()) />
        <Version title=elsewhere answer=answer_of(&theirs, field) choose=take.child(about()) />
    };
    li().child(heading(3, &name).attr("tabindex", "-1"))
        .child(div().attr("class", "versions").child(versions))
        .child(p().child(link_to(&draft.id(), field, "Écrire une autre réponse")))
}

/// Returns where the other value comes from: who saved it and when, as far as that is known.
fn origin(saved_at: Option<&str>, saved_by: Option<&str>) -> String {
    let Some(saved_at) = saved_at else { return "Écrite dans un autre onglet".to_owned() };
    let when = clock::parse(saved_at).map(dates::since).unwrap_or_default();
    let by = saved_by.map_or("ailleurs".to_owned(), |name| ["par ", name].concat());
    let before = if when.starts_with("le ") { " " } else { " à " };
    ["Enregistrée ", &by, before, &when].concat()
}

/// Shows one value of a field, with the button that chooses it.
#[component]
fn Version(title: String, answer: AnyView, choose: Element) -> impl IntoView {
    div()
        .attr("class", "version")
        .child(paragraph(title).attr("class", "hint"))
        .child(p().attr("class", "answer").child(answer))
        .child(choose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::now_rfc3339;

    #[test]
    fn a_value_tells_who_saved_it_where_somebody_else_did() {
        let at = now_rfc3339();
        let told = |by| origin(Some(&at), by);
        assert!(told(None).starts_with("Enregistrée ailleurs à "), "{}", told(None));
        assert!(
            told(Some("Karim Saïdi")).starts_with("Enregistrée par Karim Saïdi à "),
            "{}",
            told(Some("Karim Saïdi"))
        );
        assert!(origin(Some("2020-01-02T10:00:00.000Z"), Some("Karim Saïdi")).contains("par Karim Saïdi le "));
        assert_eq!(origin(None, None), "Écrite dans un autre onglet");
    }
}
