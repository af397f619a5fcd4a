//! Signing in with ProConnect: who may, what went wrong, and the link that leads there. It is a link, so that it works without the
//! program, and not a form, which the content security policy would not let lead to another site.

use leptos::ev;
use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::browser::location;
use crate::components::{Section, Sheet, link, mail, paragraph, pressed};
use crate::context::{Identity, Session, Settings};
use crate::html::{self, Element, li, live, p, ul};
use crate::model::ClosedList;
use crate::model::wire::{SignInRefusal, User};
use crate::navigation::{Navigation, Place};
use crate::pages::requests::former_account_link;

/// Address at which signing in begins, beside the page.
const SIGN_IN: &str = "api/proconnect/sign-in";
/// Name of the reason for a refusal in the address of the page.
const REFUSAL: &str = "erreur";
/// Longest query to which the server leads back. Answers that a longer one proposes are kept in the tab (`public/boot/trip.js`).
const QUERY_MAX: usize = 798;
/// Address of the site that explains ProConnect.
const ABOUT: &str = "https://www.proconnect.gouv.fr/";

/// Lets a person sign in with ProConnect, or as somebody else.
#[component]
pub(super) fn WithProConnect(
    /// Place to show once the person is signed in.
    back: Place,
) -> impl IntoView {
    let to = return_path(&back, &Navigation::get().place().get_untracked(), &location::query());
    let refusal = refusal();
    if let Identity::Person(session) = Session::get().identity().get_untracked() {
        let still = if refusal.is_some() { "toujours " } else { "" };
        let organisation = if session.organisation.name.is_empty() {
            ["l’organisation dont le SIRET est ", &session.organisation.siret].concat()
        } else {
            ["l’organisation « ", &session.organisation.name, " »"].concat()
        };
        let words =
            ["Votre session est ", still, "ouverte au nom de ", &called(&session.user), ", pour ", &organisation, "."]
                .concat();
        let go_on = p().attr("class", "actions").child(link(&back, "button primary", "Continuer"));
        return view! {
            <Sheet title="Se connecter">
                {refusal.map(told)}
                {paragraph(words).attr("class", "lead")}
                {go_on}
                <FormerAccount is_signed_in=true />
                <OtherAccount to />
            </Sheet>
        }
        .into_any();
    }
    let may = "Peut se connecter toute personne qui travaille pour une administration, une entreprise ou une association inscrite au répertoire Sirene, qui donne à chaque organisation son numéro SIRET.";
    // The refusal has just told them otherwise.
    let is_open_to_all = refusal != Some(SignInRefusal::PrivateSector);
    let words = "Vous vous identifiez avec ProConnect, avec votre adresse e-mail professionnelle et au nom de votre organisation.";
    view! {
        <Sheet title="Se connecter">
            {refusal.map(told)}
            {paragraph(words).attr("class", "lead")}
            {is_open_to_all.then(|| paragraph(may))}
            {p().attr("class", "actions").child(sign_in_link(&to, "", "button primary", "S’identifier avec ProConnect"))}
            {p().child(about())}
            <WhoMayNot />
            <FormerAccount is_signed_in=false />
            <OtherAccount to />
        </Sheet>
    }
    .into_any()
}

/// Tells how somebody finds their requests whose account is another one than before.
#[component]
fn FormerAccount(is_signed_in: bool) -> impl IntoView {
    let words = "Si votre adresse ou votre fournisseur d’identité a changé, ProConnect peut vous présenter à ce service comme une nouvelle personne. ";
    let way = if is_signed_in {
        p().child(words).child(former_account_link()).child(".")
    } else {
        p().child(words)
            .child("Identifiez-vous, puis choisissez « Retrouver mes demandes » sur la page de vos demandes.")
    };
    view! { <Section title="Vous ne retrouvez pas vos demandes ?">{way}</Section> }
}

/// Tells who may not sign in, and what they do then.
#[component]
fn WhoMayNot() -> impl IntoView {
    let may_not = "ProConnect ne connaît pas :";
    let kinds = [
        "les organisations étrangères ;",
        "les organisations de Nouvelle-Calédonie et de Polynésie française ;",
        "les associations qui ont un numéro RNA et pas de numéro SIRET ;",
        "les étudiants.",
    ];
    view! {
        <Section title="Qui ne peut pas se connecter ?">
            {paragraph(may_not)}
            {ul().child(kinds.into_iter().map(|kind| li().child(kind)).collect::<Vec<_>>())}
            {support("Si c’est votre cas, écrivez-nous : ")}
        </Section>
    }
}

/// Offers to sign in as somebody else: ProConnect remembers who came last, and for which organisation.
#[component]
fn OtherAccount(to: String) -> impl IntoView {
    let words = "ProConnect se souvient du compte et de l’organisation de votre dernière connexion. Pour en choisir d’autres, ce lien vous déconnecte, ici et dans ProConnect, puis vous ramène à sa page d’identification.";
    let has_unsent = RwSignal::new(false);
    let session = Session::get();
    let leave = move |event: MouseEvent| {
        // Whoever comes next finds nothing here of the person before, as after signing out.
        if let Some(copies) = session.copies() {
            copies.erase_saved();
            if copies.has_unsent() {
                event.prevent_default();
                has_unsent.set(true);
            }
        }
    };
    let other = sign_in_link(&to, "&as=other", "button", "Changer de compte ou d’organisation")
        // Pressed before the program is there, it waits for `leave` (`public/boot/static-page.js`).
        .attr("data-waits", "")
        .on(ev::click, pressed(leave));
    let unsent = live(move || {
        has_unsent.get().then(|| {
            let words = "Des réponses ne sont encore que sur cet appareil. Déconnectez-vous d’abord : vous choisirez ce qu’elles deviennent, puis vous pourrez vous identifier avec un autre compte.";
            paragraph(words).attr("class", "note").attr("role", "alert")
        })
    });
    view! {
        <Section title="Un autre compte, une autre organisation">
            {paragraph(words)}
            {unsent}
            {p().attr("class", "actions").child(other)}
        </Section>
    }
}

/// Returns the sentences for a refusal, with a way on.
fn told(refusal: SignInRefusal) -> AnyView {
    let (words, contact) = match refusal {
        SignInRefusal::Refused => (
            "ProConnect ne vous a pas identifié : l’accès a été refusé, ou la connexion a été abandonnée. Si vous pensez y avoir droit, essayez avec un autre compte, ou écrivez-nous : ",
            true,
        ),
        SignInRefusal::Unavailable => (
            "La connexion n’a pas pu aboutir, parce que ProConnect ou ce service n’a pas répondu. Ce que vous avez écrit reste sur cet appareil, si votre navigateur le permet. Attendez quelques minutes, puis identifiez-vous de nouveau.",
            false,
        ),
        SignInRefusal::Expired => (
            "Cette connexion a pris trop de temps, a déjà servi, ou a été commencée dans un autre navigateur. Identifiez-vous de nouveau, à partir de cette page.",
            false,
        ),
        SignInRefusal::PrivateSector => (
            "ProConnect n’accepte pas encore les entreprises et les associations pour ce service. Ce n’est pas de votre fait ; écrivez-nous pour que nous y remédiions : ",
            true,
        ),
        SignInRefusal::Incomplete => (
            "ProConnect ne nous a pas transmis le numéro SIRET de votre organisation, ou votre adresse e-mail. Vérifiez votre compte auprès de votre organisation, ou écrivez-nous : ",
            true,
        ),
        SignInRefusal::Untrusted => (
            "La réponse de ProConnect n’a pas pu être vérifiée : cette connexion n’a pas abouti. Identifiez-vous de nouveau ; si cela se reproduit, écrivez-nous : ",
            true,
        ),
        SignInRefusal::OneFactor => (
            "ProConnect ne nous a pas confirmé de seconde preuve de votre identité : vous êtes connecté comme demandeur. Si vous êtes membre de l’équipe FranceConnect et voulez entrer comme tel, choisissez « Changer de compte ou d’organisation », puis identifiez-vous avec un code en plus du mot de passe. Si ProConnect ne vous le propose pas, écrivez-nous : ",
            true,
        ),
        SignInRefusal::Provider => (
            "L’équipe FranceConnect n’accepte pas le fournisseur d’identité que vous avez choisi dans ProConnect : vous êtes connecté comme demandeur. Si vous êtes membre de cette équipe et voulez entrer comme tel, choisissez « Changer de compte ou d’organisation », puis identifiez-vous avec un autre fournisseur, ou écrivez-nous : ",
            true,
        ),
    };
    let note = if contact { support(words) } else { paragraph(words).into_any() };
    html::div().attr("class", "note").attr("role", "alert").child(note).into_any()
}

/// Returns a sentence that ends with the address for lost access.
fn support(words: &'static str) -> AnyView {
    let address = Settings::get().config.with_untracked(|config| mail(&config.contacts.access_email));
    p().child(words).child(address).child(".").into_any()
}

fn sign_in_link(to: &str, more: &str, class: &'static str, words: &'static str) -> Element {
    let address = [SIGN_IN, "?to=", &escaped(to), more].concat();
    // The router of the page leaves it to the browser.
    html::a().attr("class", class).attr("href", address).attr("rel", "external").child(words)
}

fn about() -> Element {
    html::a()
        .attr("href", ABOUT)
        .attr("target", "_blank")
        .attr("rel", "external noopener noreferrer")
        .attr("title", "Qu’est-ce que ProConnect ? - nouvelle fenêtre")
        .child("Qu’est-ce que ProConnect ?")
}

/// Returns the path to which signing in leads back: that of the place, or the address itself where it is that of another page, whose
/// query may hold more than the place.
fn return_path(back: &Place, place: &Place, query: &str) -> String {
    let is_kept = !matches!(place, Place::SignIn(_)) && !query.is_empty() && length_kept(query) <= QUERY_MAX;
    ["/?", &if is_kept { query.to_owned() } else { back.query() }].concat()
}

/// Returns the length of a query as the server keeps it for the trip: some characters are escaped.
fn length_kept(query: &str) -> usize {
    let escaped = |byte: u8| if b"\",;|'<>".contains(&byte) { 3 } else { 1 };
    query.bytes().map(escaped).sum()
}

/// Escapes a text for a value in a query. It has no character in it that an address cannot hold.
fn escaped(text: &str) -> String {
    let escapes = [("%", "%25"), ("&", "%26"), ("+", "%2B"), ("#", "%23"), ("=", "%3D")];
    escapes.into_iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Returns how a person is called: by their name, or by their address where none is known.
fn called(user: &User) -> String {
    let name = [&user.given_name, " ", &user.family_name].concat();
    if name.trim().is_empty() { user.email.clone() } else { name.trim().to_owned() }
}

/// Returns the reason for which the person at this address was not signed in, if it tells one.
pub(super) fn refusal() -> Option<SignInRefusal> {
    let query = location::query();
    // The address of another page tells nothing, whatever somebody wrote into it.
    let told = if matches!(Place::read(&query), Place::SignIn(_)) { refusal_in(&query) } else { None };
    told.filter(|refusal| Session::get().identity().with_untracked(|identity| holds(*refusal, identity)))
}

/// Returns whether the words for a refusal hold. Those for members tell of an open session in which the person is none. Anybody may
/// write such an address.
fn holds(refusal: SignInRefusal, identity: &Identity) -> bool {
    let is_of_member = matches!(refusal, SignInRefusal::OneFactor | SignInRefusal::Provider);
    !is_of_member || matches!(identity, Identity::Person(session) if session.role.is_none())
}

/// Returns the reason for a refusal in the address, if one stands there.
fn refusal_in(query: &str) -> Option<SignInRefusal> {
    let value =
        |pair: &str| pair.split_once('=').filter(|(name, _)| *name == REFUSAL).map(|(_, value)| value.to_owned());
    query.split('&').find_map(value).and_then(|code| SignInRefusal::parse(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_back_to_the_very_place() {
        let request = Place::NewRequest;
        let here = Place::SignIn(Some(Box::new(request.clone())));
        assert_eq!(return_path(&request, &here, "page=connexion&retour=demande%3Dnouvelle"), "/?demande=nouvelle");
        let with_answers = "demande=nouvelle&project.name=L%C3%A9a";
        assert_eq!(return_path(&request, &request, with_answers), "/?demande=nouvelle&project.name=L%C3%A9a");
        let beginning = "demande=nouvelle&project.name=";
        let longest = [beginning, &"a".repeat(QUERY_MAX - beginning.len())].concat();
        assert_eq!(return_path(&request, &request, &longest), ["/?", &longest].concat());
        assert_eq!(return_path(&request, &request, &[&longest, "a"].concat()), "/?demande=nouvelle");
        assert_eq!(return_path(&request, &request, &longest.replace("aaa", "a;a")), "/?demande=nouvelle");
        assert_eq!(escaped("/?a=b%20c&d=e+f"), "/?a%3Db%2520c%26d%3De%2Bf");
    }

    #[test]
    fn only_a_reason_that_is_known_is_told() {
        assert_eq!(refusal_in("page=connexion&erreur=expired"), Some(SignInRefusal::Expired));
        for query in ["", "page=connexion", "erreur=", "erreur=<b>", "erreurs=expired"] {
            assert_eq!(refusal_in(query), None, "{query}");
        }
    }
}
