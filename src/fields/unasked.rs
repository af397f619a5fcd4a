//! Fields that an empty form does not ask for, in pages that are drawn to HTML.

use leptos::prelude::*;

use crate::html;
use crate::model::draft::{ControllerKind, OrganisationKind};
use crate::model::field::Value;
use crate::model::{ClosedList, Draft, Field};

/// Returns the template of a field, which the static page draws once an answer makes the form ask for it.
///
/// The attribute `data-asked-if` lists these answers, each as the name and the value of a control. It is empty where typed text
/// decides: that field waits for the program.
pub(super) fn template(field: Field, drawn: AnyView) -> AnyView {
    html::template().attr("data-asked-if", asked_if(field)).child(drawn).into_any()
}

fn asked_if(field: Field) -> String {
    let chosen =
        |other: &'static Field| choices(*other).into_iter().map(move |(value, choice)| (*other, value, choice));
    let makes_it_asked = |(other, value, choice): (Field, Value<'static>, &str)| {
        let mut draft = Draft::default();
        other.set(&mut draft, value);
        field.is_shown(&draft).then(|| [other.path(), "=", choice].concat())
    };
    let answers: Vec<String> = Field::SHOWING_OTHERS.iter().flat_map(chosen).filter_map(makes_it_asked).collect();
    answers.join(" ")
}

/// Returns the answers among which one chooses, each with its value on the wire.
fn choices(field: Field) -> Vec<(Value<'static>, &'static str)> {
    fn all<T: ClosedList>() -> Vec<(Value<'static>, &'static str)> {
        T::ALL.iter().map(|value| (Value::Choice(Some(value.as_str())), value.as_str())).collect()
    }
    match field {
        Field::OrganisationKind => all::<OrganisationKind>(),
        Field::ControllerKind => all::<ControllerKind>(),
        Field::Migration => vec![(Value::YesNo(Some(true)), "true"), (Value::YesNo(Some(false)), "false")],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_that_waits_for_a_choice_names_the_choices() {
        assert_eq!(asked_if(Field::PrivateBasis), "organisation.kind=company organisation.kind=association");
        assert_eq!(asked_if(Field::FormerNumber), "project.migration=true");
        assert_eq!(asked_if(Field::ControllerGivenName), "people.controller.kind=person");
        assert_eq!(
            asked_if(Field::ControllerEmail),
            "people.controller.kind=person people.controller.kind=organisation"
        );
    }

    #[test]
    fn only_a_typed_text_decides_without_the_static_page() {
        let empty = Draft::default();
        let hidden = Field::ALL.iter().filter(|field| !field.is_shown(&empty) && asked_if(**field).is_empty());
        assert_eq!(hidden.copied().collect::<Vec<_>>(), [Field::RetentionReason]);
    }
}
