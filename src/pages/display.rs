//! Theme, kept on the device, and where the person is signed in.

use leptos::ev;
use leptos::prelude::*;

use super::sessions::Sessions;
use crate::components::{Sheet, choice, paragraph};
use crate::context::Settings;
use crate::device;
use crate::html::{Element, div, fieldset, holds, input, legend};

/// Following the system, which is having chosen no theme.
const SYSTEM: &str = "auto";

/// Shows the display settings.
#[component]
pub(super) fn Display() -> impl IntoView {
    let settings = Settings::get();
    let theme = settings.theme;
    let options = vec![
        option(theme, SYSTEM, "Celui du système", "Clair ou sombre, selon les réglages de votre appareil."),
        option(theme, "light", "Clair", ""),
        option(theme, "dark", "Sombre", ""),
    ];
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

fn option(theme: RwSignal<Option<String>>, value: &'static str, name: &'static str, help: &'static str) -> Element {
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
    choice(input, name, help, None)
}
