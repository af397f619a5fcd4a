//! The examiner to whom a request is entrusted, and the ways to entrust it.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use web_sys::Event;

use super::acting::{Acting, Desk};
use super::dossier::Dossier;
use crate::components::{button, paragraph};
use crate::context::Identity;
use crate::html::{self, Element, div, label, live, p, select};
use crate::model::wire::{Act, Kind, TeamMember, TeamRole};
use crate::texts::examination;

/// Shows to whom a request is entrusted, and lets an examiner take it or entrust it.
#[component]
pub(super) fn Assignment(dossier: Arc<Dossier>) -> impl IntoView {
    let desk: Desk = expect_context();
    let holder = dossier.request.examiner.as_ref();
    let words = holder.map_or_else(
        || "Cette demande n’est confiée à personne.".to_owned(),
        |examiner| ["Confiée à ", &examination::person(&examiner.name, &examiner.job_title), "."].concat(),
    );
    let ways = desk.may_decide(&dossier, Kind::Assignment).then(|| ways(desk, &dossier));
    div().attr("class", "section").attr("id", "act-assignment").child(paragraph(words)).child(ways)
}

/// Returns the identifier of the person who examines.
fn me(desk: Desk) -> String {
    desk.session.identity().with_untracked(|identity| match identity {
        Identity::Person(session) => session.user.id.clone(),
        Identity::Pending | Identity::SignedOut => String::new(),
    })
}

/// Returns the ways to take a request, to entrust it to somebody else, and to nobody.
fn ways(desk: Desk, dossier: &Arc<Dossier>) -> Element {
    let acting = Acting::new(desk, Kind::Assignment);
    let holder = dossier.request.examiner.as_ref().and_then(|examiner| examiner.id.clone());
    let me = me(desk);
    let entrust = {
        let (dossier, was) = (StoredValue::new(Arc::clone(dossier)), holder.clone());
        move |examiner: Option<String>| {
            let act = Act { examiner, was: was.clone(), ..Act::new(Kind::Assignment) };
            acting.submit(&dossier.get_value(), act, true);
        }
    };
    let take = (holder.as_ref() != Some(&me)).then(|| {
        let (me, entrust) = (me.clone(), entrust.clone());
        button("button", "Prendre en charge", move || entrust(Some(me.clone())))
    });
    let release = holder.is_some().then(|| {
        let entrust = entrust.clone();
        button("quiet", "Ne la confier à personne", move || entrust(None))
    });
    let others: Vec<_> = dossier
        .team
        .iter()
        .filter(|member| member.role == TeamRole::Examiner && member.id != me && holder.as_ref() != Some(&member.id))
        .collect();
    let to_other = others.first().map(|first| {
        let chosen = StoredValue::new(first.id.clone());
        let choose = move |event: Event| chosen.set_value(event_target_value(&event));
        let option = |member: &&TeamMember| html::option().attr("value", member.id.clone()).child(member.name.clone());
        let options: Vec<_> = others.iter().map(option).collect();
        let control = select().attr("id", "entrust").attr("class", "control").on(ev::change, choose).child(options);
        let label = label().attr("for", "entrust").child("Confier à");
        let entrust = button("button", "Confier", move || entrust(Some(chosen.get_value())));
        div().attr("class", "search").child(div().attr("class", "field").child(label).child(control)).child(entrust)
    });
    let failure = live(move || {
        let words = acting.failure.get();
        (!words.is_empty()).then(|| paragraph(words).attr("class", "message").attr("role", "alert"))
    });
    div()
        .attr("class", "section")
        .child(p().attr("class", "actions").child(take).child(release))
        .child(to_other)
        .child(failure)
}
