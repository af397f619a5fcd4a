//! Builds what people see: elements made at once, and the parts of them that follow signals.
//!
//! Leptos brings the signals, the owners that end with what they belong to, the router and the start. Its typed views
//! are left out: each combination of element, attributes and children becomes code of its own, and the whole form
//! weighed 325 KB brotli that way (295 KB with `erase_components`). Here one piece of code serves every element.
//!
//! No text ever becomes markup, and no inline style or script is made: it works under `require-trusted-types-for
//! 'script'` and without `unsafe-inline`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Event, HtmlInputElement, HtmlTextAreaElement, InputEvent, Node};

use crate::navigation::{Links, Navigation, Place, href};

/// What can stand in an element.
pub trait Child {
    /// Draws it in a node, before one of its children or at its end.
    fn draw(&self, parent: &Node, before: Option<&Node>);
}

/// Draws in a node, before one of its children.
pub type Draw = Rc<dyn Fn(&Node, &Node)>;

/// Something that can stand in an element, whatever it is.
pub enum View {
    /// Nothing.
    Nothing,
    /// Words.
    Text(String),
    /// An element.
    Element(Element),
    /// Several, one after the other.
    Several(Vec<View>),
    /// Whatever a function draws, again whenever a signal it read changes.
    Live(Draw),
}

/// An element that is being furnished.
#[derive(Clone)]
pub struct Element {
    node: web_sys::Element,
}

fn document() -> Document {
    leptos::prelude::document()
}

/// Runs at once, and again whenever a signal it read changes, until its owner ends.
fn follow(run: Box<dyn Fn()>) {
    let effect = RenderEffect::new(move |_: Option<()>| run());
    // It lasts as long as whoever is being drawn.
    StoredValue::new_local(effect);
}

/// A new element.
///
/// # Panics
/// Never: every name in this crate is one that documents know.
#[must_use]
#[inline(never)]
pub fn element(name: &str) -> Element {
    #[expect(clippy::expect_used, reason = "fails for names with forbidden characters only")]
    let node = document().create_element(name).expect("a tag name");
    Element { node }
}

/// Draws something that follows signals.
pub fn live<C: Child>(draw: impl Fn() -> C + 'static) -> View {
    View::Live(Rc::new(move |parent, before| draw().draw(parent, Some(before))))
}

impl Element {
    /// The element itself.
    #[must_use]
    pub fn node(&self) -> &web_sys::Element {
        &self.node
    }

    /// Sets an attribute.
    #[must_use]
    #[inline(never)]
    pub fn attr(self, name: &str, value: &str) -> Self {
        set(&self.node, name, Some(value));
        self
    }

    /// Sets an attribute where there is a value.
    #[must_use]
    #[inline(never)]
    pub fn attr_if(self, name: &str, value: Option<&str>) -> Self {
        set(&self.node, name, value);
        self
    }

    /// Sets an attribute that has no value where it applies.
    #[must_use]
    #[inline(never)]
    pub fn flag(self, name: &str, on: bool) -> Self {
        self.attr_if(name, on.then_some(""))
    }

    /// Sets the class.
    #[must_use]
    #[inline(never)]
    pub fn class(self, names: &str) -> Self {
        self.attr("class", names)
    }

    /// Sets an attribute that follows signals; without a value it is taken away.
    #[must_use]
    pub fn live_attr<S: AsRef<str>>(self, name: &'static str, value: impl Fn() -> Option<S> + 'static) -> Self {
        let node = self.node.clone();
        follow(Box::new(move || set(&node, name, value().as_ref().map(AsRef::as_ref))));
        self
    }

    /// Gives a class while something holds.
    #[must_use]
    pub fn live_class(self, name: &'static str, holds: impl Fn() -> bool + 'static) -> Self {
        let list = self.node.class_list();
        follow(Box::new(move || {
            // A name without spaces is never refused.
            let _ = list.toggle_with_force(name, holds());
        }));
        self
    }

    /// Keeps the typed value of a control in step with a signal, and hands over what arrives in it, by whatever way: tools
    /// write into controls and tell of it late, by one event alone, or not at all. What changes elsewhere while somebody is at
    /// the control shows once they leave it. `take` may answer a text to put in the place of what arrived.
    #[must_use]
    pub fn live_value(
        self,
        value: impl Fn() -> String + 'static,
        take: impl Fn(&str) -> Option<String> + 'static,
    ) -> (Self, Reread) {
        let node = self.node.clone();
        let take = Box::new(take);
        let typing = Rc::new(Typing { node, seen: RefCell::default(), instead: Cell::default(), take });
        let value = Rc::new(value);
        let (shown, to_show) = (Rc::clone(&typing), Rc::clone(&value));
        follow(Box::new(move || shown.show(&to_show())));
        let (arrived, again) = (Rc::clone(&typing), Rc::clone(&typing));
        let reread: Reread = Rc::new(move || again.read(false));
        let (at_change, at_end, before_leaving) = (Rc::clone(&reread), Rc::clone(&reread), Rc::clone(&reread));
        let control = self
            // Tools send events of other kinds, in which nothing is composed.
            .on("input", move |event| arrived.read(event.unchecked_ref::<InputEvent>().is_composing()))
            .on("compositionend", move |_| at_end())
            .on("change", move |_| at_change())
            .on("blur", move |_| {
                before_leaving();
                untrack(|| typing.show(&value()));
            });
        (control, reread)
    }

    /// Keeps a box or a radio button in step with a signal.
    #[must_use]
    pub fn live_checked(self, checked: impl Fn() -> bool + 'static) -> Self {
        let node = self.node.clone();
        follow(Box::new(move || {
            if let Some(input) = node.dyn_ref::<HtmlInputElement>() {
                input.set_checked(checked());
            }
        }));
        self
    }

    /// Whether a box or a radio button is ticked.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        self.node.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked)
    }

    /// Does something at an event, until the owner ends under which it was asked for: the element may outlast it, and
    /// hear of what happens while it is taken away.
    #[must_use]
    pub fn on(self, name: &'static str, handle: impl Fn(Event) + 'static) -> Self {
        self.listen(name, Box::new(handle));
        self
    }

    fn listen(&self, name: &'static str, handle: Box<dyn Fn(Event)>) {
        let (node, closure) = (self.node.clone(), Closure::wrap(handle));
        // Adding a listener to an element never fails.
        let _ = node.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        StoredValue::new_local(Listener { node, name, closure });
    }

    /// Adds words.
    #[must_use]
    #[inline(never)]
    pub fn text(self, words: &str) -> Self {
        append(&self.node, &document().create_text_node(words));
        self
    }

    /// Follows signals with its words, and holds nothing else. Translators put other nodes in the place of a text: the
    /// element is what stays.
    #[must_use]
    pub fn live_text<S: AsRef<str>>(self, words: impl Fn() -> S + 'static) -> Self {
        let (node, shown) = (self.node.clone(), RefCell::new(String::new()));
        follow(Box::new(move || say(&node, &shown, words().as_ref())));
        self
    }

    /// Leaves its words as they are when the page is translated: names, and whatever else somebody typed.
    #[must_use]
    #[inline(never)]
    pub fn untranslated(self) -> Self {
        self.attr("translate", "no")
    }

    /// Adds what stands in it.
    #[must_use]
    pub fn child(self, child: impl Child) -> Self {
        child.draw(&self.node, None);
        self
    }
}

/// Reads a control again, in case something else stands there than was last seen.
pub type Reread = Rc<dyn Fn()>;

/// Takes what arrived in a control, and may answer what is to stand there instead.
type Take = Box<dyn Fn(&str) -> Option<String>>;

/// A control in which somebody types.
struct Typing {
    node: web_sys::Element,
    /// What stood there when it was last read.
    seen: RefCell<String>,
    /// What is to stand there instead, once nothing is being composed.
    instead: Cell<Option<String>>,
    take: Take,
}

impl Typing {
    fn text(&self) -> String {
        match (self.node.dyn_ref::<HtmlInputElement>(), self.node.dyn_ref::<HtmlTextAreaElement>()) {
            (Some(input), _) => input.value(),
            (None, Some(area)) => area.value(),
            (None, None) => String::new(),
        }
    }

    fn write(&self, text: &str) {
        if let Some(input) = self.node.dyn_ref::<HtmlInputElement>() {
            input.set_value(text);
        } else if let Some(area) = self.node.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value(text);
        }
        // Controls have their own way to write line breaks.
        self.remember(&self.text());
    }

    /// What stands there was seen; answers whether it is something else than before.
    ///
    /// It is the default, too: WebKit empties controls without completion whose default is empty, when a page is gone back to
    /// (`HTMLInputElement::needsSuspensionCallback`).
    fn remember(&self, text: &str) -> bool {
        if let Some(input) = self.node.dyn_ref::<HtmlInputElement>() {
            input.set_default_value(text);
        }
        self.seen.replace(text.to_owned()) != text
    }

    fn has_focus(&self) -> bool {
        self.node.matches(":focus").unwrap_or_default()
    }

    fn show(&self, text: &str) {
        if !self.has_focus() && self.text() != text.replace("\r\n", "\n") {
            self.write(text);
        }
    }

    /// Hands over what stands there, if it is something else than was last seen.
    fn read(&self, composing: bool) {
        let now = self.text();
        if self.remember(&now) {
            self.instead.set((self.take)(&now));
        }
        if composing {
            return;
        }
        if let Some(text) = self.instead.take() {
            let after = utf16_length(&now).saturating_sub(self.caret().unwrap_or_default());
            self.write(&text);
            if self.has_focus() {
                self.set_caret(utf16_length(&text).saturating_sub(after));
            }
        }
    }

    fn caret(&self) -> Option<u32> {
        let caret = match (self.node.dyn_ref::<HtmlInputElement>(), self.node.dyn_ref::<HtmlTextAreaElement>()) {
            (Some(input), _) => input.selection_end(),
            (None, Some(area)) => area.selection_end(),
            (None, None) => return None,
        };
        caret.ok().flatten()
    }

    fn set_caret(&self, caret: u32) {
        // Fails for inputs without a caret only.
        let _ = match (self.node.dyn_ref::<HtmlInputElement>(), self.node.dyn_ref::<HtmlTextAreaElement>()) {
            (Some(input), _) => input.set_selection_range(caret, caret),
            (None, Some(area)) => area.set_selection_range(caret, caret),
            (None, None) => Ok(()),
        };
    }
}

/// How long browsers count a text.
fn utf16_length(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// What an element calls, until it is dropped.
struct Listener {
    node: web_sys::Element,
    name: &'static str,
    closure: Closure<dyn Fn(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Removing a listener never fails.
        let _ = self.node.remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref());
    }
}

fn set(node: &web_sys::Element, name: &str, value: Option<&str>) {
    // Names are ours and always valid.
    let _ = match value {
        Some(value) => node.set_attribute(name, value),
        None => node.remove_attribute(name),
    };
}

/// Shows words in an element. Those that it shows already stay, in whatever language they stand there.
#[inline(never)]
fn say(node: &Node, shown: &RefCell<String>, words: &str) {
    if shown.borrow().as_str() != words {
        words.clone_into(&mut shown.borrow_mut());
        node.set_text_content(Some(words));
    }
}

fn append(parent: &Node, child: &Node) {
    insert(parent, child, None);
}

fn insert(parent: &Node, child: &Node, before: Option<&Node>) {
    // Fails only where a node would hold itself.
    let _ = parent.insert_before(child, before);
}

impl Child for Element {
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        insert(parent, &self.node, before);
    }
}

impl Child for View {
    #[inline(never)]
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        match self {
            Self::Nothing => {}
            Self::Text(words) => words.as_str().draw(parent, before),
            Self::Element(element) => element.draw(parent, before),
            Self::Several(views) => views.draw(parent, before),
            Self::Live(draw) => draw_live(Rc::clone(draw), parent, before),
        }
    }
}

/// What is drawn stands between two marks, so that it can be found again whatever it was.
fn draw_live(draw: Draw, parent: &Node, before: Option<&Node>) {
    let (start, end): (Node, Node) = (document().create_comment("").into(), document().create_comment("").into());
    insert(parent, &start, before);
    insert(parent, &end, before);
    let drawn = RefCell::new(Vec::new());
    follow(Box::new(move || {
        let old = between(&start, &end).unwrap_or_else(|| {
            // Some translators keep elements and texts, and throw the marks away.
            let old = drawn.take();
            if let Some((parent, first)) = old.iter().find_map(|node: &Node| Some((node.parent_node()?, node))) {
                insert(&parent, &start, Some(first));
                insert(&parent, &end, Some(first));
            }
            old
        });
        let Some(parent) = end.parent_node() else { return };
        // The new stands there before the old goes: whoever draws it may ask where the focus is.
        draw(&parent, &end);
        for node in &old {
            // What is gone already need not go.
            let _ = parent.remove_child(node);
        }
        drawn.replace(between(&start, &end).unwrap_or_default());
    }));
}

/// What stands between two marks; nothing is answered where they do not stand side by side any more.
fn between(start: &Node, end: &Node) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut node = end.previous_sibling()?;
    while !node.is_same_node(Some(start)) {
        let before = node.previous_sibling()?;
        nodes.push(std::mem::replace(&mut node, before));
    }
    nodes.reverse();
    Some(nodes)
}

impl Child for str {
    #[inline(never)]
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        insert(parent, &document().create_text_node(self), before);
    }
}

impl Child for &str {
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        (**self).draw(parent, before);
    }
}

impl Child for String {
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        self.as_str().draw(parent, before);
    }
}

impl<C: Child> Child for Option<C> {
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        if let Some(child) = self {
            child.draw(parent, before);
        }
    }
}

impl<C: Child> Child for [C] {
    #[inline(never)]
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        self.iter().for_each(|child| child.draw(parent, before));
    }
}

impl<C: Child> Child for Vec<C> {
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        self.as_slice().draw(parent, before);
    }
}

impl<C: Child, const N: usize> Child for [C; N] {
    fn draw(&self, parent: &Node, before: Option<&Node>) {
        self.as_slice().draw(parent, before);
    }
}

impl From<Element> for View {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

impl From<Vec<Element>> for View {
    fn from(elements: Vec<Element>) -> Self {
        Self::Several(elements.into_iter().map(Self::Element).collect())
    }
}

impl From<&str> for View {
    #[inline(never)]
    fn from(words: &str) -> Self {
        Self::Text(words.to_owned())
    }
}

impl From<String> for View {
    fn from(words: String) -> Self {
        Self::Text(words)
    }
}

impl From<Option<Element>> for View {
    fn from(element: Option<Element>) -> Self {
        element.map_or(Self::Nothing, Self::Element)
    }
}

/// What was typed in the control that an event is about.
#[must_use]
pub fn typed(event: &Event) -> String {
    event_target_value(event)
}

/// Whether the box that an event is about is ticked.
#[must_use]
pub fn ticked(event: &Event) -> bool {
    event_target_checked(event)
}

/// A link to a place of ours.
#[must_use]
#[inline(never)]
pub fn link(place: &Place, class: &str, words: &str) -> Element {
    way(place, class, words, None)
}

/// What a link does first.
pub type First = Box<dyn Fn(&Event)>;

/// A link that may do something of its own first, and goes nowhere if that prevents the default of the event.
#[must_use]
#[inline(never)]
pub fn way(place: &Place, class: &str, words: &str, first: Option<First>) -> Element {
    let navigation: Navigation = expect_context();
    let link = match (navigation.links(), first) {
        (Links::Addresses, None) => element("a").attr("href", &href(place)),
        (Links::Addresses, Some(first)) => {
            element("a").attr("href", &href(place)).on("click", move |event| first(&event))
        }
        (Links::Presses, first) => {
            let place = place.clone();
            let press = move |event: Event| {
                if let Some(first) = &first {
                    first(&event);
                }
                if !event.default_prevented() {
                    navigation.go(&place);
                }
            };
            element("button").attr("type", "button").attr("role", "link").on("click", press)
        }
    };
    link.class(class).text(words)
}

/// A button that does something here.
#[must_use]
pub fn button(class: &str, words: &str, press: impl Fn() + 'static) -> Element {
    element("button").class(class).attr("type", "button").text(words).on("click", move |_| press())
}

/// Words that only a screen reader tells.
#[must_use]
#[inline(never)]
pub fn unseen(words: &str) -> Element {
    element("span").class("unseen").text(words)
}

/// A paragraph.
#[must_use]
#[inline(never)]
pub fn paragraph(words: &str) -> Element {
    element("p").text(words)
}
