//! Step 8: every answer read back, and every error by step. Also how a submitted request is read.

use leptos::prelude::*;
use web_sys::MouseEvent;

use super::filling::Filling;
use crate::clock;
use crate::components::{heading, link_after, paragraph, visually_hidden};
use crate::context::{CurrentDraft, Focus, Session};
use crate::fields::FileLink;
use crate::html::{self, Bare, Element, code, dd, div, dl, dt, li, live, span, ul};
use crate::model::field::Value;
use crate::model::{ClosedList, Document, Draft, Field, Finding, Id, Step};
use crate::navigation::{Navigation, Place};
use crate::texts::{self, fields, messages, steps};

/// Shows the answers, each with a way to change it.
#[component]
pub(super) fn Review() -> impl IntoView {
    let filling: Filling = expect_context();
    let read = move || answers(&filling.form.look(Field::ALL, Draft::clone), &filling.draft.id(), Reading::ToMend);
    vec![live(move || missing(filling)).into_any(), live(move || proposed(filling)).into_any(), live(read).into_any()]
}

fn missing(filling: Filling) -> Option<Element> {
    let missing = |step: &Step| {
        let errors = filling.form.errors(*step);
        let title = || heading(3, steps::title(*step));
        (!errors.is_empty()).then(|| html::section().child(title()).child(list_of_errors(&filling.draft.id(), &errors)))
    };
    let by_step: Vec<Bare> = Step::ALL.iter().filter_map(missing).collect();
    // Once sending was refused, the summary tells the same.
    (!by_step.is_empty() && !filling.refused.get()).then(|| {
        let words = "Des réponses sont encore à donner ou à corriger avant l’envoi";
        div().attr("class", "note").child(heading(2, words)).child(by_step)
    })
}

fn proposed(filling: Filling) -> Option<Element> {
    let proposed = filling.form.proposed();
    let id = filling.draft.id();
    let link = |field: &Field| li().child(link_to(&id, *field, fields::name(*field)));
    (!proposed.is_empty()).then(|| {
        let words = "Des réponses viennent du lien que vous avez suivi : vérifiez-les avant l’envoi";
        let list = ul().child(proposed.iter().map(link).collect::<Vec<_>>());
        div().attr("class", "note").child(heading(2, words)).child(list)
    })
}

/// Errors, each a link to its field.
#[must_use]
pub fn list_of_errors(id: &Id, errors: &[Finding]) -> Bare {
    let link = |finding: &Finding| {
        let words = format!("{} : {}", fields::name(finding.field), messages::of(finding));
        li().child(link_to(id, finding.field, words))
    };
    ul().child(errors.iter().map(link).collect::<Vec<_>>())
}

/// A link to the step of a field that also puts the focus on the field.
#[must_use]
pub fn link_to(id: &Id, field: Field, words: impl Into<String>) -> Element {
    let (focus, navigation, open) = (Focus::get(), Navigation::get(), CurrentDraft::get());
    let place = Place::Request(id.clone(), Some(field.step()));
    let here = place.clone();
    let before = move |event: &MouseEvent| {
        if navigation.place().get_untracked() == here {
            event.prevent_default();
            focus.on_field(field);
        } else {
            focus.on_next_field(field);
            let reviewed = matches!(navigation.place().get_untracked(), Place::Request(_, Some(Step::Review)));
            open.comes_from_review().set(reviewed);
        }
    };
    link_after(&place, "", words.into(), Some(Box::new(before)))
}

/// What the person who reads answers can do with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Each has a link that leads to its field.
    ToMend,
    /// They are sent: nothing.
    Only,
}

/// Every answer of a request, by step.
#[must_use]
pub fn answers(draft: &Draft, request: &Id, reading: Reading) -> Vec<Element> {
    let section = |step: &Step| {
        let asked = step.fields().filter(|field| field.is_shown(draft));
        let lines: Vec<Element> = asked.map(|field| line(draft, field, request, reading)).collect();
        html::section().attr("class", "read").child(heading(2, steps::title(*step))).child(dl().child(lines))
    };
    Step::ALL.iter().filter(|step| **step != Step::Review).map(section).collect()
}

fn line(draft: &Draft, field: Field, request: &Id, reading: Reading) -> Element {
    let label = fields::name(field);
    let link = (reading == Reading::ToMend).then(|| {
        let words = visually_hidden([" la réponse à «\u{a0}", &label, "\u{a0}»"].concat());
        dd().attr("class", "edit").child(link_to(request, field, "Modifier").child(words))
    });
    let answer = dd().attr("class", "answer").child(match field.value(draft) {
        Value::Documents(documents) if !documents.is_empty() => files(documents, request),
        _ => answer_of(draft, field),
    });
    div().attr("class", "line").child(dt().child(label)).child(answer).child(link)
}

/// Files, each a link to its bytes.
fn files(documents: &[Document], request: &Id) -> AnyView {
    let session = Session::get();
    let service = session.service();
    let link = |document: &Document| {
        let (name, address) = (document.name.clone(), service.document_address(request, &document.id));
        let size = [" (", &texts::size(document.size), ")"].concat();
        html::p().child(view! { <FileLink name address /> }).child(size)
    };
    documents.iter().map(link).collect::<Vec<_>>().into_any()
}

/// An answer as people read it.
#[must_use]
pub fn answer_of(draft: &Draft, field: Field) -> AnyView {
    let value = field.value(draft);
    if value.is_empty() && !matches!(value, Value::Flag(_)) {
        let needless = field.is_optional() || field == Field::LegalUrl || field == Field::LegalDocuments;
        let words = if needless { "Sans réponse" } else { "Pas encore de réponse" };
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
        Field::LaunchDate => field.date(draft).map(clock::day),
        Field::YearlyVolume => field.number(draft).map(texts::number),
        Field::RetentionMonths => field.number(draft).map(|months| format!("{} mois", texts::number(months))),
        _ => None,
    }
    .unwrap_or_else(|| text.trim().to_owned())
}
