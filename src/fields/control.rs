//! A field of the form while it is drawn: its label, its hint, its input and its messages.

use super::typing::{self, Typed};
use crate::components::paragraph;
use crate::context::Focus;
use crate::effect::computed;
use crate::form::Form;
use crate::html::{self, Element, Empty, Input, div, follow, holds, live, span};
use crate::model::{Field, Finding};
use crate::texts::{fields, isolated, messages};
use leptos::prelude::*;

/// A field of the form while it is drawn.
#[derive(Clone, Copy)]
pub(super) struct Control {
    pub(super) form: Form,
    pub(super) field: Field,
    /// The error to show, if there is one. What stays the same at a keystroke is not drawn again.
    error: Memo<Vec<Finding>>,
}

/// Draws a field only while the form asks for it.
pub(super) fn asked(field: Field, draw: impl Fn(Control) -> Element + Send + 'static) -> impl IntoView {
    let form: Form = expect_context();
    let is_asked = computed(move |_| form.shows(field));
    live(move || {
        let error = || computed(move |_| form.finding(field).into_iter().collect());
        is_asked.get().then(|| draw(Control { form, field, error: error() }))
    })
}

impl Control {
    /// Whether the field shows an error at the moment.
    pub(super) fn is_invalid(self) -> bool {
        self.error.with(|error| !error.is_empty())
    }

    /// Makes an element stand out while the field is invalid.
    pub(super) fn frame(self, element: Empty) -> Input {
        element.attr("class", "field").class(("wrong", holds(move || self.is_invalid())))
    }

    /// The label of the input that bears the field's name.
    pub(super) fn label(self) -> impl IntoView {
        let optional = self.field.is_optional().then(|| span().attr("class", "optional").child(" (facultatif)"));
        html::label().attr("for", self.field.path()).child(fields::of(self.field).label).child(optional)
    }

    pub(super) fn hint(self) -> impl IntoView {
        let words = fields::of(self.field).hint;
        (!words.is_empty()).then(|| paragraph(words).attr("class", "hint").attr("id", self.id("hint")))
    }

    /// Ties an input, or a group of them, to its hint and its message.
    pub(super) fn described(self, input: Input, others: &'static str) -> Input {
        let hint = if fields::of(self.field).hint.is_empty() { String::new() } else { self.id("hint") };
        let others = if others.is_empty() { String::new() } else { self.id(others) };
        let described = move || {
            let message = if self.is_invalid() { self.id("message") } else { String::new() };
            let proposed = if self.form.is_proposed(self.field) { self.id("proposed") } else { String::new() };
            let ids: Vec<&str> =
                [hint.as_str(), &others, &proposed, &message].into_iter().filter(|id| !id.is_empty()).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        };
        input
            .attr("aria-describedby", follow(described))
            .attr("aria-invalid", follow(move || self.is_invalid().then_some("true")))
    }

    /// Makes an element the input of the field: named, tied to its label, required unless a request can do without it.
    pub(super) fn input(self, element: Empty) -> Input {
        let (path, required) = (self.field.path(), !self.field.is_optional() && self.field != Field::LegalUrl);
        self.described(element.attr("id", path).attr("name", path).attr("required", required), "")
    }

    /// Makes a control one in which somebody types: what arrives there is the answer.
    pub(super) fn typed(self, input: Input) -> Input {
        input.directive(typing::typed, Typed { form: self.form, field: self.field })
    }

    /// The error of the field, then its warnings.
    pub(super) fn messages(self) -> impl IntoView {
        let message = move |finding: &Finding| {
            paragraph(messages::of(finding)).attr("class", "message").attr("id", self.id("message"))
        };
        let error = live(move || self.error.with(|error| error.iter().map(message).collect::<Vec<_>>()));
        let warned = computed(move |_| self.form.warnings(self.field));
        let warning = |finding: &Finding| paragraph(messages::of(finding)).attr("class", "note");
        let warnings = live(move || warned.with(|warned| warned.iter().map(warning).collect::<Vec<_>>()));
        // A warning appears without being asked for: it is told as well as shown.
        let told = div().attr("class", "notes").attr("aria-live", "polite").child(warnings);
        vec![error.into_any(), self.proposal().into_any(), self.change_elsewhere().into_any(), told.into_any()]
    }

    /// That a link proposed the answer.
    fn proposal(self) -> impl IntoView {
        let Self { form, field, .. } = self;
        let is_proposed = computed(move |_| form.is_proposed(field));
        live(move || {
            let words = "Réponse proposée par le lien que vous avez suivi : vérifiez-la.";
            is_proposed.get().then(|| paragraph(words).attr("class", "proposed").attr("id", self.id("proposed")))
        })
    }

    /// That the answer changed elsewhere, while the person was looking.
    fn change_elsewhere(self) -> impl IntoView {
        let focus = Focus::get();
        let Self { form, field, .. } = self;
        let is_changed = computed(move |_| form.has_remote_change(field));
        live(move || {
            is_changed.get().then(|| {
                let words = "Réponse changée dans un autre onglet ou sur un autre appareil.";
                // What the person is typing stays before their eyes: they are told what it would replace.
                let is_at_it = focus.finds(&["[name=\"", field.path(), "\"]:focus"].concat());
                let hidden = if is_at_it { form.text_untracked(field) } else { String::new() };
                let there = (!hidden.is_empty()).then(|| {
                    [" Elle est maintenant « ", &isolated(&hidden), " », et s’affichera quand vous quitterez ce champ."]
                        .concat()
                });
                paragraph([words, &there.unwrap_or_default()].concat()).attr("class", "elsewhere")
            })
        })
    }

    pub(super) fn id(self, part: &str) -> String {
        [self.field.path(), "-", part].concat()
    }
}
