//! State of the form: a trigger for each field, the findings of each step, and which of them to show.

mod remarks;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;

use crate::clock;
use crate::effect::computed;
use crate::input;
use crate::model::draft::Draft;
use crate::model::field::Value;
use crate::model::prefill::PrefilledAnswer;
use crate::model::wire::SubmissionBody;
use crate::model::{Circumstances, ClosedList, Field, Finding, Id, Level, Step};
use crate::rework::Rework;

/// Progress of a step, as the list of steps shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// No field has an answer.
    NotStarted,
    /// Answers are missing.
    Incomplete,
    /// Number of answers to correct.
    Errors(usize),
    /// Number of remarks of the team that wait for an answer; no error is left.
    Remarks(usize),
    /// No error is left, and no remark.
    Complete,
}

/// Reads a control and takes its value into the form, if it changed without an event.
pub type SyncControl = Rc<dyn Fn()>;

/// Listener of edits, called with the whole draft.
type Listener = Rc<dyn Fn(Draft)>;

/// Form of one request. Copies share one state.
#[derive(Clone, Copy)]
pub struct Form(StoredValue<Rc<State>, LocalStorage>);

struct State {
    draft: RefCell<Draft>,
    /// Triggers of changes, by field.
    changes: Vec<ArcTrigger>,
    /// Findings, by step.
    findings: OnceCell<Vec<Memo<Vec<Finding>>>>,
    /// Flags of fields whose findings show, by field. A first attempt shows none while it is typed.
    touched: Vec<RwSignal<bool>>,
    /// Fields edited since they were last left: leaving one shows its findings.
    edited: RefCell<Vec<Field>>,
    on_edit: RefCell<Listener>,
    /// Steps that the person tried to complete.
    attempted: ArcRwSignal<Vec<Step>>,
    /// Documents whose bytes are uploaded or being uploaded.
    arrived: ArcRwSignal<Vec<Id>>,
    /// Fields changed in another tab or on another device, until the person edits them or leaves the step.
    remote_changes: ArcRwSignal<Vec<Field>>,
    /// Fields whose answer a link proposed, until the person edits them or completes their step.
    proposed: ArcRwSignal<Vec<Field>>,
    /// Field beside which there is advice.
    advised: ArcRwSignal<Option<Field>>,
    /// Basis on which a request that was sent before is changed.
    rework: RefCell<Option<Rc<Rework>>>,
    /// Words that go with the next submission, as typed.
    words: RefCell<SubmissionBody>,
    /// Trigger of changes of both.
    remarks_changed: ArcTrigger,
    /// Fields at which the team left a remark.
    remarked: ArcRwSignal<Vec<Field>>,
    /// Fields whose remark waits for an answer.
    open_remarks: ArcRwSignal<Vec<Field>>,
    /// Controls on the screen.
    controls: RefCell<Vec<StoredValue<SyncControl, LocalStorage>>>,
}

impl Form {
    /// Returns a form filled with a draft. Findings of its answers show at once.
    #[must_use]
    pub fn new(draft: Draft) -> Self {
        let listed = draft.documents().map(|document| document.id.clone()).collect();
        let state = State {
            changes: Field::ALL.iter().map(|_| ArcTrigger::new()).collect(),
            findings: OnceCell::new(),
            touched: Field::ALL.iter().map(|field| RwSignal::new(!field.value(&draft).is_empty())).collect(),
            edited: RefCell::default(),
            on_edit: RefCell::new(Rc::new(|_| {})),
            attempted: ArcRwSignal::new(Vec::new()),
            arrived: ArcRwSignal::new(listed),
            remote_changes: ArcRwSignal::new(Vec::new()),
            proposed: ArcRwSignal::new(Vec::new()),
            advised: ArcRwSignal::new(None),
            rework: RefCell::default(),
            words: RefCell::default(),
            remarks_changed: ArcTrigger::new(),
            remarked: ArcRwSignal::new(Vec::new()),
            open_remarks: ArcRwSignal::new(Vec::new()),
            controls: RefCell::default(),
            draft: RefCell::new(draft),
        };
        let form = Self(StoredValue::new_local(Rc::new(state)));
        let findings = Step::ALL.iter().map(|step| computed(move |_| form.check(*step))).collect();
        // The cell was created empty above.
        let _ = form.state().findings.set(findings);
        form
    }

    /// # Panics
    /// When its owner has ended.
    fn state(self) -> Rc<State> {
        self.0.get_value()
    }

    /// Sets the listener of edits.
    pub fn on_edit(self, listener: impl Fn(Draft) + 'static) {
        self.state().on_edit.replace(Rc::new(listener));
    }

    /// Returns the answers so far.
    #[must_use]
    pub fn draft(self) -> Draft {
        self.state().draft.borrow().clone()
    }

    /// Reads one answer, and tracks its changes.
    pub fn with<T>(self, field: Field, read: impl FnOnce(Value<'_>) -> T) -> T {
        self.track(field);
        read(field.value(&self.state().draft.borrow()))
    }

    /// Returns the text of a field, and tracks its changes.
    #[must_use]
    pub fn text(self, field: Field) -> String {
        self.with(field, |value| match value {
            Value::Text(text) => text.to_owned(),
            Value::Choice(chosen) => chosen.unwrap_or_default().to_owned(),
            Value::YesNo(answer) => answer.map_or(String::new(), |yes| yes.to_string()),
            Value::Flag(_) | Value::Scopes(_) | Value::Documents(_) => String::new(),
        })
    }

    /// Returns the text of a field without tracking it.
    #[must_use]
    pub fn text_untracked(self, field: Field) -> String {
        untrack(|| self.text(field))
    }

    /// Reads the draft, and tracks the changes of the given fields.
    pub fn with_fields<T>(self, fields: &[Field], read: impl FnOnce(&Draft) -> T) -> T {
        fields.iter().for_each(|field| self.track(*field));
        read(&self.state().draft.borrow())
    }

    /// Takes an edit of the person. Texts are cleaned.
    pub fn edit(self, field: Field, value: Value<'_>) {
        match value {
            Value::Text(text) => drop(self.edit_text(field, text)),
            value => self.change(field, value),
        }
    }

    /// Takes an edit of a text, and returns the cleaned text that the form keeps.
    pub fn edit_text(self, field: Field, text: &str) -> String {
        let text = input::cleaned(field, text);
        self.change(field, Value::Text(&text));
        text
    }

    fn change(self, field: Field, value: Value<'_>) {
        let state = self.state();
        let changed = field.value(&state.draft.borrow()) != value;
        if changed {
            field.set(&mut state.draft.borrow_mut(), value);
            // A corrected answer that is edited again counts as a first attempt.
            if matches!(value, Value::Text(_)) && untrack(|| self.finding(field)).is_none() {
                self.touch(field, false);
            }
            state.edited.borrow_mut().push(field);
            self.acknowledge_remote_change(field);
            self.accept_proposal(field);
            self.notify(field);
            // The listener may call back: another tab may have changed the draft meanwhile.
            let listener = Rc::clone(&state.on_edit.borrow());
            listener(self.draft());
        }
    }

    /// Registers a control, to be read at [`Self::sync_controls`] and when its owner ends.
    pub fn register_control(self, sync: SyncControl) {
        let control = StoredValue::new_local(sync);
        let is_shown = |control: &StoredValue<SyncControl, LocalStorage>| control.try_with_value(|_| ()).is_some();
        let state = self.state();
        let mut controls = state.controls.borrow_mut();
        controls.retain(is_shown);
        controls.push(control);
        on_cleanup(move || _ = control.try_with_value(|sync| sync()));
    }

    /// Takes the values that tools wrote into controls without an event.
    pub fn sync_controls(self) {
        let controls = self.0.try_get_value().map(|state| state.controls.borrow().clone());
        for control in controls.unwrap_or_default() {
            control.try_with_value(|sync| sync());
        }
    }

    /// Prefills a field, unless it has an answer or the person left it empty on purpose.
    pub fn prefill(self, given: &PrefilledAnswer) {
        let field = given.field();
        let is_open = field.value(&self.state().draft.borrow()).is_empty();
        if is_open && !self.touched(field).get_untracked() {
            given.with_value(&mut |value| self.edit(field, value));
            self.touch(field, true);
        }
    }

    /// Marks fields as proposed by the link that the person followed.
    pub fn propose(self, fields: Vec<Field>) {
        self.state().proposed.set(fields);
    }

    /// Returns whether a link proposed the answer of a field and the person has not accepted it.
    #[must_use]
    pub fn is_proposed(self, field: Field) -> bool {
        self.state().proposed.with(|proposed| proposed.contains(&field))
    }

    /// Returns the fields whose answer a link proposed and the person has not accepted.
    #[must_use]
    pub fn proposed(self) -> Vec<Field> {
        self.state().proposed.get()
    }

    /// Accepts a proposed answer: the person edited it, or completed its step.
    pub fn accept_proposal(self, field: Field) {
        let Some(state) = self.0.try_get_value() else { return };
        if state.proposed.with_untracked(|marked| marked.contains(&field)) {
            state.proposed.update(|proposed| proposed.retain(|other| *other != field));
        }
    }

    /// Returns whether there is advice beside a field, which then describes it.
    #[must_use]
    pub fn is_advised(self, field: Field) -> bool {
        self.state().advised.get() == Some(field)
    }

    /// Sets beside which field there is advice. Its element bears the `id` of the field with `-advice`.
    pub fn set_advised(self, field: Option<Field>) {
        let Some(state) = self.0.try_get_value() else { return };
        if state.advised.get_untracked() != field {
            state.advised.set(field);
        }
    }

    /// Replaces the draft by one that was changed elsewhere in the given fields, and marks these.
    pub fn apply_remote_changes(self, draft: &Draft, fields: &[Field]) {
        self.state().draft.replace(draft.clone());
        for field in fields {
            self.touch(*field, true);
            self.notify(*field);
        }
        fields.iter().for_each(|field| self.accept_proposal(*field));
        self.state().remote_changes.update(|marked| {
            marked.retain(|field| !fields.contains(field));
            marked.extend(fields);
        });
    }

    /// Returns the fields with an unacknowledged change from elsewhere.
    #[must_use]
    pub fn remote_changes(self) -> Vec<Field> {
        self.state().remote_changes.get()
    }

    /// Returns whether a field has an unacknowledged change from elsewhere.
    #[must_use]
    pub fn has_remote_change(self, field: Field) -> bool {
        self.state().remote_changes.with(|marked| marked.contains(&field))
    }

    /// Removes the mark of a field that changed elsewhere.
    pub fn acknowledge_remote_change(self, field: Field) {
        let Some(state) = self.0.try_get_value() else { return };
        if state.remote_changes.with_untracked(|marked| marked.contains(&field)) {
            state.remote_changes.update(|marked| marked.retain(|other| *other != field));
        }
    }

    /// Notes that the person left a field: the findings of what they edited show, and an answer from elsewhere takes its place.
    ///
    /// Fields that were edited before the program could hear that they were left count as left with it.
    pub fn blur(self, field: Field) {
        let edited = self.take_edited();
        self.show_left(field, edited);
    }

    /// Takes the fields that were edited since one was last left, for [`Self::show_left`].
    #[must_use]
    pub fn take_edited(self) -> Vec<Field> {
        self.state().edited.take()
    }

    /// Shows the findings of fields that were edited, and the answer from elsewhere in the one that was left.
    pub fn show_left(self, field: Field, edited: Vec<Field>) {
        if self.is_disposed() {
            return;
        }
        if untrack(|| self.has_remote_change(field)) {
            self.notify(field);
        }
        edited.into_iter().for_each(|field| self.touch(field, true));
    }

    /// Notes that the person tried to complete a step: all its findings show.
    pub fn attempt_step(self, step: Step) {
        step.fields().for_each(|field| self.touch(field, true));
        self.state().attempted.update(|steps| {
            if !steps.contains(&step) {
                steps.push(step);
            }
        });
    }

    /// Returns whether the form asks for a field, given the other answers.
    #[must_use]
    pub fn shows(self, field: Field) -> bool {
        self.with_fields(Field::SHOWING_OTHERS, |draft| field.is_shown(draft))
    }

    /// Returns the error to show at a field.
    #[must_use]
    pub fn finding(self, field: Field) -> Option<Finding> {
        self.visible_findings(field, Level::Error).into_iter().next()
    }

    /// Returns the warnings to show at a field.
    #[must_use]
    pub fn warnings(self, field: Field) -> Vec<Finding> {
        self.visible_findings(field, Level::Warning)
    }

    fn visible_findings(self, field: Field, level: Level) -> Vec<Finding> {
        if !self.touched(field).get() {
            return Vec::new();
        }
        self.findings(field.step()).with(|findings| {
            findings.iter().filter(|finding| finding.field == field && finding.level == level).cloned().collect()
        })
    }

    /// Returns every error of a step, shown or not.
    #[must_use]
    pub fn errors(self, step: Step) -> Vec<Finding> {
        self.findings(step).with(|findings| findings.iter().filter(|finding| finding.is_error()).cloned().collect())
    }

    /// Returns the progress of a step.
    #[must_use]
    pub fn progress(self, step: Step) -> Progress {
        let errors = self.errors(step);
        let attempted = self.state().attempted.with(|steps| steps.contains(&step));
        let to_correct = errors
            .iter()
            .filter(|finding| attempted || !finding.is_about_absence())
            .filter(|finding| self.touched(finding.field).get())
            .count();
        let fields: Vec<Field> = step.fields().collect();
        let untouched = self.with_fields(&fields, |draft| fields.iter().all(|field| field.value(draft).is_empty()));
        match (errors.is_empty(), to_correct) {
            (true, _) => match self.open_remarks_of(step) {
                0 => Progress::Complete,
                open => Progress::Remarks(open),
            },
            (false, 0) if untouched => Progress::NotStarted,
            (false, 0) => Progress::Incomplete,
            (false, errors) => Progress::Errors(errors),
        }
    }

    /// Sets whether the bytes of a document are uploaded or being uploaded.
    pub fn set_uploaded(self, document: &Id, uploaded: bool) {
        self.state().arrived.update(|documents| {
            documents.retain(|known| known != document);
            if uploaded {
                documents.push(document.clone());
            }
        });
    }

    fn check(self, step: Step) -> Vec<Finding> {
        step.fields().chain(Draft::depends_on(step).iter().copied()).for_each(|field| self.track(field));
        self.state().arrived.with(|arrived| {
            let circumstances = Circumstances { today: clock::today(), arrived: Some(arrived) };
            self.state().draft.borrow().findings_of(step, &circumstances)
        })
    }

    fn findings(self, step: Step) -> Memo<Vec<Finding>> {
        #[expect(clippy::expect_used, reason = "set when the form is created")]
        let findings = self.state().findings.get().expect("the findings of each step")[step as usize];
        findings
    }

    fn touched(self, field: Field) -> RwSignal<bool> {
        self.state().touched[field as usize]
    }

    fn touch(self, field: Field, touched: bool) {
        let shown = self.touched(field);
        if shown.get_untracked() != touched {
            shown.set(touched);
        }
    }

    fn track(self, field: Field) {
        self.state().changes[field as usize].track();
    }

    fn notify(self, field: Field) {
        self.state().changes[field as usize].notify();
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests;
