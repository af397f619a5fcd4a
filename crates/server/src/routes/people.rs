//! `/api/requests/{id}/people`, `…/invitations`, `…/hand-over` and `/api/invitations`: who takes part in a request.

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use habilitation_model::Id;
use habilitation_model::wire::{
    Confirmation, FollowedInvitation, HandOverToOffer, InvitationList, InvitationToFollow, InvitationToSend,
    OpenInvitation, PeopleList, StoredRequest,
};

use super::openapi::{AnotherState, InvitationPath, NotPermittedThere, PersonPath, RequestPath};
use super::{RequestId, not_an_id};
use crate::app::App;
use crate::body;
use crate::preconditions::entity_tag;
use crate::problem::{Problem, ProblemType};
use crate::secret::Secret;
use crate::session::SignedIn;
use crate::store::Found;
use crate::store::people::{Following, Made, Person};

/// Most bytes of the identifier of a person.
const PERSON_MAX: usize = 200;

impl SignedIn {
    /// Returns the person, with what they are called.
    fn into_person(self) -> Person {
        Person { owner: self.owner, user: self.session.user, organisation: self.session.organisation }
    }
}

/// The identifiers of a request and of one of its invitations in an address.
pub(crate) struct InvitationId {
    request: Id,
    invitation: Id,
}

impl<S: Send + Sync> FromRequestParts<S> for InvitationId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((request, invitation)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_an_id("id"))?;
        Ok(Self {
            request: Id::parse(&request).map_err(|_| not_an_id("id"))?,
            invitation: Id::parse(&invitation).map_err(|_| not_an_id("invitation"))?,
        })
    }
}

/// The identifiers of a request and of a person in an address.
pub(crate) struct PersonId {
    request: Id,
    person: String,
}

impl<S: Send + Sync> FromRequestParts<S> for PersonId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((request, person)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| not_an_id("id"))?;
        let request = Id::parse(&request).map_err(|_| not_an_id("id"))?;
        // Nobody has a longer one.
        if person.len() > PERSON_MAX { Err(Problem::new(ProblemType::NotFound)) } else { Ok(Self { request, person }) }
    }
}

/// Lists who takes part in a request, and who has it open. The caller counts as there for a minute.
#[utoipa::path(
    get,
    path = "/api/requests/{id}/people",
    tag = "people",
    operation_id = "list_people",
    params(RequestPath),
    responses((status = 200, description = "The people. Only the owner is told of invitations.", body = PeopleList))
)]
pub(crate) async fn list(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
) -> Result<Json<PeopleList>, Problem> {
    Ok(Json(app.people.people(&who.into_person(), &id, app.clock.now()).await?))
}

/// Invites somebody to take part, by a mail with a link that is good for 14 days. Repeating it is harmless.
#[utoipa::path(
    put,
    path = "/api/requests/{id}/invitations/{invitation}",
    tag = "people",
    operation_id = "invite",
    params(RequestPath, InvitationPath),
    request_body = InvitationToSend,
    responses(
        (status = 200, description = "It was sent already.", body = OpenInvitation),
        (status = 201, description = "Sent.", body = OpenInvitation),
        (status = 403, response = inline(NotPermittedThere)),
        (status = 409, description = "As many are open as one request may have, another invitation has this identifier, or the request is archived.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an address, or not a part that is given; `errors` has pointers into the body.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn invite(
    State(app): State<App>,
    who: SignedIn,
    InvitationId { request, invitation }: InvitationId,
    body::Json(to_send): body::Json<InvitationToSend>,
) -> Result<(StatusCode, Json<OpenInvitation>), Problem> {
    let secret = Secret::draw(app.random.as_ref())?;
    let who = who.into_person();
    Ok(match app.people.invite(&who, &request, (&invitation, &to_send), secret, app.clock.now()).await? {
        Made::Now(open) => (StatusCode::CREATED, Json(open)),
        Made::Before(open) => (StatusCode::OK, Json(open)),
    })
}

/// Takes an invitation back: its link opens nothing from then on.
#[utoipa::path(
    delete,
    path = "/api/requests/{id}/invitations/{invitation}",
    tag = "people",
    operation_id = "take_back_invitation",
    params(RequestPath, InvitationPath),
    responses(
        (status = 204, description = "Taken back."),
        (status = 403, response = inline(NotPermittedThere)),
        (status = 409, response = inline(AnotherState)),
    )
)]
pub(crate) async fn take_back(
    State(app): State<App>,
    who: SignedIn,
    InvitationId { request, invitation }: InvitationId,
) -> Result<StatusCode, Problem> {
    app.people.take_back_invitation(&who.into_person(), &request, &invitation, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the invitations that were sent to the caller's address, and the requests that are handed over to them.
#[utoipa::path(
    get,
    path = "/api/invitations",
    tag = "people",
    operation_id = "list_invitations",
    responses(
        (status = 200, description = "What waits for the caller.", body = InvitationList),
        (status = 404, description = "Through a portal.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn received(State(app): State<App>, who: SignedIn) -> Result<Json<InvitationList>, Problem> {
    let who = only_on_our_pages(who)?;
    Ok(Json(app.people.invitations(&who, app.clock.now()).await?))
}

/// Follows an invitation. Whoever comes by another address than it was sent to waits for the owner's word.
#[utoipa::path(
    post,
    path = "/api/invitations",
    tag = "people",
    operation_id = "follow_invitation",
    request_body = InvitationToFollow,
    responses(
        (status = 200, description = "The caller takes part, or waits.", body = FollowedInvitation),
        (status = 404, description = "It is unknown, used, old or taken back, all alike; or through a portal.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "As many people take part as may in one request.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn follow(
    State(app): State<App>,
    who: SignedIn,
    body::Json(InvitationToFollow { token, invitation }): body::Json<InvitationToFollow>,
) -> Result<Json<FollowedInvitation>, Problem> {
    let who = only_on_our_pages(who)?;
    let following = match (token, invitation) {
        // What is no token of ours opens as little as one that was used.
        (Some(token), None) => {
            let secret = Secret::parse(&token).ok_or_else(|| Problem::new(ProblemType::NotFound))?;
            Following::Link(secret.hash())
        }
        // Nobody is behind a made-up address, so it is believed.
        (None, Some(id)) => Following::Address(id, app.demonstration),
        _ => {
            return Err(Problem::new(ProblemType::InvalidBody)
                .detail("One of `token` and `invitation` is expected.")
                .error(String::new(), "one_of"));
        }
    };
    Ok(Json(app.people.follow_invitation(&who, following, app.clock.now()).await?))
}

/// Lets a person take part who followed an invitation by another address, or turns them away.
#[utoipa::path(
    put,
    path = "/api/requests/{id}/people/{person}",
    tag = "people",
    operation_id = "confirm_person",
    params(RequestPath, PersonPath),
    request_body = Confirmation,
    responses(
        (status = 204, description = "Done."),
        (status = 403, response = inline(NotPermittedThere)),
        (status = 409, response = inline(AnotherState)),
    )
)]
pub(crate) async fn confirm(
    State(app): State<App>,
    who: SignedIn,
    PersonId { request, person }: PersonId,
    body::Json(Confirmation { confirmed }): body::Json<Confirmation>,
) -> Result<StatusCode, Problem> {
    app.people.confirm(&who.into_person(), &request, &person, confirmed, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the part of a person in a request, or that of the caller. They have no access from then on.
#[utoipa::path(
    delete,
    path = "/api/requests/{id}/people/{person}",
    tag = "people",
    operation_id = "remove_person",
    params(RequestPath, PersonPath),
    responses(
        (status = 204, description = "Removed, or left."),
        (status = 403, response = inline(NotPermittedThere)),
        (status = 409, response = inline(AnotherState)),
    )
)]
pub(crate) async fn remove(
    State(app): State<App>,
    who: SignedIn,
    PersonId { request, person }: PersonId,
) -> Result<StatusCode, Problem> {
    app.people.remove(&who.into_person(), &request, &person, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Names the participant of the same organisation who is to own the request. They have 14 days to accept.
#[utoipa::path(
    put,
    path = "/api/requests/{id}/hand-over",
    tag = "people",
    operation_id = "hand_over",
    params(RequestPath),
    request_body = HandOverToOffer,
    responses(
        (status = 200, description = "They are named already."),
        (status = 201, description = "Named."),
        (status = 403, response = inline(NotPermittedThere)),
        (status = 409, response = inline(AnotherState)),
        (status = 422, description = "Not a participant of the same organisation, or a reason that is too long; `errors` has pointers into the body.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn offer(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
    body::Json(offer): body::Json<HandOverToOffer>,
) -> Result<StatusCode, Problem> {
    Ok(match app.people.offer(&who.into_person(), &id, &offer, app.clock.now()).await? {
        Made::Now(()) => StatusCode::CREATED,
        Made::Before(()) => StatusCode::OK,
    })
}

/// Takes back that somebody is to own the request.
#[utoipa::path(
    delete,
    path = "/api/requests/{id}/hand-over",
    tag = "people",
    operation_id = "take_back_hand_over",
    params(RequestPath),
    responses(
        (status = 204, description = "Nobody is named."),
        (status = 403, response = inline(NotPermittedThere)),
        (status = 409, response = inline(AnotherState)),
    )
)]
pub(crate) async fn withdraw_offer(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
) -> Result<StatusCode, Problem> {
    app.people.withdraw_offer(&who.into_person(), &id, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes the caller the owner of a request that was handed over to them. The former owner reads it from then on.
#[utoipa::path(
    post,
    path = "/api/requests/{id}/hand-over/acceptance",
    tag = "people",
    operation_id = "accept_hand_over",
    params(RequestPath),
    responses(
        (status = 200, description = "The caller owns it; this is the request.", body = StoredRequest, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 403, response = inline(NotPermittedThere)),
    )
)]
pub(crate) async fn accept(
    State(app): State<App>,
    who: SignedIn,
    RequestId(id): RequestId,
) -> Result<Response, Problem> {
    let (who, now) = (who.into_person(), app.clock.now());
    app.people.accept(&who, &id, now).await?;
    match app.store.request(&who.owner, &id, now).await? {
        Some(Found::Request(request)) => Ok(([(ETAG, entity_tag(request.revision))], Json(request)).into_response()),
        Some(Found::Deleted) => Err(Problem::new(ProblemType::Deleted)),
        None => Err(Problem::new(ProblemType::NotFound)),
    }
}

/// Refuses a portal, to which people are nothing.
fn only_on_our_pages(who: SignedIn) -> Result<Person, Problem> {
    let who = who.into_person();
    if who.owner.portal().is_some() { Err(Problem::new(ProblemType::NotFound)) } else { Ok(who) }
}
