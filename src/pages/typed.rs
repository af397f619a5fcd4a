//! Texts that are typed outside of the form of a request, each with its label, its hint and its error.

use leptos::ev;
use leptos::prelude::*;
use web_sys::Event;

use crate::components::{characters_left, paragraph};
use crate::html::{self, Element, Empty, Input, div, follow, holds, input, live, span, textarea};

/// Text that is typed, with its error. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    id: &'static str,
    text: RwSignal<String>,
    error: RwSignal<&'static str>,
}

/// Words around the control of a text.
#[derive(Clone, Copy)]
pub(super) struct Labels {
    pub(super) label: &'static str,
    /// Hint below the label; none where it is empty.
    pub(super) hint: &'static str,
    pub(super) is_optional: bool,
}

impl Typed {
    /// Returns an empty text, whose control has an `id`.
    pub(super) fn new(id: &'static str) -> Self {
        Self { id, text: RwSignal::new(String::new()), error: RwSignal::new("") }
    }

    /// Returns the text, trimmed.
    pub(super) fn text(self) -> String {
        self.text.with_untracked(|text| text.trim().to_owned())
    }

    /// Returns the text as it is typed, and follows it.
    pub(super) fn followed(self) -> String {
        self.text.get()
    }

    /// Sets the text, as if it were typed.
    pub(super) fn set(self, text: &str) {
        self.text.set(text.to_owned());
    }

    /// Empties the control.
    pub(super) fn clear(self) {
        self.text.set(String::new());
        self.error.set("");
    }

    /// Sets the error of the text; an empty one removes it.
    pub(super) fn set_error(self, words: &'static str) {
        self.error.set(words);
    }

    /// Returns the selector of the control.
    pub(super) fn selector(self) -> String {
        ["#", self.id].concat()
    }

    /// Returns a control on one line. `keyboard` is the one that a phone shows.
    pub(super) fn line(self, labels: Labels, keyboard: &'static str) -> Element {
        let control = self
            .control(input(), labels)
            .attr("type", "text")
            .attr("inputmode", keyboard)
            .attr("spellcheck", "false")
            .attr("autocapitalize", "none");
        self.field(labels, control)
    }

    /// Returns a control of several lines, of at most so many characters.
    pub(super) fn area(self, labels: Labels, max: u64) -> Element {
        self.field(labels, self.control(textarea(), labels)).child(characters_left(move || self.text.get(), max))
    }

    fn control(self, element: Empty, labels: Labels) -> Input {
        let (hint, message) = ([self.id, "-hint"].concat(), [self.id, "-message"].concat());
        let described = move || {
            let hint = if labels.hint.is_empty() { "" } else { &hint };
            let message = if self.error.get().is_empty() { "" } else { &message };
            let ids = [hint, message].join(" ").trim().to_owned();
            (!ids.is_empty()).then_some(ids)
        };
        element
            .attr("id", self.id)
            .attr("name", self.id)
            .attr("class", "control")
            .attr("autocomplete", "off")
            .attr("required", (!labels.is_optional).then_some(""))
            .attr("aria-describedby", follow(described))
            .attr("aria-invalid", follow(move || (!self.error.get().is_empty()).then_some("true")))
            .prop("value", follow(move || self.text.get()))
            .on(ev::input, move |event: Event| {
                self.text.set(event_target_value(&event));
                self.error.set("");
            })
    }

    fn field(self, labels: Labels, control: Input) -> Element {
        let optional = labels.is_optional.then(|| span().attr("class", "optional").child(" (facultatif)"));
        let hint = (!labels.hint.is_empty())
            .then(|| paragraph(labels.hint).attr("class", "hint").attr("id", [self.id, "-hint"].concat()));
        let error = live(move || {
            let words = self.error.get();
            let id = [self.id, "-message"].concat();
            (!words.is_empty()).then(|| paragraph(words).attr("class", "message").attr("id", id))
        });
        div()
            .attr("class", "field")
            .class(("invalid", holds(move || !self.error.get().is_empty())))
            .child(html::label().attr("for", self.id).child(labels.label).child(optional))
            .child(hint)
            .child(control)
            .child(error)
    }
}
