//! Rules on one answer, as functions that `validator` calls. A missing answer breaks only [`filled`] and its like.
//! Lengths are those of trimmed texts; readers ignore invisible characters. Control characters around a text are found,
//! since the draft keeps them.

use validator::ValidationError;

use crate::choice::{Choice, ClosedList};
use crate::clean;
use crate::code::{Code, Params, error};
use crate::date::Date;
use crate::document::{self, Document};
use crate::email::{self, Email};
use crate::number::{NotAWholeNumber, WholeNumber};
use crate::phone::{self, Phone};
use crate::scope::{Scope, Scopes};
use crate::siret::{self, Siret};
use crate::text::Text;
use crate::web_address::{self, WebAddress};

type Rule = Result<(), ValidationError>;

/// First and last year that a launch may be planned in. The rules of FranceConnect date from 2018.
pub(crate) const LAUNCH_YEARS: (u64, u64) = (2018, 2100);
/// Most procedures or files a year.
const YEARLY_VOLUME_MAX: u64 = 1_000_000_000;
/// Longest retention, in months.
const RETENTION_MONTHS_MAX: u64 = 1_200;
const DATE_EXAMPLE: &str = "01/09/2027";
const NUMBER_EXAMPLE: &str = "4 200";
const MONTHS_EXAMPLE: &str = "24";

fn holds(right: bool, code: Code, params: impl FnOnce() -> Params) -> Rule {
    if right { Ok(()) } else { Err(error(code, &params())) }
}

pub(crate) fn filled(text: &Text) -> Rule {
    holds(!text.is_empty(), Code::Required, Params::default)
}

pub(crate) fn chosen<T: ClosedList>(choice: &Choice<T>) -> Rule {
    holds(choice.as_str().is_some(), Code::Required, Params::default)
}

pub(crate) fn in_list<T: ClosedList>(choice: &Choice<T>) -> Rule {
    holds(choice.as_str().is_none() || choice.value().is_some(), Code::UnknownValue, Params::default)
}

// `validator` hands every field over by reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is validator's")]
pub(crate) fn ticked(flag: &bool) -> Rule {
    holds(*flag, Code::NotAccepted, Params::default)
}

/// Refuses control characters (Unicode category Cc), line breaks included.
pub(crate) fn one_line(text: &Text) -> Rule {
    holds(!text.as_str().chars().any(char::is_control), Code::ControlCharacter, Params::default)
}

/// Refuses control and format characters (Unicode category Cf) in a line that is shown as typed, such as a name. Format
/// characters could turn it round. Readers of numbers, addresses and dates ignore them instead, since address books add
/// them to copied texts.
pub(crate) fn shown_line(text: &Text) -> Rule {
    one_line(text)?;
    holds(text.is_empty() || !clean::holds_format(text.as_str()), Code::ControlCharacter, Params::default)
}

/// Refuses control characters other than line breaks.
pub(crate) fn lines(text: &Text) -> Rule {
    let is_refused = |c: char| c.is_control() && !matches!(c, '\n' | '\r');
    holds(!text.as_str().chars().any(is_refused), Code::ControlCharacter, Params::default)
}

pub(crate) fn siret(text: &Text) -> Rule {
    holds(text.is_empty() || Siret::parse(text.as_str()).is_ok(), Code::Format, || Params::example(siret::EXAMPLE))
}

/// Refuses an address that is too long as it is sent. An address that is only too long has no other finding.
fn short(address: &str, max: u64) -> Rule {
    holds(address.chars().count() as u64 <= max, Code::TooLong, || Params::max(max))
}

pub(crate) fn email(text: &Text) -> Rule {
    short(&email::bare(text.as_str()), email::MAX)?;
    let right = text.is_empty() || Email::parse(text.as_str()).is_ok();
    holds(right, Code::Format, || Params::example(email::EXAMPLE))
}

pub(crate) fn web_address(text: &Text) -> Rule {
    short(&web_address::complete(text.as_str()), web_address::MAX)?;
    let right = text.is_empty() || WebAddress::parse(text.as_str()).is_ok();
    holds(right, Code::Format, || Params::example(web_address::EXAMPLE))
}

pub(crate) fn phone(text: &Text) -> Rule {
    holds(text.is_empty() || Phone::parse(text.as_str()).is_ok(), Code::Format, || Params::example(phone::EXAMPLE))
}

pub(crate) fn date(text: &Text) -> Rule {
    let right = text.is_empty() || Date::parse(text.as_str()).is_ok();
    holds(right, Code::NotADate, || Params::example(DATE_EXAMPLE))
}

pub(crate) fn launch_year(text: &Text) -> Rule {
    let (min, max) = LAUNCH_YEARS;
    let right = Date::parse(text.as_str()).map_or(true, |date| (min..=max).contains(&u64::from(date.year())));
    holds(right, Code::OutOfRange, || Params { min: Some(min), max: Some(max), ..Params::default() })
}

/// Refuses every text but a whole number from 1 to `max`.
fn whole_number(read: Result<WholeNumber, NotAWholeNumber>, text: &Text, example: &'static str, max: u64) -> Rule {
    let Ok(number) = read else { return holds(text.is_empty(), Code::Format, || Params::example(example)) };
    let right = (WholeNumber::from(1)..=WholeNumber::from(max)).contains(&number);
    holds(right, Code::OutOfRange, || Params { min: Some(1), max: Some(max), ..Params::default() })
}

pub(crate) fn volume(text: &Text) -> Rule {
    whole_number(WholeNumber::parse(text.as_str()), text, NUMBER_EXAMPLE, YEARLY_VOLUME_MAX)
}

pub(crate) fn months(text: &Text) -> Rule {
    whole_number(WholeNumber::parse_months(text.as_str()), text, MONTHS_EXAMPLE, RETENTION_MONTHS_MAX)
}

pub(crate) fn some_scope(scopes: &Scopes) -> Rule {
    holds(!scopes.is_empty(), Code::Required, Params::default)
}

pub(crate) fn known_scopes(scopes: &Scopes) -> Rule {
    holds(scopes.known().count() == scopes.as_slice().len(), Code::UnknownValue, Params::default)
}

/// Asks for the birth name beside the name in use, which some people do not have.
pub(crate) fn name_in_use_with_birth_name(scopes: &Scopes) -> Rule {
    let right = !scopes.contains(Scope::PreferredUsername) || scopes.contains(Scope::FamilyName);
    holds(right, Code::Needs, || Params::value(Scope::FamilyName.as_str()))
}

#[expect(clippy::ptr_arg, reason = "the signature is validator's")]
pub(crate) fn few_files(documents: &Vec<Document>) -> Rule {
    holds(documents.len() as u64 <= document::MAX_COUNT, Code::TooMany, || Params::max(document::MAX_COUNT))
}

#[expect(clippy::ptr_arg, reason = "the signature is validator's")]
pub(crate) fn file_types(documents: &Vec<Document>) -> Rule {
    let right = documents.iter().all(|document| document.file_type().is_some() && document.size > 0);
    holds(right, Code::FileType, Params::default)
}

#[expect(clippy::ptr_arg, reason = "the signature is validator's")]
pub(crate) fn file_sizes(documents: &Vec<Document>) -> Rule {
    let right = documents.iter().all(|document| document.size <= document::MAX_SIZE);
    holds(right, Code::FileTooLarge, || Params::max(document::MAX_SIZE))
}

#[expect(clippy::ptr_arg, reason = "the signature is validator's")]
pub(crate) fn file_names(documents: &Vec<Document>) -> Rule {
    let right = documents.iter().all(|document| document.name.trim().chars().count() as u64 <= document::MAX_NAME);
    holds(right, Code::TooLong, || Params::max(document::MAX_NAME))
}
