//! Entry points: the stand-alone page in a window of its own, and the element of a portal.

use std::rc::Rc;

use any_spawner::Executor;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use crate::api::Api;
use crate::api::http::Http;
use crate::api::local::{DocumentStore, Local};
use crate::app::App;
use crate::clock;
use crate::context::{Contexts, CurrentDraft, Identity, Session, Settings};
use crate::device::{self, DeviceStorage, Persistence};
use crate::draft::copies;
use crate::guest;
use crate::json;
use crate::lazy::{LoadError, Part, deferred};
use crate::model::prefill::PrefilledAnswer;
use crate::navigation::{self, Place, memory};
use crate::portal::{Portal, SignInWindow};

/// Draws the stand-alone page in an element, and returns the owner of its signals.
///
/// Without the address of an API, the page answers itself and stores documents in `documents`. An API of another site comes
/// with a sign-in window. `config` and `session` are what the server wrote into the page, in JSON: the program asks for what it
/// did not write; the session is `null` where nobody is signed in. `proposed` is the query of the address, which may propose
/// answers.
///
/// # Errors
/// When the deferred part of the program is needed and cannot be loaded.
pub async fn start(
    parent: &Element,
    api: Option<String>,
    [config, session]: [Option<String>; 2],
    documents: DocumentStore,
    sign_in_window: Option<SignInWindow>,
    proposed: &str,
) -> Result<Owner, LoadError> {
    let device = DeviceStorage::new(&address_of(api.as_deref().unwrap_or("./")), Persistence::Local);
    let (api, loaded) = api_at(api, "", &device, documents).await?;
    let owner = owner();
    owner.with(|| {
        let navigation = navigation::url::navigation();
        let place = navigation.place().get_untracked();
        let session = Session::new(api, device, sign_in_window, session);
        Contexts::provide(navigation, session, None, device::theme(), loaded);
        CurrentDraft::get().propose(PrefilledAnswer::proposed(proposed, &place, clock::today()));
        load_state(config);
        draw(parent);
    });
    Ok(owner)
}

/// Draws the application in the shadow tree of a portal's element, and returns the owner of its signals.
///
/// # Errors
/// When the deferred part of the program is needed and cannot be loaded.
pub async fn embed(root: Node, portal: Portal) -> Result<Owner, LoadError> {
    let api = portal.api();
    // Without an API, the address of the program tells instances apart.
    let device =
        DeviceStorage::new(&api.clone().unwrap_or_else(|| portal.base()), persistence(portal.storage().as_deref()));
    let (api, loaded) = api_at(api, &portal.base(), &device, portal.documents()).await?;
    let owner = owner();
    owner.with(|| {
        let start = Place::read(&portal.place());
        let is_new = start == Place::NewRequest;
        let navigation = memory::navigation(start, guest::navigation_guard(portal.clone()));
        let session = Session::new(api, device, portal.sign_in_window(), None);
        // Storage of a portal's origin holds no theme of ours.
        let theme = portal.theme();
        Contexts::provide(navigation, session, Some(portal), theme, loaded);
        CurrentDraft::get().offer_to_resume(is_new);
        load_state(None);
        guest::report_changes();
        // A shadow root takes children as an element does.
        draw(root.unchecked_ref());
    });
    Ok(owner)
}

/// Takes or loads the settings and the identity that the first page needs, and erases useless copies.
fn load_state(config: Option<String>) {
    let (session, settings) = (Session::get(), Settings::get());
    match config.and_then(|config| json::read(&config)) {
        Some(config) => settings.config.set(config),
        None => settings.load(&*session.api()),
    }
    match session.identity().get_untracked() {
        Identity::Pending => session.fetch_identity(),
        identity => {
            // The session ended with the browser: who it was must not be kept.
            session.persist_identity(&identity);
            // A person who signed in on another site comes with the page.
            session.tell_signed_in();
            if let Some(copies) = session.copies() {
                copies.erase_saved_of_others();
            }
        }
    }
    copies::erase_expired(&session.device());
}

/// Draws the application in an element.
fn draw(parent: &Element) {
    let mut drawn = App().into_view().build();
    drawn.mount(parent, None);
    StoredValue::new_local(drawn);
}

/// Returns the API at an address, or else the page's own, and the parts of the program that are loaded.
///
/// The API in the page belongs to a deferred part, which is loaded for it; `base` is the folder of the page's files.
async fn api_at(
    address: Option<String>,
    base: &str,
    device: &DeviceStorage,
    documents: DocumentStore,
) -> Result<(Rc<dyn Api>, &'static [Part]), LoadError> {
    Ok(match address {
        None => (local(base.to_owned(), device.clone(), documents).await?, &[Part::Local]),
        Some(address) => (Rc::new(Http::new(&address, base)), &[]),
    })
}

deferred! {
    in local;
    /// Returns the API in the page itself.
    fn local(base: String, device: DeviceStorage, documents: DocumentStore) -> Rc<dyn Api> {
        Rc::new(Local::new(&base, device, documents))
    }
}

/// Returns the lifetime of drafts on the device that a portal asks for.
fn persistence(storage: Option<&str>) -> Persistence {
    match storage {
        Some("none") => Persistence::Memory,
        Some("session") => Persistence::Session,
        _ => Persistence::Local,
    }
}

/// Returns an address relative to the page as an absolute one, which tells instances of one origin apart.
fn address_of(relative: &str) -> String {
    web_sys::Request::new_with_str(relative).map_or_else(|_| relative.to_owned(), |request| request.url())
}

/// Returns the owner of the signals and effects of one application.
fn owner() -> Owner {
    // Refused where another application of this page has already started the executor.
    let _ = Executor::init_wasm_bindgen();
    Owner::new()
}
