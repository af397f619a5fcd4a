//! Signing in; for now as one of the made-up people of the demonstration.
use leptos::prelude::*;

use leptos::reactive::spawn_local;

use super::{sheet, waiting};
use crate::app::{App, HEADING, Identity};
use crate::dom::{Element, View, button, element, live, paragraph};
use crate::model::wire::DemoPerson;
use crate::navigation::Place;
use crate::portal::Entrance;

/// Somebody who is signing in. Copies share one state.
#[derive(Clone, Copy)]
struct SigningIn {
    app: App,
    people: RwSignal<People>,
    /// Where to go then.
    back: StoredValue<Place, LocalStorage>,
}

enum People {
    Awaited,
    Offered(Vec<DemoPerson>),
    /// The demonstration is off.
    Nobody,
    Unreachable,
}

impl SigningIn {
    /// Asks whom one can sign in as.
    fn ask(self) {
        self.people.set(People::Awaited);
        let asking = self.app.api().demo_people();
        spawn_local(async move {
            let answer = match asking.await {
                Ok(offered) => People::Offered(offered.people),
                Err(error) if error.status() == Some(404) => People::Nobody,
                Err(_) => People::Unreachable,
            };
            self.people.set(answer);
        });
    }

    /// Signs in as one of them.
    fn enter(self, person: &str) {
        let signing_in = self.app.api().sign_in(person);
        spawn_local(async move {
            let Ok(session) = signing_in.await else {
                self.people.set(People::Unreachable);
                return;
            };
            // Asked for by address, the page to come back to shows by itself; asked for by a link, it is gone to.
            let elsewhere = matches!(self.app.navigation.place().get_untracked(), Place::SignIn(_));
            let back = self.back.try_get_value().filter(|_| elsewhere);
            self.app.identify(Identity::Person(Box::new(session)));
            if let Some(back) = back {
                self.app.navigation.replace(&back);
            }
        });
    }
}

/// Signing in, and where to go then.
#[must_use]
pub(super) fn sign_in(back: Option<Place>) -> View {
    let (app, back) = (App::get(), back.unwrap_or(Place::Requests));
    if let Identity::Person(_) = app.identity().get_untracked() {
        app.navigation.replace(&back);
        return waiting();
    }
    if let Some(entrance) = app.entrance() {
        return at_the_service(entrance);
    }
    let signing_in = SigningIn { app, people: RwSignal::new(People::Awaited), back: StoredValue::new_local(back) };
    signing_in.ask();
    sheet("Se connecter", live(move || signing_in.people.with(|people| offer(signing_in, people))))
}

/// Where the API is of another site, one signs in there, in a window of its own: its cookies and passwords are no business of
/// this one.
fn at_the_service(entrance: Entrance) -> View {
    let words = "La connexion se fait dans une nouvelle fenêtre, sur le site du service. Revenez ensuite ici.";
    let open = button("button main", "Se connecter (nouvelle fenêtre)", move || entrance.sign_in());
    sheet("Se connecter", [paragraph(words).class("lead"), element("p").class("actions").child(open)])
}

fn offer(signing_in: SigningIn, people: &People) -> Vec<Element> {
    match people {
        People::Awaited => vec![paragraph("Un instant…").attr("role", "status")],
        People::Nobody => {
            let words = "Il n’est pas possible de se connecter pour le moment. Revenez plus tard.";
            vec![paragraph(words).class("note")]
        }
        People::Unreachable => {
            let words = "Le service ne répond pas comme prévu. Réessayez ; si cela continue, vérifiez votre accès à internet. Les réponses gardées sur cet appareil y restent : vous les retrouverez une fois la connexion rétablie.";
            let again = button("button main", "Réessayer", move || {
                signing_in.app.focus(HEADING);
                signing_in.ask();
            });
            vec![paragraph(words).class("note"), element("p").child(again)]
        }
        People::Offered(people) => {
            let words =
                "Démonstration : choisissez l’une de ces personnes inventées. Aucun mot de passe n’est demandé.";
            let people: Vec<Element> = people.iter().map(|person| person_button(signing_in, person)).collect();
            vec![paragraph(words).class("lead"), element("ul").class("people").attr("role", "list").child(people)]
        }
    }
}

fn person_button(signing_in: SigningIn, person: &DemoPerson) -> Element {
    let id = person.id.clone();
    let name = element("span").class("name").text(&person.given_name).text(" ").text(&person.family_name);
    let about = element("span").class("hint").text(&person.job_title).text(" – ").text(&person.organisation);
    let enter = button("person", "", move || signing_in.enter(&id)).child(name).child(about);
    element("li").child(enter)
}
