//! Tests of the life of a request.

mod table;
