//! A request that was submitted: its receipt, then every answer.

use leptos::prelude::*;

use super::request::duplicate;
use crate::app::App;
use crate::clock;
use crate::device;
use crate::model::wire::{Session, StoredRequest};
use crate::navigation::{Place, href};
use crate::steps;

pub(super) fn read_only(request: &StoredRequest, session: &Session) -> AnyView {
    let app = App::get();
    device::forget_draft(&session.user.id, &request.id);
    let number = request.number.clone().unwrap_or_default();
    let title = format!("Demande {number}");
    app.arrive(&title);
    let sent = request.submitted_at.as_deref().map(clock::day_and_time).unwrap_or_default();
    let applicant = request.draft.organisation.applicant.email.trimmed().to_owned();
    let controller = request.draft.people.controller.email.trimmed().to_owned();
    let technical = request.draft.people.technical.email.trimmed().to_owned();
    let copy = {
        let (answers, session) = (request.draft.clone(), session.clone());
        move |_| duplicate(&session, &answers)
    };
    let print = |_| {
        // Where printing is not offered, nothing happens.
        let _ = window().print();
    };
    view! {
        <div class="page">
            <article class="sheet">
                <header>
                    <h1 tabindex=-1>{title}</h1>
                    <p class="lead">{request.draft.project.name.trimmed().to_owned()}</p>
                </header>
                <div class="good">
                    <h2>{"Votre demande est envoyée"}</h2>
                    <dl class="receipt">
                        <div>
                            <dt>{"Numéro"}</dt>
                            <dd>{number.clone()}</dd>
                        </div>
                        <div>
                            <dt>{"Envoyée le"}</dt>
                            <dd>{sent}</dd>
                        </div>
                    </dl>
                </div>
                <section class="section">
                    <h2>{"Et maintenant ?"}</h2>
                    <p>
                        {"L’équipe FranceConnect examine votre demande. La réponse arrive par courriel : en quelques jours dans la plupart des cas, en quelques semaines si le cadre juridique demande une analyse approfondie."}
                    </p>
                    <ul>
                        <li>{format!("La réponse, et les questions s’il y en a, vous seront envoyées à {applicant}.")}</li>
                        <li>{format!("Si la demande est acceptée, le responsable du traitement sera prévenu à {controller}.")}</li>
                        <li>{format!("Le contact technique recevra alors ses accès à {technical}, et un code par SMS.")}</li>
                    </ul>
                </section>
                <p class="actions">
                    <button type="button" class="button main" on:click=print>{"Imprimer"}</button>
                    <button type="button" class="button" on:click=copy>{"Dupliquer en un nouveau brouillon"}</button>
                    <a class="button" href=href(&Place::Requests)>{"Mes demandes"}</a>
                </p>
                {steps::answers(&request.draft, None)}
            </article>
        </div>
    }
    .into_any()
}
