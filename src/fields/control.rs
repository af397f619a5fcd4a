//! Parts that every field of the form has: frame, label, hint and messages.

use leptos::prelude::*;

use super::binding::{TextBinding, bind_text};
use super::remark::FieldRemark;
use crate::components::{Placeholder, deferred_view, paragraph};
use crate::context::Focus;
use crate::effect::computed;
use crate::form::Form;
use crate::html::{self, Empty, Input, LiveView, OnceDrawn, div, follow, holds, live, span};
use crate::lazy::deferred;
use crate::model::{Field, Finding};
use crate::texts::{fields, isolated, messages};

/// A field of the form while it is drawn.
#[derive(Clone, Copy)]
pub(super) struct Control {
    pub(super) form: Form,
    pub(super) field: Field,
    /// Finding that is shown as the error of the field: none or one. A memo, so that a keystroke that changes nothing draws
    /// nothing.
    error_findings: Memo<Vec<Finding>>,
}

/// Draws a field while the form asks for it.
pub(super) fn while_asked<V: IntoAny>(field: Field, draw: impl Fn(Control) -> V + Send + 'static) -> LiveView {
    any_while_asked(field, Box::new(move |control| draw(control).into_any()))
}

fn any_while_asked(field: Field, draw: Box<dyn Fn(Control) -> AnyView + Send>) -> LiveView {
    let form: Form = expect_context();
    let is_asked = computed(move |_| form.shows(field));
    live(move || {
        let error_findings = || computed(move |_| form.finding(field).into_iter().collect());
        let drawn = || draw(Control { form, field, error_findings: error_findings() });
        #[cfg(feature = "ssr")]
        if !is_asked.get() {
            return Some(super::unasked::template(field, drawn()));
        }
        is_asked.get().then(drawn)
    })
}

impl Control {
    /// Returns whether the field shows an error.
    pub(super) fn is_invalid(self) -> bool {
        self.error_findings.with(|findings| !findings.is_empty())
    }

    /// Returns the `id` of a part of the field, such as its hint.
    pub(super) fn id(self, part: &str) -> String {
        [self.field.path(), "-", part].concat()
    }

    /// Makes an element the frame of the field, which stands out while the field is invalid.
    pub(super) fn frame(self, element: Empty) -> Input {
        element.attr("class", "field").class(("invalid", holds(move || self.is_invalid())))
    }

    /// Returns the `id`s of what describes the field, with other parts of it.
    fn description(self, others: &str) -> Option<String> {
        let Self { form, field, .. } = self;
        let parts = [
            (!fields::of(field).hint.is_empty(), "hint"),
            (!others.is_empty(), others),
            (form.has_remark(field), "remark"),
            (form.is_proposed(field), "proposed"),
            (form.is_advised(field), "advice"),
            (self.is_invalid(), "message"),
        ];
        let ids: Vec<String> =
            parts.into_iter().filter(|(is_there, _)| *is_there).map(|(_, part)| self.id(part)).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Ties an input, or a group of them, to its hint and its messages.
    pub(super) fn described(self, input: Input, others: &'static str) -> Input {
        input
            .attr("aria-describedby", follow(move || self.description(others)))
            .attr("aria-invalid", follow(move || self.is_invalid().then_some("true")))
    }

    /// Makes an element the input of the field: named, tied to its label, and required unless the field is optional.
    pub(super) fn input(self, element: Empty) -> Input {
        let (path, required) = (self.field.path(), !self.field.is_optional() && self.field != Field::LegalUrl);
        self.described(element.attr("id", path).attr("name", path).attr("required", required), "")
    }

    /// Binds the text of an input to the answer.
    pub(super) fn typed(self, input: Input) -> Input {
        let binding = TextBinding { form: self.form, field: self.field };
        input.once_drawn(move |element| bind_text(element, binding))
    }
}

/// Shows an input between the label and the messages of its field.
#[component]
pub(super) fn LabelledField(
    control: Control,
    /// The input, and what belongs to it.
    children: Children,
) -> impl IntoView {
    control
        .frame(div())
        .child(view! {
            <Label control />
            <Hint control />
        })
        .child(children())
        .child(view! { <Messages control /> })
}

/// Shows the label of the input that bears the field's name.
#[component]
fn Label(control: Control) -> impl IntoView {
    let field = control.field;
    let optional = field.is_optional().then(|| span().attr("class", "optional").child(" (facultatif)"));
    html::label().attr("for", field.path()).child(fields::of(field).label).child(optional)
}

/// Shows the hint of a field, if it has one.
#[component]
pub(super) fn Hint(control: Control) -> impl IntoView {
    let words = fields::of(control.field).hint;
    (!words.is_empty()).then(|| paragraph(words).attr("class", "hint").attr("id", control.id("hint")))
}

/// Shows the error of a field, what else is to be known of its answer, and its warnings.
#[component]
pub(super) fn Messages(control: Control) -> impl IntoView {
    let message = move |finding: &Finding| {
        paragraph(messages::of(finding)).attr("class", "message").attr("id", control.id("message"))
    };
    let error = live(move || control.error_findings.with(|findings| findings.iter().map(message).collect::<Vec<_>>()));
    let warnings = computed(move |_| control.form.warnings(control.field));
    let note = |finding: &Finding| paragraph(messages::of(finding)).attr("class", "note");
    let notes = live(move || warnings.with(|warnings| warnings.iter().map(note).collect::<Vec<_>>()));
    view! {
        {error}
        {deferred_view(Placeholder::Nothing, move || sources(control))}
        // A warning appears without being asked for: a screen reader announces it.
        {div().attr("class", "notes").attr("aria-live", "polite").child(notes)}
    }
}

deferred! {
    /// Draws the remark of the team at an answer, and notes on where the answer comes from.
    fn sources(control: Control) -> AnyView {
        view! {
            <FieldRemark form=control.form field=control.field />
            <Proposed control />
            <ChangedElsewhere control />
        }
        .into_any()
    }
}

/// Tells that a link proposed the answer.
#[component]
fn Proposed(control: Control) -> impl IntoView {
    let Control { form, field, .. } = control;
    let is_proposed = computed(move |_| form.is_proposed(field));
    live(move || {
        let words = "Réponse proposée par le lien que vous avez suivi : vérifiez-la.";
        is_proposed.get().then(|| paragraph(words).attr("class", "proposed").attr("id", control.id("proposed")))
    })
}

/// Tells that the answer changed elsewhere while the person was looking.
#[component]
fn ChangedElsewhere(control: Control) -> impl IntoView {
    let focus = Focus::get();
    let Control { form, field, .. } = control;
    let is_changed = computed(move |_| form.has_remote_change(field));
    live(move || {
        is_changed.get().then(|| {
            let words = "Réponse changée dans un autre onglet ou sur un autre appareil.";
            // An input that has the focus keeps its text: the other answer is told, and shows once the input is left.
            let has_focus = focus.finds(&["[name=\"", field.path(), "\"]:focus"].concat());
            let answer = form.text(field);
            let hidden = if has_focus { answer } else { String::new() };
            let other = (!hidden.is_empty()).then(|| {
                [" Elle est maintenant « ", &isolated(&hidden), " », et s’affichera quand vous quitterez ce champ."]
                    .concat()
            });
            paragraph([words, &other.unwrap_or_default()].concat()).attr("class", "remote-change")
        })
    })
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::navigation::Place;
    use crate::testing::app;

    #[test]
    fn a_field_is_described_by_its_hint_by_advice_and_by_its_message() {
        let app = app(Place::NewRequest, false);
        let form = app.open_request().form();
        let field = Field::Siret;
        let control = app.with(|| Control {
            form,
            field,
            error_findings: computed(move |_| form.finding(field).into_iter().collect()),
        });
        let description = || app.with(|| untrack(|| control.description(""))).unwrap_or_default();
        assert_eq!(description(), "organisation.siret-hint");
        form.set_advised(Some(field));
        assert_eq!(description(), "organisation.siret-hint organisation.siret-advice");
        app.with(|| _ = form.edit_text(field, "12"));
        app.with(|| form.blur(field));
        assert_eq!(description(), "organisation.siret-hint organisation.siret-advice organisation.siret-message");
        form.set_advised(None);
        assert_eq!(description(), "organisation.siret-hint organisation.siret-message");
        app.end();
    }
}
