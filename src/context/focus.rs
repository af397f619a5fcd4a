//! Focus and title of the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::html::Custom;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::browser::timers::request_animation_frame;
use crate::model::Field;
use crate::navigation::{Navigation, Place};
use crate::texts;

/// Selector of the heading of the page.
pub const HEADING: &str = ".h1";

/// Element that holds the whole application.
type Root = NodeRef<Custom<&'static str>>;

/// Context of the focus.
#[derive(Clone, Copy)]
pub struct Focus {
    root: Root,
    navigation: Navigation,
    is_guest: bool,
    state: StoredValue<Rc<State>, LocalStorage>,
}

#[derive(Default)]
struct State {
    /// Selector of the element that takes the focus at the next frame.
    wanted: RefCell<Option<String>>,
    /// Field that takes the focus on the next page.
    next_field: Cell<Option<Field>>,
    /// Place whose page leaves the focus where it is when it opens next.
    stays_at: RefCell<Option<Place>>,
    /// Flag that a page was shown before: the first one leaves the focus where the browser puts it.
    has_moved: Cell<bool>,
}

impl Focus {
    /// Returns the context of an application that shows nothing yet. A guest never takes the focus from its portal.
    #[must_use]
    pub fn new(navigation: Navigation, is_guest: bool) -> Self {
        Self { root: NodeRef::new(), navigation, is_guest, state: StoredValue::new_local(Rc::default()) }
    }

    /// Returns the reference to bind to the element that holds the whole application.
    #[must_use]
    pub fn root(self) -> Root {
        self.root
    }

    /// Sets the title of a page that opens, and focuses its heading unless it is the first page.
    pub fn open_page(self, title: &str) {
        self.set_title(title);
        let Some(state) = self.state.try_get_value() else { return };
        let stays = state.stays_at.take().is_some_and(|place| self.navigation.place().get_untracked() == place);
        match (state.next_field.take(), state.has_moved.replace(true)) {
            (Some(field), _) => self.on_field(field),
            // What had the focus may go with the page before.
            (None, true) if stays => self.on_unless_moved(HEADING, None),
            (None, true) => self.on(HEADING),
            (None, false) => {}
        }
    }

    /// Leaves the focus where it is when the page of this place opens again. It is drawn anew, and the person went nowhere.
    pub fn stay(self) {
        if let Some(state) = self.state.try_get_value() {
            state.stays_at.replace(Some(self.navigation.place().get_untracked()));
        }
    }

    /// Sets the title of the page.
    pub fn set_title(self, title: &str) {
        self.navigation.set_title(&[title, " – ", texts::NAME].concat());
    }

    /// Focuses the first element that matches a selector, at the next frame.
    pub fn on(self, selector: &str) {
        self.on_unless_moved(selector, self.found(":focus"));
    }

    /// Focuses the first element that matches a selector, at the next frame. Another element than `before` that has the focus then
    /// keeps it.
    fn on_unless_moved(self, selector: &str, before: Option<web_sys::Element>) {
        let is_elsewhere = || self.element().is_none_or(|root| !root.matches(":focus-within").unwrap_or_default());
        let Some(state) = self.state.try_get_value() else { return };
        if self.is_guest && is_elsewhere() {
            return;
        }
        if state.wanted.replace(Some(selector.to_owned())).is_some() {
            // The frame is requested already; the last selector wins.
            return;
        }
        request_animation_frame(move || {
            let Some(selector) = state.wanted.take() else { return };
            // Frames may take long: a person who moved the focus meanwhile keeps it.
            let now = self.found(":focus");
            if now.is_some() && now != before {
                return;
            }
            let found = self.found(&selector).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(element) = found {
                // An element that cannot take the focus leaves it where it is.
                let _ = element.focus();
            }
        });
    }

    /// Focuses the control of a field.
    pub fn on_field(self, field: Field) {
        self.on(&["[name=\"", field.path(), "\"]"].concat());
    }

    /// Focuses a field of the next page, once it opens.
    pub fn on_next_field(self, field: Field) {
        if let Some(state) = self.state.try_get_value() {
            state.next_field.set(Some(field));
        }
    }

    /// Returns whether an element matches a selector.
    #[must_use]
    pub fn finds(self, selector: &str) -> bool {
        self.found(selector).is_some()
    }

    fn element(self) -> Option<web_sys::HtmlElement> {
        self.root.try_get_untracked().flatten()
    }

    fn found(self, selector: &str) -> Option<web_sys::Element> {
        self.element()?.query_selector(selector).ok().flatten()
    }
}
