//! The state of the form: one signal per field, what the check finds, and when to say it.

use leptos::prelude::*;

use crate::arriving;
use crate::clock;
use crate::dom::Reread;
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

/// Who is told of an edit, with the whole draft as it is then.
type Listener = Box<dyn Fn(Draft)>;

/// The form of one request. Copies share one state.
#[derive(Clone, Copy)]
pub struct Form {
    draft: StoredValue<Draft, LocalStorage>,
    changes: StoredValue<Vec<ArcTrigger>, LocalStorage>,
    findings: StoredValue<Vec<Memo<Vec<Finding>>>, LocalStorage>,
    /// Whether a field's findings are shown: never while someone types a first attempt.
    spoken: StoredValue<Vec<RwSignal<bool>>, LocalStorage>,
    /// Fields that the person changed: an answer that was taken away is missing as soon as the field is left.
    edited: StoredValue<Vec<Field>, LocalStorage>,
    attempted: RwSignal<Vec<Step>>,
    /// Documents whose bytes have arrived or are on their way.
    arrived: RwSignal<Vec<Id>>,
    /// Fields that changed elsewhere under the person's eyes: marked until they edit them or go on.
    changed_elsewhere: RwSignal<Vec<Field>>,
    /// Fields whose answer a link proposed: marked until the person answers them, or says that their step is done.
    proposed: RwSignal<Vec<Field>>,
    on_edit: StoredValue<Listener, LocalStorage>,
    /// The controls that are shown.
    controls: StoredValue<Vec<StoredValue<Reread, LocalStorage>>, LocalStorage>,
}

impl Form {
    /// A form filled with a draft. What it holds already may be spoken of.
    #[must_use]
    pub fn new(draft: Draft, arrived: Vec<Id>) -> Self {
        let spoken = Field::ALL.iter().map(|field| RwSignal::new(!field.value(&draft).is_empty())).collect();
        let form = Self {
            draft: StoredValue::new_local(draft),
            changes: StoredValue::new_local(Field::ALL.iter().map(|_| ArcTrigger::new()).collect()),
            findings: StoredValue::new_local(Vec::new()),
            spoken: StoredValue::new_local(spoken),
            edited: StoredValue::new_local(Vec::new()),
            attempted: RwSignal::new(Vec::new()),
            arrived: RwSignal::new(arrived),
            changed_elsewhere: RwSignal::new(Vec::new()),
            proposed: RwSignal::new(Vec::new()),
            on_edit: StoredValue::new_local(Box::new(|_| {})),
            controls: StoredValue::new_local(Vec::new()),
        };
        form.findings.set_value(Step::ALL.iter().map(|step| Memo::new(move |_| form.check(*step))).collect());
        form
    }

    /// Who is told of each edit.
    pub fn on_edit(self, tell: impl Fn(Draft) + 'static) {
        self.on_edit.set_value(Box::new(tell));
    }

    /// Everything typed so far.
    #[must_use]
    pub fn draft(self) -> Draft {
        self.draft.get_value()
    }

    /// Looks at one answer, and again whenever it changes.
    pub fn with<T>(self, field: Field, look: impl FnOnce(Value<'_>) -> T) -> T {
        self.track(field);
        self.draft.with_value(|draft| look(field.value(draft)))
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
        self.draft.with_value(look)
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
        let mut changed = false;
        self.draft.update_value(|draft| {
            changed = field.value(draft) != value;
            if changed {
                field.set(draft, value);
            }
        });
        if changed {
            // What was mended and is typed again is a first attempt again.
            if matches!(value, Value::Text(_)) && untrack(|| self.finding(field)).is_none() {
                self.speak(field, false);
            }
            self.edited.update_value(|edited| edited.push(field));
            self.noticed(field);
            self.take_over(field);
            self.notify(field);
            // Whoever is told may find that another tab wrote meanwhile, and replace what this holds.
            let draft = self.draft();
            self.on_edit.with_value(|tell| tell(draft));
        }
    }

    /// A control is shown. It is read again whenever answers are [collected](Self::collect), and when its owner ends.
    pub fn collects(self, reread: Reread) {
        let control = StoredValue::new_local(reread);
        let is_shown = |control: &StoredValue<Reread, LocalStorage>| control.try_with_value(|_| ()).is_some();
        self.controls.update_value(|controls| {
            controls.retain(is_shown);
            controls.push(control);
        });
        on_cleanup(move || _ = control.try_with_value(|reread| reread()));
    }

    /// Takes what tools wrote into controls without a word.
    pub fn collect(self) {
        for control in self.controls.try_get_value().unwrap_or_default() {
            control.try_with_value(|reread| reread());
        }
    }

    /// An answer is given in the person's place, unless they answered or left the field empty on purpose.
    pub fn prefill(self, given: &Given) {
        let field = given.field();
        let is_open = self.draft.with_value(|draft| field.value(draft).is_empty());
        if is_open && !self.spoken(field).get_untracked() {
            given.with(&mut |value| self.edit(field, value));
            self.speak(field, true);
        }
    }

    /// These answers were proposed by the link that the person followed, and are not theirs yet.
    pub fn propose(self, fields: Vec<Field>) {
        self.proposed.set(fields);
    }

    /// Whether the answer of a field was proposed by a link, and not taken over since.
    #[must_use]
    pub fn is_proposed(self, field: Field) -> bool {
        self.proposed.with(|proposed| proposed.contains(&field))
    }

    /// The fields whose answer a link proposed, and that were not taken over since.
    #[must_use]
    pub fn proposed(self) -> Vec<Field> {
        self.proposed.get()
    }

    /// The answer is the person's own: they gave it, or saw it and went on.
    pub fn take_over(self, field: Field) {
        if self.proposed.try_with_untracked(|proposed| proposed.contains(&field)) == Some(true) {
            self.proposed.update(|proposed| proposed.retain(|other| *other != field));
        }
    }

    /// Answers changed elsewhere.
    pub fn replace(self, draft: &Draft, fields: &[Field]) {
        self.draft.set_value(draft.clone());
        for field in fields {
            self.speak(*field, true);
            self.notify(*field);
        }
        fields.iter().for_each(|field| self.take_over(*field));
        self.changed_elsewhere.update(|marked| {
            marked.retain(|field| !fields.contains(field));
            marked.extend(fields);
        });
    }

    /// The fields that changed elsewhere and were not noticed yet.
    #[must_use]
    pub fn changed_elsewhere(self) -> Vec<Field> {
        self.changed_elsewhere.get()
    }

    /// Whether a field changed elsewhere and was not noticed yet.
    #[must_use]
    pub fn is_changed_elsewhere(self, field: Field) -> bool {
        self.changed_elsewhere.with(|marked| marked.contains(&field))
    }

    /// The person noticed that a field changed elsewhere.
    pub fn noticed(self, field: Field) {
        if self.changed_elsewhere.try_with_untracked(|marked| marked.contains(&field)) == Some(true) {
            self.changed_elsewhere.update(|marked| marked.retain(|other| *other != field));
        }
    }

    /// The person left a field: what is wrong with it may be said.
    pub fn leave(self, field: Field) {
        if self.edited.with_value(|edited| edited.contains(&field)) {
            self.edited.update_value(|edited| edited.retain(|other| *other != field));
            self.speak(field, true);
        }
    }

    /// The person says that a step is done: whatever is missing may be said.
    pub fn attempt(self, step: Step) {
        step.fields().for_each(|field| self.speak(field, true));
        self.attempted.update(|steps| {
            if !steps.contains(&step) {
                steps.push(step);
            }
        });
    }

    /// Whether the form asks for a field, by the other answers.
    #[must_use]
    pub fn shows(self, field: Field) -> bool {
        use Field::{ControllerKind, Migration, OrganisationKind, RetentionMonths};
        self.look(&[OrganisationKind, Migration, RetentionMonths, ControllerKind], |draft| field.is_shown(draft))
    }

    /// The error to show at a field.
    #[must_use]
    pub fn finding(self, field: Field) -> Option<Finding> {
        self.said(field, Level::Error).into_iter().next()
    }

    /// The warnings to show at a field.
    #[must_use]
    pub fn warnings(self, field: Field) -> Vec<Finding> {
        self.said(field, Level::Warning)
    }

    fn said(self, field: Field, level: Level) -> Vec<Finding> {
        if !self.spoken(field).get() {
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
        let attempted = self.attempted.with(|steps| steps.contains(&step));
        let to_mend = errors
            .iter()
            .filter(|finding| attempted || !finding.is_about_absence())
            .filter(|finding| self.spoken(finding.field).get())
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
        self.arrived.update(|documents| {
            documents.retain(|known| known != document);
            if arrived {
                documents.push(document.clone());
            }
        });
    }

    fn check(self, step: Step) -> Vec<Finding> {
        step.fields().chain(Draft::depends_on(step).iter().copied()).for_each(|field| self.track(field));
        self.arrived.with(|arrived| {
            let circumstances = Circumstances { today: clock::today(), arrived: Some(arrived) };
            self.draft.with_value(|draft| draft.findings_of(step, &circumstances))
        })
    }

    fn findings(self, step: Step) -> Memo<Vec<Finding>> {
        self.findings.with_value(|findings| findings[step as usize])
    }

    fn spoken(self, field: Field) -> RwSignal<bool> {
        self.spoken.with_value(|spoken| spoken[field as usize])
    }

    fn speak(self, field: Field, speak: bool) {
        let spoken = self.spoken(field);
        if spoken.get_untracked() != speak {
            spoken.set(speak);
        }
    }

    fn track(self, field: Field) {
        self.changes.with_value(|changes| changes[field as usize].track());
    }

    fn notify(self, field: Field) {
        let change = self.changes.with_value(|changes| changes[field as usize].clone());
        change.notify();
    }
}
