//! Answers that the page can give in the person's place, at their word; what they had typed can be put back.
use leptos::prelude::*;

use crate::components::button;
use crate::context::{Announcer, Focus};
use crate::form::Form;
use crate::html::{Element, live};
use crate::model::Field;
use crate::model::field::Value;

/// Answers to give to text fields.
pub(super) type Answers = Vec<(Field, String)>;

/// Suggestions for the same fields; copies share what they replaced.
#[derive(Clone, Copy)]
pub(super) struct Suggestions {
    announcer: Announcer,
    focus: Focus,
    form: Form,
    /// What the person had typed before the first suggestion they took.
    replaced: RwSignal<Answers>,
}

impl Suggestions {
    pub(super) fn new(form: Form) -> Self {
        Self { announcer: Announcer::get(), focus: Focus::get(), form, replaced: RwSignal::new(Vec::new()) }
    }

    /// A button that gives answers, and what a screen reader is told once they are given.
    pub(super) fn offer(
        self,
        words: &'static str,
        told: &'static str,
        answers: impl Fn() -> Answers + 'static,
    ) -> Element {
        button("button", words, move || {
            let answers = answers();
            let before: Answers = answers
                .iter()
                .map(|(field, _)| (*field, self.form.text_untracked(*field)))
                .filter(|(field, typed)| !typed.trim().is_empty() && !answers.contains(&(*field, typed.clone())))
                .collect();
            if self.replaced.with_untracked(Vec::is_empty) && !before.is_empty() {
                self.replaced.set(before);
            }
            self.give(&answers, told);
        })
    }

    /// The way back, while there is something to go back to.
    pub(super) fn undo(self) -> impl IntoView {
        live(move || {
            self.replaced.with(|replaced| {
                (!replaced.is_empty()).then(|| {
                    button("quiet", "Remettre ce que j’avais écrit", move || {
                        let replaced = self.replaced.get_untracked();
                        self.give(&replaced, "Votre texte est remis");
                        // The button goes: the focus goes where the text came back.
                        replaced.iter().take(1).for_each(|(field, _)| self.focus.on_field(*field));
                        self.replaced.set(Vec::new());
                    })
                })
            })
        })
    }

    fn give(self, answers: &Answers, told: &str) {
        for (field, answer) in answers {
            self.form.edit(*field, Value::Text(answer));
            self.form.blur(*field);
        }
        self.announcer.announce(told);
    }
}
