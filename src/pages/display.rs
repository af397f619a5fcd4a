//! Theme, kept on the device, and where the person is signed in.
use leptos::prelude::*;

use super::sessions::sessions;
use super::sheet;
use crate::app::App;
use crate::controls::choice;
use crate::device;
use crate::dom::{Element, View, element, paragraph};

/// Following the system, which is having chosen no theme.
const SYSTEM: &str = "auto";

/// The display settings.
#[must_use]
pub(super) fn display() -> View {
    let theme = App::get().theme();
    let options = vec![
        option(theme, SYSTEM, "Celui du système", "Clair ou sombre, selon les réglages de votre appareil."),
        option(theme, "light", "Clair", ""),
        option(theme, "dark", "Sombre", ""),
    ];
    let question = element("fieldset")
        .class("field")
        .child(element("legend").text("Thème"))
        .child(paragraph("Ce choix est gardé sur cet appareil.").class("hint"))
        .child(element("div").class("choices").child(options));
    sheet("Affichage", vec![View::from(question), sessions()])
}

fn option(theme: RwSignal<Option<String>>, value: &'static str, name: &str, help: &str) -> Element {
    let wanted = (value != SYSTEM).then_some(value);
    let choose = move |_| {
        device::keep_theme(wanted);
        theme.set(wanted.map(str::to_owned));
    };
    let input = element("input")
        .attr("type", "radio")
        .attr("name", "theme")
        .attr("value", value)
        .live_checked(move || theme.with(|theme| theme.as_deref() == wanted))
        .on("change", choose);
    choice(input, name, help, None)
}
