//! How an application begins: as the page of a window of ours, or as the element of a portal.

use std::rc::Rc;

use any_spawner::Executor;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Node;

use crate::api::Api;
use crate::api::http::Http;
use crate::api::local::{Documents, Local};
use crate::app::App;
use crate::clock;
use crate::context::{Announcer, Contexts, CurrentDraft, Focus, Host, Identity, Parts, Session, Settings, SignOut};
use crate::device::{self, Device, Persistence};
use crate::draft::copies;
use crate::guest;
use crate::lazy::{LoadError, Loading, deferred};
use crate::model::prefill::Given;
use crate::navigation::{self, Navigation, Place, memory};
use crate::portal::{Entrance, Portal};

/// Starts the stand-alone page in place of the static shell, until the owner ends that is returned. Without the address of an
/// API, the page answers itself with the documents that the browser keeps; one of another site has a sign-in window.
///
/// # Errors
/// When a part of the program that this takes cannot be had.
pub async fn start(
    api: Option<String>,
    documents: Documents,
    sign_in_window: Option<Entrance>,
    proposed: &str,
) -> Result<Owner, LoadError> {
    let device = Device::new(&address_of(api.as_deref().unwrap_or("./")), Persistence::Local);
    let (api, rest) = api_at(api, "", &device, documents).await?;
    let owner = owner();
    owner.with(|| {
        let navigation = navigation::url::navigation();
        let place = navigation.place().get_untracked();
        provide_contexts(navigation, None, Session::new(api, device, sign_in_window), rest);
        CurrentDraft::get().propose(Given::proposed(proposed, &place, clock::today()));
        begin();
        if let (Some(body), Some(shell)) = (document().body(), document().get_element_by_id("shell")) {
            draw(&body, Some(&shell));
            shell.remove();
        }
    });
    Ok(owner)
}

/// Draws the element of a portal in a node of its shadow tree, until the owner ends that is returned.
///
/// # Errors
/// When a part of the program that this takes cannot be had.
pub async fn embed(root: Node, portal: Portal) -> Result<Owner, LoadError> {
    let api = portal.api();
    // What answers in the page itself is told apart by where the program comes from.
    let device = Device::new(&api.clone().unwrap_or_else(|| portal.base()), persistence(portal.storage().as_deref()));
    let (api, rest) = api_at(api, &portal.base(), &device, portal.documents()).await?;
    let owner = owner();
    owner.with(|| {
        let start = Place::read(&portal.place());
        let is_new = start == Place::NewRequest;
        let navigation = memory::navigation(start, guest::asking(portal.clone()));
        let session = Session::new(api, device, portal.entrance());
        provide_contexts(navigation, Some(portal), session, rest);
        CurrentDraft::get().offer_to_resume(is_new);
        begin();
        guest::report();
        // A shadow root takes children as an element does.
        draw(root.unchecked_ref(), None);
    });
    Ok(owner)
}

/// Provides what components ask for by type.
fn provide_contexts(navigation: Navigation, portal: Option<Portal>, session: Session, rest: Loading) {
    // The settings of a portal's origin are not ours.
    let theme = portal.as_ref().map_or_else(device::theme, Portal::theme);
    let announcer = Announcer::new();
    provide_context(Contexts {
        announcer,
        focus: Focus::new(navigation, portal.is_some()),
        host: Host::new(portal),
        navigation,
        current_draft: CurrentDraft::none(),
        parts: Parts::new(rest, announcer),
        session,
        settings: Settings::new(theme),
        sign_out: SignOut::new(),
    });
}

/// Asks for what the first page needs to know.
fn begin() {
    let (session, settings) = (Session::get(), Settings::get());
    settings.read(&*session.api());
    match session.identity().get_untracked() {
        Identity::Pending => session.ask_who_is_there(),
        // The session ended with the browser: whoever it was is nobody's business any more.
        identity => session.remember(&identity),
    }
    copies::erase_old(&session.device());
}

/// Draws the application in an element, before one of its children.
fn draw(parent: &web_sys::Element, before: Option<&Node>) {
    let mut drawn = App().into_view().build();
    drawn.mount(parent, before);
    StoredValue::new_local(drawn);
}

/// Returns what answers, and how far the rest of the program is then: the page itself, whose files are in a folder, where no
/// address is known; else the API there. The page answers itself with that rest.
async fn api_at(
    address: Option<String>,
    base: &str,
    device: &Device,
    documents: Documents,
) -> Result<(Rc<dyn Api>, Loading), LoadError> {
    Ok(match address {
        None => (local(base.to_owned(), device.clone(), documents).await?, Loading::Ready),
        Some(address) => (Rc::new(Http::new(&address, base)), Loading::Idle),
    })
}

deferred! {
    /// Returns the page as what answers itself.
    fn local(base: String, device: Device, documents: Documents) -> Rc<dyn Api> {
        Rc::new(Local::new(&base, device, documents))
    }
}

/// Returns how long a portal wants copies of drafts to stay.
fn persistence(storage: Option<&str>) -> Persistence {
    match storage {
        Some("none") => Persistence::Memory,
        Some("session") => Persistence::Session,
        _ => Persistence::Local,
    }
}

/// Returns the absolute address of what stands beside the page: it tells instances of one origin apart.
fn address_of(relative: &str) -> String {
    web_sys::Request::new_with_str(relative).map_or_else(|_| relative.to_owned(), |request| request.url())
}

/// Returns the owner of everything of one application.
fn owner() -> Owner {
    // It is refused where another application of this page came first, and then there is nothing left to do.
    let _ = Executor::init_wasm_bindgen();
    Owner::new()
}
