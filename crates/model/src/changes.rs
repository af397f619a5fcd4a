//! Comparison of two drafts, field by field: what a submission changes.
//!
//! Answers are compared by their meaning, so that another spelling of one phone, number, date or address is no change.

use crate::date::Date;
use crate::draft::Draft;
use crate::email::Email;
use crate::field::{Field, Value};
use crate::phone::Phone;
use crate::siret::Siret;
use crate::step::Step;
use crate::text::Text;
use crate::web_address::WebAddress;

/// A field whose answer differs between two drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// The field that differs.
    pub field: Field,
    /// Answer in the first draft; none where it does not show the field.
    pub old: Option<Value<'a>>,
    /// Answer in the second draft; none where it does not show the field.
    pub new: Option<Value<'a>>,
}

/// Returns the changes from one draft to another, in the order of the form.
///
/// Commitments and the statement of membership are ticked anew for each submission, and never count.
#[must_use]
pub fn changes<'a>(from: &'a Draft, to: &'a Draft) -> Vec<Change<'a>> {
    let shown = |field: Field, draft: &'a Draft| field.is_shown(draft).then(|| field.value(draft));
    let change = |field: &Field| {
        let (old, new) = (shown(*field, from), shown(*field, to));
        (!is_same(*field, old, new)).then_some(Change { field: *field, old, new })
    };
    Field::ALL.iter().filter_map(change).collect()
}

/// Returns whether all changes lie in the people and the applicant, and there is one.
#[must_use]
pub fn is_contacts_only(changes: &[Change<'_>]) -> bool {
    !changes.is_empty() && changes.iter().all(|change| is_of_a_contact(change.field))
}

/// Returns whether a field tells of a person to write to.
pub(crate) fn is_of_a_contact(field: Field) -> bool {
    field.step() == Step::People || field.path().starts_with("organisation.applicant.")
}

fn is_same(field: Field, old: Option<Value<'_>>, new: Option<Value<'_>>) -> bool {
    match (old, new) {
        (Some(Value::Flag(_)), _) | (_, Some(Value::Flag(_))) | (None, None) => true,
        (Some(value), None) | (None, Some(value)) => value.is_empty(),
        (Some(Value::Text(old)), Some(Value::Text(new))) => old == new || is_same_text(field, old, new),
        (Some(Value::Scopes(old)), Some(Value::Scopes(new))) => is_same_set(old.as_slice(), new.as_slice(), |one| one),
        (Some(Value::Documents(old)), Some(Value::Documents(new))) => is_same_set(old, new, |document| &document.id),
        (Some(old), Some(new)) => old == new,
    }
}

/// Returns whether two lists hold the same elements, whatever their order. A draft may list one twice, which no submission does.
fn is_same_set<T, K: PartialEq>(old: &[T], new: &[T], key: impl Fn(&T) -> &K) -> bool {
    let holds = |list: &[T], one: &T| list.iter().any(|other| key(other) == key(one));
    old.len() == new.len() && old.iter().all(|one| holds(new, one)) && new.iter().all(|one| holds(old, one))
}

/// Returns whether two texts mean the same answer of a field.
fn is_same_text(field: Field, old: &str, new: &str) -> bool {
    let typed = match field {
        Field::Siret => both(Siret::parse(old), Siret::parse(new), |old, new| old == new),
        Field::LaunchDate => both(Date::parse(old), Date::parse(new), |old, new| old == new),
        Field::LegalUrl => both(WebAddress::parse(old), WebAddress::parse(new), |old, new| old == new),
        Field::YearlyVolume | Field::RetentionMonths => {
            both(field.number_in(old).ok_or(()), field.number_in(new).ok_or(()), |old, new| old == new)
        }
        Field::ApplicantEmail | Field::ControllerEmail | Field::DpoEmail | Field::TechnicalEmail => {
            both(Email::parse(old), Email::parse(new), Email::same_mailbox)
        }
        Field::ApplicantPhone | Field::ControllerPhone | Field::DpoPhone | Field::TechnicalPhone => {
            both(Phone::parse(old), Phone::parse(new), |old, new| old == new)
        }
        _ => None,
    };
    let as_sent = |text| if field.is_multiline() { Text::from(text).lines() } else { Text::from(text).line() };
    typed.unwrap_or_else(|| as_sent(old) == as_sent(new))
}

/// Returns whether two answers are the same, where both can be read.
fn both<T, E>(old: Result<T, E>, new: Result<T, E>, is_same: impl Fn(&T, &T) -> bool) -> Option<bool> {
    Some(is_same(&old.ok()?, &new.ok()?))
}
