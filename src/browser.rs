//! Ports to the browser: each knows one of its interfaces and nothing of the page.

pub mod deadline;
pub mod unicode;
pub mod unload;
