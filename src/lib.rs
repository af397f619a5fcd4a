//! The page: what people see and type in a browser.
