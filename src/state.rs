//! What the page remembers, and what follows it.
//!
//! These are the arena, the signals and the memos of Leptos behind types that cost next to nothing: Leptos compiles its own
//! anew for each type of value, up to 6 KB each time, while the values here all lie in places of one type. Like there,
//! copies share one value, and it ends with the owner it was made under.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::prelude::{
    Effect, Get, GetUntracked, GetValue, IsDisposed, LocalStorage, Memo, Notify, StoredValue, Track, Trigger,
};

/// A value that is held, and that nothing follows.
pub struct Held<T> {
    place: Place,
    kind: PhantomData<fn() -> T>,
}

/// A place in Leptos's arena, the same for every type.
type Place = StoredValue<Rc<dyn Any>, LocalStorage>;

/// What is at a place, unless its owner has ended. This and what follows is compiled once, whatever is there.
#[inline(never)]
fn take(place: Place) -> Option<Rc<dyn Any>> {
    place.try_get_value()
}

#[inline(never)]
fn release(cell: Rc<dyn Any>) {
    drop(cell);
}

fn held<T: 'static>(cell: &Rc<dyn Any>) -> &RefCell<T> {
    #[expect(clippy::expect_used, reason = "a place is made with the value that it holds")]
    cell.downcast_ref().expect("a value of its type")
}

/// A value that is followed: whoever looked at it while something was drawn draws it again when it changes.
pub struct Live<T> {
    value: Held<T>,
    changed: Trigger,
}

/// A value that is computed from others. It changes only when another value comes out, never between two edits.
pub struct Derived<T> {
    value: Held<Option<T>>,
    /// How many values came out so far.
    changes: Memo<u32>,
}

macro_rules! copies {
    ($($name:ident),+) => { $(
        impl<T> Copy for $name<T> {}

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }
    )+ };
}
copies!(Held, Live, Derived);

#[expect(missing_docs, reason = "they do what those of Leptos's `StoredValue` do")]
impl<T: 'static> Held<T> {
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { place: StoredValue::new_local(Rc::new(RefCell::new(value))), kind: PhantomData }
    }

    pub fn try_with_value<U>(self, look: impl FnOnce(&T) -> U) -> Option<U> {
        let cell = take(self.place)?;
        let seen = look(&held::<T>(&cell).borrow());
        release(cell);
        Some(seen)
    }

    pub fn try_update_value<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        let cell = take(self.place)?;
        let done = change(&mut held::<T>(&cell).borrow_mut());
        release(cell);
        Some(done)
    }

    pub fn update_value(self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    pub fn set_value(self, value: T) {
        self.update_value(|held| *held = value);
    }

    /// # Panics
    /// When its owner has ended, as those of Leptos do.
    pub fn with_value<U>(self, look: impl FnOnce(&T) -> U) -> U {
        #[expect(clippy::expect_used, reason = "said above")]
        self.try_with_value(look).expect("its owner has ended")
    }

    pub fn try_get_value(self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with_value(T::clone)
    }

    #[must_use]
    pub fn get_value(self) -> T
    where
        T: Clone,
    {
        self.with_value(T::clone)
    }
}

#[expect(missing_docs, reason = "they do what those of Leptos's signals do")]
impl<T: 'static> Live<T> {
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { value: Held::new(value), changed: Trigger::new() }
    }

    #[must_use]
    pub fn is_disposed(self) -> bool {
        self.changed.is_disposed()
    }

    pub fn track(self) {
        self.changed.track();
    }

    pub fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        self.value.with_value(look)
    }

    pub fn try_with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> Option<U> {
        self.value.try_with_value(look)
    }

    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        self.track();
        self.with_untracked(look)
    }

    /// Changes the value without a word to whoever follows it.
    pub fn update_untracked(self, change: impl FnOnce(&mut T)) {
        self.value.update_value(change);
    }

    /// Changes the value, unless its owner has ended.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if self.value.try_update_value(change).is_some() {
            self.changed.notify();
        }
    }

    /// Gives it another value, unless its owner has ended.
    pub fn set(self, value: T) {
        self.update(|held| *held = value);
    }
}

#[expect(missing_docs, reason = "they do what those of Leptos's signals do")]
impl<T: Clone + 'static> Live<T> {
    #[must_use]
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    #[must_use]
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }

    pub fn try_get_untracked(self) -> Option<T> {
        self.value.try_get_value()
    }
}

/// Counts how often something changes, asked again whenever a signal that it looked at did.
#[inline(never)]
fn count(changes: Box<dyn Fn() -> bool>) -> Memo<u32> {
    let changes = Held::new(changes);
    Memo::new(move |before: Option<&u32>| {
        before.copied().unwrap_or(0) + u32::from(changes.with_value(|changes| changes()))
    })
}

#[expect(missing_docs, reason = "they do what those of Leptos's memos do")]
impl<T: PartialEq + 'static> Derived<T> {
    /// A value computed when it is looked at, from those that it looks at itself and the one that it was before.
    #[must_use]
    pub fn new(compute: impl Fn(Option<&T>) -> T + 'static) -> Self {
        let value = Held::new(None);
        let changes = count(Box::new(move || {
            let computed = value.with_value(|before| Some(compute(before.as_ref())));
            let change = move |held: &mut Option<T>| {
                let changes = *held != computed;
                if changes {
                    *held = computed;
                }
                changes
            };
            value.try_update_value(change) == Some(true)
        }));
        Self { value, changes }
    }

    pub fn track(self) {
        self.changes.get();
    }

    fn look<U>(self, look: impl FnOnce(&T) -> U) -> U {
        #[expect(clippy::expect_used, reason = "it was just computed")]
        self.value.with_value(|value| look(value.as_ref().expect("a computed value")))
    }

    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        self.track();
        self.look(look)
    }

    pub fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        self.changes.get_untracked();
        self.look(look)
    }

    #[must_use]
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    #[must_use]
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }
}

/// Keeps something from ending before its owner.
pub fn keep<T: 'static>(value: T) {
    let _: Held<T> = Held::new(value);
}

/// Does something soon, and again whenever what it looked at changes, until its owner ends.
pub fn watch(run: impl Fn() + 'static) {
    watching(Box::new(run));
}

#[inline(never)]
fn watching(run: Box<dyn Fn()>) {
    Effect::new(move |_: Option<()>| run());
}

/// The same with what it said the time before.
pub fn watch_changes<T: 'static>(run: impl Fn(Option<T>) -> T + 'static) {
    let before = Cell::new(None);
    watch(move || before.set(Some(run(before.take()))));
}
