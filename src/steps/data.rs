//! Step 3: which data, and what becomes of them.

use leptos::html::Custom;
use leptos::prelude::*;

use super::help_details::HelpDetails;
use crate::browser::clipboard;
use crate::components::{button, new_tab_link, paragraph};
use crate::context::Settings;
use crate::effect::spawn;
use crate::fields::{InputKind, ScopesField, TextArea, TextField};
use crate::form::Form;
use crate::html::{LiveText, code, div, p};
use crate::model::Field;

/// Shows the fields of the step.
#[component]
pub(super) fn Data() -> impl IntoView {
    view! {
        <ScopesField />
        <ScopeParameter />
        <TextArea field=Field::Recipients />
        <TextField field=Field::RetentionMonths kind=InputKind::DIGITS />
        <TextArea field=Field::RetentionReason />
        <HelpDetails question="Comment choisir la durée ?">
            <RetentionAdvice />
        </HelpDetails>
    }
}

/// Tells how long data may be kept, and where to read more.
#[component]
fn RetentionAdvice() -> impl IntoView {
    let settings = Settings::get();
    let config = settings.config;
    let address = move || config.with(|config| config.contacts.retention_advice_url.clone());
    let link = new_tab_link(address, "Les conseils de la CNIL sur les durées de conservation");
    let words = "Des données personnelles ne se gardent pas sans limite. La durée se fixe selon l’objectif : le temps de la démarche, d’un recours, d’un contrôle… C’est au responsable du traitement d’en décider.";
    vec![paragraph(words), p().child(link)]
}

/// Shows the exact text that the service will send later, to copy.
#[component]
fn ScopeParameter() -> impl IntoView {
    let form: Form = expect_context();
    let parameter = move || form.with_fields(&[Field::Scopes], |draft| draft.data.scopes.parameter());
    let shown = NodeRef::<Custom<&'static str>>::new();
    // What was copied; it says nothing any more once another scope is ticked.
    let copied = RwSignal::new(String::new());
    let copy_failed = RwSignal::new(false);
    let copy = move || {
        let (text, node) = (untrack(parameter), shown.get_untracked());
        spawn(async move {
            let is_copied = clipboard::copy(&text).await || node.is_some_and(|node| clipboard::copy_content(&node));
            copy_failed.set(!is_copied);
            copied.set(text);
        });
    };
    let done = move || match (copied.get() == parameter(), copy_failed.get()) {
        (true, false) => "Copié".to_owned(),
        (true, true) => {
            "Ce navigateur ne laisse pas copier d’ici. Le texte est sélectionné : copiez-le vous-même.".to_owned()
        }
        (false, _) => String::new(),
    };
    let hint =
        "À transmettre à votre équipe technique : la liste de ces données, dans la forme que FranceConnect attend.";
    let code = code().attr("id", "scope").attr("translate", "no").node_ref(shown).live_text(parameter);
    let line = div()
        .attr("class", "copy-line")
        .child(code)
        .child(button("button", "Copier", copy).attr("aria-describedby", "scope-hint"));
    div()
        .attr("class", "copy")
        .child(paragraph(hint).attr("class", "hint").attr("id", "scope-hint"))
        .child(line)
        .child(p().attr("class", "hint").attr("role", "status").live_text(done))
}
