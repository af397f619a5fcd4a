//! Full API behind the one of the first page. Only deferred functions may use it, which keeps its code out of the first
//! program.

use std::rc::Rc;

use super::examination::Examination;
use super::http::Http;
use super::local::Local;
use super::sharing::Sharing;
use super::{Api, Service};

/// Full API of an implementation outside of a browser, returned by its [`Api::as_any`].
#[cfg(not(target_arch = "wasm32"))]
pub struct Provider {
    /// Calls of applicants.
    pub service: Rc<dyn Service>,
    /// Calls of the team.
    pub examination: Rc<dyn Examination>,
    /// Calls about the people of requests.
    pub sharing: Rc<dyn Sharing>,
}

/// Returns the full API.
///
/// # Panics
/// On an unknown implementation.
#[must_use]
pub fn of(api: &dyn Api) -> Rc<dyn Service> {
    let api = api.as_any();
    #[cfg(not(target_arch = "wasm32"))]
    if let Some(Provider { service, .. }) = api.downcast_ref() {
        return Rc::clone(service);
    }
    if let Some(server) = api.downcast_ref::<Http>() {
        return Rc::new(server.clone());
    }
    #[expect(clippy::expect_used, reason = "the browser has two implementations")]
    Rc::new(api.downcast_ref::<Local>().expect("a known implementation").clone())
}

/// Returns the calls of the team that examines requests. Only its part of the program may use it.
///
/// # Panics
/// On an unknown implementation.
#[must_use]
pub fn examination_of(api: &dyn Api) -> Rc<dyn Examination> {
    let api = api.as_any();
    #[cfg(not(target_arch = "wasm32"))]
    if let Some(Provider { examination, .. }) = api.downcast_ref() {
        return Rc::clone(examination);
    }
    if let Some(server) = api.downcast_ref::<Http>() {
        return Rc::new(server.clone());
    }
    #[expect(clippy::expect_used, reason = "the browser has two implementations")]
    Rc::new(api.downcast_ref::<Local>().expect("a known implementation").clone())
}

/// Returns the calls about the people of requests. Only their part of the program may use it.
///
/// # Panics
/// On an unknown implementation.
#[must_use]
pub fn sharing_of(api: &dyn Api) -> Rc<dyn Sharing> {
    let api = api.as_any();
    #[cfg(not(target_arch = "wasm32"))]
    if let Some(Provider { sharing, .. }) = api.downcast_ref() {
        return Rc::clone(sharing);
    }
    if let Some(server) = api.downcast_ref::<Http>() {
        return Rc::new(server.clone());
    }
    #[expect(clippy::expect_used, reason = "the browser has two implementations")]
    Rc::new(api.downcast_ref::<Local>().expect("a known implementation").clone())
}
