//! Storage of the browser: values under keys of our own. Blocked or full storage is no error: memory takes over, and writers
//! learn of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, Storage, StorageManager};

use crate::browser::{location, window};
use crate::effect::spawn;
use crate::model::wire::SIGNED_IN_COOKIE;

/// Prefix of our keys; no other key is ever touched.
const PREFIX: &str = "habilitation:";
const THEME: &str = "habilitation:theme";
const SHARED: &str = "habilitation:shared";

thread_local! {
    static MEMORY: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
    static ASKED_TO_PERSIST: Cell<bool> = const { Cell::new(false) };
}

/// Lifetime of what is written to the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Until the values are no longer needed, in the browser's storage.
    Local,
    /// Until the tab is closed.
    Session,
    /// Until the page is closed, in its memory.
    Memory,
}

/// Storage of one instance of the service. Instances in the same browser share no keys.
#[derive(Clone)]
pub struct DeviceStorage {
    /// Prefix of its keys.
    prefix: Rc<str>,
    persistence: Persistence,
}

impl DeviceStorage {
    /// Returns the storage of the instance of a name, such as the address of its API.
    #[must_use]
    pub fn new(instance: &str, persistence: Persistence) -> Self {
        Self { prefix: [PREFIX, instance, ":"].concat().into(), persistence }
    }

    /// Returns the lifetime of values: on a shared computer no longer than the tab.
    #[must_use]
    pub fn persistence(&self) -> Persistence {
        if self.persistence == Persistence::Local && is_shared() { Persistence::Session } else { self.persistence }
    }

    /// Returns whether declaring the computer as shared would shorten the lifetime of values.
    #[must_use]
    pub fn can_be_shared(&self) -> bool {
        self.persistence == Persistence::Local
    }

    fn storage(&self) -> Option<Storage> {
        match self.persistence() {
            Persistence::Local => local(),
            Persistence::Session => session(),
            Persistence::Memory => None,
        }
    }

    /// Returns the key of a name in the browser's storage, which all instances share.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        [&self.prefix, name].concat()
    }

    /// Returns the value of a name.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<String> {
        read(self.storage(), &self.key(name))
    }

    /// Writes a value, and returns its lifetime.
    pub fn write(&self, name: &str, value: &str) -> Persistence {
        if write(self.storage(), self.key(name), value) { self.persistence() } else { Persistence::Memory }
    }

    /// Erases the value of a name from every storage.
    pub fn erase(&self, name: &str) {
        let key = self.key(name);
        [local(), session()].into_iter().flatten().for_each(|storage| remove(&storage, &key));
        remember(key, None);
    }

    /// Erases an outdated value from the storage, and leaves the memory.
    pub fn erase_stored(&self, name: &str) {
        if let Some(storage) = self.storage() {
            remove(&storage, &self.key(name));
        }
    }

    /// Returns the names with the given prefix that have a value, sorted.
    #[must_use]
    pub fn names(&self, prefix: &str) -> Vec<String> {
        let prefix = self.key(prefix);
        let mut keys = self.storage().map_or(Vec::new(), |storage| keys(&storage));
        MEMORY.with_borrow(|memory| keys.extend(memory.iter().map(|(key, _)| key.clone())));
        let mut names: Vec<String> = Vec::new();
        for key in keys.iter().filter(|key| key.starts_with(&prefix)) {
            let name = &key[self.prefix.len()..];
            if let Err(place) = names.binary_search_by(|known| known.as_str().cmp(name)) {
                names.insert(place, name.to_owned());
            }
        }
        names
    }

    /// Sets a mark that lasts as long as the tab.
    pub fn mark(&self, name: &str) {
        write(session(), self.key(name), "1");
    }

    /// Returns whether a mark is set in this tab.
    #[must_use]
    pub fn is_marked(&self, name: &str) -> bool {
        read(session(), &self.key(name)).is_some()
    }

    /// Declares the computer as shared or private, and moves the values of names with the given prefixes along.
    pub fn set_shared(&self, shared: bool, prefixes: &[&str]) {
        let names = prefixes.iter().flat_map(|prefix| self.names(prefix));
        let moved: Vec<(String, String)> = names.filter_map(|name| Some((name.clone(), self.read(&name)?))).collect();
        moved.iter().for_each(|(name, _)| self.erase(name));
        if shared {
            write(local(), SHARED.to_owned(), "1");
        } else {
            erase(SHARED);
        }
        for (name, value) in moved {
            self.write(&name, &value);
        }
    }
}

fn local() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    window()?.session_storage().ok().flatten()
}

fn keys(storage: &Storage) -> Vec<String> {
    let length = storage.length().unwrap_or_default();
    (0..length).filter_map(|place| storage.key(place).ok().flatten()).collect()
}

fn recall(key: &str) -> Option<String> {
    MEMORY.with_borrow(|memory| memory.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone()))
}

/// Sets or removes a value in memory.
fn remember(key: String, value: Option<&str>) {
    MEMORY.with_borrow_mut(|memory| {
        memory.retain(|(known, _)| *known != key);
        memory.extend(value.map(|value| (key, value.to_owned())));
    });
}

fn read(storage: Option<Storage>, key: &str) -> Option<String> {
    recall(key).or_else(|| storage?.get_item(key).ok().flatten())
}

/// Writes a value to the storage or else to memory, and returns whether the storage took it.
fn write(storage: Option<Storage>, key: String, value: &str) -> bool {
    let stored = storage.is_some_and(|storage| storage.set_item(&key, value).is_ok());
    remember(key, (!stored).then_some(value));
    stored
}

fn remove(storage: &Storage, key: &str) {
    // A storage that refuses to remove refuses to read as well.
    let _ = storage.remove_item(key);
}

fn erase(key: &str) {
    if let Some(storage) = local() {
        remove(&storage, key);
    }
    remember(key.to_owned(), None);
}

/// Sends a message to other tabs through their `storage` event, and leaves no value behind.
pub fn pass(key: &str, message: &str) {
    if let Some(storage) = local() {
        // A full storage sends no event.
        let _ = storage.set_item(key, message);
        remove(&storage, key);
    }
}

/// Returns whether the person declared the computer as shared.
#[must_use]
pub fn is_shared() -> bool {
    read(local(), SHARED).is_some()
}

/// Asks the browser to keep our values, once for each page: some browsers ask the person.
pub fn persist() {
    let Some(window) = window().filter(|_| !ASKED_TO_PERSIST.replace(true)) else { return };
    // Insecure pages and older browsers have no storage manager.
    let storage = Reflect::get(&window.navigator(), &"storage".into()).ok().filter(JsValue::is_object);
    let asked = storage.and_then(|storage| storage.unchecked_into::<StorageManager>().persist().ok());
    if let Some(asked) = asked {
        spawn(async move {
            // A refusal changes nothing.
            let _ = JsFuture::from(asked).await;
        });
    }
}

/// Prefix of the tokens of links, which the page takes out of its address before it starts.
const LINK: &str = "habilitation:link:";

/// Returns the token of a link of a mail that led here, by its name in an address.
///
/// The token is still in the address where this browser keeps nothing for a tab.
#[must_use]
pub fn link_token(name: &str) -> Option<String> {
    let in_address = || {
        let query = location::query();
        let (first, token) = query.split('&').next()?.split_once('=')?;
        (first == name).then(|| token.to_owned())
    };
    read(session(), &[LINK, name].concat()).or_else(in_address).filter(|token| !token.is_empty())
}

/// Writes the token of a link, as the page does before it starts.
pub fn keep_link_token(name: &str, token: &str) {
    write(session(), [LINK, name].concat(), token);
}

/// Erases the token of a link.
pub fn forget_link_token(name: &str) {
    let key = [LINK, name].concat();
    if let Some(storage) = session() {
        remove(&storage, &key);
    }
    remember(key, None);
}

/// Returns the theme chosen on this device.
#[must_use]
pub fn theme() -> Option<String> {
    read(local(), THEME)
}

/// Writes the theme; none follows the system.
pub fn keep_theme(theme: Option<&str>) {
    match theme {
        Some(theme) => {
            write(local(), THEME.to_owned(), theme);
        }
        None => erase(THEME),
    }
}

/// Returns whether the server's cookie says that a person may be signed in.
#[must_use]
pub fn may_be_signed_in() -> bool {
    let cookies = page().and_then(|page| page.cookie().ok()).unwrap_or_default();
    cookies.split(';').any(|cookie| cookie.trim_start().split('=').next() == Some(SIGNED_IN_COOKIE))
}

/// Removes the cookie that says that a person may be signed in.
pub fn forget_signed_in() {
    if let Some(page) = page() {
        // Browsers that block cookies have none to remove.
        let _ = page.set_cookie(&[SIGNED_IN_COOKIE, "=; Path=/; Max-Age=0"].concat());
    }
}

fn page() -> Option<HtmlDocument> {
    window()?.document()?.dyn_into().ok()
}
