//! The page: what people see and type in a browser.
//!
//! Answers flow one way: field → [`form`] → [`draft`] (which drives the model's saving machine) → device and
//! [`api`]. Findings come back the other way. A field never calls the API, a step never touches storage, and where
//! the person is goes through [`navigation`] alone: nothing else assumes that the page owns the window.
//!
//! [`entry`] provides the contexts ([`context`]) and draws the frame ([`app`]), which draws a page.

#![forbid(unsafe_code)]
#![expect(unreachable_pub, reason = "the properties of a component are declared beside it, and named by `view!` alone")]

pub mod api;
pub mod app;
pub mod arriving;
pub mod clock;
pub mod closing;
pub mod components;
pub mod context;
pub mod device;
pub mod draft;
pub mod effect;
pub mod entry;
pub mod fields;
pub mod files;
pub mod form;
pub mod guest;
pub mod html;
pub mod json;

pub mod lazy;
#[cfg(target_arch = "wasm32")]
mod mounted;
pub mod navigation;
pub mod pages;
pub mod portal;
pub mod steps;
pub mod texts;
pub mod uploads;

pub use habilitation_model as model;
#[cfg(target_arch = "wasm32")]
pub use mounted::{Mounted, mount, start};
