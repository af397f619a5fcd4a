//! Signing in; for now as one of the made-up people of the demonstration.
use leptos::prelude::*;

use crate::components::{Sheet, Waiting, button, paragraph};
use crate::context::{Focus, HEADING, Identity, Session};
use crate::effect::spawn;
use crate::html::{Bare, li, live, p, span, ul};
use crate::model::wire::DemoPerson;
use crate::navigation::{Navigation, Place};
use crate::portal::SignInWindow;

/// Somebody who is signing in. Copies share one state.
#[derive(Clone, Copy)]
struct SigningIn {
    session: Session,
    navigation: Navigation,
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
        let asking = self.session.service().demo_people();
        spawn(async move {
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
        let signing_in = self.session.service().sign_in(person);
        spawn(async move {
            let Ok(entered) = signing_in.await else {
                self.people.set(People::Unreachable);
                return;
            };
            // Asked for by address, the page to come back to shows by itself; asked for by a link, it is gone to.
            let elsewhere = matches!(self.navigation.place().get_untracked(), Place::SignIn(_));
            let back = self.back.try_get_value().filter(|_| elsewhere);
            self.session.set_identity(Identity::Person(Box::new(entered)));
            if let Some(back) = back {
                self.navigation.replace(&back);
            }
        });
    }
}

/// Lets a person sign in.
#[component]
pub(super) fn SignIn(
    /// Where to go then.
    back: Option<Place>,
) -> impl IntoView {
    let (session, navigation) = (Session::get(), Navigation::get());
    let back = back.unwrap_or(Place::Requests);
    if let Identity::Person(_) = session.identity().get_untracked() {
        navigation.replace(&back);
        return Waiting().into_any();
    }
    if let Some(sign_in_window) = session.sign_in_window() {
        return AtTheService(AtTheServiceProps { sign_in_window }).into_any();
    }
    let signing_in =
        SigningIn { session, navigation, people: RwSignal::new(People::Awaited), back: StoredValue::new_local(back) };
    signing_in.ask();
    let offered = live(move || signing_in.people.with(|people| offer(signing_in, people)));
    view! { <Sheet title="Se connecter">{offered}</Sheet> }.into_any()
}

/// Leads to the service where the API is of another site: one signs in there, in a window of its own: its cookies and passwords are no business of
/// this one.
#[component]
fn AtTheService(sign_in_window: SignInWindow) -> impl IntoView {
    let words = "La connexion se fait dans une nouvelle fenêtre, sur le site du service. Revenez ensuite ici.";
    let open = button("button main", "Se connecter (nouvelle fenêtre)", move || sign_in_window.sign_in());
    let ways = p().attr("class", "actions").child(open);
    view! {
        <Sheet title="Se connecter">
            {paragraph(words).attr("class", "lead")}
            {ways}
        </Sheet>
    }
}

fn offer(signing_in: SigningIn, people: &People) -> Vec<AnyView> {
    let focus = Focus::get();
    match people {
        People::Awaited => vec![paragraph("Un instant…").attr("role", "status").into_any()],
        People::Nobody => {
            let words = "Il n’est pas possible de se connecter pour le moment. Revenez plus tard.";
            vec![paragraph(words).attr("class", "note").into_any()]
        }
        People::Unreachable => {
            let words = "Le service ne répond pas comme prévu. Réessayez ; si cela continue, vérifiez votre accès à internet. Les réponses gardées sur cet appareil y restent : vous les retrouverez une fois la connexion rétablie.";
            let again = button("button main", "Réessayer", move || {
                focus.on(HEADING);
                signing_in.ask();
            });
            vec![paragraph(words).attr("class", "note").into_any(), p().child(again).into_any()]
        }
        People::Offered(people) => {
            let words =
                "Démonstration : choisissez l’une de ces personnes inventées. Aucun mot de passe n’est demandé.";
            let people: Vec<Bare> = people.iter().map(|person| person_button(signing_in, person)).collect();
            vec![
                paragraph(words).attr("class", "lead").into_any(),
                ul().attr("class", "people").attr("role", "list").child(people).into_any(),
            ]
        }
    }
}

fn person_button(signing_in: SigningIn, person: &DemoPerson) -> Bare {
    let id = person.id.clone();
    let name = span().attr("class", "name").child([&person.given_name, " ", &person.family_name].concat());
    let about = span().attr("class", "hint").child([&person.job_title, " – ", &person.organisation].concat());
    let enter = button("person", "", move || signing_in.enter(&id)).child(name).child(about);
    li().child(enter)
}
