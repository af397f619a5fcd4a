//! Controls in which somebody types or ticks, and what tools of the browser write into them without a word.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement, InputEvent};

use crate::browser::unicode::composed;
use crate::context::Announcer;
use crate::form::{Form, SyncControl};
use crate::model::Field;
use crate::texts::{fields, messages};

/// The field whose answer is typed in a control.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    pub(super) form: Form,
    pub(super) field: Field,
}

impl Typed {
    /// Tells the form that the field was left.
    fn leave(self) {
        let announcer = Announcer::get();
        let invalid = || untrack(|| self.form.finding(self.field));
        let before = invalid();
        self.form.blur(self.field);
        // The focus is elsewhere already, where nothing tells of it.
        if let (None, Some(finding)) = (before, invalid()) {
            announcer.announce(&[&fields::name(self.field), " : ", &messages::of(&finding)].concat());
        }
    }
}

/// Keeps the text of a control in step with the form, and hands over what arrives in it, by whatever way: tools write into
/// controls and tell of it late, by one event alone, or not at all. What changes elsewhere while somebody is at the control
/// shows once they leave it.
pub(super) fn typed(element: Element, control: Typed) {
    let Typed { form, field } = control;
    let typing =
        Rc::new(Typing { element: element.clone(), seen: RefCell::default(), instead: Cell::default(), control });
    let shown = Rc::clone(&typing);
    follow(move || shown.show(&form.text(field)));
    let again = Rc::clone(&typing);
    let reread: SyncControl = Rc::new(move || again.read(false));
    form.register_control(Rc::clone(&reread));
    let (at_end, at_change, arrived) = (Rc::clone(&reread), Rc::clone(&reread), Rc::clone(&typing));
    // Tools send events of other kinds, in which nothing is composed.
    listen(&element, "input", move |event| arrived.read(event.unchecked_ref::<InputEvent>().is_composing()));
    listen(&element, "compositionend", move |_| at_end());
    listen(&element, "change", move |_| {
        at_change();
        control.leave();
    });
    listen(&element, "blur", move |_| {
        reread();
        typing.show(&form.text_untracked(field));
        control.leave();
    });
}

/// A box or a radio button that stands for a part of an answer.
#[derive(Clone)]
pub(super) struct Choice {
    pub(super) form: Form,
    pub(super) field: Field,
    /// Whether the answer has it.
    pub(super) is_chosen: Rc<dyn Fn() -> bool>,
    /// Takes that the person chose it, or does no more.
    pub(super) choose: Rc<dyn Fn(bool)>,
}

/// Keeps a box or a radio button in step with the form, and hands over what becomes of it.
pub(super) fn ticked(element: Element, choice: Choice) {
    let Ok(input) = element.clone().dyn_into::<HtmlInputElement>() else { return };
    let (form, field) = (choice.form, choice.field);
    let (shown, is_chosen) = (input.clone(), Rc::clone(&choice.is_chosen));
    follow(move || shown.set_checked(is_chosen()));
    form.register_control(Rc::new(move || {
        let is_checked = input.checked();
        if is_checked != untrack(|| (choice.is_chosen)()) {
            (choice.choose)(is_checked);
        }
    }));
    listen(&element, "change", move |_| {
        // With the other boxes of its group: what is drawn next shows all of them as the form has them.
        form.sync_controls();
        form.blur(field);
    });
}

/// Runs at once, and again whenever a signal it read changes, until the owner ends that it is called under.
fn follow(run: impl Fn() + 'static) {
    StoredValue::new_local(RenderEffect::new(move |_: Option<()>| run()));
}

/// Listens until the owner ends that it is called under: the element may outlast it, and hear of what happens while it is
/// taken away.
fn listen(element: &Element, name: &'static str, hear: impl Fn(Event) + 'static) {
    StoredValue::new_local(element.on(ev::Custom::new(name), Box::new(hear) as Box<dyn FnMut(Event)>));
}

/// A control in which somebody types.
struct Typing {
    element: Element,
    /// What stood there when it was last read.
    seen: RefCell<String>,
    /// What is to stand there instead, once nothing is being composed.
    instead: Cell<Option<String>>,
    control: Typed,
}
impl Typing {
    fn text(&self) -> String {
        match (self.element.dyn_ref::<HtmlInputElement>(), self.element.dyn_ref::<HtmlTextAreaElement>()) {
            (Some(input), _) => input.value(),
            (None, Some(area)) => area.value(),
            (None, None) => String::new(),
        }
    }

    fn write(&self, text: &str) {
        if let Some(input) = self.element.dyn_ref::<HtmlInputElement>() {
            input.set_value(text);
        } else if let Some(area) = self.element.dyn_ref::<HtmlTextAreaElement>() {
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
        if let Some(input) = self.element.dyn_ref::<HtmlInputElement>() {
            input.set_default_value(text);
        }
        self.seen.replace(text.to_owned()) != text
    }

    fn has_focus(&self) -> bool {
        self.element.matches(":focus").unwrap_or_default()
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
            self.instead.set(self.take(&now));
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

    /// Gives the form what arrived. Answers what is to stand there instead, if that is something else.
    fn take(&self, arrived: &str) -> Option<String> {
        let kept = self.control.form.edit_text(self.control.field, arrived);
        // Letters that are only composed look the same. Some keyboards write them in parts: they show once the field is left.
        (kept != composed(arrived.to_owned())).then_some(kept)
    }

    fn caret(&self) -> Option<u32> {
        let caret = match (self.element.dyn_ref::<HtmlInputElement>(), self.element.dyn_ref::<HtmlTextAreaElement>()) {
            (Some(input), _) => input.selection_end(),
            (None, Some(area)) => area.selection_end(),
            (None, None) => return None,
        };
        caret.ok().flatten()
    }

    fn set_caret(&self, caret: u32) {
        // Fails for inputs without a caret only.
        let _ = match (self.element.dyn_ref::<HtmlInputElement>(), self.element.dyn_ref::<HtmlTextAreaElement>()) {
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
