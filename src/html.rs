//! The elements of the page: Leptos's own, all of one type.
//!
//! Leptos has a type for each element, each of which is compiled anew. Here every element is a [`Custom`] of Leptos, whose
//! name is a value: one piece of compiled code draws them all. `docs/weight.md` tells what that saves.

use std::sync::{Arc, Mutex};

use leptos::html::{Custom, HtmlElement, custom};
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::reactive_graph::ReactiveFunction;
use leptos::tachys::view::iterators::StaticVec;

/// An element with attributes and children, to which more of both can be added.
pub type Element = HtmlElement<Custom<&'static str>, Vec<AnyAttribute>, StaticVec<AnyView>>;

/// An element with children and no attribute so far.
pub type Bare = HtmlElement<Custom<&'static str>, (), StaticVec<AnyView>>;

/// An element with nothing in it so far.
pub type Empty = HtmlElement<Custom<&'static str>, (), ()>;

/// An element with attributes, and nothing in it so far: an input, for one.
pub type Input = HtmlElement<Custom<&'static str>, Vec<AnyAttribute>, ()>;

macro_rules! elements {
    ($($name:ident),+ $(,)?) => { $(
        #[doc = concat!("Creates a `", stringify!($name), "` element.")]
        #[must_use]
        pub fn $name() -> Empty {
            custom(stringify!($name))
        }
    )+ };
}

elements![
    a, article, bdi, button, code, dd, details, div, dl, dt, fieldset, footer, form, header, input, label, legend, li,
    main, nav, ol, option, p, progress, section, select, small, span, strong, summary, textarea, ul,
];

/// A function of signals: what it returns is drawn, and again whenever one of them changes. All that return the same are of one
/// type, so that Leptos's code for them is there once; `view!` does likewise.
pub struct Live<T>(Box<dyn Follow<T>>);

/// A view that follows signals.
pub type LiveView = Live<AnyView>;

trait Follow<T>: Send {
    fn follow(&self) -> T;
}

impl<T, F: Fn() -> T + Send> Follow<T> for F {
    fn follow(&self) -> T {
        self()
    }
}

impl<T: 'static> ReactiveFunction for Live<T> {
    type Output = T;

    fn invoke(&mut self) -> T {
        self.0.follow()
    }

    fn into_shared(self) -> Arc<Mutex<dyn FnMut() -> T + Send>> {
        Arc::new(Mutex::new(move || self.0.follow()))
    }
}

/// Makes a view follow the signals that are read where it is drawn.
#[must_use]
pub fn live<V: IntoAny>(draw: impl Fn() -> V + Send + 'static) -> LiveView {
    Live(Box::new(move || draw().into_any()))
}

/// Makes the value of an attribute follow the signals that are read for it.
#[must_use]
pub fn follow<V: Words>(value: impl Fn() -> V + Send + 'static) -> Live<Option<String>> {
    Live(Box::new(move || value().words()))
}

/// Makes whether something holds (a class, a property) follow the signals that are read for it.
#[must_use]
pub fn holds(holds: impl Fn() -> bool + Send + 'static) -> Live<bool> {
    Live(Box::new(holds))
}

/// The value of an attribute, which is absent where there is none.
pub trait Words {
    /// Returns the value.
    fn words(self) -> Option<String>;
}

impl Words for String {
    fn words(self) -> Option<String> {
        Some(self)
    }
}

impl Words for &str {
    fn words(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl<W: Words> Words for Option<W> {
    fn words(self) -> Option<String> {
        self.and_then(Words::words)
    }
}

/// Draws something anew, with elements of its own, whenever what it is drawn from changes: what somebody did in the elements
/// from before (an open menu, a caret, what tools wrote) does not pass on to other content.
pub fn anew<T: Clone + Send + Sync + 'static>(
    from: impl Fn() -> T + Send + 'static,
    draw: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> LiveView {
    let draw = Arc::new(draw);
    live(move || {
        let (from, draw) = (from(), Arc::clone(&draw));
        // Leptos brings elements up to date, but replaces functions.
        live(move || draw(from.clone()))
    })
}

/// Elements whose words follow signals.
pub trait LiveText {
    /// Shows words that follow signals, in an element that holds nothing else.
    ///
    /// Translators of browsers put other nodes in the place of a text: it is the element that is told its new words, and only
    /// when they are others than before.
    fn live_text(self, words: impl Fn() -> String + Send + 'static) -> AnyView;
}

impl<E> LiveText for E
where
    E: PropAttribute<&'static str, Live<String>>,
    E::Output: IntoAny,
{
    fn live_text(self, words: impl Fn() -> String + Send + 'static) -> AnyView {
        self.prop("textContent", Live(Box::new(words))).into_any()
    }
}

/// Creates an element by its name.
#[must_use]
pub fn element(name: &'static str) -> Empty {
    custom(name)
}
