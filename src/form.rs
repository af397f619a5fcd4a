//! The state of the form: one signal per field, what the check finds, and when to say it.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;

use crate::arriving;
use crate::clock;
use crate::effect::computed;
use crate::model::draft::Draft;
use crate::model::field::Value;
use crate::model::prefill::Given;
use crate::model::{Circumstances, ClosedList, Field, Finding, Id, Level, Step};

/// How far a step is, as people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing was answered.
    NotStarted,
    /// Answers are missing.
    Incomplete,
    /// So many answers have to be mended.
    Errors(usize),
    /// Nothing is missing.
    Complete,
}

/// Reads a control again, in case something else stands there than was last seen.
pub type Reread = Rc<dyn Fn()>;

/// Who is told of an edit, with the whole draft as it is then.
type Listener = Rc<dyn Fn(Draft)>;

/// The form of one request. Copies share one state.
#[derive(Clone, Copy)]
pub struct Form(StoredValue<Rc<State>, LocalStorage>);

/// What stands in a form.
struct State {
    draft: RefCell<Draft>,
    /// Tell of a change, by field.
    changes: Vec<ArcTrigger>,
    /// What the check finds, by step.
    findings: OnceCell<Vec<Memo<Vec<Finding>>>>,
    /// Whether a field's findings are shown, by field: never while someone types a first attempt.
    touched: Vec<RwSignal<bool>>,
    /// Fields that the person changed: an answer that was taken away is missing as soon as the field is left.
    edited: RefCell<Vec<Field>>,
    on_edit: RefCell<Listener>,
    /// Steps that the person said were done.
    attempted: ArcRwSignal<Vec<Step>>,
    /// Documents whose bytes have arrived or are on their way.
    arrived: ArcRwSignal<Vec<Id>>,
    /// Fields that changed elsewhere under the person's eyes: marked until they edit them or go on.
    changed_elsewhere: ArcRwSignal<Vec<Field>>,
    /// Fields whose answer a link proposed: marked until the person answers them, or says that their step is done.
    proposed: ArcRwSignal<Vec<Field>>,
    /// The controls that are shown.
    controls: RefCell<Vec<StoredValue<Reread, LocalStorage>>>,
}

impl Form {
    /// A form filled with a draft. What it holds already may be spoken of.
    #[must_use]
    pub fn new(draft: Draft, arrived: Vec<Id>) -> Self {
        let state = State {
            changes: Field::ALL.iter().map(|_| ArcTrigger::new()).collect(),
            findings: OnceCell::new(),
            touched: Field::ALL.iter().map(|field| RwSignal::new(!field.value(&draft).is_empty())).collect(),
            edited: RefCell::default(),
            on_edit: RefCell::new(Rc::new(|_| {})),
            attempted: ArcRwSignal::new(Vec::new()),
            arrived: ArcRwSignal::new(arrived),
            changed_elsewhere: ArcRwSignal::new(Vec::new()),
            proposed: ArcRwSignal::new(Vec::new()),
            controls: RefCell::default(),
            draft: RefCell::new(draft),
        };
        let form = Self(StoredValue::new_local(Rc::new(state)));
        let findings = Step::ALL.iter().map(|step| computed(move |_| form.check(*step))).collect();
        // It was made empty right above.
        let _ = form.state().findings.set(findings);
        form
    }

    /// # Panics
    /// When its owner has ended.
    fn state(self) -> Rc<State> {
        self.0.get_value()
    }

    /// Who is told of each edit.
    pub fn on_edit(self, tell: impl Fn(Draft) + 'static) {
        self.state().on_edit.replace(Rc::new(tell));
    }

    /// Everything typed so far.
    #[must_use]
    pub fn draft(self) -> Draft {
        self.state().draft.borrow().clone()
    }

    /// Looks at one answer, and again whenever it changes.
    pub fn with<T>(self, field: Field, look: impl FnOnce(Value<'_>) -> T) -> T {
        self.track(field);
        look(field.value(&self.state().draft.borrow()))
    }

    /// The text of a field.
    #[must_use]
    pub fn text(self, field: Field) -> String {
        self.with(field, |value| match value {
            Value::Text(text) => text.to_owned(),
            Value::Choice(chosen) => chosen.unwrap_or_default().to_owned(),
            Value::YesNo(answer) => answer.map_or(String::new(), |yes| yes.to_string()),
            Value::Flag(_) | Value::Scopes(_) | Value::Documents(_) => String::new(),
        })
    }

    /// The text of a field at this moment.
    #[must_use]
    pub fn text_now(self, field: Field) -> String {
        untrack(|| self.text(field))
    }

    /// Looks at the whole draft, and again whenever one of these fields changes.
    pub fn look<T>(self, fields: &[Field], look: impl FnOnce(&Draft) -> T) -> T {
        fields.iter().for_each(|field| self.track(*field));
        look(&self.state().draft.borrow())
    }

    /// The person changed an answer. A text is cleaned.
    pub fn edit(self, field: Field, value: Value<'_>) {
        match value {
            Value::Text(text) => drop(self.edit_text(field, text)),
            value => self.change(field, value),
        }
    }

    /// The person changed a text, which is cleaned: what is kept of it.
    pub fn edit_text(self, field: Field, arrived: &str) -> String {
        let text = arriving::cleaned(field, arrived);
        self.change(field, Value::Text(&text));
        text
    }

    fn change(self, field: Field, value: Value<'_>) {
        let state = self.state();
        let changed = field.value(&state.draft.borrow()) != value;
        if changed {
            field.set(&mut state.draft.borrow_mut(), value);
            // What was mended and is typed again is a first attempt again.
            if matches!(value, Value::Text(_)) && untrack(|| self.finding(field)).is_none() {
                self.touch(field, false);
            }
            state.edited.borrow_mut().push(field);
            self.noticed(field);
            self.take_over(field);
            self.notify(field);
            // Whoever is told may find that another tab wrote meanwhile, and replace what this holds.
            let tell = Rc::clone(&state.on_edit.borrow());
            tell(self.draft());
        }
    }

    /// A control is shown. It is read again whenever answers are [collected](Self::collect), and when its owner ends.
    pub fn collects(self, reread: Reread) {
        let control = StoredValue::new_local(reread);
        let is_shown = |control: &StoredValue<Reread, LocalStorage>| control.try_with_value(|_| ()).is_some();
        let state = self.state();
        let mut controls = state.controls.borrow_mut();
        controls.retain(is_shown);
        controls.push(control);
        on_cleanup(move || _ = control.try_with_value(|reread| reread()));
    }

    /// Takes what tools wrote into controls without a word.
    pub fn collect(self) {
        let controls = self.0.try_get_value().map(|state| state.controls.borrow().clone());
        for control in controls.unwrap_or_default() {
            control.try_with_value(|reread| reread());
        }
    }

    /// An answer is given in the person's place, unless they answered or left the field empty on purpose.
    pub fn prefill(self, given: &Given) {
        let field = given.field();
        let is_open = field.value(&self.state().draft.borrow()).is_empty();
        if is_open && !self.touched(field).get_untracked() {
            given.with(&mut |value| self.edit(field, value));
            self.touch(field, true);
        }
    }

    /// These answers were proposed by the link that the person followed, and are not theirs yet.
    pub fn propose(self, fields: Vec<Field>) {
        self.state().proposed.set(fields);
    }

    /// Whether the answer of a field was proposed by a link, and not taken over since.
    #[must_use]
    pub fn is_proposed(self, field: Field) -> bool {
        self.state().proposed.with(|proposed| proposed.contains(&field))
    }

    /// The fields whose answer a link proposed, and that were not taken over since.
    #[must_use]
    pub fn proposed(self) -> Vec<Field> {
        self.state().proposed.get()
    }

    /// The answer is the person's own: they gave it, or saw it and went on.
    pub fn take_over(self, field: Field) {
        let Some(state) = self.0.try_get_value() else { return };
        if state.proposed.with_untracked(|marked| marked.contains(&field)) {
            state.proposed.update(|proposed| proposed.retain(|other| *other != field));
        }
    }

    /// Answers changed elsewhere.
    pub fn replace(self, draft: &Draft, fields: &[Field]) {
        self.state().draft.replace(draft.clone());
        for field in fields {
            self.touch(*field, true);
            self.notify(*field);
        }
        fields.iter().for_each(|field| self.take_over(*field));
        self.state().changed_elsewhere.update(|marked| {
            marked.retain(|field| !fields.contains(field));
            marked.extend(fields);
        });
    }

    /// The fields that changed elsewhere and were not noticed yet.
    #[must_use]
    pub fn changed_elsewhere(self) -> Vec<Field> {
        self.state().changed_elsewhere.get()
    }

    /// Whether a field changed elsewhere and was not noticed yet.
    #[must_use]
    pub fn is_changed_elsewhere(self, field: Field) -> bool {
        self.state().changed_elsewhere.with(|marked| marked.contains(&field))
    }

    /// The person noticed that a field changed elsewhere.
    pub fn noticed(self, field: Field) {
        let Some(state) = self.0.try_get_value() else { return };
        if state.changed_elsewhere.with_untracked(|marked| marked.contains(&field)) {
            state.changed_elsewhere.update(|marked| marked.retain(|other| *other != field));
        }
    }

    /// The person left a field: what is wrong with it may be said.
    pub fn leave(self, field: Field) {
        let state = self.state();
        if state.edited.borrow().contains(&field) {
            state.edited.borrow_mut().retain(|other| *other != field);
            self.touch(field, true);
        }
    }

    /// The person says that a step is done: whatever is missing may be said.
    pub fn attempt(self, step: Step) {
        step.fields().for_each(|field| self.touch(field, true));
        self.state().attempted.update(|steps| {
            if !steps.contains(&step) {
                steps.push(step);
            }
        });
    }

    /// Whether the form asks for a field, by the other answers.
    #[must_use]
    pub fn shows(self, field: Field) -> bool {
        self.look(Field::SHOWING_OTHERS, |draft| field.is_shown(draft))
    }

    /// The error to show at a field.
    #[must_use]
    pub fn finding(self, field: Field) -> Option<Finding> {
        self.visible_findings(field, Level::Error).into_iter().next()
    }

    /// The warnings to show at a field.
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

    /// Everything that stands in the way of submission in a step, said or not.
    #[must_use]
    pub fn errors(self, step: Step) -> Vec<Finding> {
        self.findings(step).with(|findings| findings.iter().filter(|finding| finding.is_error()).cloned().collect())
    }

    /// How far a step is.
    #[must_use]
    pub fn progress(self, step: Step) -> Progress {
        let errors = self.errors(step);
        let attempted = self.state().attempted.with(|steps| steps.contains(&step));
        let to_mend = errors
            .iter()
            .filter(|finding| attempted || !finding.is_about_absence())
            .filter(|finding| self.touched(finding.field).get())
            .count();
        let fields: Vec<Field> = step.fields().collect();
        let untouched = self.look(&fields, |draft| fields.iter().all(|field| field.value(draft).is_empty()));
        match (errors.is_empty(), to_mend) {
            (true, _) => Progress::Complete,
            (false, 0) if untouched => Progress::NotStarted,
            (false, 0) => Progress::Incomplete,
            (false, errors) => Progress::Errors(errors),
        }
    }

    /// The bytes of a document have arrived, are on their way, or do neither any more.
    pub fn arrived(self, document: &Id, arrived: bool) {
        self.state().arrived.update(|documents| {
            documents.retain(|known| known != document);
            if arrived {
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
        #[expect(clippy::expect_used, reason = "they are there once the form is")]
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
