//! Step 8: every answer read back, and every error by step. Also how a submitted request is read.

use leptos::prelude::*;

use super::Filling;
use crate::app::App;
use crate::clock;
use crate::model::field::Value;
use crate::model::{ClosedList, Draft, Field, Finding, Id, Step};
use crate::navigation::{Place, href};
use crate::texts::{self, fields, messages, steps};

/// The answers, each with a way to change it.
pub(super) fn view(filling: Filling) -> AnyView {
    let id = filling.draft.id();
    let missing = move || {
        let errors: Vec<Finding> = Step::ALL.iter().flat_map(|step| filling.form.errors(*step)).collect();
        (!errors.is_empty()).then(|| {
            let words = texts::count(
                errors.len(),
                "réponse est encore à donner ou à corriger avant l’envoi :",
                "réponses sont encore à donner ou à corriger avant l’envoi :",
            );
            view! {
                <div class="note">
                    <p>{words}</p>
                    {list_of_errors(&id, &errors)}
                </div>
            }
        })
    };
    let id = filling.draft.id();
    view! {
        {missing}
        {move || answers(&filling.form.look(Field::ALL, Draft::clone), Some(&id))}
    }
    .into_any()
}

/// Errors of one step or several, each a link to its field.
pub fn list_of_errors(id: &Id, errors: &[Finding]) -> AnyView {
    let link = |finding: &Finding| {
        let words = format!("{}\u{a0}: {}", fields::full_label(finding.field), messages::of(finding));
        view! { <li>{link_to(id, finding.field, words)}</li> }
    };
    view! { <ul>{errors.iter().map(link).collect_view()}</ul> }.into_any()
}

/// A link to the step of a field that also puts the focus on the field.
fn link_to(id: &Id, field: Field, words: impl IntoView + 'static) -> AnyView {
    let app = App::get();
    let place = Place::Request(id.clone(), Some(field.step()));
    let address = href(&place);
    let go = move |event: leptos::ev::MouseEvent| {
        if app.navigation.place().get_untracked() == place {
            event.prevent_default();
            app.focus_field(field);
        } else {
            app.focus_field_next(field);
        }
    };
    view! { <a href=address on:click=go>{words.into_any()}</a> }.into_any()
}

/// Every answer by step. With `edit`, the request they belong to, each has a link that leads to its field.
pub fn answers(draft: &Draft, edit: Option<&Id>) -> AnyView {
    let asked = |step: Step| step.fields().filter(|field| field.is_shown(draft)).collect::<Vec<_>>();
    let section = |step: &Step| {
        let lines = asked(*step).into_iter().map(|field| line(draft, field, edit)).collect_view();
        view! {
            <section class="read">
                <h2>{steps::title(*step)}</h2>
                <dl>{lines}</dl>
            </section>
        }
    };
    Step::ALL.iter().filter(|step| **step != Step::Review).map(section).collect_view().into_any()
}

fn line(draft: &Draft, field: Field, edit: Option<&Id>) -> AnyView {
    let label = fields::full_label(field);
    let link = edit.map(|id| {
        let words = view! {
            {"Modifier"}
            <span class="unseen">{format!(" la réponse à «\u{a0}{label}\u{a0}»")}</span>
        };
        view! { <dd class="edit">{link_to(id, field, words)}</dd> }
    });
    view! {
        <div class="line">
            <dt>{label.clone()}</dt>
            <dd class="answer">{answer_of(draft, field)}</dd>
            {link}
        </div>
    }
    .into_any()
}

/// An answer as people read it.
pub fn answer_of(draft: &Draft, field: Field) -> AnyView {
    let value = field.value(draft);
    if value.is_empty() && !matches!(value, Value::Flag(_)) {
        let words = if field.is_optional() { "Sans réponse (facultatif)" } else { "Pas encore de réponse" };
        return view! { <span class="hint">{words}</span> }.into_any();
    }
    match value {
        Value::Text(text) => written(draft, field, text).into_any(),
        Value::Choice(chosen) => fields::option(field, chosen.unwrap_or_default()).0.into_any(),
        Value::YesNo(answer) => fields::option(field, if answer == Some(true) { "true" } else { "false" }).0.into_any(),
        Value::Flag(ticked) => if ticked { "Oui" } else { "Non" }.into_any(),
        Value::Scopes(scopes) => {
            let names: Vec<&str> = scopes.known().map(|scope| fields::option(field, scope.as_str()).0).collect();
            view! {
                {names.join(", ")}
                <br />
                <code>{scopes.parameter()}</code>
            }
            .into_any()
        }
        Value::Documents(documents) => {
            let names: Vec<String> = documents
                .iter()
                .map(|document| format!("{} ({})", document.name, texts::size(document.size)))
                .collect();
            names.join(", ").into_any()
        }
    }
}

fn written(draft: &Draft, field: Field, text: &str) -> String {
    match field {
        Field::LaunchDate => field.date(draft).map(clock::day),
        Field::YearlyVolume => field.number(draft).map(texts::number),
        Field::RetentionMonths => field.number(draft).map(|months| format!("{}\u{a0}mois", texts::number(months))),
        _ => None,
    }
    .unwrap_or_else(|| text.trim().to_owned())
}
