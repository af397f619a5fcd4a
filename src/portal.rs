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

    /// Where one signs in, where there is an API.
    #[wasm_bindgen(method, getter)]
    pub fn entrance(this: &Portal) -> Option<Entrance>;

    /// Tells the portal what happens. What the two words mean depends on the event; none is about a person. Whether it
    /// may go on.
    #[wasm_bindgen(method)]
    pub fn tell(this: &Portal, event: &str, first: &str, second: &str) -> bool;

    /// How a person signs in to an API of another site: what `embed.js` exports.
    #[derive(Clone)]
    pub type Entrance;

    /// What to act by, once somebody signed in.
    #[wasm_bindgen(method, getter)]
    pub fn token(this: &Entrance) -> Option<String>;

    /// Who they are, in JSON.
    #[wasm_bindgen(method, getter)]
    pub fn session(this: &Entrance) -> Option<String>;

    /// Nobody is signed in any more.
    #[wasm_bindgen(method)]
    pub fn forget(this: &Entrance);

    /// Saves a document as a file: what is at an address of the API, under a name.
    #[wasm_bindgen(method)]
    pub fn save(this: &Entrance, address: &str, name: &str);

    /// Opens the window in which the person signs in. Must be called while they press something.
    #[wasm_bindgen(method, js_name = signIn)]
    pub fn sign_in(this: &Entrance);
}
