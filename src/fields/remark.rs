//! The remark of the team at a field, and the reply to it.

use leptos::ev;
use leptos::prelude::*;

use crate::components::{button, characters_left, paragraph};
use crate::context::Focus;
use crate::effect::computed;
use crate::form::Form;
use crate::html::{LiveText, div, label, live, p, strong, textarea};
use crate::model::Field;
use crate::model::lifecycle::act::REMARK_MAX;
use crate::model::wire::Remark;

/// Shows the remark of the team at a field, with the way to reply without changing the answer.
#[component]
pub fn FieldRemark(
    /// Form that has the remark.
    form: Form,
    /// Field of the remark.
    field: Field,
) -> impl IntoView {
    let remark = computed(move |_| if form.has_remark(field) { form.remark(field) } else { None });
    live(move || {
        remark.get().map(|Remark { text, .. }| {
            let words = div()
                .attr("id", id(field, "remark"))
                .child(p().child(strong().child("Remarque de l’équipe")))
                .child(paragraph(text.lines()).attr("class", "answer"));
            let followed = move || {
                match (form.is_remark_open(field), form.reply(field).trim().is_empty()) {
                    (true, _) => "À traiter\u{a0}: modifiez votre réponse, ou répondez à la remarque sans modifier.",
                    (false, true) => "Traitée\u{a0}: votre réponse est modifiée.",
                    (false, false) => "Traitée\u{a0}: votre réponse à l’équipe partira avec la demande.",
                }
                .to_owned()
            };
            div()
                .attr("class", "remark")
                .child(words)
                .child(view! { <ReplyToRemark form field /> })
                .child(p().attr("class", "hint").live_text(followed))
        })
    })
}

/// Offers to reply to the remark at a field, and shows the reply.
#[component]
fn ReplyToRemark(form: Form, field: Field) -> impl IntoView {
    let focus = Focus::get();
    let is_open = RwSignal::new(!form.reply(field).is_empty());
    let area_id = id(field, "reply");
    live(move || {
        if !is_open.get() {
            let open = move || {
                is_open.set(true);
                focus.on(&["[name=\"reply.", field.path(), "\"]"].concat());
            };
            let open = button("quiet", "Répondre sans modifier", open).attr("aria-describedby", id(field, "remark"));
            return p().attr("class", "actions").child(open).into_any();
        }
        let take_back = move || {
            form.set_reply(field, "");
            is_open.set(false);
            focus.on_field(field);
        };
        let area = textarea()
            .attr("id", area_id.clone())
            .attr("name", ["reply.", field.path()].concat())
            .attr("class", "control")
            .attr("autocomplete", "off")
            .attr("aria-describedby", id(field, "remark"))
            .prop("value", untrack(|| form.reply(field)))
            .on(ev::input, move |event| form.set_reply(field, &event_target_value(&event)));
        div()
            .child(label().attr("for", area_id.clone()).child("Votre réponse à l’équipe"))
            .child(area)
            .child(characters_left(move || form.reply(field), REMARK_MAX))
            .child(p().attr("class", "actions").child(button("quiet", "Retirer cette réponse", take_back)))
            .into_any()
    })
}

/// Returns the `id` of a part of the remark at a field.
fn id(field: Field, part: &str) -> String {
    [field.path(), "-", part].concat()
}
