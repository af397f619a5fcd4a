//! Theme, kept on the device.

use leptos::prelude::*;

use super::sheet;
use crate::app::App;
use crate::device;

/// The display settings.
pub fn display() -> AnyView {
    let theme = App::get().theme();
    let option = move |value: &'static str, name: &'static str, help: &'static str| {
        let wanted = move || (value != "auto").then(|| value.to_owned());
        let choose = move |_| {
            device::keep_theme(wanted().as_deref());
            theme.set(wanted());
        };
        let help = (!help.is_empty()).then(|| view! { <span class="hint">{help}</span> });
        view! {
            <label class="choice">
                <input type="radio" name="theme" value=value prop:checked=move || theme.get() == wanted() on:change=choose />
                <span class="name">{name}</span>
                {help}
            </label>
        }
    };
    let content = view! {
        <fieldset class="field">
            <legend>{"Thème"}</legend>
            <p class="hint">{"Ce choix est gardé sur cet appareil."}</p>
            <div class="choices">
                {option("auto", "Celui du système", "Clair ou sombre, selon les réglages de votre appareil.")}
                {option("light", "Clair", "")}
                {option("dark", "Sombre", "")}
            </div>
        </fieldset>
    };
    sheet("Affichage", content.into_any())
}
