//! What the browser keeps for us: values under keys of our own. Blocked or full storage is no error: memory takes over,
//! and whoever writes is told.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, Storage, StorageManager};

use crate::effect::spawn;
use crate::model::wire::SIGNED_IN_COOKIE;

/// Every key of ours begins so; no other key is ever touched.
const PREFIX: &str = "habilitation:";
const THEME: &str = "habilitation:theme";
const SHARED: &str = "habilitation:shared";

thread_local! {
    static MEMORY: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
    static ASKED_TO_PERSIST: Cell<bool> = const { Cell::new(false) };
}

/// How long copies of drafts may stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Until they are no longer needed, in the browser's storage.
    Local,
    /// Until the tab is closed.
    Session,
    /// As long as the page is shown, in its memory.
    Memory,
}

/// The storage of one instance of the service. Others of the same browser never meet its keys.
#[derive(Clone)]
pub struct Device {
    /// What all of its keys begin with.
    prefix: Rc<str>,
    persistence: Persistence,
}

impl Device {
    /// The storage of the instance of a name, such as the address of its API.
    #[must_use]
    pub fn new(instance: &str, persistence: Persistence) -> Self {
        Self { prefix: [PREFIX, instance, ":"].concat().into(), persistence }
    }

    /// How long copies stay: on a shared computer no longer than the tab.
    #[must_use]
    pub fn persistence(&self) -> Persistence {
        if self.persistence == Persistence::Local && is_shared() { Persistence::Session } else { self.persistence }
    }

    /// Whether the person can say that the computer is shared: only where copies would stay otherwise.
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

    /// The key that a name has in the storage, which all instances share.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        [&self.prefix, name].concat()
    }

    /// The value of a name.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<String> {
        read(self.storage(), &self.key(name))
    }

    /// Keeps a value, and tells how long it will stay.
    pub fn write(&self, name: &str, value: &str) -> Persistence {
        if write(self.storage(), self.key(name), value) { self.persistence() } else { Persistence::Memory }
    }

    /// Erases the value of a name, whatever the computer was when it was written.
    pub fn erase(&self, name: &str) {
        let key = self.key(name);
        [local(), session()].into_iter().flatten().for_each(|storage| remove(&storage, &key));
        remember(key, None);
    }

    /// Erases what the storage holds under a name, though not the memory: it is out of date, and could not be written over.
    pub fn erase_stored(&self, name: &str) {
        if let Some(storage) = self.storage() {
            remove(&storage, &self.key(name));
        }
    }

    /// The names that begin so and have a value.
    #[must_use]
    pub fn names(&self, beginning: &str) -> Vec<String> {
        let prefix = self.key(beginning);
        let mut keys = self.storage().map_or(Vec::new(), |storage| keys(&storage));
        MEMORY.with_borrow(|memory| keys.extend(memory.iter().map(|(key, _)| key.clone())));
        let mut names: Vec<String> = Vec::new();
        // Each stands once, in order.
        for key in keys.iter().filter(|key| key.starts_with(&prefix)) {
            let name = &key[self.prefix.len()..];
            if let Err(place) = names.binary_search_by(|known| known.as_str().cmp(name)) {
                names.insert(place, name.to_owned());
            }
        }
        names
    }

    /// Marks something for as long as the tab lasts.
    pub fn mark(&self, name: &str) {
        write(session(), self.key(name), "1");
    }

    /// Whether something was marked in this tab.
    #[must_use]
    pub fn is_marked(&self, name: &str) -> bool {
        read(session(), &self.key(name)).is_some()
    }

    /// The person says whether the computer is shared: what is kept under names that begin so moves along.
    pub fn share(&self, shared: bool, beginning: &str) {
        let moved: Vec<(String, String)> =
            self.names(beginning).into_iter().filter_map(|name| Some((name.clone(), self.read(&name)?))).collect();
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
    web_sys::window()?.local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn keys(storage: &Storage) -> Vec<String> {
    let length = storage.length().unwrap_or_default();
    (0..length).filter_map(|place| storage.key(place).ok().flatten()).collect()
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

fn read(storage: Option<Storage>, key: &str) -> Option<String> {
    recall(key).or_else(|| storage?.get_item(key).ok().flatten())
}

/// Keeps a value in the storage, or else in memory. Whether it was the storage.
fn write(storage: Option<Storage>, key: String, value: &str) -> bool {
    let stored = storage.is_some_and(|storage| storage.set_item(&key, value).is_ok());
    remember(key, (!stored).then_some(value));
    stored
}

fn remove(storage: &Storage, key: &str) {
    // Where removing is refused, so is reading: nothing is left to be found.
    let _ = storage.remove_item(key);
}

fn erase(key: &str) {
    if let Some(storage) = local() {
        remove(&storage, key);
    }
    remember(key.to_owned(), None);
}

/// Lets the other tabs hear something under a key of ours: their `storage` event carries it, and nothing stays.
pub fn pass(key: &str, message: &str) {
    if let Some(storage) = local() {
        // Where there is no room for it, nobody hears.
        let _ = storage.set_item(key, message);
        remove(&storage, key);
    }
}

/// Whether other people use this computer, as the person said.
#[must_use]
pub fn is_shared() -> bool {
    read(local(), SHARED).is_some()
}

/// Asks the browser not to clear what is kept, once for each page: some browsers ask the person.
pub fn persist() {
    let Some(window) = web_sys::window().filter(|_| !ASKED_TO_PERSIST.replace(true)) else { return };
    // Where the page is not secure, or the browser of an older kind, there is no such thing.
    let storage = Reflect::get(&window.navigator(), &"storage".into()).ok().filter(JsValue::is_object);
    let asked = storage.and_then(|storage| storage.unchecked_into::<StorageManager>().persist().ok());
    if let Some(asked) = asked {
        spawn(async move {
            // Refused, things are as they were.
            let _ = JsFuture::from(asked).await;
        });
    }
}

/// The theme chosen on this device, if one was.
#[must_use]
pub fn theme() -> Option<String> {
    read(local(), THEME)
}

/// Remembers the theme, or that the system's is wanted.
pub fn keep_theme(theme: Option<&str>) {
    match theme {
        Some(theme) => {
            write(local(), THEME.to_owned(), theme);
        }
        None => erase(THEME),
    }
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
