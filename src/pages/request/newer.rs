//! A request that a newer version of the page left on this device or on the server. It can be read, and is never overwritten.

use js_sys::{Array, JSON, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::components::{Sheet, link, paragraph, reload};
use crate::context::Host;
use crate::html::{dd, div, dl, dt, p};
use crate::model::Field;
use crate::navigation::Place;
use crate::texts::fields;

/// Shows the answers that this version can read.
#[component]
pub(super) fn Newer(
    /// The device's copy or the server's request, as JSON.
    text: String,
) -> impl IntoView {
    let host = Host::get();
    let json = JSON::parse(&text).unwrap_or_default();
    let on_device = member(&json, "mine");
    let (mine, title, lead) = if on_device.is_undefined() {
        (member(&json, "draft"), "Cette demande vient d’une version plus récente", ON_SERVER)
    } else {
        (on_device, "Ce brouillon vient d’une version plus récente", ON_DEVICE)
    };
    let line = |field: &Field| {
        let answer = words(*field, &field.path().split('.').fold(mine.clone(), |object, name| member(&object, name)));
        let name = || dt().child(fields::name(*field));
        (!answer.is_empty())
            .then(|| div().attr("class", "answer-row").child(name()).child(dd().attr("class", "answer").child(answer)))
    };
    let lines: Vec<_> = Field::ALL.iter().filter_map(line).collect();
    let reload = (!host.is_portal()).then(reload);
    let ways = p().attr("class", "actions").child(reload).child(link(&Place::Requests, "button", "Mes demandes"));
    view! {
        <Sheet title>
            {paragraph(lead)}
            {ways}
            {dl().child(lines)}
        </Sheet>
    }
}

const ON_DEVICE: &str = "Une version plus récente de ce site l’a gardé sur cet appareil. Il y reste tel quel : ici, vous pouvez le lire, pas le modifier. Rechargez la page pour continuer à le remplir.";
const ON_SERVER: &str = "Une version plus récente de ce site l’a enregistrée. Ici, vous pouvez la lire, pas la modifier. Rechargez la page pour continuer.";

fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// Returns an answer in words, as far as this version knows them.
fn words(field: Field, answer: &JsValue) -> String {
    if let Some(yes) = answer.as_bool() {
        return if yes { "Oui" } else { "Non" }.to_owned();
    }
    if let Some(list) = answer.dyn_ref::<Array>() {
        let names: Vec<String> = list.iter().map(|element| words(field, &element)).collect();
        return names.join(", ");
    }
    // A file has a name.
    let text = answer.as_string().or_else(|| member(answer, "name").as_string()).unwrap_or_default();
    match fields::option(field, &text).0 {
        "Réponse inconnue" => text,
        name => name.to_owned(),
    }
}
