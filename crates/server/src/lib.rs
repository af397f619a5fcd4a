//! The server of Habilitation: its JSON API over a store, and the built page beside it.
//!
//! What a request is, and every rule it obeys, is in [`habilitation_model`]; nothing here says it again. A call goes
//! through the layers of `router` to a handler of `routes`; handlers know HTTP and no database, the `store` knows
//! the database and no HTTP.

#![forbid(unsafe_code)]

mod addresses;
mod app;
mod bare_page;
mod body;
mod client_ip;
mod client_limit;
pub mod clock;
pub mod commands;
mod concurrency;
mod connections;
mod cookie;
mod cors;
mod deliveries;
mod directory;
mod dist;
mod files;
mod headers;
mod identification;
mod identity;
mod keeping;
mod lanes;
mod lifetimes;
mod log;
mod mail;
mod metering;
pub mod operator;
mod origin_check;
mod outgoing;
mod overload;
mod pages;
mod portal;
mod preconditions;
mod problem;
mod public_file;
mod public_url;
pub mod random;
mod rate_limit;
mod retention;
mod router;
mod routes;
mod secret;
mod security;
mod server;
mod session;
pub mod settings;
mod store;
mod team;
mod webhook;

pub use dist::NoPage;
pub use files::BucketPlace;
pub use portal::{NotAPortal, Portal};
pub use public_url::{NotAPublicUrl, PublicUrl};
pub use server::{Chores, NotStarted, Server};
pub use store::{ReadDraft, StoreFailure};
