//! Links, buttons, headings and choices.

use leptos::ev;
use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::context::Host;
use crate::html::{self, Bare, Element, Input, follow, span};
use crate::navigation::{LinkKind, Navigation, Place, href};

/// Attribute of what stands in the place of content that is on its way: a page with none of it is whole.
pub const PENDING: &str = "data-pending";

/// Returns a link to a place of the application.
#[must_use]
pub fn link(place: &Place, class: &'static str, words: impl Into<String>) -> Element {
    link_after(place, class, words.into(), None)
}

/// Listener that a link calls before it navigates.
pub type Before = Box<dyn Fn(&MouseEvent)>;

/// Returns a link that calls a listener first, and does not navigate if that prevents the default of the event.
#[must_use]
pub fn link_after(place: &Place, class: &'static str, words: String, before: Option<Before>) -> Element {
    let navigation = Navigation::get();
    let is_address = navigation.link_kind() == LinkKind::Anchor;
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
    html::element(name)
        .attr("href", address)
        .attr("type", (!is_address).then_some("button"))
        .attr("role", (!is_address).then_some("link"))
        .attr("class", class)
        .on(ev::click, pressed(press))
        .child(words)
}

/// Returns a boxed listener to clicks: all are of one type.
#[must_use]
pub fn pressed(press: impl FnMut(MouseEvent) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(press)
}

/// Returns a button that acts on the page.
#[must_use]
pub fn button(class: &'static str, words: impl Into<String>, press: impl Fn() + 'static) -> Element {
    let press = pressed(move |_| press());
    html::button().attr("class", class).attr("type", "button").on(ev::click, press).child(words.into())
}

/// Returns text for screen readers alone.
#[must_use]
pub fn visually_hidden(words: impl Into<String>) -> Element {
    span().attr("class", "visually-hidden").child(words.into())
}

/// Returns a paragraph.
#[must_use]
pub fn paragraph(words: impl Into<String>) -> Bare {
    html::p().child(words.into())
}

/// Returns a heading of the page (1), of a section (2) or of a part of it (3). In a portal, levels follow the portal's.
#[must_use]
pub fn heading(level: u8, words: impl Into<String>) -> Element {
    let first = Host::get().first_heading();
    let name = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(first + level - 2).min(5)];
    let class = ["h1", "h2", "h3"][usize::from(level - 1).min(2)];
    html::element(name).attr("class", class).attr("tabindex", (level == 1).then_some("-1")).child(words.into())
}

/// Returns the label of a checkbox or radio button, with its name and its help.
///
/// With an `id`, unique on the page, the help describes the input instead of being a part of its name.
#[must_use]
pub fn choice(input: Input, name: impl Into<String>, help: &'static str, id: Option<&str>) -> Element {
    let input = match id {
        Some(id) if !help.is_empty() => input.attr("aria-describedby", [id, "-hint"].concat()),
        _ => input,
    };
    described_choice(input, name, help, id)
}

/// Returns a [`choice`] whose input is described already, by the help of the element `id-hint` among others.
#[must_use]
pub fn described_choice(input: Input, name: impl Into<String>, help: &'static str, id: Option<&str>) -> Element {
    let name = span().attr("class", "name").child(name.into());
    let label = html::label().attr("class", "choice");
    if help.is_empty() {
        return label.child(input).child(name);
    }
    let help = span().attr("class", "hint").child(help);
    let Some(id) = id else { return label.child(input).child(name).child(help) };
    let (name_id, help_id) = ([id, "-name"].concat(), [id, "-hint"].concat());
    let input = input.attr("aria-labelledby", name_id.clone());
    label.child(input).child(name.attr("id", name_id)).child(help.attr("id", help_id))
}

/// Returns a link to an e-mail address.
#[must_use]
pub fn mail(address: &str) -> Element {
    html::a().attr("href", ["mailto:", address].concat()).attr("rel", "external").child(address.to_owned())
}

/// Returns a link to another site.
#[must_use]
pub fn external(address: &str, words: &'static str) -> Element {
    html::a().attr("href", address.to_owned()).attr("rel", "external noopener").child(words)
}

/// Returns a link to another site that opens in a new tab, and says so.
#[must_use]
pub fn new_tab_link(address: impl Fn() -> String + Send + 'static, words: &'static str) -> Element {
    html::a()
        .attr("href", follow(address))
        .attr("rel", "external noopener")
        .attr("target", "_blank")
        .child([words, " (nouvel onglet)"].concat())
}

/// Returns a button that opens and closes the element of an `id`.
#[must_use]
pub fn disclosure(class: &'static str, controlled: &'static str, open: RwSignal<bool>) -> Input {
    html::button()
        .attr("class", class)
        .attr("type", "button")
        .attr("aria-controls", controlled)
        .attr("aria-expanded", follow(move || open.get().to_string()))
        .on(ev::click, pressed(move |_| open.update(|open| *open = !*open)))
}

/// Returns the link to a new request.
#[must_use]
pub fn new_request_link() -> Element {
    link(&Place::NewRequest, "button primary", "Commencer une demande")
}
