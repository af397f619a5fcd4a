//! Elements of the page: Leptos's own, all of one type.
//!
//! Leptos has a type for each element, each of which is compiled anew. Here every element is a [`Custom`] of Leptos, whose
//! name is a value: one piece of compiled code draws them all. `docs/weight.md` tells what that saves.

#[cfg(not(feature = "ssr"))]
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use leptos::html::{Custom, HtmlElement, custom};
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::reactive_graph::ReactiveFunction;
use leptos::tachys::view::iterators::StaticVec;

#[cfg(not(feature = "ssr"))]
use crate::effect::run_and_follow;

/// Element with attributes and children, to which more of both can be added.
pub type Element = HtmlElement<Custom<&'static str>, Vec<AnyAttribute>, StaticVec<AnyView>>;

/// Element with children and no attribute so far.
pub type Bare = HtmlElement<Custom<&'static str>, (), StaticVec<AnyView>>;

/// Element without attributes and children so far.
pub type Empty = HtmlElement<Custom<&'static str>, (), ()>;

/// Element with attributes and no children so far, such as an input.
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
    main, nav, ol, option, p, progress, section, select, small, span, strong, summary, template, textarea, ul,
];

/// Function of signals whose value is drawn, and drawn again whenever one of them changes.
///
/// Functions with the same type of value are of one type, so that Leptos's code for them is compiled once.
pub struct Live<T>(Box<dyn Follow<T>>);

/// View that follows signals.
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

/// Makes a view follow the signals that `draw` reads.
#[must_use]
pub fn live<V: IntoAny>(draw: impl Fn() -> V + Send + 'static) -> LiveView {
    Live(Box::new(move || draw().into_any()))
}

/// Makes the value of an attribute follow the signals that `value` reads.
#[must_use]
pub fn follow<V: AttributeText>(value: impl Fn() -> V + Send + 'static) -> Live<Option<String>> {
    Live(Box::new(move || value().attribute_text()))
}

/// Makes a condition (of a class, of a property) follow the signals that `holds` reads.
#[must_use]
pub fn holds(holds: impl Fn() -> bool + Send + 'static) -> Live<bool> {
    Live(Box::new(holds))
}

/// Text that may be the value of an attribute; without one, the attribute is absent.
pub trait AttributeText {
    /// Returns the text, if there is one.
    fn attribute_text(self) -> Option<String>;
}

impl AttributeText for String {
    fn attribute_text(self) -> Option<String> {
        Some(self)
    }
}

impl AttributeText for &str {
    fn attribute_text(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl<T: AttributeText> AttributeText for Option<T> {
    fn attribute_text(self) -> Option<String> {
        self.and_then(AttributeText::attribute_text)
    }
}

/// Draws a view with new elements whenever the value changes that it is drawn from.
///
/// The state of the elements before (an open menu, a caret, text that tools wrote) does not pass on to other content.
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

/// Function of an element of the browser.
type OfElement = Rc<dyn Fn(web_sys::Element)>;

/// Element that is known once it is drawn.
pub trait OnceDrawn {
    /// The element, with what is to run.
    type Output;

    /// Runs a function on the element as soon as a browser has drawn it.
    fn once_drawn(self, run: impl Fn(web_sys::Element) + 'static) -> Self::Output;
}

impl<E> OnceDrawn for E
where
    E: DirectiveAttribute<(web_sys::Element, OfElement), OfElement, fn(web_sys::Element, OfElement)>,
{
    type Output =
        <E as DirectiveAttribute<(web_sys::Element, OfElement), OfElement, fn(web_sys::Element, OfElement)>>::Output;

    fn once_drawn(self, run: impl Fn(web_sys::Element) + 'static) -> Self::Output {
        // One type of function: Leptos's code for it is compiled once.
        self.directive(|element, run| run(element), Rc::new(run))
    }
}

/// Element whose text follows signals.
pub trait LiveText {
    /// Sets the text of an element without children, and again whenever signals make it another one.
    ///
    /// Browsers' translators replace text nodes: setting the element's property `textContent` reaches what they put there.
    fn live_text(self, words: impl Fn() -> String + Send + 'static) -> AnyView;

    /// Sets the text of an element without children, and again whenever its signals are set.
    ///
    /// Screen readers announce the same text anew, too.
    fn announced_text(self, words: impl Fn() -> String + Send + 'static) -> AnyView;
}

#[cfg(not(feature = "ssr"))]
impl<E> LiveText for E
where
    E: PropAttribute<&'static str, Live<String>> + OnceDrawn,
    <E as PropAttribute<&'static str, Live<String>>>::Output: IntoAny,
    <E as OnceDrawn>::Output: IntoAny,
{
    fn live_text(self, words: impl Fn() -> String + Send + 'static) -> AnyView {
        // One piece of code for all texts.
        let words: Rc<dyn Fn() -> String> = Rc::new(words);
        self.once_drawn(move |element| follow_text(element, Rc::clone(&words))).into_any()
    }

    fn announced_text(self, words: impl Fn() -> String + Send + 'static) -> AnyView {
        self.prop("textContent", Live(Box::new(words))).into_any()
    }
}

/// Sets the text of an element at each change of its words. The same text anew would be laid out as another one.
#[cfg(not(feature = "ssr"))]
fn follow_text(element: web_sys::Element, words: Rc<dyn Fn() -> String>) {
    let shown = RefCell::new(String::new());
    run_and_follow(move || {
        let text = words();
        if *shown.borrow() != text {
            element.set_text_content(Some(&text));
            shown.replace(text);
        }
    });
}

// Properties have no place in HTML.
#[cfg(feature = "ssr")]
impl<E> LiveText for E
where
    E: ElementChild<String>,
    E::Output: IntoAny,
{
    fn live_text(self, words: impl Fn() -> String + Send + 'static) -> AnyView {
        self.announced_text(words)
    }

    fn announced_text(self, words: impl Fn() -> String + Send + 'static) -> AnyView {
        self.child(words()).into_any()
    }
}

/// Creates an element by its tag name.
#[must_use]
pub fn element(name: &'static str) -> Empty {
    custom(name)
}
