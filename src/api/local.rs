//! Answers in the page itself, where there is no server: by the rules of the model.

pub mod shelf;
