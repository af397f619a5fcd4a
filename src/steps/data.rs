//! Step 3: which data, and what becomes of them.

use js_sys::Reflect;
use leptos::html::Custom;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlDocument, Node};

use super::help_details::HelpDetails;
use crate::components::{button, paragraph};
use crate::context::Settings;
use crate::effect::spawn;
use crate::fields::{InputKind, ScopesField, TextArea, TextField};
use crate::form::Form;
use crate::html::{LiveText, a, code, div, follow, p};
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
    let link = a()
        .attr("href", follow(move || config.with(|config| config.contacts.retention_advice_url.clone())))
        .attr("rel", "external noopener")
        .attr("target", "_blank")
        .child("Les conseils de la CNIL sur les durées de conservation (nouvel onglet)");
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
    let refused = RwSignal::new(false);
    let copy = move || {
        let (text, node) = (untrack(parameter), shown.get_untracked());
        spawn(async move {
            let is_copied = write_to_clipboard(&text).await || node.is_some_and(|node| copy_what_is_selected(&node));
            refused.set(!is_copied);
            copied.set(text);
        });
    };
    let done = move || match (copied.get() == parameter(), refused.get()) {
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

/// Copies a text, where the browser has a clipboard for this page: it has none at an address without https, nor in some frames.
async fn write_to_clipboard(text: &str) -> bool {
    match Reflect::get(&window().navigator(), &"clipboard".into()).ok().filter(JsValue::is_object) {
        Some(clipboard) => JsFuture::from(clipboard.unchecked_into::<Clipboard>().write_text(text)).await.is_ok(),
        None => false,
    }
}

/// Copies what stands in an element in the way of older browsers. In any case it is selected, for the person to copy it.
fn copy_what_is_selected(node: &Node) -> bool {
    let Ok(Some(selection)) = window().get_selection() else { return false };
    let is_selected = selection.select_all_children(node).is_ok();
    let document = document().dyn_into::<HtmlDocument>().ok();
    is_selected && document.is_some_and(|document| document.exec_command("copy").unwrap_or_default())
}
