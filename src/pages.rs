//! The pages. Each one names itself through [`App::arrive`](crate::app::App::arrive) and draws what stands in `main`.

mod display;
mod eligibility;
mod help;
mod notices;
mod read_only;
mod request;
mod requests;
mod sign_in;
mod start;
mod stepper;

use leptos::prelude::*;

use crate::app::App;
use crate::navigation::{Place, href};

pub use display::display;
pub use eligibility::eligibility;
pub use help::help;
pub use notices::{accessibility, legal_notice, personal_data};
pub use request::{new_request, request};
pub use requests::requests;
pub use sign_in::sign_in;
pub use start::start;

/// A page of text under its heading.
fn sheet(title: &'static str, content: AnyView) -> AnyView {
    App::get().arrive(title);
    view! {
        <div class="page">
            <article class="sheet">
                <h1 tabindex=-1>{title}</h1>
                {content}
            </article>
        </div>
    }
    .into_any()
}

/// While it is not known yet what to show.
pub fn waiting() -> AnyView {
    view! {
        <div class="page">
            <p class="sheet waiting" role="status">{"Un instant…"}</p>
        </div>
    }
    .into_any()
}

/// An address that leads nowhere.
pub fn not_found() -> AnyView {
    let content = view! {
        <p>{"Cette adresse ne mène à aucune page, ou à une demande à laquelle vous n’avez pas accès."}</p>
        <p>{"Si vous l’avez tapée, vérifiez-la. Si vous avez suivi un lien, la demande a pu être supprimée, ou appartenir à une autre personne."}</p>
        <p class="actions">
            <a class="button main" href=href(&Place::Requests)>{"Voir mes demandes"}</a>
            <a class="button" href=href(&Place::Start)>{"Aller à l’accueil"}</a>
        </p>
    };
    sheet("Page introuvable", content.into_any())
}

/// Something did not answer; trying again may help.
fn trouble(retry: impl Fn() + 'static) -> AnyView {
    let content = view! {
        <p>{"Le service ne répond pas pour le moment. Ce que vous avez écrit reste sur cet appareil."}</p>
        <p class="actions">
            <button type="button" class="button main" on:click=move |_| retry()>{"Réessayer"}</button>
        </p>
    };
    sheet("Service momentanément injoignable", content.into_any())
}
