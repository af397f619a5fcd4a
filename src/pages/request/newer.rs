//! A request that a newer version of the page left on this device or on the server: it is read, never guessed at or written
//! over.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::app::App;
use crate::dom::{Element, View, element, link, paragraph};
use crate::model::Field;
use crate::navigation::Place;
use crate::pages::{reload, sheet};
use crate::texts::fields;

/// What can be read of it.
pub(crate) fn newer(text: &str) -> View {
    let written = JSON::parse(text).unwrap_or_default();
    let on_device = member(&written, "mine");
    let (mine, title, words_of_it) = if on_device.is_undefined() {
        (member(&written, "draft"), "Cette demande vient d’une version plus récente", ON_SERVER)
    } else {
        (on_device, "Ce brouillon vient d’une version plus récente", ON_DEVICE)
    };
    let line = |field: &Field| {
        let answer = words(*field, &field.path().split('.').fold(mine.clone(), |place, name| member(&place, name)));
        (!answer.is_empty()).then(|| {
            element("div")
                .class("line")
                .child(element("dt").text(&fields::name(*field)))
                .child(element("dd").class("answer").text(&answer))
        })
    };
    let lines: Vec<Element> = Field::ALL.iter().filter_map(line).collect();
    let reload = App::get().portal().is_none().then(reload);
    let ways = element("p").class("actions").child(reload).child(link(&Place::Requests, "button", "Mes demandes"));
    sheet(title, [paragraph(words_of_it), ways, element("dl").child(lines)])
}

const ON_DEVICE: &str = "Une version plus récente de ce site l’a gardé sur cet appareil. Il y reste tel quel : ici, vous pouvez le lire, pas le modifier. Rechargez la page pour continuer à le remplir.";
const ON_SERVER: &str = "Une version plus récente de ce site l’a enregistrée. Ici, vous pouvez la lire, pas la modifier. Rechargez la page pour continuer.";

fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// An answer in words, as far as this version knows them.
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
