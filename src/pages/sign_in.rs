//! Signing in: with ProConnect, or as one of the made-up people of the demonstration.

mod proconnect;

use leptos::prelude::*;

use self::proconnect::{WithProConnect, refusal};
use crate::components::{Section, Sheet, Waiting, button, paragraph};
use crate::context::{Focus, HEADING, Host, Identity, Session, Settings};
use crate::effect::spawn;
use crate::html::{Element, li, live, p, span, ul};
use crate::model::place::team::QUEUE;
use crate::model::wire::DemoPerson;
use crate::navigation::{Navigation, Place};
use crate::portal::SignInWindow;

/// State of signing in. Copies share one state.
#[derive(Clone, Copy)]
struct SigningIn {
    session: Session,
    navigation: Navigation,
    people: RwSignal<People>,
    /// Place to show once the person is signed in.
    back: StoredValue<Place, LocalStorage>,
}

#[derive(Clone)]
enum People {
    Pending,
    Offered(Vec<DemoPerson>),
    /// The demonstration is off.
    NotOffered,
    Unreachable,
}

impl SigningIn {
    /// Fetches the people of the demonstration.
    fn fetch_people(self) {
        self.people.set(People::Pending);
        let asking = self.session.service().demo_people();
        spawn(async move {
            let answer = match asking.await {
                Ok(offered) => People::Offered(offered.people),
                Err(error) if error.status() == Some(404) => People::NotOffered,
                Err(_) => People::Unreachable,
            };
            self.people.set(answer);
        });
    }

    /// Signs in as one of the people.
    fn sign_in_as(self, person: &str) {
        let signing_in = self.session.service().sign_in(person);
        spawn(async move {
            let Ok(entered) = signing_in.await else {
                self.people.set(People::Unreachable);
                return;
            };
            // Where the address is of another page, that page shows by itself.
            let is_at_sign_in = matches!(self.navigation.place().get_untracked(), Place::SignIn(_));
            let back = self.back.try_get_value().filter(|_| is_at_sign_in);
            // Whoever examines begins at the queue, and has no use for a list of requests of their own.
            let back = back.map(|back| match (entered.role, back) {
                (Some(_), Place::Requests) => Place::Examination(QUEUE.to_owned()),
                (_, back) => back,
            });
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
    /// Place to show once the person is signed in.
    back: Option<Place>,
) -> impl IntoView {
    let (session, navigation) = (Session::get(), Navigation::get());
    let with_proconnect = Settings::get().config.with_untracked(|config| config.proconnect);
    // Whoever is signed in and asked for this page itself wants to be somebody else.
    let wants_another = with_proconnect && back.is_none();
    // Whoever tried to be somebody else reads why they are not.
    let is_refused = with_proconnect && refusal().is_some();
    let back = back.unwrap_or(Place::Requests);
    // Where the page answers itself, a visitor plays both sides, and changes sides here.
    let changes_sides = session.api().is_local() && back == Place::Requests;
    if let (Identity::Person(_), false) =
        (session.identity().get_untracked(), changes_sides || wants_another || is_refused)
    {
        navigation.replace(&back);
        return Waiting().into_any();
    }
    if let Some(sign_in_window) = session.sign_in_window() {
        return view! { <OpenSignInWindow window=sign_in_window /> }.into_any();
    }
    if with_proconnect {
        return view! { <WithProConnect back /> }.into_any();
    }
    let signing_in =
        SigningIn { session, navigation, people: RwSignal::new(People::Pending), back: StoredValue::new_local(back) };
    signing_in.fetch_people();
    provide_context(signing_in);
    let content = live(move || match signing_in.people.get() {
        People::Pending => paragraph("Un instant…").attr("role", "status").into_any(),
        People::NotOffered => paragraph("Il n’est pas possible de se connecter pour le moment. Revenez plus tard.")
            .attr("class", "note")
            .into_any(),
        People::Unreachable => view! { <Unreachable /> }.into_any(),
        People::Offered(people) => view! { <Offered people /> }.into_any(),
    });
    view! { <Sheet title="Se connecter">{content}</Sheet> }.into_any()
}

/// Offers to open the sign-in page of the service in a window of its own. The API is of another site, whose cookies and passwords
/// this site never sees.
#[component]
fn OpenSignInWindow(window: SignInWindow) -> impl IntoView {
    let words = "La connexion se fait dans une nouvelle fenêtre, sur le site du service. Revenez ensuite ici.";
    let open = button("button primary", "Se connecter (nouvelle fenêtre)", move || window.sign_in());
    let ways = p().attr("class", "actions").child(open);
    view! {
        <Sheet title="Se connecter">
            {paragraph(words).attr("class", "lead")}
            {ways}
        </Sheet>
    }
}

/// Lets the person choose whom to sign in as.
#[component]
fn Offered(people: Vec<DemoPerson>) -> impl IntoView {
    let words = "Démonstration : choisissez l’une de ces personnes inventées. Aucun mot de passe n’est demandé.";
    let (applicants, team): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.role.is_none());
    // In a portal nobody is of the team.
    let team = (!team.is_empty() && !Host::get().is_portal())
        .then(|| view! { <Section title="L’équipe FranceConnect">{list(team)}</Section> });
    view! {
        {paragraph(words).attr("class", "lead")}
        {list(applicants)}
        {team}
    }
}

fn list(people: Vec<DemoPerson>) -> Element {
    let items: Vec<_> = people.into_iter().map(|person| view! { <PersonButton person /> }).collect();
    ul().attr("class", "people").attr("role", "list").child(items)
}

#[component]
fn PersonButton(person: DemoPerson) -> impl IntoView {
    let signing_in: SigningIn = expect_context();
    let DemoPerson { id, given_name, family_name, job_title, organisation, .. } = person;
    let name = span().attr("class", "name").child([&given_name, " ", &family_name].concat());
    let about = span().attr("class", "hint").child([&job_title, " – ", &organisation].concat());
    let enter = button("person", "", move || signing_in.sign_in_as(&id)).child(name).child(about);
    li().child(enter)
}

/// Tells that the service did not answer.
#[component]
fn Unreachable() -> impl IntoView {
    let (focus, signing_in) = (Focus::get(), expect_context::<SigningIn>());
    let words = "Le service ne répond pas comme prévu. Réessayez ; si cela continue, vérifiez votre accès à internet. Les réponses gardées sur cet appareil y restent : vous les retrouverez une fois la connexion rétablie.";
    let retry = move || {
        focus.on(HEADING);
        signing_in.fetch_people();
    };
    view! {
        {paragraph(words).attr("class", "note")}
        {p().child(button("button primary", "Réessayer", retry))}
    }
}
