//! `/api/accounts`: pages for people, which their mails lead to, and the one that sends such a mail. They are drawn here, whole, and work
//! without a script. A link does nothing when it is opened: programs that check mails open links too.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION, REFERRER_POLICY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use habilitation_model::email::Email;

use super::page::escaped;
use crate::app::App;
use crate::client_ip::ClientIp;
use crate::identification::Identification;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::security::{self, SecurityEvent};
use crate::session::SignedIn;
use crate::store::accounts::Moved;
use crate::store::{AskedAccount, Followed, LinkKind};

/// Address of the page that asks for the earlier account of a person.
pub(crate) const FORMER: &str = "/api/accounts/former";
/// Address of the pages that mails lead to.
pub(crate) const LINK: &str = "/api/accounts/links/{token}";

/// Longest form that is read, in bytes.
const FORM_MAX: usize = 4_096;

const FIND: &str = "Retrouver mes demandes";
const NOT_ME: &str = "Ce n’est pas moi";
const AGAIN: &str = "<p><a href=\"/?page=connexion\">Se connecter</a></p>";
const MY_REQUESTS: &str = "<p><a href=\"/?page=demandes\">Mes demandes</a></p>";

/// Shows the form that asks for an earlier account.
pub(crate) async fn former(State(app): State<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Some((who, _)) = signed_in(&app, &mut parts).await else { return at_sign_in() };
    let user = &who.session.user;
    let name = [user.given_name.as_str(), &user.family_name].join(" ");
    let words = format!(
        "<p>Vous êtes identifié au nom de {}, avec l’adresse {}.</p>\
         <p>Indiquez l’adresse à laquelle vous receviez nos messages. Si un compte existe à cette adresse, nous y envoyons un lien, \
         valable 24\u{a0}heures. Ouvrez-le dans ce navigateur, sans vous déconnecter\u{a0}: vous retrouverez ce compte et ses \
         demandes.</p>\
         <form method=\"post\"><p><label for=\"email\">Adresse e-mail de ce compte</label><br>\
         <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\" maxlength=\"254\" required></p>\
         <p><button>Envoyer le lien</button></p></form>{MY_REQUESTS}",
        escaped(name.trim()),
        escaped(&user.email),
    );
    page(StatusCode::OK, FIND, &words)
}

/// Sends the link to the address that the person typed. The answer tells nothing of what is there.
pub(crate) async fn ask_for_former(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let Some((who, by)) = signed_in(&app, &mut parts).await else { return Ok(at_sign_in()) };
    app.grants.count(&["account ", who.owner.person()].concat())?;
    let user = who.session.user;
    let former_email = typed(body, "email").await;
    if Email::parse(&former_email).is_ok() {
        let asked = AskedAccount {
            by,
            name: [user.given_name.as_str(), &user.family_name].join(" ").trim().to_owned(),
            email: user.email,
            former_email,
            token: Arc::new(Secret::draw(app.random.as_ref())?),
            at: app.wall_clock.now(),
            team: app.team.subjects(),
        };
        app.store.ask_for_account(&asked).await?;
    }
    let contact = contact(&app);
    let words = format!(
        "<p>Si un compte existe à cette adresse, un message y a été envoyé. Ouvrez son lien dans ce navigateur, sans vous déconnecter. Il \
         sert une fois, pendant 24\u{a0}heures.</p>\
         <p>Rien n’arrive, ou vous n’avez plus accès à cette boîte\u{a0}? Écrivez-nous\u{a0}: {contact}.</p>{MY_REQUESTS}"
    );
    Ok(page(StatusCode::OK, FIND, &words))
}

/// Shows the effect of a link, with the button that brings it about.
pub(crate) async fn link(
    State(app): State<App>,
    client_ip: ClientIp,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    app.claims.count(client_ip.as_str())?;
    let Some(secret) = Secret::parse(&token) else { return Ok(gone()) };
    let button = |words: &str| format!("<form method=\"post\"><p><button>{words}</button></p></form>");
    Ok(match app.store.account_link(&secret.hash(), app.wall_clock.now()).await? {
        None => gone(),
        Some(LinkKind::Refuse) => {
            let words = "<p>Une nouvelle façon de s’identifier ouvre votre compte. Si ce n’est pas vous qui l’avez utilisée, ce bouton la \
                         retire de votre compte et ferme les sessions qu’elle a ouvertes.</p>";
            page(StatusCode::OK, NOT_ME, &[words, &button(NOT_ME)].concat())
        }
        Some(LinkKind::Move) => {
            let words = "<p>Ce bouton vous rend votre ancien compte, avec ses demandes. Votre façon actuelle de vous identifier \
                         l’ouvrira désormais.</p><p>N’appuyez que si c’est vous qui l’avez demandé.</p>";
            page(StatusCode::OK, FIND, &[words, &button(FIND)].concat())
        }
    })
}

/// Follows a link.
pub(crate) async fn follow_link(
    State(app): State<App>,
    client_ip: ClientIp,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    app.claims.count(client_ip.as_str())?;
    let (mut parts, _) = request.into_parts();
    let by = signed_in(&app, &mut parts).await.map(|(_, by)| by);
    let Some(secret) = Secret::parse(&token) else { return Ok(gone()) };
    let contact = contact(&app);
    Ok(match app.store.follow_link(&secret.hash(), by.as_ref(), app.wall_clock.now()).await? {
        Followed::Nothing => gone(),
        Followed::NotTheirs => page(
            StatusCode::FORBIDDEN,
            FIND,
            &[
                "<p>Identifiez-vous d’abord comme vous l’étiez en demandant ce lien, dans ce navigateur, puis ouvrez-le de nouveau. Il \
                 reste valable.</p>",
                AGAIN,
            ]
            .concat(),
        ),
        Followed::HasRequests => page(
            StatusCode::CONFLICT,
            FIND,
            &format!(
                "<p>Vous avez commencé des demandes avec votre nouveau compte, que vous ne retrouveriez plus. Exportez-les, \
                 supprimez-les, puis ouvrez ce lien de nouveau, ou écrivez-nous\u{a0}: {contact}.</p>{MY_REQUESTS}"
            ),
        ),
        Followed::Refused(moved) => {
            note(&app, SecurityEvent::SubjectRefused, &moved, None);
            let words = format!(
                "<p>C’est fait\u{a0}: cette façon de s’identifier n’ouvre plus votre compte, et ses sessions sont fermées. \
                 Prévenez-nous\u{a0}: {contact}.</p>"
            );
            page(StatusCode::OK, NOT_ME, &[&words, AGAIN].concat())
        }
        Followed::Moved(moved) => {
            note(&app, SecurityEvent::SubjectMoved, &moved, Some(moved.person.clone()));
            let words = "<p>C’est fait. Identifiez-vous de nouveau\u{a0}: vous retrouverez vos demandes.</p>";
            page(StatusCode::OK, FIND, &[words, AGAIN].concat())
        }
    })
}

fn note(app: &App, event: SecurityEvent, moved: &Moved, person: Option<String>) {
    // Whether a member of the team has another account now.
    app.team.bind(&moved.issuer, &moved.subject, person);
    security::note(app, event, Some(&moved.person));
}

/// Returns the person who is signed in by an identity provider, on our own pages.
async fn signed_in(app: &App, parts: &mut Parts) -> Option<(SignedIn, Identification)> {
    let who = SignedIn::from_request_parts(parts, app).await.ok().filter(|who| who.owner.portal().is_none())?;
    let by = who.identification.clone()?;
    Some((who, by))
}

/// Returns the text of a field of a form; it is empty where the form cannot be read.
async fn typed(body: Body, name: &str) -> String {
    let Ok(bytes) = to_bytes(body, FORM_MAX).await else { return String::new() };
    let mut pairs = form_urlencoded::parse(&bytes);
    pairs.find(|(found, _)| found == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// Returns the address for lost access, as a link.
fn contact(app: &App) -> String {
    let address = escaped(&app.access_email);
    format!("<a href=\"mailto:{address}\">{address}</a>")
}

fn at_sign_in() -> Response {
    let location = HeaderValue::from_static("/?page=connexion&retour=page%3Ddemandes");
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// Answers where a link is unknown, used or old, all alike.
fn gone() -> Response {
    let words =
        "<p>Ce lien ne sert plus\u{a0}: il a déjà servi, il est trop ancien, ou son adresse est incomplète.</p>";
    page(StatusCode::NOT_FOUND, "Lien sans effet", &[words, MY_REQUESTS].concat())
}

/// Answers with a page of its own.
fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"fr\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>{title}</title>\n<main>\n<h1>{title}</h1>\n{content}\n</main>\n"
    );
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        // With none, browsers do not say which site a form comes from.
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    (status, headers, html).into_response()
}
