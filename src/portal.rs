//! The portal that an application is a guest of, seen through the element that `embed.js` defines: what the application
//! wants of the window or of the page around it goes through here, and nowhere else.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::api::local::Documents;

#[wasm_bindgen]
extern "C" {
    /// The element, as it hands itself over.
    #[derive(Clone)]
    pub type Portal;

    /// Address of the API; none answers in the page itself.
    #[wasm_bindgen(method, getter)]
    pub fn api(this: &Portal) -> Option<String>;

    /// Address of the folder that holds the files of the application, with a slash at its end.
    #[wasm_bindgen(method, getter)]
    pub fn base(this: &Portal) -> String;

    /// The documents that the browser keeps, where there is no API.
    #[wasm_bindgen(method, getter)]
    pub fn documents(this: &Portal) -> Documents;

    /// Where to begin, as in an address of the stand-alone page.
    #[wasm_bindgen(method, getter)]
    pub fn place(this: &Portal) -> String;

    /// How long copies of drafts may stay on the device: `local`, `session` or `none`.
    #[wasm_bindgen(method, getter)]
    pub fn storage(this: &Portal) -> Option<String>;

    /// The theme that the portal wants; none is that of its page.
    #[wasm_bindgen(method, getter)]
    pub fn theme(this: &Portal) -> Option<String>;

    /// Level of the heading of each page, from 1 to 4.
    #[wasm_bindgen(method, getter)]
    pub fn heading(this: &Portal) -> u8;

    /// The token that the person signed in with before the element was taken away.
    #[wasm_bindgen(method, getter)]
    pub fn token(this: &Portal) -> Option<String>;

    /// Who they are, in JSON.
    #[wasm_bindgen(method, getter)]
    pub fn session(this: &Portal) -> Option<String>;

    /// Tells the portal what happens. What the two words mean depends on the event; none is about a person. Whether it
    /// may go on.
    #[wasm_bindgen(method)]
    pub fn tell(this: &Portal, event: &str, first: &str, second: &str) -> bool;

    /// Saves a document as a file: what is at an address of the API, under a name.
    #[wasm_bindgen(method)]
    pub fn save(this: &Portal, address: &str, name: &str);

    /// Opens the window in which the person signs in. Must be called while they press something.
    #[wasm_bindgen(method, js_name = signIn)]
    pub fn sign_in(this: &Portal);
}
