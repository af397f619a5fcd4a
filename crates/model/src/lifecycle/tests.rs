//! Tests of the life of a request.

mod acts;
mod clock;
mod fold;
mod keeping;
mod mails;
mod story;
mod table;
mod tally;
