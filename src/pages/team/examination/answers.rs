//! The answers that were sent, by step, with warnings, changes and remarks.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use web_sys::Event;

use super::acting::Desk;
use super::acts::kept;
use super::dossier::Dossier;
use super::writing::remark;
use crate::clock;
use crate::components::{Section, button, characters_left, heading, paragraph, visually_hidden};
use crate::fields::FileLink;
use crate::html::{self, Element, anew, dd, div, dl, dt, element, follow, holds, label, live, select, span};
use crate::model::changes::{Change, changes};
use crate::model::field::Value;
use crate::model::finding::Circumstances;
use crate::model::lifecycle::act::REMARK_MAX;
use crate::model::wire::{self, Kind, Submission};
use crate::model::{ClosedList, Document, Draft, Field, Finding, Step};
use crate::steps::answer_of;
use crate::texts::{self, dates, examination, fields, messages, steps};

/// Shows the remarks of the last round that is over, with what became of each.
#[component]
pub(super) fn FollowUps(dossier: Arc<Dossier>) -> impl IntoView {
    let round = dossier.history.last_round.as_ref().filter(|round| !round.remarks.is_empty())?;
    let since = dossier.previous.as_ref().filter(|previous| previous.n == round.submission);
    let changes = since.map_or_else(Vec::new, |previous| changes(&previous.draft, &dossier.last.draft));
    let line = |follow_up| {
        let words = examination::follow_up(&follow_up);
        let name = Field::from_pointer(&follow_up.remark.pointer).map(fields::name).unwrap_or_default();
        div()
            .attr("class", "answer-row")
            .child(dt().child(name))
            .child(dd().attr("class", "answer").child(follow_up.remark.text.lines()))
            .child(dd().attr("class", "answer follow-up").child(words))
    };
    let lines: Vec<Element> = round.follow_ups(&changes).map(line).collect();
    let title = heading(2, "Suites des dernières remarques");
    Some(html::section().attr("class", "answers").child(title).child(dl().child(lines)))
}

/// Submission with which the last one is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Against {
    Previous,
    Active,
    Nothing,
}

impl Against {
    const ALL: [Self; 3] = [Self::Previous, Self::Active, Self::Nothing];

    fn as_str(self) -> &'static str {
        match self {
            Self::Previous => "previous",
            Self::Active => "active",
            Self::Nothing => "nothing",
        }
    }

    /// Returns the submission, where the request has it.
    fn submission(self, dossier: &Dossier) -> Option<&Submission> {
        match self {
            Self::Previous => dossier.previous.as_ref(),
            Self::Active => dossier.active(),
            Self::Nothing => None,
        }
    }

    fn words(self, dossier: &Dossier) -> String {
        let sent = |submission: &Submission| {
            ["l’envoi n°\u{a0}", &submission.n.to_string(), ", du ", &dates::day(submission.on)].concat()
        };
        match (self, self.submission(dossier)) {
            (Self::Previous, Some(submission)) => ["L’envoi précédent\u{a0}: ", &sent(submission)].concat(),
            (_, Some(submission)) => ["L’habilitation en vigueur\u{a0}: ", &sent(submission)].concat(),
            (_, None) => "Rien".to_owned(),
        }
    }
}

/// Shows every answer of the last submission. Those that changed show the old one too.
#[component]
pub(super) fn Answers(dossier: Arc<Dossier>) -> impl IntoView {
    let desk: Desk = expect_context();
    let choices: Vec<Against> = Against::ALL
        .into_iter()
        .filter(|against| *against == Against::Nothing || against.submission(&dossier).is_some())
        .collect();
    let against = RwSignal::new(choices.first().copied().unwrap_or(Against::Nothing));
    let remarked = desk.writing.remarked;
    let choice = (choices.len() > 1).then(|| comparison(&dossier, &choices, against));
    let compared = anew(
        move || against.get(),
        move |against| {
            let sections: Vec<AnyView> = Step::ALL
                .iter()
                .filter(|step| **step != Step::Review)
                .map(|step| {
                    view! { <StepAnswers dossier=Arc::clone(&dossier) step=*step against remarked /> }.into_any()
                })
                .collect();
            sections.into_any()
        },
    );
    view! { <Section title="Réponses">{choice} {compared}</Section> }
}

/// Returns the choice of what the answers are compared with.
fn comparison(dossier: &Dossier, choices: &[Against], against: RwSignal<Against>) -> Element {
    let current = against.get_untracked();
    let option = |choice: &Against| {
        let selected = (*choice == current).then_some("");
        html::option().attr("value", choice.as_str()).attr("selected", selected).child(choice.words(dossier))
    };
    let choose = move |event: Event| {
        let value = event_target_value(&event);
        if let Some(chosen) = Against::ALL.into_iter().find(|choice| choice.as_str() == value) {
            against.set(chosen);
        }
    };
    let options: Vec<_> = choices.iter().map(option).collect();
    let control = select().attr("id", "comparison").attr("class", "control").on(ev::change, choose).child(options);
    div().attr("class", "field").child(label().attr("for", "comparison").child("Comparer avec")).child(control)
}

/// Shows the answers of one step.
#[component]
fn StepAnswers(dossier: Arc<Dossier>, step: Step, against: Against, remarked: RwSignal<Vec<Field>>) -> impl IntoView {
    let draft = &dossier.last.draft;
    let old = against.submission(&dossier).map(|submission| &submission.draft);
    let changed = old.map_or_else(Vec::new, |old| changes(old, draft));
    let warnings = draft.findings(&Circumstances::on(clock::today()));
    let line = |field: Field| {
        let change = changed.iter().find(|change| change.field == field);
        if !field.is_shown(draft) && change.is_none() {
            return None;
        }
        let warnings = warnings.iter().filter(|found| found.field == field && !found.is_error());
        Some(
            view! { <Answer dossier=&dossier field change=change.zip(old) warnings=warnings.collect() remarked /> }
                .into_any(),
        )
    };
    let lines: Vec<AnyView> = step.fields().filter_map(line).collect();
    html::section().attr("class", "answers").child(heading(3, steps::title(step))).child(dl().child(lines))
}

/// Shows the answer of a field, with its old one where it changed, its warnings, and the remark about it.
#[component]
fn Answer<'a>(
    dossier: &'a Dossier,
    field: Field,
    /// Change of the answer, with the draft before.
    change: Option<(&'a Change<'a>, &'a Draft)>,
    warnings: Vec<&'a Finding>,
    /// Fields that have a control for a remark.
    remarked: RwSignal<Vec<Field>>,
) -> impl IntoView + use<> {
    let desk: Desk = expect_context();
    let new = &dossier.last.draft;
    let answer = || dd().attr("class", "answer");
    let now = || match field.value(new) {
        Value::Documents(documents) if !documents.is_empty() => files(desk, documents),
        _ => answer_of(new, field),
    };
    let mut lines: Vec<Element> = Vec::new();
    match change {
        None => lines.push(answer().child(now())),
        Some((change, old)) => {
            let word = |words: &'static str| span().attr("class", "badge").child(words);
            if change.old.is_some() {
                lines.push(answer().child(element("del").child(word("avant")).child(" ").child(answer_of(old, field))));
            }
            let now = match change.new {
                Some(_) => now(),
                None => span().attr("class", "hint").child("Cette question n’est plus posée").into_any(),
            };
            lines.push(answer().child(element("ins").child(word("maintenant")).child(" ").child(now)));
        }
    }
    let warning = |finding: &&Finding| dd().attr("class", "note").child(messages::of(finding));
    lines.extend(warnings.iter().map(warning));
    if desk.may_decide(dossier, Kind::ChangesRequested) {
        lines.push(remark_line(note(dossier, field), field, remarked));
    }
    let name = dt().child(fields::name(field));
    div().attr("class", "answer-row").attr("data-changed", change.map(|_| "")).child(name).child(lines)
}

/// Returns the last note of the team at a field, as a proposal for a remark.
fn note(dossier: &Dossier, field: Field) -> String {
    let pointer = field.pointer();
    let is_here = |event: &&wire::Event| event.kind == Kind::Note && event.pointer.as_deref() == Some(pointer.as_str());
    dossier.events.iter().rev().find(is_here).map(|event| event.text.lines()).unwrap_or_default()
}

/// Lists files, each as a link that saves it.
pub(super) fn files(desk: Desk, documents: &[Document]) -> AnyView {
    let service = desk.session.examination();
    let request = desk.request.get_value();
    let item = |document: &Document| {
        let (name, address) = (document.name.clone(), service.document_address(&request, &document.id));
        let size = [" (", &texts::size(document.size), ")"].concat();
        html::p().child(view! { <FileLink name address /> }).child(size)
    };
    documents.iter().map(item).collect::<Vec<_>>().into_any()
}

/// Returns the line of an answer that asks for a remark: beside the answer while it is a button, else under it.
fn remark_line(note: String, field: Field, remarked: RwSignal<Vec<Field>>) -> Element {
    let class = move || if remarked.with(|fields| fields.contains(&field)) { "remark-control" } else { "edit" };
    dd().attr("class", follow(class)).child(view! { <RemarkControl field note remarked /> })
}

/// Shows the button that adds a remark about an answer, or the control in which it is written.
#[component]
fn RemarkControl(
    field: Field,
    /// Note of the team, which stands in the control at first.
    note: String,
    remarked: RwSignal<Vec<Field>>,
) -> impl IntoView {
    let desk: Desk = expect_context();
    let name = remark(field);
    let selector = ["[name=\"", &name, "\"]"].concat();
    let is_open = Memo::new(move |_| remarked.with(|remarked| remarked.contains(&field)));
    let about = ["\u{a0}: ", &fields::name(field)].concat();
    live(move || {
        let (name, note, about) = (name.clone(), note.clone(), about.clone());
        if !is_open.get() {
            let (selector, button_name) = (selector.clone(), name.clone());
            let open = move || {
                let before = desk.writing.read(Kind::ChangesRequested, &name);
                desk.writing.write(Kind::ChangesRequested, &name, if before.is_empty() { &note } else { &before });
                remarked.update(|remarked| remarked.push(field));
                desk.focus.on(&selector);
            };
            return button("quiet", "Ajouter une remarque", open)
                .attr("data-remark", button_name)
                .child(visually_hidden(about))
                .into_any();
        }
        let kept_name = name.clone();
        let remove = move || {
            desk.writing.write(Kind::ChangesRequested, &kept_name, "");
            remarked.update(|remarked| remarked.retain(|other| *other != field));
            desk.remark_errors.update(|errors| errors.retain(|(other, _)| *other != field));
            desk.focus.on(&["[data-remark=\"", &kept_name, "\"]"].concat());
        };
        let label =
            label().attr("for", name.clone()).child("Remarque au demandeur").child(visually_hidden(about.clone()));
        let (control, typed) = kept(desk, Kind::ChangesRequested, name.clone());
        let left = characters_left(move || typed.get(), REMARK_MAX);
        let remove = button("quiet", "Retirer la remarque", remove).child(visually_hidden(about));
        let message = [&name, "-message"].concat();
        let error_at = move || {
            let of_field = |(at, words): &(Field, String)| (*at == field).then(|| words.clone());
            desk.remark_errors.with(|errors| errors.iter().find_map(of_field))
        };
        let described = message.clone();
        let control = control
            .attr("id", name)
            .attr("aria-describedby", follow(move || error_at().map(|_| described.clone())))
            .attr("aria-invalid", follow(move || error_at().map(|_| "true")));
        let error = live(move || {
            let message = message.clone();
            error_at().map(move |words| paragraph(words).attr("class", "message").attr("id", message))
        });
        div()
            .attr("class", "field")
            .class(("invalid", holds(move || error_at().is_some())))
            .child(label)
            .child(control)
            .child(error)
            .child(left)
            .child(html::p().child(remove))
            .into_any()
    })
}
