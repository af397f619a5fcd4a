//! Links, buttons, headings, and what lets one choose.

use leptos::ev;
use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::context::Host;
use crate::html::{self, Bare, Element, Input, follow, span};
use crate::navigation::{Links, Navigation, Place, href};

/// A link to a place of ours.
#[must_use]
pub fn link(place: &Place, class: &'static str, words: impl Into<String>) -> Element {
    link_after(place, class, words.into(), None)
}

/// What a link does before it leads on.
pub type Before = Box<dyn Fn(&MouseEvent)>;

/// A link that may do something of its own first, and leads nowhere if that prevents the default of the event.
#[must_use]
pub fn link_after(place: &Place, class: &'static str, words: String, before: Option<Before>) -> Element {
    let navigation = Navigation::get();
    let is_address = navigation.links() == Links::Addresses;
    let place = place.clone();
    let (name, address) = if is_address { ("a", Some(href(&place))) } else { ("button", None) };
    let press = move |event: MouseEvent| {
        if let Some(before) = &before {
            before(&event);
        }
        if !is_address && !event.default_prevented() {
            navigation.go(&place);
        }
    };
    html::named(name)
        .attr("href", address)
        .attr("type", (!is_address).then_some("button"))
        .attr("role", (!is_address).then_some("link"))
        .attr("class", class)
        .on(ev::click, pressed(press))
        .child(words)
}

/// A listener to presses, of one type whatever it does.
#[must_use]
pub fn pressed(press: impl FnMut(MouseEvent) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(press)
}

/// A button that does something here.
#[must_use]
pub fn button(class: &'static str, words: impl Into<String>, press: impl Fn() + 'static) -> Element {
    let press = pressed(move |_| press());
    html::button().attr("class", class).attr("type", "button").on(ev::click, press).child(words.into())
}

/// Words that only a screen reader tells.
#[must_use]
pub fn visually_hidden(words: impl Into<String>) -> Element {
    span().attr("class", "visually-hidden").child(words.into())
}

/// A paragraph.
#[must_use]
pub fn paragraph(words: impl Into<String>) -> Bare {
    html::p().child(words.into())
}

/// A heading: of the page (1), of a part of it (2) or of a part of that (3). In a portal they begin where its own end.
#[must_use]
pub fn heading(level: u8, words: impl Into<String>) -> Element {
    let first = Host::get().first_heading();
    let name = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(first + level - 2).min(5)];
    let class = ["h1", "h2", "h3"][usize::from(level - 1).min(2)];
    html::named(name).attr("class", class).attr("tabindex", (level == 1).then_some("-1")).child(words.into())
}

/// One box or button to choose, with its name and what helps to choose it. With an `id`, unique on the page, the help
/// describes the input instead of being a part of its name.
#[must_use]
pub fn choice(input: Input, name: impl Into<String>, help: &'static str, id: Option<&str>) -> Element {
    let name = span().attr("class", "name").child(name.into());
    let label = html::label().attr("class", "choice");
    if help.is_empty() {
        return label.child(input).child(name);
    }
    let help = span().attr("class", "hint").child(help);
    let Some(id) = id else { return label.child(input).child(name).child(help) };
    let (name_id, help_id) = ([id, "-name"].concat(), [id, "-hint"].concat());
    let input = input.attr("aria-labelledby", name_id.clone()).attr("aria-describedby", help_id.clone());
    label.child(input).child(name.attr("id", name_id)).child(help.attr("id", help_id))
}

/// An e-mail address as a link.
#[must_use]
pub fn mail(address: &str) -> Element {
    html::a().attr("href", ["mailto:", address].concat()).attr("rel", "external").child(address.to_owned())
}

/// A link to a site that is not ours.
#[must_use]
pub fn external(address: &str, words: &'static str) -> Element {
    html::a().attr("href", address.to_owned()).attr("rel", "external noopener").child(words)
}

/// A button that opens and closes something.
#[must_use]
pub fn disclosure(class: &'static str, controlled: &'static str, open: RwSignal<bool>) -> Input {
    html::button()
        .attr("class", class)
        .attr("type", "button")
        .attr("aria-controls", controlled)
        .attr("aria-expanded", follow(move || open.get().to_string()))
        .on(ev::click, pressed(move |_| open.update(|open| *open = !*open)))
}

/// The way to a new request.
#[must_use]
pub fn begin() -> Element {
    link(&Place::NewRequest, "button primary", "Commencer une demande")
}
