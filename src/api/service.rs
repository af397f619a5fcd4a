//! All that an API can do, whatever answers. Only what is deferred may ask for it: that keeps its code out of the first part of
//! the program.

use std::rc::Rc;

use super::http::Http;
use super::local::Local;
use super::{Api, Service};

/// Returns all that an API can do.
///
/// # Panics
/// Where something else answers than a server or the page itself.
#[must_use]
pub fn of(api: &dyn Api) -> Rc<dyn Service> {
    let api = api.as_any();
    if let Some(server) = api.downcast_ref::<Http>() {
        return Rc::new(server.clone());
    }
    #[expect(clippy::expect_used, reason = "there are two")]
    Rc::new(api.downcast_ref::<Local>().expect("the page itself").clone())
}
