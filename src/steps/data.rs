//! Step 3: which data, and what becomes of them.

use leptos::prelude::*;
use leptos::reactive::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::{Filling, help};
use crate::app::App;
use crate::controls::{Look, scopes, text, text_area};
use crate::dom::{Element, View, button, element, paragraph};
use crate::form::Form;
use crate::model::Field;
use crate::state::Live;

pub(super) fn fields(Filling { form, .. }: Filling) -> Vec<View> {
    vec![
        scopes(form),
        scope_parameter(form),
        text_area(form, Field::Recipients),
        text(form, Field::RetentionMonths, Look::DIGITS),
        text_area(form, Field::RetentionReason),
        help("Comment choisir la durée ?", advice()),
    ]
}

fn advice() -> Vec<Element> {
    let config = App::get().config();
    let link = element("a")
        .live_attr("href", move || Some(config.with(|config| config.contacts.retention_advice_url.clone())))
        .attr("rel", "external noopener")
        .attr("target", "_blank")
        .text("Les conseils de la CNIL sur les durées de conservation (nouvel onglet)");
    vec![
        paragraph(
            "Des données personnelles ne se gardent pas sans limite. La durée se fixe selon l’objectif : le temps de la démarche, d’un recours, d’un contrôle… C’est au responsable du traitement d’en décider.",
        ),
        element("p").child(link),
    ]
}

/// The exact text that the service will send later, to copy.
fn scope_parameter(form: Form) -> View {
    let parameter = move || form.look(&[Field::Scopes], |draft| draft.data.scopes.parameter());
    // What was copied; it says nothing any more once another scope is ticked.
    let copied = Live::new(String::new());
    let refused = Live::new(false);
    let copy = move || {
        let text = untrack(parameter);
        let writing = JsFuture::from(window().navigator().clipboard().write_text(&text));
        spawn_local(async move {
            let is_copied = writing.await.is_ok();
            refused.set(!is_copied);
            copied.set(text);
        });
    };
    let done = move || match (copied.get() == parameter(), refused.get()) {
        (true, false) => "Copié",
        (true, true) => "La copie n’a pas abouti : sélectionnez le texte, puis copiez-le.",
        (false, _) => "",
    };
    element("div")
        .class("copy")
        .child(
            paragraph(
                "À transmettre à votre équipe technique : la liste de ces données, dans la forme que FranceConnect attend.",
            )
            .class("hint")
            .attr("id", "scope-hint"),
        )
        .child(
            element("div")
                .class("copy-line")
                .child(element("code").attr("id", "scope").attr("translate", "no").live_text(parameter))
                .child(button("button", "Copier", copy).attr("aria-describedby", "scope-hint")),
        )
        .child(element("p").class("hint").attr("role", "status").live_text(done))
        .into()
}
