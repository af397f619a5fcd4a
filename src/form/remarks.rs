//! Remarks of the team at answers, and the words that go with the next submission.
//!
//! The form only holds them: deferred code reads them from the service, and keeps what is typed on the device.

use std::rc::Rc;

use leptos::prelude::*;

use super::Form;
use crate::model::wire::{Remark, Reply, SubmissionBody};
use crate::model::{Field, Step, Text};
use crate::rework::Rework;

impl Form {
    /// Returns whether the team left a remark at a field.
    #[must_use]
    pub fn has_remark(self, field: Field) -> bool {
        self.state().remarked.with(|fields| fields.contains(&field))
    }

    /// Returns the number of remarks of a step that wait for an answer.
    #[must_use]
    pub fn open_remarks_of(self, step: Step) -> usize {
        self.state().open_remarks.with(|fields| fields.iter().filter(|field| field.step() == step).count())
    }

    /// Returns the fields whose remark waits for an answer, in the order of the team.
    #[must_use]
    pub fn open_remarks(self) -> Vec<Field> {
        self.state().open_remarks.get()
    }

    /// Returns whether the remark at a field waits for an answer.
    #[must_use]
    pub fn is_remark_open(self, field: Field) -> bool {
        self.state().open_remarks.with(|fields| fields.contains(&field))
    }

    /// Returns the basis on which the request is changed, once it is known; none where the request was never sent.
    #[must_use]
    pub fn rework(self) -> Option<Rc<Rework>> {
        let state = self.state();
        state.remarks_changed.track();
        let rework = state.rework.borrow();
        rework.clone()
    }

    /// Returns whether the form is gone, with all that it held.
    #[must_use]
    pub fn is_disposed(self) -> bool {
        self.0.is_disposed()
    }

    /// Returns the remark at a field.
    #[must_use]
    pub fn remark(self, field: Field) -> Option<Remark> {
        self.rework()?.request.remarks.iter().find(|remark| remark.pointer == field.pointer()).cloned()
    }

    /// Sets the basis on which the request is changed.
    pub fn set_rework(self, rework: Rework) {
        let Some(state) = self.0.try_get_value() else { return };
        let remarked =
            rework.request.remarks.iter().filter_map(|remark| Field::from_pointer(&remark.pointer)).collect();
        state.rework.replace(Some(Rc::new(rework)));
        state.remarked.set(remarked);
        state.remarks_changed.notify();
    }

    /// Returns the words that go with the next submission, as typed.
    #[must_use]
    pub fn words(self) -> SubmissionBody {
        let state = self.state();
        state.remarks_changed.track();
        let words = state.words.borrow();
        words.clone()
    }

    /// Sets the words that go with the next submission.
    pub fn set_words(self, words: SubmissionBody) {
        let state = self.state();
        state.words.replace(words);
        state.remarks_changed.notify();
    }

    /// Returns the reply to the remark at a field, as typed.
    #[must_use]
    pub fn reply(self, field: Field) -> String {
        let words = self.words();
        let reply = words.replies.iter().find(|reply| reply.pointer == field.pointer());
        reply.map(|reply| reply.text.as_str().to_owned()).unwrap_or_default()
    }

    /// Sets the reply to the remark at a field. An empty one takes it back.
    pub fn set_reply(self, field: Field, text: &str) {
        let mut words = untrack(|| self.words());
        words.replies.retain(|reply| reply.pointer != field.pointer());
        if !text.is_empty() {
            words.replies.push(Reply { pointer: field.pointer(), text: text.into() });
        }
        self.set_words(words);
    }

    /// Sets the text to the team.
    pub fn set_text_to_team(self, text: &str) {
        self.set_words(SubmissionBody { text: text.into(), ..untrack(|| self.words()) });
    }

    /// Returns the words to send: clean, and with replies to the remarks of the team alone.
    #[must_use]
    pub fn words_to_send(self) -> SubmissionBody {
        untrack(|| {
            let (words, rework) = (self.words(), self.rework());
            let clean = |text: &Text| Text::from(text.lines().as_str());
            let reply = |remark: &Remark| {
                let reply = words.replies.iter().find(|reply| reply.pointer == remark.pointer)?;
                (!reply.text.is_empty()).then(|| Reply { pointer: reply.pointer.clone(), text: clean(&reply.text) })
            };
            let remarks = rework.iter().flat_map(|rework| &rework.request.remarks);
            SubmissionBody { text: clean(&words.text), replies: remarks.filter_map(reply).collect() }
        })
    }

    /// Finds the remarks that wait for an answer, and tracks all that this depends on.
    pub fn follow_remarks(self) {
        let open = match self.rework() {
            Some(rework) => self.with_fields(Field::ALL, |draft| rework.open(draft, &self.words())),
            None => Vec::new(),
        };
        let state = self.state();
        if state.open_remarks.with_untracked(|before| *before != open) {
            state.open_remarks.set(open);
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::form::Progress;
    use crate::model::wire::StoredRequest;
    use crate::model::{Draft, Id};
    use crate::testing::with_owner;

    fn remark(field: Field) -> Remark {
        Remark { pointer: field.pointer(), text: "Quelles démarches\u{a0}?".into() }
    }

    /// Returns a form that the team left two remarks at, with the answers that were sent.
    fn reworked() -> Form {
        let mut sent = Draft::default();
        sent.project.description = "Nos démarches".into();
        let request = StoredRequest {
            remarks: vec![remark(Field::Description), remark(Field::Recipients)],
            ..StoredRequest::begun(Id::new(0, [1; 10]))
        };
        let form = Form::new(sent.clone());
        form.set_rework(Rework { request, sent });
        form.follow_remarks();
        form
    }

    #[test]
    fn a_remark_waits_until_its_answer_is_changed_or_replied_to() {
        with_owner(|| {
            let form = reworked();
            assert_eq!(form.open_remarks(), [Field::Description, Field::Recipients]);
            assert!(form.has_remark(Field::Description) && !form.has_remark(Field::ProjectName));
            assert_eq!(form.open_remarks_of(Step::Data), 1);

            form.edit_text(Field::Description, "Nos démarches\u{a0}: état civil");
            form.set_reply(Field::Recipients, "  ");
            form.follow_remarks();
            assert_eq!(form.open_remarks(), [Field::Recipients], "white space replies to nothing");
            form.set_reply(Field::Recipients, "Le service de l’état civil seul.");
            form.follow_remarks();
            assert_eq!(form.open_remarks(), []);
            assert!(form.has_remark(Field::Recipients), "it stays at its field");

            form.edit_text(Field::Description, "Nos démarches");
            form.follow_remarks();
            assert_eq!(form.open_remarks(), [Field::Description], "the answer is what it was");
        });
    }

    #[test]
    fn replies_are_sent_clean_and_to_remarks_alone() {
        with_owner(|| {
            let form = reworked();
            form.set_text_to_team(" Bonjour\u{7} ");
            form.set_reply(Field::Recipients, " Oui.\r\n ");
            form.set_reply(Field::ProjectName, "À une remarque d’avant");
            form.set_reply(Field::Description, "");
            let words = form.words_to_send();
            assert_eq!(words.text.as_str(), "Bonjour");
            let replies: Vec<(&str, &str)> =
                words.replies.iter().map(|reply| (reply.pointer.as_str(), reply.text.as_str())).collect();
            assert_eq!(replies, [("/data/recipients", "Oui.")]);
            assert_eq!(form.reply(Field::Recipients), " Oui.\r\n ", "what is typed stays as it is");
        });
    }

    #[test]
    fn a_step_without_errors_counts_its_open_remarks() {
        with_owner(|| {
            let sent = habilitation_contract::ready();
            let form = Form::new(sent.clone());
            let request =
                StoredRequest { remarks: vec![remark(Field::Recipients)], ..StoredRequest::begun(Id::new(0, [1; 10])) };
            form.set_rework(Rework { request, sent });
            form.follow_remarks();
            assert_eq!(
                (form.progress(Step::Data), form.progress(Step::People)),
                (Progress::Remarks(1), Progress::Complete)
            );
        });
    }
}
