//! Bindings between inputs and the form, in both directions.
//!
//! Password managers, translators and dictation write into inputs late, with one event alone, or with none. So an input is also
//! read when it is left, and before anything else is shown in it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement, InputEvent};

use crate::browser::pointer;
use crate::browser::unicode::composed;
use crate::context::Announcer;
use crate::effect::run_and_follow;
use crate::form::{Form, SyncControl};
use crate::html::{Input, OnceDrawn};
use crate::model::Field;
use crate::texts::{fields, messages};

/// A field whose answer is typed in an input.
#[derive(Clone, Copy)]
pub(super) struct TextBinding {
    pub(super) form: Form,
    pub(super) field: Field,
}

impl TextBinding {
    /// Tells the form that the field was left, and announces an error that shows for this reason.
    ///
    /// The announcement is made at once. The error shows once the pointer is not held: it would move what is being pressed.
    fn leave(self) {
        let Self { form, field } = self;
        let edited = form.take_edited();
        if edited.contains(&field) && untrack(|| form.finding(field)).is_none() {
            let errors = untrack(|| form.errors(field.step()));
            // The focus is elsewhere already: `aria-describedby` does not announce the error.
            if let Some(error) = errors.iter().find(|error| error.field == field) {
                Announcer::get().announce(&[&fields::name(field), "\u{a0}: ", &messages::of(error)].concat());
            }
        }
        pointer::once_released(move || form.show_left(field, edited));
    }
}

/// Binds the text of an input to the answer of a field. An answer that changes while the input has the focus shows once the
/// input is left.
pub(super) fn bind_text(element: Element, binding: TextBinding) {
    let TextBinding { form, field } = binding;
    pointer::follow();
    let input =
        Rc::new(TextInput { element: element.clone(), seen: RefCell::default(), correction: Cell::default(), binding });
    let shown = Rc::clone(&input);
    run_and_follow(move || shown.show(&form.text(field)));
    let read_again = Rc::clone(&input);
    let reread: SyncControl = Rc::new(move || read_again.read(false));
    form.register_control(Rc::clone(&reread));
    let (at_end, at_change, typed) = (Rc::clone(&reread), Rc::clone(&reread), Rc::clone(&input));
    // Tools send events of other types, whose `isComposing` is absent.
    listen(&element, "input", move |event| typed.read(event.unchecked_ref::<InputEvent>().is_composing()));
    listen(&element, "compositionend", move |_| at_end());
    listen(&element, "change", move |_| {
        at_change();
        binding.leave();
    });
    listen(&element, "blur", move |_| {
        reread();
        input.show(&form.text_untracked(field));
        binding.leave();
    });
}

/// A checkbox or a radio button, and the part of an answer that it stands for.
#[derive(Clone)]
pub(super) struct Toggle {
    pub(super) form: Form,
    pub(super) field: Field,
    /// Returns whether the answer has this part.
    pub(super) is_chosen: Rc<dyn Fn() -> bool>,
    /// Adds this part to the answer, or takes it away.
    pub(super) choose: Rc<dyn Fn(bool)>,
}

/// Makes an input the one that chooses a part of an answer.
pub(super) fn toggled(input: Input, toggle: Toggle) -> Input {
    #[cfg(feature = "ssr")]
    let input = input.attr("checked", untrack(|| (toggle.is_chosen)()));
    input.once_drawn(move |element| bind_toggle(element, toggle.clone()))
}

/// Binds the state of a checkbox or a radio button to a part of an answer.
fn bind_toggle(element: Element, toggle: Toggle) {
    let Ok(input) = element.clone().dyn_into::<HtmlInputElement>() else { return };
    let (form, field) = (toggle.form, toggle.field);
    let (shown, is_chosen) = (input.clone(), Rc::clone(&toggle.is_chosen));
    run_and_follow(move || shown.set_checked(is_chosen()));
    form.register_control(Rc::new(move || {
        let is_checked = input.checked();
        if is_checked != untrack(|| (toggle.is_chosen)()) {
            (toggle.choose)(is_checked);
        }
    }));
    listen(&element, "change", move |_| {
        // The other toggles of the group are read as well: what is drawn next shows them as the form has them.
        form.sync_controls();
        form.blur(field);
    });
}

/// Listens to an event of an element until the current owner ends. The element may live longer: removing it from the page
/// sends `blur`.
fn listen(element: &Element, name: &'static str, handle: impl Fn(Event) + 'static) {
    StoredValue::new_local(element.on(ev::Custom::new(name), Box::new(handle) as Box<dyn FnMut(Event)>));
}

/// An `input` or a `textarea` that is bound to a field.
struct TextInput {
    element: Element,
    /// Text at the last reading.
    seen: RefCell<String>,
    /// Text to show instead of what was typed, once nothing is being composed.
    correction: Cell<Option<String>>,
    binding: TextBinding,
}

impl TextInput {
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
        // Inputs normalize line breaks in their own way.
        self.remember(&self.text());
    }

    /// Notes that a text was read, and returns whether it differs from the one before.
    ///
    /// The text becomes the default value as well: when somebody goes back to a page, WebKit empties inputs with
    /// `autocomplete=off` whose default is empty (`HTMLInputElement::needsSuspensionCallback`).
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
        if !self.has_focus() && !self.text().chars().eq(text.chars().filter(|character| *character != '\r')) {
            self.write(text);
        }
    }

    /// Gives the form the text of the input, if it changed since the last reading.
    fn read(&self, composing: bool) {
        let now = self.text();
        if self.remember(&now) {
            self.correction.set(self.edit(&now));
        }
        if composing {
            return;
        }
        if let Some(text) = self.correction.take() {
            let after = utf16_length(&now).saturating_sub(self.caret().unwrap_or_default());
            self.write(&text);
            if self.has_focus() {
                self.set_caret(utf16_length(&text).saturating_sub(after));
            }
        }
    }

    /// Gives the form a text. Returns the text that the form kept, if it is to be shown instead.
    fn edit(&self, text: &str) -> Option<String> {
        let kept = self.binding.form.edit_text(self.binding.field, text);
        // A text that differs in its Unicode composition alone looks the same, and stays: some keyboards type in parts.
        (kept != composed(text.to_owned())).then_some(kept)
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
        // An error means an input without a caret.
        let _ = match (self.element.dyn_ref::<HtmlInputElement>(), self.element.dyn_ref::<HtmlTextAreaElement>()) {
            (Some(input), _) => input.set_selection_range(caret, caret),
            (None, Some(area)) => area.set_selection_range(caret, caret),
            (None, None) => Ok(()),
        };
    }
}

/// Returns the length of a text in UTF-16 code units, in which browsers count.
fn utf16_length(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::browser::timers::advance;
    use crate::model::Draft;
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};

    const FIELD: Field = Field::ApplicantEmail;

    /// Returns a form in which a wrong answer was typed.
    fn typed(app: &TestApp) -> TextBinding {
        let form = app.with(|| Form::new(Draft::default()));
        form.edit_text(FIELD, "camille");
        TextBinding { form, field: FIELD }
    }

    fn shows_error(TextBinding { form, field }: TextBinding) -> bool {
        untrack(|| form.finding(field)).is_some()
    }

    fn told(app: &TestApp) -> String {
        app.with(|| untrack(|| Announcer::get().announcement()))
    }

    #[test]
    fn an_error_is_told_and_shows_at_once_where_a_field_is_left_by_keyboard() {
        let app = app(Place::Requests, false);
        let binding = typed(&app);
        app.with(|| binding.leave());
        assert!(shows_error(binding) && told(&app).starts_with(&fields::name(FIELD)));
        app.end();
    }

    #[test]
    fn an_error_is_told_at_once_and_shows_after_the_press_by_which_a_field_is_left() {
        let app = app(Place::Requests, false);
        let binding = typed(&app);
        pointer::hold();
        // `change` and `blur`.
        app.with(|| binding.leave());
        assert!(told(&app).starts_with(&fields::name(FIELD)));
        app.with(|| Announcer::get().announce(""));
        app.with(|| binding.leave());
        assert_eq!(told(&app), "", "told once");
        advance(Duration::from_secs(60));
        assert!(!shows_error(binding));
        pointer::release();
        advance(Duration::ZERO);
        assert!(shows_error(binding));
        assert_eq!(told(&app), "");
        app.end();
    }

    #[test]
    fn a_press_that_ends_the_form_leaves_nothing_to_show() {
        let app = app(Place::Requests, false);
        let binding = typed(&app);
        pointer::hold();
        app.with(|| binding.leave());
        app.end();
        pointer::release();
        advance(Duration::ZERO);
        assert!(binding.form.is_disposed());
    }
}
