//! An application that is shown, as the scripts hold it that start it. Several share this program and nothing else.

use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Node;

use crate::api::local::Documents;
use crate::context::{Announcer, Settings};
use crate::lazy::LoadError;
use crate::navigation::Place;
use crate::portal::{Portal, SignInWindow};
use crate::{entry, guest};

/// An application that is shown.
#[wasm_bindgen]
pub struct AppHandle {
    owner: Owner,
}

/// Starts the stand-alone page in place of the static shell that `index.html` paints first: at the API of an address, or
/// else with the documents that the browser keeps. An API of another site has an sign_in_window. The address may propose answers, whose
/// names are paths.
#[wasm_bindgen]
pub async fn start(
    api: Option<String>,
    documents: Documents,
    sign_in_window: Option<SignInWindow>,
    proposed: &str,
) -> Result<AppHandle, JsValue> {
    let owner = entry::start(api, documents, sign_in_window, proposed).await.map_err(load_error)?;
    // It lasts as long as the page, whatever becomes of the answer.
    std::mem::forget(owner.clone());
    Ok(AppHandle { owner })
}

/// Draws the element of a portal in a node of its shadow tree.
#[wasm_bindgen]
pub async fn mount(node: Node, portal: Portal) -> Result<AppHandle, JsValue> {
    let owner = entry::embed(node, portal).await.map_err(load_error)?;
    Ok(AppHandle { owner })
}

/// Why it could not begin, for the script that tells the person.
fn load_error(_: LoadError) -> JsValue {
    JsValue::from_str("a part of the program is missing")
}

#[wasm_bindgen]
impl AppHandle {
    /// Keeps what was typed, and frees everything. The nodes are the caller's to remove.
    pub fn unmount(self) {
        self.owner.cleanup();
    }

    /// Goes to a place, named as in an address of the stand-alone page.
    pub fn go(&self, query: &str) {
        self.owner.with(|| guest::navigate(&Place::read(query)));
    }

    /// Takes another theme; none is that of the portal's page.
    pub fn theme(&self, theme: Option<String>) {
        self.owner.with(|| Settings::get().theme.set(theme));
    }

    /// Says what went wrong, until the person goes elsewhere.
    pub fn warn(&self, words: &str) {
        self.owner.with(|| Announcer::get().warn(words));
    }

    /// Acts for somebody from now on, by a token. Who they are is the session's JSON.
    pub fn enter(&self, token: &str, session: &str) {
        self.owner.with(|| guest::sign_in(token, session));
    }

    /// Calls back once everything that was typed is on the server.
    pub fn save(&self, done: Function) {
        let done = Box::new(move || {
            // What the portal does then is its own business.
            let _ = done.call0(&JsValue::NULL);
        });
        self.owner.with(|| guest::once_saved(done));
    }

    /// What was typed so far, in JSON; none where no request is being filled in.
    pub fn draft(&self) -> Option<String> {
        self.owner.with(guest::draft_json)
    }

    /// Answers a field in the person's place, where they did not. Whether such an answer may be given.
    pub fn prefill(&self, path: &str, text: &str) -> bool {
        self.owner.with(|| guest::prefill(path, text))
    }
}
