//! Signing in; for now as one of the made-up people of the demonstration.

use leptos::prelude::*;
use leptos::reactive::spawn_local;

use super::sheet;
use crate::app::{App, Identity};
use crate::model::wire::DemoPerson;
use crate::navigation::Place;

#[derive(Clone)]
enum People {
    Awaited,
    Offered(Vec<DemoPerson>),
    /// The demonstration is off.
    Nobody,
    Unreachable,
}

/// Signing in, and where to go then.
pub fn sign_in(back: Option<Place>) -> AnyView {
    let app = App::get();
    let people = RwSignal::new(People::Awaited);
    let ask = move || {
        people.set(People::Awaited);
        let asking = app.api().demo_people();
        spawn_local(async move {
            let answer = match asking.await {
                Ok(offered) => People::Offered(offered.people),
                Err(error) if error.status() == Some(404) => People::Nobody,
                Err(_) => People::Unreachable,
            };
            people.try_set(answer);
        });
    };
    ask();
    let back = StoredValue::new(back.unwrap_or(Place::Requests));
    let content = move || match people.get() {
        People::Awaited => view! { <p role="status">{"Un instant…"}</p> }.into_any(),
        People::Nobody => {
            view! { <p class="note">{"La connexion n’est pas disponible pour le moment. Revenez plus tard."}</p> }
                .into_any()
        }
        People::Unreachable => view! {
            <p class="note">{"Le service ne répond pas. Vérifiez votre connexion, puis réessayez."}</p>
            <p>
                <button type="button" class="button main" on:click=move |_| ask()>{"Réessayer"}</button>
            </p>
        }
        .into_any(),
        People::Offered(offered) => {
            let person = |person: DemoPerson| person_button(app, person, back, people);
            view! {
                <p class="lead">
                    {"Démonstration : choisissez l’une de ces personnes inventées. Aucun mot de passe n’est demandé."}
                </p>
                <ul class="people" role="list">{offered.into_iter().map(person).collect_view()}</ul>
            }
            .into_any()
        }
    };
    sheet("Se connecter", content.into_any())
}

fn person_button(app: App, person: DemoPerson, back: StoredValue<Place>, people: RwSignal<People>) -> AnyView {
    let id = person.id;
    let enter = move |_| {
        let signing_in = app.api().sign_in(&id);
        spawn_local(async move {
            match signing_in.await {
                Ok(session) => {
                    // Asked for by address, the page to come back to shows by itself; asked for by a link, it is gone to.
                    let elsewhere = matches!(app.navigation.place().get_untracked(), Place::SignIn(_));
                    app.identify(Identity::Person(Box::new(session)));
                    if elsewhere {
                        app.navigation.replace(&back.get_value());
                    }
                }
                Err(_) => {
                    people.try_set(People::Unreachable);
                }
            }
        });
    };
    view! {
        <li>
            <button type="button" class="person" on:click=enter>
                <span class="name">{format!("{} {}", person.given_name, person.family_name)}</span>
                <span class="hint">{format!("{} – {}", person.job_title, person.organisation)}</span>
            </button>
        </li>
    }
    .into_any()
}
