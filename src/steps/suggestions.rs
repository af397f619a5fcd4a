//! Answers that the page fills in at the press of a button. What had been typed before can be put back.

use leptos::prelude::*;

use crate::components::button;
use crate::context::{Announcer, Focus};
use crate::form::Form;
use crate::html::live;
use crate::model::Field;
use crate::model::field::Value;

/// Answers to fill in text fields with.
pub(super) type SuggestedAnswers = Vec<(Field, String)>;

/// Suggestions for the same fields. Copies share the answers that were replaced.
#[derive(Clone, Copy)]
pub(super) struct Suggestions {
    announcer: Announcer,
    focus: Focus,
    form: Form,
    /// Answers before the first suggestion that replaced something that the person had typed, empty ones included.
    replaced: RwSignal<SuggestedAnswers>,
}

impl Suggestions {
    pub(super) fn new(form: Form) -> Self {
        Self { announcer: Announcer::get(), focus: Focus::get(), form, replaced: RwSignal::new(Vec::new()) }
    }

    /// Fills in answers, and remembers what had been typed in their place.
    pub(super) fn take(self, answers: &SuggestedAnswers, announcement: &str) {
        let before: SuggestedAnswers = answers
            .iter()
            .map(|(field, _)| (*field, self.form.text_untracked(*field)))
            .filter(|before| !answers.contains(before))
            .collect();
        let had_typed = before.iter().any(|(_, typed)| !typed.trim().is_empty());
        if self.replaced.with_untracked(Vec::is_empty) && had_typed {
            self.replaced.set(before);
        }
        self.fill_in(answers, announcement);
    }

    /// Returns whether an answer that the person had typed is replaced.
    pub(super) fn replaces(self) -> bool {
        self.replaced.with(|replaced| !replaced.is_empty())
    }

    /// Puts back the answers that were replaced.
    pub(super) fn undo(self) {
        let replaced = self.replaced.get_untracked();
        self.fill_in(&replaced, "Votre texte est remis");
        // The button goes: the focus goes to the first answer that came back.
        replaced.iter().take(1).for_each(|(field, _)| self.focus.on_field(*field));
        self.replaced.set(Vec::new());
    }

    fn fill_in(self, answers: &SuggestedAnswers, announcement: &str) {
        for (field, answer) in answers {
            self.form.edit(*field, Value::Text(answer));
            self.form.blur(*field);
        }
        self.announcer.announce(announcement);
    }
}

/// Shows a button that fills in answers.
#[component]
pub(super) fn Suggestion(
    suggestions: Suggestions,
    words: &'static str,
    /// Words for a screen reader once the answers are filled in.
    announcement: &'static str,
    /// Returns the answers.
    answers: impl Fn() -> SuggestedAnswers + 'static,
) -> impl IntoView {
    button("button", words, move || suggestions.take(&answers(), announcement))
}

/// Shows a button that puts back what was replaced, while there is something.
#[component]
pub(super) fn UndoSuggestion(suggestions: Suggestions) -> impl IntoView {
    live(move || {
        suggestions.replaces().then(|| button("quiet", "Remettre ce que j’avais écrit", move || suggestions.undo()))
    })
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::navigation::Place;
    use crate::testing::app;

    #[test]
    fn what_had_been_typed_comes_back_with_the_answers_that_were_empty() {
        let app = app(Place::Start, false);
        let form = app.open_request().form();
        app.with(|| {
            let suggestions = Suggestions::new(form);
            form.edit(Field::LegalBasis, Value::Text("Ma délibération"));
            let cited =
                vec![(Field::LegalBasis, "Un arrêté".to_owned()), (Field::LegalUrl, "https://a.example".to_owned())];
            suggestions.take(&cited, "");
            assert_eq!(form.text_untracked(Field::LegalUrl), "https://a.example");
            suggestions.undo();
        });
        assert_eq!(form.text_untracked(Field::LegalBasis), "Ma délibération");
        assert_eq!(form.text_untracked(Field::LegalUrl), "");
    }
}
