//! An element of a portal that is shown, as `embed.js` holds it. Several share this program and nothing else.

use leptos::prelude::Owner;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Node;

use crate::app::{self, App};
use crate::navigation::Place;
use crate::portal::Portal;

/// An element that is shown.
#[wasm_bindgen]
pub struct Mounted {
    owner: Owner,
    app: App,
}

/// Draws an element in a node of its shadow tree.
#[wasm_bindgen]
pub fn mount(node: &Node, portal: Portal) -> Mounted {
    let (owner, app) = app::embed(node, portal);
    Mounted { owner, app }
}

#[wasm_bindgen]
impl Mounted {
    /// Keeps what was typed, and frees everything. The nodes are the caller's to remove.
    pub fn unmount(self) {
        self.owner.cleanup();
    }

    /// Goes to a place, named as in an address of the stand-alone page.
    pub fn go(&self, query: &str) {
        self.app.navigation.go(&Place::from_query(query));
    }

    /// Takes another theme; none is that of the portal's page.
    pub fn theme(&self, theme: Option<String>) {
        self.app.theme().set(theme);
    }
}
