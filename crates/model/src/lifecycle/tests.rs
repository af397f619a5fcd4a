//! Tests of the life of a request.

mod acts;
mod clock;
mod fold;
mod story;
mod table;
