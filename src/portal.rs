//! Portal whose element shows the application, as `embed.js` hands it over.
//!
//! The application reaches the portal's window and page through these bindings alone.

#[cfg(target_arch = "wasm32")]
pub use bindings::{Portal, SignInWindow};
#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::{Portal, SignInWindow};

#[cfg(target_arch = "wasm32")]
mod bindings {
    use wasm_bindgen::prelude::wasm_bindgen;

    use crate::api::local::DocumentStore;

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
        pub fn documents(this: &Portal) -> DocumentStore;

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
}

#[cfg(not(target_arch = "wasm32"))]
mod stand_in {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    /// Event as a portal receives it: its name and two words.
    pub type Event = (String, String, String);

    /// Portal of a test. Clones share one state.
    #[derive(Clone, Default)]
    pub struct Portal {
        events: Rc<RefCell<Vec<Event>>>,
        refused: Rc<RefCell<String>>,
    }

    impl Portal {
        /// Returns the events so far, and forgets them.
        #[must_use]
        pub fn take_events(&self) -> Vec<Event> {
            self.events.take()
        }

        /// Refuses later events that begin with the given name and first word.
        pub fn refuse(&self, event: &str, first: &str) {
            self.refused.replace([event, " ", first].concat());
        }

        /// Returns the folder of the application's files: the page's own.
        #[must_use]
        pub fn base(&self) -> String {
            String::new()
        }

        /// Returns the level of the heading of each page.
        #[must_use]
        pub fn heading(&self) -> u8 {
            2
        }

        /// Records an event, and returns whether it is allowed.
        #[must_use]
        pub fn dispatch(&self, event: &str, first: &str, second: &str) -> bool {
            self.events.borrow_mut().push((event.to_owned(), first.to_owned(), second.to_owned()));
            *self.refused.borrow() != [event, " ", first].concat()
        }
    }

    /// Sign-in window of a test. Clones share one state.
    #[derive(Clone, Default)]
    pub struct SignInWindow {
        token: Rc<RefCell<Option<String>>>,
        session: Rc<RefCell<Option<String>>>,
        is_open: Rc<Cell<bool>>,
    }

    impl SignInWindow {
        /// Returns the window after a person signed in.
        #[must_use]
        pub fn signed_in(token: &str, session: &str) -> Self {
            let window = Self::default();
            window.token.replace(Some(token.to_owned()));
            window.session.replace(Some(session.to_owned()));
            window
        }

        /// Returns the token of the person who signed in.
        #[must_use]
        pub fn token(&self) -> Option<String> {
            self.token.borrow().clone()
        }

        /// Returns the session of the person who signed in, in JSON.
        #[must_use]
        pub fn session(&self) -> Option<String> {
            self.session.borrow().clone()
        }

        /// Forgets the token and the session.
        pub fn forget(&self) {
            self.token.take();
            self.session.take();
        }

        /// Saves nothing.
        pub fn save(&self, _address: &str, _name: &str) {}

        /// Opens the window.
        pub fn sign_in(&self) {
            self.is_open.set(true);
        }

        /// Returns whether the window was opened.
        #[must_use]
        pub fn is_open(&self) -> bool {
            self.is_open.get()
        }
    }
}
