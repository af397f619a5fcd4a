//! The form as an applicant meets it: what a check says of whole drafts, rule by rule, on both sides of every limit,
//! and what a request without errors becomes.
//!
//! Each rule is written out here as the form defines it; nothing is borrowed from the code under test but its types.

#![cfg(test)]

mod arbitrary;
mod assurance;
mod changes;
mod characters;
mod complete;
mod dates_and_numbers;
mod documents;
mod emails;
mod lengths;
mod links;
mod lists;
mod people;
mod phones;
mod properties;
mod reading;
mod request;
mod required;
mod samples;
mod scopes;
mod shown;
mod siret;
