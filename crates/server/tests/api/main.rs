//! The server as its callers see it: each test starts it on a port of its own with a data folder of its own, and talks
//! HTTP to it.

#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "all of this crate is tests, also what they share")]

mod app;
mod backup;
mod bad_input;
mod bucket;
mod call;
mod cards;
mod check;
mod contract;
mod crashes;
mod documents;
mod embedding;
mod environment;
mod examination;
mod full_disk;
mod fuzz;
mod guide;
mod habilitations;
mod history;
mod keeping;
mod limits;
mod listing;
mod mails;
mod metrics;
mod openapi;
mod operating;
mod operator;
mod organisations;
mod packaged;
mod page;
mod pages;
mod people;
mod proconnect;
mod program;
mod proxies;
mod queue;
mod recoveries;
mod releases;
mod requests;
mod retention;
mod scenarios;
mod sessions;
mod slow_callers;
mod statistics;
mod submission;
mod templates;
