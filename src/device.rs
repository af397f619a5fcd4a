//! What the browser keeps for us: drafts, and a few marks. Blocked or full storage is no error: memory takes over, and
//! whoever writes is told.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Storage};

use crate::json;
use crate::model::Id;
use crate::model::saving::DeviceCopy;
use crate::model::wire::SIGNED_IN_COOKIE;

/// Every key of ours begins so; no other key is ever touched.
const PREFIX: &str = "habilitation:";
const THEME: &str = "theme";

thread_local! {
    static MEMORY: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

fn recall(key: &str) -> Option<String> {
    MEMORY.with_borrow(|memory| memory.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone()))
}

/// Remembers a value, or that there is none.
fn remember(key: String, value: Option<&str>) {
    MEMORY.with_borrow_mut(|memory| {
        memory.retain(|(known, _)| *known != key);
        memory.extend(value.map(|value| (key, value.to_owned())));
    });
}

/// How durable a write was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the browser's storage: it survives a reload and a crashed tab.
    OnDevice,
    /// In memory only: storage is blocked or full.
    InMemory,
}

fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    let key = format!("{PREFIX}{key}");
    recall(&key).or_else(|| local()?.get_item(&key).ok().flatten())
}

fn write(key: &str, value: &str) -> Kept {
    let key = format!("{PREFIX}{key}");
    if local().is_some_and(|storage| storage.set_item(&key, value).is_ok()) {
        remember(key, None);
        Kept::OnDevice
    } else {
        remember(key, Some(value));
        Kept::InMemory
    }
}

fn erase(key: &str) {
    let key = format!("{PREFIX}{key}");
    if let Some(storage) = local() {
        // Where removing is refused, so is reading: nothing is left to be found.
        let _ = storage.remove_item(&key);
    }
    remember(key, None);
}

fn begun_key(user: &str, id: &Id) -> String {
    format!("{PREFIX}begun:{user}:{id}")
}

fn draft_key(user: &str, id: &Id) -> String {
    format!("draft:{user}:{id}")
}

/// The copy of a person's draft, if there is one that can be read.
#[must_use]
pub fn draft(user: &str, id: &Id) -> Option<DeviceCopy> {
    json::read(&read(&draft_key(user, id))?)
}

/// Keeps a person's draft.
pub fn keep_draft(user: &str, id: &Id, copy: &DeviceCopy) -> Kept {
    serde_json::to_string(copy).map_or(Kept::InMemory, |json| write(&draft_key(user, id), &json))
}

/// Erases the copy of a person's draft, and that it was begun here.
pub fn forget_draft(user: &str, id: &Id) {
    erase(&draft_key(user, id));
    let key = begun_key(user, id);
    if let Some(storage) = session() {
        let _ = storage.remove_item(&key);
    }
    remember(key, None);
}

/// Erases the copies of a person's drafts of which the server has everything: whoever uses the device next has no
/// business with them.
pub fn forget_what_is_saved(user: &str) {
    for (id, copy) in drafts(user) {
        if copy.base.is_some_and(|base| base.draft == copy.mine) {
            forget_draft(user, &id);
        }
    }
}

/// The drafts that a person has on this device.
#[must_use]
pub fn drafts(user: &str) -> Vec<(Id, DeviceCopy)> {
    let prefix = format!("{PREFIX}draft:{user}:");
    let stored = local().map_or(Vec::new(), |storage| {
        let length = storage.length().unwrap_or_default();
        (0..length).filter_map(|place| storage.key(place).ok().flatten()).collect()
    });
    let in_memory = MEMORY.with_borrow(|memory| memory.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
    // Each stands once, the oldest first.
    let mut ids: Vec<Id> = Vec::new();
    for id in stored.iter().chain(&in_memory).filter_map(|key| Id::parse(key.strip_prefix(&prefix)?).ok()) {
        if let Err(place) = ids.binary_search(&id) {
            ids.insert(place, id);
        }
    }
    ids.into_iter().filter_map(|id| draft(user, &id).map(|copy| (id, copy))).collect()
}

/// Whether the server says that somebody may be signed in: it is worth asking who.
#[must_use]
pub fn may_be_signed_in() -> bool {
    let cookies = page().and_then(|page| page.cookie().ok()).unwrap_or_default();
    cookies.split("; ").any(|cookie| cookie.split('=').next() == Some(SIGNED_IN_COOKIE))
}

/// Nobody is: no need to ask again.
pub fn forget_signed_in() {
    if let Some(page) = page() {
        // Where cookies are blocked, there is none.
        let _ = page.set_cookie(&[SIGNED_IN_COOKIE, "=; Path=/; Max-Age=0"].concat());
    }
}

fn page() -> Option<HtmlDocument> {
    web_sys::window()?.document()?.dyn_into().ok()
}

/// The theme chosen on this device, if one was.
#[must_use]
pub fn theme() -> Option<String> {
    read(THEME)
}

/// Remembers the theme, or that the system's is wanted.
pub fn keep_theme(theme: Option<&str>) {
    match theme {
        Some(theme) => {
            write(THEME, theme);
        }
        None => erase(THEME),
    }
}

/// Marks a request as begun in this tab: until something is typed, nothing else knows of it.
pub fn mark_begun(user: &str, id: &Id) {
    let key = begun_key(user, id);
    if session().is_none_or(|storage| storage.set_item(&key, "1").is_err()) {
        remember(key, Some("1"));
    }
}

/// Whether a request was begun in this tab.
#[must_use]
pub fn was_begun(user: &str, id: &Id) -> bool {
    let key = begun_key(user, id);
    recall(&key).is_some() || session().is_some_and(|storage| storage.get_item(&key).ok().flatten().is_some())
}
