//! `/api/accounts`: pages for people, which their mails lead to, and the one that sends such a mail. They are drawn here, whole, and work
//! without a script. A link does nothing when it is opened: programs that check mails open links too.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header::{LOCATION, REFERRER_POLICY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use habilitation_model::email::Email;
use habilitation_model::wire::User;

use crate::app::App;
use crate::bare_page::{self, escaped};
use crate::client_ip::ClientIp;
use crate::identification::Identification;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::security::{self, SecurityEvent};
use crate::session::SignedIn;
use crate::store::accounts::Moved;
use crate::store::{AskedAccount, Followed, LinkKind};

/// Longest form that is read, in bytes.
const FORM_MAX: usize = 4_096;

/// Longest address that is taken, in characters.
const EMAIL_MAX: usize = 254;

const FIND: &str = "Retrouver mes demandes";
const NOT_ME: &str = "Ce n’est pas moi";

/// Address and words of a link that leads on.
type WayOn = [&'static str; 2];

const HOME: WayOn = ["/", "Aller à l’accueil"];
const MY_REQUESTS: WayOn = ["/?page=demandes", "Mes demandes"];
const SIGN_IN: WayOn = ["/?page=connexion", "Se connecter"];

/// Shows the form that asks for an earlier account.
#[utoipa::path(
    get,
    path = "/api/accounts/former",
    tag = "session",
    operation_id = "former_account",
    responses(
        (status = 200, description = "The form.", body = String, content_type = "text/html"),
        (status = 303, description = "Nobody is signed in with ProConnect: on to the sign-in page.", headers(("Location" = String, description = "A place of the page.")))
    )
)]
pub(crate) async fn former(State(app): State<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Some((who, _)) = signed_in(&app, &mut parts).await else { return at_sign_in() };
    page(StatusCode::OK, FIND, &former_form(&who.session.user, None), MY_REQUESTS)
}

/// Returns the form that asks for an earlier account. `wrong` is what was typed in the place of an address.
fn former_form(user: &User, wrong: Option<&str>) -> String {
    let (class, described, message) = match wrong {
        None => ("field", "", ""),
        Some(_) => (
            "field invalid",
            " aria-describedby=\"email-message\" aria-invalid=\"true\" autofocus",
            "<p class=\"message\" id=\"email-message\">Cette adresse n’est pas complète. Vérifiez-la, par exemple \
             prenom.nom@organisation.fr.</p>",
        ),
    };
    format!(
        "<p class=\"lead\">Vous êtes identifié au nom de {}, avec l’adresse {}.</p>\
         <p>Indiquez l’adresse à laquelle vous receviez nos messages. Si un compte existe à cette adresse, nous y envoyons un lien, \
         valable 24\u{a0}heures. Ouvrez-le dans ce navigateur, sans vous déconnecter\u{a0}: vous retrouverez ce compte et ses \
         demandes.</p>\
         <form class=\"section\" method=\"post\"><div class=\"{class}\"><label for=\"email\">Adresse e-mail de ce compte</label>\
         <input class=\"control\" id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\" maxlength=\"{EMAIL_MAX}\" required \
         value=\"{}\"{described}>{message}</div>\
         <p class=\"actions\"><button class=\"button primary\">Envoyer le lien</button></p></form>",
        escaped(&called(user)),
        escaped(&user.email),
        escaped(wrong.unwrap_or_default()),
    )
}

/// Sends the link to the address that the person typed. The answer tells nothing of what is there.
#[utoipa::path(
    post,
    path = "/api/accounts/former",
    tag = "session",
    operation_id = "ask_for_former_account",
    responses(
        (status = 200, description = "A link is on its way, if there is an account of that address.", body = String, content_type = "text/html"),
        (status = 303, description = "Nobody is signed in with ProConnect: on to the sign-in page.", headers(("Location" = String, description = "A place of the page."))),
        (status = 422, description = "What was typed is no address.", body = String, content_type = "text/html")
    )
)]
pub(crate) async fn ask_for_former(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let Some((who, by)) = signed_in(&app, &mut parts).await else { return Ok(at_sign_in()) };
    app.grants.count(&["account ", who.owner.person()].concat())?;
    let user = who.session.user;
    let former_email = typed(body, "email").await;
    if Email::parse(&former_email).is_err() {
        let shown: String = former_email.chars().take(EMAIL_MAX).collect();
        let form = former_form(&user, Some(&shown));
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, FIND, &form, MY_REQUESTS));
    }
    let asked = AskedAccount {
        by,
        name: called(&user),
        email: user.email,
        former_email,
        token: Arc::new(Secret::draw(app.random.as_ref())?),
        at: app.wall_clock.now(),
        team: app.team.subjects(),
    };
    app.store.ask_for_account(&asked).await?;
    let contact = contact(&app);
    let words = format!(
        "<p>Si un compte existe à cette adresse, un message y a été envoyé. Ouvrez son lien dans ce navigateur, sans vous déconnecter. Il \
         sert une fois, pendant 24\u{a0}heures.</p>\
         <p>Rien n’arrive, ou vous n’avez plus accès à cette boîte\u{a0}? Écrivez-nous\u{a0}: {contact}.</p>"
    );
    Ok(page(StatusCode::OK, FIND, &words, MY_REQUESTS))
}

/// Shows the effect of a link, with the button that brings it about.
#[utoipa::path(
    get,
    path = "/api/accounts/links/{token}",
    tag = "session",
    operation_id = "read_account_link",
    params(("token" = String, Path, description = "Token of a mail's link.", max_length = 64)),
    responses(
        (status = 200, description = "The effect of the link, and its button. Opening it does nothing.", body = String, content_type = "text/html"),
        (status = 404, description = "The link is unknown, used or too old.", body = String, content_type = "text/html")
    )
)]
pub(crate) async fn link(
    State(app): State<App>,
    client_ip: ClientIp,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    app.claims.count(client_ip.as_str())?;
    let Some(secret) = Secret::parse(&token) else { return Ok(gone()) };
    let button = |words: &str| {
        format!(
            "<form method=\"post\"><p class=\"actions\"><button class=\"button primary\">{words}</button></p></form>"
        )
    };
    Ok(match app.store.account_link(&secret.hash(), app.wall_clock.now()).await? {
        None => gone(),
        Some(LinkKind::Refuse) => {
            let words = "<p>Une nouvelle façon de s’identifier ouvre votre compte. Si ce n’est pas vous qui l’avez utilisée, ce bouton la \
                         retire de votre compte et ferme les sessions qu’elle a ouvertes.</p>\
                         <p>Si c’est vous, vous n’avez rien à faire.</p>";
            page(StatusCode::OK, NOT_ME, &[words, &button("Retirer cette façon de s’identifier")].concat(), HOME)
        }
        Some(LinkKind::Move) => {
            let words = "<p>Ce bouton vous rend votre ancien compte, avec ses demandes. Votre façon actuelle de vous identifier \
                         l’ouvrira désormais.</p><p>N’appuyez que si c’est vous qui l’avez demandé.</p>";
            page(StatusCode::OK, FIND, &[words, &button(FIND)].concat(), HOME)
        }
    })
}

/// Follows a link.
#[utoipa::path(
    post,
    path = "/api/accounts/links/{token}",
    tag = "session",
    operation_id = "follow_account_link",
    params(("token" = String, Path, description = "Token of a mail's link.", max_length = 64)),
    responses(
        (status = 200, description = "Done.", body = String, content_type = "text/html"),
        (status = 403, description = "Somebody else asked for the link, or nobody is signed in. It stays good.", body = String, content_type = "text/html"),
        (status = 404, description = "The link is unknown, used or too old.", body = String, content_type = "text/html"),
        (status = 409, description = "The account of now has requests, which would be lost. The link stays good.", body = String, content_type = "text/html")
    )
)]
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
        Followed::NotTheirs => {
            let words = "<p>Identifiez-vous d’abord comme vous l’étiez en demandant ce lien, dans ce navigateur, puis ouvrez-le de \
                         nouveau. Il reste valable.</p>";
            page(StatusCode::FORBIDDEN, FIND, words, SIGN_IN)
        }
        Followed::HasRequests => {
            let words = format!(
                "<p>Vous avez commencé des demandes avec votre nouveau compte, que vous ne retrouveriez plus. Exportez-les, \
                 supprimez-les, puis ouvrez ce lien de nouveau, ou écrivez-nous\u{a0}: {contact}.</p>"
            );
            page(StatusCode::CONFLICT, FIND, &words, MY_REQUESTS)
        }
        Followed::Refused(moved) => {
            note(&app, SecurityEvent::SubjectRefused, &moved, None);
            let words = format!(
                "<p>C’est fait\u{a0}: cette façon de s’identifier n’ouvre plus votre compte, et ses sessions sont fermées. \
                 Prévenez-nous\u{a0}: {contact}.</p>"
            );
            page(StatusCode::OK, NOT_ME, &words, SIGN_IN)
        }
        Followed::Moved(moved) => {
            note(&app, SecurityEvent::SubjectMoved, &moved, Some(moved.person.clone()));
            let words = "<p>C’est fait. Identifiez-vous de nouveau\u{a0}: vous retrouverez vos demandes.</p>";
            page(StatusCode::OK, FIND, words, SIGN_IN)
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

/// Returns the first and last name of a person.
fn called(user: &User) -> String {
    [user.given_name.as_str(), &user.family_name].join(" ").trim().to_owned()
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
    page(StatusCode::NOT_FOUND, "Lien sans effet", words, MY_REQUESTS)
}

/// Answers with a page of its own.
fn page(status: StatusCode, title: &str, content: &str, [address, words]: WayOn) -> Response {
    // With none, browsers do not say which site a form comes from.
    let headers = [(REFERRER_POLICY, HeaderValue::from_static("same-origin"))].into_iter().collect();
    bare_page::respond(status, headers, title, &[content, &bare_page::way_on(address, words)].concat())
}
