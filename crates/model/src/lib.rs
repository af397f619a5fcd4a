//! A request for FranceConnect, and every rule that it obeys.
//!
//! The page, its local API and the server all call the same functions of this crate, so that a rule exists once. The
//! crate is pure: no clock, no randomness, no input or output, no browser. Time and identifiers are arguments.
//!
//! - [`Draft`] keeps every typed answer, right or wrong; [`Draft::findings`] tells the errors and warnings;
//! - [`Request`] is a draft without errors, parsed into types, and cannot be built otherwise;
//! - [`changes`] compares two drafts, as a submission is compared with the one before;
//! - [`lifecycle`] is the life of a request: its history, and all that follows from it;
//! - [`rights`] tells who may do what to a request;
//! - [`statistics`] counts what happened to all requests, month by month;
//! - [`wire`] holds the bodies that the page and the server exchange.

#![forbid(unsafe_code)]

pub mod assurance;
pub mod bounce;
mod bounds;
pub mod card;
pub mod changes;
mod checks;
mod choice;
mod clean;
mod code;
pub mod csv;
pub mod date;
pub mod document;
mod domain;
pub mod draft;
pub mod eligibility;
pub mod email;
pub mod export;
pub mod field;
pub mod finding;
mod from_json;
pub mod id;
mod lenient;
pub mod lifecycle;
pub mod month;
mod name;
pub mod normalize;
pub mod number;
pub mod phone;
pub mod place;
pub mod prefill;
pub mod request;
pub mod rights;
mod rules;
pub mod saving;
pub mod schema;
pub mod scope;
pub mod siret;
pub mod statistics;
pub mod step;
mod text;
mod value;
mod warnings;
pub mod web_address;
pub mod wire;

pub use choice::{Choice, ClosedList};
pub use code::{Code, Params};
pub use date::Date;
pub use document::Document;
pub use draft::Draft;
pub use field::Field;
pub use finding::{Circumstances, Finding, Level};
pub use id::Id;
pub use request::Request;
pub use scope::Scope;
pub use step::Step;
pub use text::Text;

/// Version of the draft's shape. It travels with every stored or sent draft.
pub const SCHEMA: u32 = 1;
