//! Functions exported to JavaScript: they start applications and act on them. Applications share this program and no state.

use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, Node};

use crate::api::local::DocumentStore;
use crate::context::{Announcer, Settings};
use crate::lazy::LoadError;
use crate::navigation::Place;
use crate::portal::{Portal, SignInWindow};
use crate::{entry, guest};

/// Application that is shown, as the script holds it that started it.
#[wasm_bindgen]
pub struct AppHandle {
    owner: Owner,
}

/// Draws the stand-alone page in an element that takes the place of the static page: see [`entry::start`].
#[wasm_bindgen]
pub async fn start(
    parent: Element,
    api: Option<String>,
    config: Option<String>,
    session: Option<String>,
    documents: DocumentStore,
    sign_in_window: Option<SignInWindow>,
    proposed: &str,
) -> Result<AppHandle, JsValue> {
    let owner =
        entry::start(&parent, api, [config, session], documents, sign_in_window, proposed).await.map_err(load_error)?;
    // The page lasts as long as its window, whatever the caller does with the handle.
    std::mem::forget(owner.clone());
    Ok(AppHandle { owner })
}

/// Draws the application in the shadow tree of a portal's element.
#[wasm_bindgen]
pub async fn mount(node: Node, portal: Portal) -> Result<AppHandle, JsValue> {
    let owner = entry::embed(node, portal).await.map_err(load_error)?;
    Ok(AppHandle { owner })
}

/// Returns the error for the script, which tells the person that the program is incomplete.
fn load_error(_: LoadError) -> JsValue {
    JsValue::from_str("a part of the program is missing")
}

#[wasm_bindgen]
impl AppHandle {
    /// Saves the answers and ends the application. The caller removes the nodes.
    pub fn unmount(self) {
        self.owner.cleanup();
    }

    /// Navigates to a place, given as a query of the stand-alone page.
    pub fn go(&self, query: &str) {
        self.owner.with(|| guest::navigate(&Place::read(query)));
    }

    /// Sets the theme; none follows the portal's page.
    pub fn theme(&self, theme: Option<String>) {
        self.owner.with(|| Settings::get().theme.set(theme));
    }

    /// Shows a warning until the person goes elsewhere.
    pub fn warn(&self, words: &str) {
        self.owner.with(|| Announcer::get().warn(words));
    }

    /// Signs a person in by a token, with their session in JSON.
    pub fn enter(&self, token: &str, session: &str) {
        self.owner.with(|| guest::sign_in(token, session));
    }

    /// Calls back once the server has every answer.
    pub fn save(&self, done: Function) {
        let done = Box::new(move || {
            // Errors of the portal's callback are the portal's.
            let _ = done.call0(&JsValue::NULL);
        });
        self.owner.with(|| guest::once_saved(done));
    }

    /// Returns the answers so far, in JSON; none where no request is open.
    pub fn draft(&self) -> Option<String> {
        self.owner.with(guest::draft_json)
    }

    /// Prefills a field that has no answer, and returns whether the field and the text allow it.
    pub fn prefill(&self, path: &str, text: &str) -> bool {
        self.owner.with(|| guest::prefill(path, text))
    }
}
