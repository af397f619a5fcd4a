//! Step 3: which data, and what becomes of them.

use leptos::prelude::*;

use super::{Filling, help};
use crate::app::App;
use crate::controls::{Look, scopes, text, text_area};
use crate::model::Field;

pub(super) fn fields(Filling { form, .. }: Filling) -> AnyView {
    let app = App::get();
    let advice = move || app.config().with(|config| config.contacts.retention_advice_url.clone());
    let answer = view! {
        <p>
            {"Des données personnelles ne se gardent pas sans limite. La durée se fixe selon l’objectif : le temps de la démarche, d’un recours, d’un contrôle… C’est au responsable du traitement d’en décider."}
        </p>
        <p>
            <a href=advice rel="external noopener" target="_blank">
                {"Les conseils de la CNIL sur les durées de conservation (nouvel onglet)"}
            </a>
        </p>
    };
    view! {
        {scopes(form)}
        {scope_parameter(form)}
        {text_area(form, Field::Recipients)}
        {text(form, Field::RetentionMonths, Look::DIGITS)}
        {text_area(form, Field::RetentionReason)}
        {help("Comment choisir la durée ?", answer.into_any())}
    }
    .into_any()
}

/// The exact text that the service will send later, to copy.
fn scope_parameter(form: crate::form::Form) -> AnyView {
    let copied = RwSignal::new(false);
    let parameter = Memo::new(move |_| form.look(&[Field::Scopes], |draft| draft.data.scopes.parameter()));
    let copy = move |_| {
        let clipboard = window().navigator().clipboard();
        let writing = wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&parameter.get_untracked()));
        leptos::reactive::spawn_local(async move {
            if writing.await.is_ok() {
                copied.try_set(true);
            }
        });
    };
    Effect::new(move || {
        parameter.track();
        copied.set(false);
    });
    view! {
        <div class="copy">
            <p class="hint" id="scope-hint">
                {"À transmettre à votre équipe technique : le paramètre « scope » correspondant."}
            </p>
            <div class="copy-line">
                <code id="scope">{move || parameter.get()}</code>
                <button type="button" class="button" aria-describedby="scope-hint" on:click=copy>
                    {"Copier"}
                </button>
            </div>
            <p class="hint" role="status">{move || copied.get().then_some("Copié")}</p>
        </div>
    }
    .into_any()
}
