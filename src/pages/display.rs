//! Display settings, kept on the device, and the sessions of the person.

use leptos::ev;
use leptos::prelude::*;

use super::sessions::Sessions;
use crate::components::{Sheet, choice, paragraph};
use crate::context::Settings;
use crate::device;
use crate::html::{div, fieldset, holds, input, legend};

/// Value of the option to follow the system, for which no theme is kept.
const SYSTEM: &str = "auto";

/// Shows the display settings.
#[component]
pub(super) fn Display() -> impl IntoView {
    let options = view! {
        <Theme value=SYSTEM words="Celui du système" help="Clair ou sombre, selon les réglages de votre appareil." />
        <Theme value="light" words="Clair" help="" />
        <Theme value="dark" words="Sombre" help="" />
    };
    let question = fieldset()
        .attr("class", "field")
        .child(legend().child("Thème"))
        .child(paragraph("Ce choix est gardé sur cet appareil.").attr("class", "hint"))
        .child(div().attr("class", "choices").child(options));
    view! {
        <Sheet title="Affichage">
            {question}
            <Sessions />
        </Sheet>
    }
}

/// Shows the choice of one theme.
#[component]
fn Theme(value: &'static str, words: &'static str, help: &'static str) -> impl IntoView {
    let theme = Settings::get().theme;
    let wanted = (value != SYSTEM).then_some(value);
    let choose = move |_| {
        device::keep_theme(wanted);
        theme.set(wanted.map(str::to_owned));
    };
    let input = input()
        .attr("type", "radio")
        .attr("name", "theme")
        .attr("value", value)
        .prop("checked", holds(move || theme.with(|theme| theme.as_deref() == wanted)))
        .on(ev::change, choose);
    choice(input, words, help, None)
}
