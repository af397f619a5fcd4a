//! Page that people use in a browser to fill in and send requests.
//!
//! Answers flow one way: field → [`form`] → [`draft`] (which drives the model's saving machine) → device and
//! [`api`]. Findings come back the other way. Fields never call the API, steps never touch storage, and only
//! [`navigation`] knows of an address bar: nothing else assumes that the page owns the window.
//!
//! `entry` provides the contexts ([`context`]) and draws the frame ([`app`]), which draws a page.

#![forbid(unsafe_code)]
#![expect(unreachable_pub, reason = "the properties of a component are declared beside it, and named by `view!` alone")]

pub mod api;
pub mod app;
pub mod browser;
pub mod clock;
pub mod components;
pub mod context;
pub mod device;
pub mod draft;
pub mod effect;
#[cfg(target_arch = "wasm32")]
pub mod entry;
#[cfg(target_arch = "wasm32")]
mod exports;
pub mod fields;
pub mod files;
pub mod form;
pub mod guest;
pub mod html;
pub mod ids;
pub mod input;
pub mod json;
pub mod lazy;
pub mod navigation;
pub mod pages;
pub mod portal;
#[cfg(feature = "ssr")]
pub mod prerender;
pub mod rework;
pub mod steps;
#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod testing;
pub mod texts;
pub mod uploads;

#[cfg(target_arch = "wasm32")]
pub use exports::{AppHandle, mount, start};
pub use habilitation_model as model;
