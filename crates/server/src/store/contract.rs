//! x
macro_rules! obeyed_by {
    ($make:path) => {};
}
pub(crate) use obeyed_by;
