//! Full API behind the one of the first page. Only deferred functions may use it, which keeps its code out of the first
//! program.

use std::rc::Rc;

use super::http::Http;
use super::local::Local;
use super::{Api, Service};

/// Returns the full API.
///
/// # Panics
/// On an implementation other than [`Http`] and [`Local`].
#[must_use]
pub fn of(api: &dyn Api) -> Rc<dyn Service> {
    let api = api.as_any();
    if let Some(server) = api.downcast_ref::<Http>() {
        return Rc::new(server.clone());
    }
    #[expect(clippy::expect_used, reason = "there are two implementations")]
    Rc::new(api.downcast_ref::<Local>().expect("the page itself").clone())
}
