//! The page: what people see and type in a browser.
//!
//! Answers flow one way: control → [`form`] → [`draft`] (which drives the model's saving machine) → device and
//! [`api`]. Findings come back the other way. A control never calls the API, a step never touches storage, and where
//! the person is goes through [`navigation`] alone: nothing else assumes that the page owns the window.

#![forbid(unsafe_code)]

pub mod api;
pub mod app;
pub mod arriving;
pub mod clock;
pub mod closing;
pub mod controls;
pub mod device;
pub mod dom;
pub mod draft;
pub mod files;
pub mod form;
pub mod json;

#[cfg(target_arch = "wasm32")]
mod mounted;
pub mod navigation;
pub mod pages;
pub mod portal;
pub mod rest;
pub mod steps;
pub mod texts;
pub mod uploads;

pub use habilitation_model as model;
#[cfg(target_arch = "wasm32")]
pub use mounted::{Mounted, mount, start};
