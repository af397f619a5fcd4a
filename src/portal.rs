//! Portal whose element shows the application, as `embed.js` hands it over.
//!
//! The application reaches the portal's window and page through these bindings alone.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::api::local::Documents;

#[wasm_bindgen]
extern "C" {
    /// Element of a portal.
    #[derive(Clone)]
    pub type Portal;

    /// Returns the address of the API; without one, the page answers itself.
    #[wasm_bindgen(method, getter)]
    pub fn api(this: &Portal) -> Option<String>;

    /// Returns the address of the folder of the application's files, with a slash at its end.
    #[wasm_bindgen(method, getter)]
    pub fn base(this: &Portal) -> String;

    /// Returns the store of documents for a page without an API.
    #[wasm_bindgen(method, getter)]
    pub fn documents(this: &Portal) -> Documents;

    /// Returns the first place to show, as a query of the stand-alone page.
    #[wasm_bindgen(method, getter)]
    pub fn place(this: &Portal) -> String;

    /// Returns the lifetime of drafts on the device: `local`, `session` or `none`.
    #[wasm_bindgen(method, getter)]
    pub fn storage(this: &Portal) -> Option<String>;

    /// Returns the theme that the portal wants; none follows its page.
    #[wasm_bindgen(method, getter)]
    pub fn theme(this: &Portal) -> Option<String>;

    /// Returns the level of the heading of each page, from 1 to 4.
    #[wasm_bindgen(method, getter)]
    pub fn heading(this: &Portal) -> u8;

    /// Returns the window in which people sign in to the API, if there is one.
    #[wasm_bindgen(method, getter, js_name = signInWindow)]
    pub fn sign_in_window(this: &Portal) -> Option<SignInWindow>;

    /// Dispatches an event to the portal and returns whether the portal allows what it announces.
    ///
    /// The meaning of both words depends on the event; neither is personal data.
    #[wasm_bindgen(method)]
    pub fn dispatch(this: &Portal, event: &str, first: &str, second: &str) -> bool;

    /// Window in which a person signs in to an API of another site, exported by `embed.js`.
    #[derive(Clone)]
    pub type SignInWindow;

    /// Returns the token of the person who signed in.
    #[wasm_bindgen(method, getter)]
    pub fn token(this: &SignInWindow) -> Option<String>;

    /// Returns the session of the person who signed in, in JSON.
    #[wasm_bindgen(method, getter)]
    pub fn session(this: &SignInWindow) -> Option<String>;

    /// Forgets the token and the session.
    #[wasm_bindgen(method)]
    pub fn forget(this: &SignInWindow);

    /// Saves the document at an address of the API as a file of the given name.
    #[wasm_bindgen(method)]
    pub fn save(this: &SignInWindow, address: &str, name: &str);

    /// Opens the window. Browsers block it outside of a person's press.
    #[wasm_bindgen(method, js_name = signIn)]
    pub fn sign_in(this: &SignInWindow);
}
