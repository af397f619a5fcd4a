//! `/api/requests/{id}/cards/{contact}` and `/api/cards/{token}`: contacts who give their own details.
//!
//! Whoever has a link reads and answers its card without a session. All links that open nothing answer alike.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use habilitation_model::card::REFUSAL_MAX;
use habilitation_model::wire::{Card, CardAnswer, CardContact, User};
use habilitation_model::{ClosedList, Id};

use super::openapi::{ADeletedRequest, ASubmittedRequest};
use crate::app::App;
use crate::body;
use crate::client_ip::ClientIp;
use crate::origin_check::OwnPagesOnly;
use crate::problem::{Problem, ProblemType};
use crate::secret::Secret;
use crate::session::SignedIn;
use crate::store::cards::{CardKey, CardToSend};

/// A request and one of its contacts in an address.
pub(crate) struct ContactOfRequest(Id, CardContact);

impl<S: Send + Sync> FromRequestParts<S> for ContactOfRequest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let not_found = || Problem::new(ProblemType::NotFound);
        let Path((id, contact)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        let id = Id::parse(&id).map_err(|_| super::not_an_id("id"))?;
        Ok(Self(id, CardContact::parse(&contact).ok_or_else(not_found)?))
    }
}

/// The key of a link in an address. Whatever is no token opens nothing either.
pub(crate) struct TokenOfCard(CardKey);

impl<S: Send + Sync> FromRequestParts<S> for TokenOfCard {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let not_found = || Problem::new(ProblemType::NotFound);
        let Path(token) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| not_found())?;
        Secret::parse(&token).map(|token| Self(CardKey(token.hash()))).ok_or_else(not_found)
    }
}

/// Sends a contact of the draft a link to their own details, in place of the one before. It works for 14 days, once, and while
/// the address to which it was sent stands in the draft.
#[utoipa::path(
    put,
    path = "/api/requests/{id}/cards/{contact}",
    tag = "people",
    operation_id = "send_card",
    params(
        super::openapi::RequestPath,
        ("contact" = inline(CardContact), Path, description = "The contact."),
    ),
    responses(
        (status = 201, description = "The link is on its way."),
        (status = 409, response = inline(ASubmittedRequest)),
        (status = 410, response = inline(ADeletedRequest)),
        (status = 422, description = "There is no e-mail address in the contact's details; `errors` says what is wrong.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 429, description = "As many links were sent today as may be, for this request or by this person.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn send(
    State(app): State<App>,
    who: SignedIn,
    ContactOfRequest(request, contact): ContactOfRequest,
) -> Result<StatusCode, Problem> {
    if who.owner.portal().is_some() {
        return Err(Problem::new(ProblemType::NotFound));
    }
    let token = Secret::draw(app.random.as_ref())?;
    let User { given_name, family_name, email, .. } = who.session.user;
    let name = [given_name, family_name].join(" ").trim().to_owned();
    let organisation = who.session.organisation.name;
    let card = CardToSend { contact, token: Arc::new(token), name, email, organisation };
    app.cards.send_card(&who.owner, &request, &card, app.clock.now()).await?;
    Ok(StatusCode::CREATED)
}

/// Reads the card that a link opens: the contact's own details, and who asks for them.
#[utoipa::path(
    get,
    path = "/api/cards/{token}",
    tag = "people",
    operation_id = "read_card",
    params(("token" = String, Path, description = "Token of the link.", pattern = "^[A-Za-z0-9_-]{43}$")),
    responses((status = 200, description = "The card.", body = Card))
)]
pub(crate) async fn read(
    State(app): State<App>,
    _: OwnPagesOnly,
    client_ip: ClientIp,
    TokenOfCard(key): TokenOfCard,
) -> Result<Response, Problem> {
    app.card_calls.count(client_ip.as_str())?;
    let card = app.cards.card(&key, app.clock.now()).await?.ok_or_else(|| Problem::new(ProblemType::NotFound))?;
    // Whoever has the address has the link.
    Ok(([(CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")], Json(card)).into_response())
}

/// Answers a card, with which its link is used up: with details as they are right, or with a refusal to be named.
#[utoipa::path(
    put,
    path = "/api/cards/{token}",
    tag = "people",
    operation_id = "answer_card",
    params(("token" = String, Path, description = "Token of the link.", pattern = "^[A-Za-z0-9_-]{43}$")),
    request_body(content = CardAnswer, description = "One of both members."),
    responses(
        (status = 204, description = "The answer has come in."),
        (status = 422, description = "The form would not take these details; `errors` has what is wrong, with pointers into the draft.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn answer(
    State(app): State<App>,
    _: OwnPagesOnly,
    client_ip: ClientIp,
    TokenOfCard(key): TokenOfCard,
    body: body::Unread,
) -> Result<Response, Problem> {
    app.card_calls.count(client_ip.as_str())?;
    let answer: CardAnswer = body.json(ANSWER_MAX).await?;
    let one_of_both = answer.details.is_some() != answer.refusal.is_some();
    let is_overlong = |words: &habilitation_model::Text| words.as_str().chars().count() as u64 > REFUSAL_MAX;
    if !one_of_both {
        let detail = "An answer has `details` or a `refusal`, and not both.";
        return Err(Problem::new(ProblemType::InvalidBody).detail(detail).error(String::new(), "required"));
    }
    if answer.refusal.as_ref().is_some_and(is_overlong) {
        let detail = "A refusal has at most 2,000 characters.";
        return Err(Problem::new(ProblemType::InvalidBody).detail(detail).error("/refusal".to_owned(), "too_long"));
    }
    app.cards.answer_card(&key, &answer, app.clock.now()).await?;
    let headers = [(CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Most bytes of an answer: five short texts, or a refusal.
const ANSWER_MAX: u64 = 16 * 1024;
