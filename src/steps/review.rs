//! Step 8: every answer read back, and every error by step. A submitted request is read back in the same way.

use leptos::ev;
use leptos::prelude::*;
use web_sys::MouseEvent;

use super::context::StepContext;
use crate::components::{characters_left, heading, link_after, paragraph, visually_hidden};
use crate::context::{CurrentDraft, Focus, Session};
use crate::effect::computed;
use crate::fields::FileLink;
use crate::html::{self, Element, code, dd, div, dl, dt, li, live, span, textarea, ul};
use crate::model::changes::{Change, changes};
use crate::model::field::Value;
use crate::model::lifecycle::act::TEXT_MAX;
use crate::model::{ClosedList, Document, Draft, Field, Finding, Id, Step};
use crate::navigation::{Navigation, Place};
use crate::texts::{self, dates, fields, messages, steps};

/// Shows every answer with a link to its field. Errors and proposed answers are listed above.
#[component]
pub(super) fn Review() -> impl IntoView {
    let StepContext { form, draft, .. } = expect_context();
    let answers = move || {
        let (answers, request) = (form.with_fields(Field::ALL, Draft::clone), draft.id());
        view! { <AnswerSummary draft=answers request read_back=ReadBack::ToCorrect /> }
    };
    view! {
        <ToCorrect />
        <ToCheck />
        <Changes />
        <TextToTeam />
        {live(answers)}
    }
}

/// Shows each answer that differs from the last submission, as it was and as it is.
#[component]
fn Changes() -> impl IntoView {
    let StepContext { form, draft, .. } = expect_context();
    live(move || {
        let rework = form.rework()?;
        let request = draft.id();
        let changes = form.with_fields(Field::ALL, |draft| {
            let line = |change: &Change<'_>| change_line(change, &rework.sent, draft, &request);
            changes(&rework.sent, draft).iter().map(line).collect::<Vec<_>>()
        });
        let content = match changes.is_empty() {
            true => paragraph("Aucune réponse n’a changé.").into_any(),
            false => dl().child(changes).into_any(),
        };
        let title = heading(2, "Ce qui change depuis votre dernier envoi");
        Some(html::section().attr("class", "answers changes").child(title).child(content))
    })
}

/// Returns an answer that changed, as it was and as it is.
fn change_line(change: &Change<'_>, sent: &Draft, now: &Draft, request: &Id) -> Element {
    let field = change.field;
    let version = |words: &'static str, name: &'static str, draft: &Draft, is_asked: bool| {
        let answer = match is_asked {
            true => answer_of(draft, field),
            false => span().attr("class", "hint").child("Question non posée").into_any(),
        };
        div().child(span().attr("class", "hint").child(words)).child(html::element(name).child(answer))
    };
    let versions = dd()
        .attr("class", "answer")
        .child(version("Avant", "del", sent, change.old.is_some()))
        .child(version("Maintenant", "ins", now, change.new.is_some()));
    let name = fields::name(field);
    let link = change.new.is_some().then(|| {
        let words = visually_hidden([" la réponse à «\u{a0}", &name, "\u{a0}»"].concat());
        dd().attr("class", "edit").child(link_to(request, field, "Modifier").child(words))
    });
    div().attr("class", "answer-row").child(dt().child(name)).child(versions).child(link)
}

/// Asks for a text to the team, where the request was sent before.
#[component]
fn TextToTeam() -> impl IntoView {
    let StepContext { form, .. } = expect_context();
    let was_sent = computed(move |_| form.rework().is_some());
    live(move || {
        was_sent.get().then(|| {
            let optional = span().attr("class", "optional").child(" (facultatif)");
            let label = html::label().attr("for", "text-to-team").child("Message à l’équipe").child(optional);
            let area = textarea()
                .attr("id", "text-to-team")
                .attr("name", "text")
                .attr("class", "control")
                .attr("autocomplete", "off")
                .prop("value", untrack(|| form.words().text.as_str().to_owned()))
                .on(ev::input, move |event| form.set_text_to_team(&event_target_value(&event)));
            let left = characters_left(move || form.words().text.as_str().to_owned(), TEXT_MAX);
            div().attr("class", "field").child(label).child(area).child(left)
        })
    })
}

/// Lists the errors by step. Once sending was refused, the summary above lists them instead.
#[component]
fn ToCorrect() -> impl IntoView {
    let StepContext { form, draft, shows_error_summary, .. } = expect_context();
    let of_step = move |step: &Step| {
        let (errors, request) = (form.errors(*step), draft.id());
        let title = || heading(3, steps::title(*step));
        (!errors.is_empty()).then(|| html::section().child(title()).child(view! { <Errors request errors /> }))
    };
    live(move || {
        let by_step: Vec<_> = Step::ALL.iter().filter_map(of_step).collect();
        (!by_step.is_empty() && !shows_error_summary.get()).then(|| {
            let words = "Des réponses sont encore à donner ou à corriger avant l’envoi";
            div().attr("class", "note").child(heading(2, words)).child(by_step)
        })
    })
}

/// Lists the answers that a link proposed.
#[component]
fn ToCheck() -> impl IntoView {
    let StepContext { form, draft, .. } = expect_context();
    live(move || {
        let (proposed, request) = (form.proposed(), draft.id());
        let item = |field: &Field| li().child(link_to(&request, *field, fields::name(*field)));
        (!proposed.is_empty()).then(|| {
            let words = "Des réponses viennent du lien que vous avez suivi : vérifiez-les avant l’envoi";
            let list = ul().child(proposed.iter().map(item).collect::<Vec<_>>());
            div().attr("class", "note").child(heading(2, words)).child(list)
        })
    })
}

/// Lists errors, each as a link to its field.
#[component]
pub fn Errors(
    /// Request that has the errors.
    request: Id,
    /// The errors.
    errors: Vec<Finding>,
) -> impl IntoView {
    let item = |error: &Finding| {
        let words = format!("{} : {}", fields::name(error.field), messages::of(error));
        li().child(link_to(&request, error.field, words))
    };
    ul().child(errors.iter().map(item).collect::<Vec<_>>())
}

/// Returns a link to the step of a field, which also puts the focus on the field.
#[must_use]
pub fn link_to(request: &Id, field: Field, words: impl Into<String>) -> Element {
    let (focus, navigation, current_draft) = (Focus::get(), Navigation::get(), CurrentDraft::get());
    let place = Place::Request(request.clone(), Some(field.step()));
    let here = place.clone();
    let before = move |event: &MouseEvent| {
        if navigation.place().get_untracked() == here {
            event.prevent_default();
            focus.on_field(field);
        } else {
            focus.on_next_field(field);
            let reviewed = matches!(navigation.place().get_untracked(), Place::Request(_, Some(Step::Review)));
            current_draft.comes_from_review().set(reviewed);
        }
    };
    link_after(&place, "", words.into(), Some(Box::new(before)))
}

/// Purpose of reading answers back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// Each answer has a link to its field.
    ToCorrect,
    /// The answers are submitted and do not change.
    Only,
}

/// Shows every answer of a request, by step.
#[component]
pub fn AnswerSummary(
    /// Answers of the request.
    draft: Draft,
    /// Request that has the answers.
    request: Id,
    /// Purpose of reading them.
    read_back: ReadBack,
) -> impl IntoView {
    let section = |step: &Step| {
        let asked = step.fields().filter(|field| field.is_shown(&draft));
        let lines: Vec<_> =
            asked.map(|field| view! { <Line draft=&draft field request=&request read_back /> }).collect();
        html::section().attr("class", "answers").child(heading(2, steps::title(*step))).child(dl().child(lines))
    };
    Step::ALL.iter().filter(|step| **step != Step::Review).map(section).collect::<Vec<_>>()
}

/// Shows the answer of one field.
#[component]
fn Line<'a>(draft: &'a Draft, field: Field, request: &'a Id, read_back: ReadBack) -> impl IntoView + use<> {
    let label = fields::name(field);
    let link = (read_back == ReadBack::ToCorrect).then(|| {
        let words = visually_hidden([" la réponse à «\u{a0}", &label, "\u{a0}»"].concat());
        dd().attr("class", "edit").child(link_to(request, field, "Modifier").child(words))
    });
    let answer = dd().attr("class", "answer").child(match field.value(draft) {
        Value::Documents(documents) if !documents.is_empty() => view! { <Files documents request /> }.into_any(),
        _ => answer_of(draft, field),
    });
    div().attr("class", "answer-row").child(dt().child(label)).child(answer).child(link)
}

/// Lists files, each as a link that saves it.
#[component]
fn Files<'a>(documents: &'a [Document], request: &'a Id) -> impl IntoView + use<> {
    let service = Session::get().service();
    let item = |document: &Document| {
        let (name, address) = (document.name.clone(), service.document_address(request, &document.id));
        let size = [" (", &texts::size(document.size), ")"].concat();
        html::p().child(view! { <FileLink name address /> }).child(size)
    };
    documents.iter().map(item).collect::<Vec<_>>()
}

/// Returns an answer in words.
#[must_use]
pub fn answer_of(draft: &Draft, field: Field) -> AnyView {
    let value = field.value(draft);
    if value.is_empty() && !matches!(value, Value::Flag(_)) {
        let can_be_empty = field.is_optional() || field == Field::LegalUrl || field == Field::LegalDocuments;
        let words = if can_be_empty { "Sans réponse" } else { "Pas encore de réponse" };
        return span().attr("class", "hint").child(words).into_any();
    }
    match value {
        Value::Text(text) => span().attr("translate", "no").child(written(draft, field, text)).into_any(),
        Value::Choice(chosen) => fields::option(field, chosen.unwrap_or_default()).0.into_any(),
        Value::YesNo(answer) => fields::option(field, if answer == Some(true) { "true" } else { "false" }).0.into_any(),
        Value::Flag(true) => "Oui".into_any(),
        Value::Flag(false) => span().attr("class", "hint").child("Case pas encore cochée").into_any(),
        Value::Scopes(scopes) => {
            let names: Vec<&str> = scopes.known().map(|scope| fields::option(field, scope.as_str()).0).collect();
            let code = code().attr("translate", "no").child(scopes.parameter());
            vec![paragraph(names.join(", ")).into_any(), code.into_any()].into_any()
        }
        Value::Documents(documents) => {
            let name = |document: &Document| format!("{} ({})", document.name, texts::size(document.size));
            documents.iter().map(name).collect::<Vec<_>>().join(", ").into_any()
        }
    }
}

fn written(draft: &Draft, field: Field, text: &str) -> String {
    match field {
        Field::LaunchDate => field.date(draft).map(dates::day),
        Field::YearlyVolume => field.number(draft).map(texts::number),
        Field::RetentionMonths => field.number(draft).map(|months| format!("{} mois", texts::number(months))),
        _ => None,
    }
    .unwrap_or_else(|| text.trim().to_owned())
}
