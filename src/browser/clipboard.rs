//! Clipboard.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlDocument, Node};

use super::window;

/// Copies a text, and returns whether the browser did.
///
/// Browsers have no clipboard for pages at an address without https, nor in some frames.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().and_then(|window| Reflect::get(&window.navigator(), &"clipboard".into()).ok());
    match clipboard.filter(JsValue::is_object) {
        Some(clipboard) => JsFuture::from(clipboard.unchecked_into::<Clipboard>().write_text(text)).await.is_ok(),
        None => false,
    }
}

/// Selects the content of a node and copies it in the way of older browsers. Returns whether the browser copied it.
///
/// The content stays selected in any case, for the person to copy it.
pub fn copy_content(node: &Node) -> bool {
    let Some(window) = window() else { return false };
    let Ok(Some(selection)) = window.get_selection() else { return false };
    let is_selected = selection.select_all_children(node).is_ok();
    let document = window.document().and_then(|document| document.dyn_into::<HtmlDocument>().ok());
    is_selected && document.is_some_and(|document| document.exec_command("copy").unwrap_or_default())
}
