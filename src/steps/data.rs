//! Step 3: which data, and what becomes of them.

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::reactive::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlDocument, Node};

use super::{Filling, help};
use crate::app::App;
use crate::controls::{Look, scopes, text, text_area};
use crate::dom::{Element, View, button, element, paragraph};
use crate::form::Form;
use crate::model::Field;

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
    let code = element("code").attr("id", "scope").untranslated().live_text(parameter);
    let node = code.node().clone();
    // What was copied; it says nothing any more once another scope is ticked.
    let copied = RwSignal::new(String::new());
    let refused = RwSignal::new(false);
    let copy = move || {
        let (text, node) = (untrack(parameter), node.clone());
        spawn_local(async move {
            let is_copied = write_to_clipboard(&text).await || copy_what_is_selected(&node);
            refused.set(!is_copied);
            copied.set(text);
        });
    };
    let done = move || match (copied.get() == parameter(), refused.get()) {
        (true, false) => "Copié",
        (true, true) => "Ce navigateur ne laisse pas copier d’ici. Le texte est sélectionné : copiez-le vous-même.",
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
                .child(code)
                .child(button("button", "Copier", copy).attr("aria-describedby", "scope-hint")),
        )
        .child(element("p").class("hint").attr("role", "status").live_text(done))
        .into()
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
