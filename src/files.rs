//! Requests as files: exported to the person's disk, and imported from it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlAnchorElement};

use crate::clock;
use crate::input;
use crate::json::JsonText;
use crate::model::Draft;
use crate::model::export::{self, Export, ImportError};

/// Downloads a request as a JSON file.
pub fn export(draft: &Draft) {
    let file = Export::new(draft.clone(), clock::now_rfc3339());
    let Ok(json) = serde_json::to_string(&file) else { return };
    let name = match draft.project.name.trimmed() {
        "" => "demande",
        name => name,
    };
    let address = ["data:application/json;charset=utf-8,", &String::from(js_sys::encode_uri_component(&json))].concat();
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&address);
        link.set_rel("external");
        link.set_download(&[name, ".json"].concat());
        link.click();
    }
}

/// Imports a request from a file that was exported.
///
/// # Errors
/// When the file is not an export, or is too large.
pub async fn import(file: &File) -> Result<Draft, ImportError> {
    #[expect(clippy::cast_precision_loss, reason = "a size in bytes")]
    let is_too_large = file.size() > export::MAX_SIZE as f64;
    if is_too_large {
        return Err(ImportError::TooLarge);
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).ok_or(ImportError::NotJson)?;
    // Control characters are white space between JSON tokens, and forbidden within strings: files edited by hand have them.
    let text = text.replace(|c| matches!(c, '\u{1}'..='\u{1f}'), " ");
    let mut draft = export::import(&JsonText(&text))?;
    input::compose(&mut draft);
    Ok(draft)
}
