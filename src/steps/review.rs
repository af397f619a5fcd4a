//! Step 8: every answer read back, and every error by step. Also how a submitted request is read.

use leptos::prelude::*;
use web_sys::Event;

use super::Filling;
use crate::app::{App, heading};
use crate::clock;
use crate::controls::link_to_file;
use crate::dom::{Element, View, element, live, paragraph, unseen, way};
use crate::model::field::Value;
use crate::model::{ClosedList, Document, Draft, Field, Finding, Id, Step};
use crate::navigation::Place;
use crate::texts::{self, fields, messages, steps};

/// The answers, each with a way to change it.
#[must_use]
pub fn review(filling: Filling) -> View {
    let missing = move || {
        let missing = |step: &Step| {
            let errors = filling.form.errors(*step);
            (!errors.is_empty()).then(|| {
                element("section")
                    .child(heading(3, steps::title(*step)))
                    .child(list_of_errors(&filling.draft.id(), &errors))
            })
        };
        let by_step: Vec<Element> = Step::ALL.iter().filter_map(missing).collect();
        // Once sending was refused, the summary tells the same.
        (!by_step.is_empty() && !filling.refused.get()).then(|| {
            let words = "Des réponses sont encore à donner ou à corriger avant l’envoi";
            element("div").class("note").child(heading(2, words)).child(by_step)
        })
    };
    let read = move || answers(&filling.form.look(Field::ALL, Draft::clone), &filling.draft.id(), Reading::ToMend);
    let proposed = move || {
        let proposed = filling.form.proposed();
        let id = filling.draft.id();
        let link = |field: &Field| element("li").child(link_to(&id, *field, &fields::name(*field)));
        (!proposed.is_empty()).then(|| {
            let words = "Des réponses viennent du lien que vous avez suivi : vérifiez-les avant l’envoi";
            let list = element("ul").child(proposed.iter().map(link).collect::<Vec<_>>());
            element("div").class("note").child(heading(2, words)).child(list)
        })
    };
    View::Several(vec![live(missing), live(proposed), live(read)])
}

/// Errors, each a link to its field.
#[must_use]
pub fn list_of_errors(id: &Id, errors: &[Finding]) -> Element {
    let link = |finding: &Finding| {
        let words = format!("{} : {}", fields::name(finding.field), messages::of(finding));
        element("li").child(link_to(id, finding.field, &words))
    };
    element("ul").child(errors.iter().map(link).collect::<Vec<_>>())
}

/// A link to the step of a field that also puts the focus on the field.
#[must_use]
pub fn link_to(id: &Id, field: Field, words: &str) -> Element {
    let app = App::get();
    let place = Place::Request(id.clone(), Some(field.step()));
    let here = place.clone();
    let first = move |event: &Event| {
        if app.navigation.place().get_untracked() == here {
            event.prevent_default();
            app.focus_field(field);
        } else {
            app.focus_field_next(field);
            let reviewed = matches!(app.navigation.place().get_untracked(), Place::Request(_, Some(Step::Review)));
            app.come_back_to_review(reviewed);
        }
    };
    way(&place, "", words, Some(Box::new(first)))
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
pub fn answers(draft: &Draft, request: &Id, reading: Reading) -> View {
    let section = |step: &Step| {
        let asked = step.fields().filter(|field| field.is_shown(draft));
        let lines: Vec<Element> = asked.map(|field| line(draft, field, request, reading)).collect();
        element("section").class("read").child(heading(2, steps::title(*step))).child(element("dl").child(lines))
    };
    Step::ALL.iter().filter(|step| **step != Step::Review).map(section).collect::<Vec<_>>().into()
}

fn line(draft: &Draft, field: Field, request: &Id, reading: Reading) -> Element {
    let label = fields::name(field);
    let link = (reading == Reading::ToMend).then(|| {
        let words = unseen(&format!(" la réponse à « {label} »"));
        element("dd").class("edit").child(link_to(request, field, "Modifier").child(words))
    });
    element("div")
        .class("line")
        .child(element("dt").text(&label))
        .child(element("dd").class("answer").child(match field.value(draft) {
            Value::Documents(documents) if !documents.is_empty() => files(documents, request),
            _ => answer_of(draft, field),
        }))
        .child(link)
}

/// Files, each a link to its bytes.
fn files(documents: &[Document], request: &Id) -> View {
    let api = App::get().api();
    let link = |document: &Document| {
        let address = api.document_address(request, &document.id);
        let size = [" (", &texts::size(document.size), ")"].concat();
        paragraph("").child(link_to_file(&document.name, address)).text(&size)
    };
    documents.iter().map(link).collect::<Vec<_>>().into()
}

/// An answer as people read it.
#[must_use]
pub fn answer_of(draft: &Draft, field: Field) -> View {
    let value = field.value(draft);
    if value.is_empty() && !matches!(value, Value::Flag(_)) {
        let needless = field.is_optional() || field == Field::LegalUrl || field == Field::LegalDocuments;
        let words = if needless { "Sans réponse" } else { "Pas encore de réponse" };
        return element("span").class("hint").text(words).into();
    }
    match value {
        Value::Text(text) => element("span").untranslated().text(&written(draft, field, text)).into(),
        Value::Choice(chosen) => fields::option(field, chosen.unwrap_or_default()).0.into(),
        Value::YesNo(answer) => fields::option(field, if answer == Some(true) { "true" } else { "false" }).0.into(),
        Value::Flag(true) => "Oui".into(),
        Value::Flag(false) => element("span").class("hint").text("Case pas encore cochée").into(),
        Value::Scopes(scopes) => {
            let names: Vec<&str> = scopes.known().map(|scope| fields::option(field, scope.as_str()).0).collect();
            let code = element("code").attr("translate", "no").text(&scopes.parameter());
            View::Several(vec![paragraph(&names.join(", ")).into(), code.into()])
        }
        Value::Documents(documents) => {
            let name = |document: &Document| format!("{} ({})", document.name, texts::size(document.size));
            documents.iter().map(name).collect::<Vec<_>>().join(", ").into()
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
