//! People of a request: who takes part, who is invited, and who asks for it.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::choice::closed_list;
use crate::code::Code;
use crate::date::Date;
use crate::email::Email;
use crate::id::Id;
use crate::lifecycle::act::check_text;
use crate::lifecycle::{ActFinding, Part, State};
use crate::text::Text;

/// Most invitations of a request that are open at a time.
pub const INVITATIONS_MAX: u64 = 10;

/// Most people who take part in a request beside its owner.
pub const PARTICIPANTS_MAX: u64 = 50;

/// Most characters of a reason to ask for a request, or of a decision about that.
pub const REASON_MAX: u64 = 2_000;

/// People of a request: the answer of `GET /api/requests/{id}/people`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeopleList {
    /// The owner first, then the others by the time at which they joined.
    pub people: Vec<Participant>,
    /// Open invitations, the oldest first. Only the owner is told of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invitations: Vec<OpenInvitation>,
    /// Hand-over that waits for the person whom the owner named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<HandOver>,
    /// Contacts to whom the last request for their details could not be delivered. Only the owner is told of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undelivered_cards: Vec<CardContact>,
    /// Last day on which a former owner may contest that the request was taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contestable_until: Option<Date>,
    /// Revision of the draft, by which a page knows that somebody else changed it.
    pub revision: u64,
}

/// Person who takes part in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Participant {
    /// Identifier, as in [`User`](super::User).
    pub id: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// Name of the organisation for which they take part; empty where it is not known.
    pub organisation: String,
    /// Part that they have in the request.
    pub role: Part,
    /// Set for somebody of another organisation than that of the request.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
    /// Set for the caller.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub you: bool,
    /// Set for another person who has the request open, give or take a minute.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub here: bool,
}

/// Invitation that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenInvitation {
    /// Identifier, made by the client.
    pub id: Id,
    /// E-mail address to which it was sent, as typed.
    pub email: String,
    /// Part that it gives.
    pub role: Part,
    /// Time after which it opens nothing.
    pub expires_at: String,
    /// Person who followed it with another address, and waits for the owner's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_confirm: Option<Newcomer>,
    /// Set where the mail could not be delivered to the address.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undelivered: bool,
}

/// Person who followed an invitation that was sent to another address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Newcomer {
    /// Identifier for `PUT /api/requests/{id}/people/{person}`.
    pub id: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// E-mail address that their identity provider gives.
    pub email: String,
    /// Name of the organisation for which they are signed in.
    pub organisation: String,
}

/// Hand-over that waits for the person whom the owner named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandOver {
    /// Identifier of that person.
    pub to: String,
    /// Time after which it cannot be accepted.
    pub expires_at: String,
    /// Set where the caller is that person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_you: bool,
    /// Set where the mail to that person could not be delivered. Only the owner is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undelivered: bool,
}

/// An invitation to send: the body of `PUT /api/requests/{id}/invitations/{invitation}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationToSend {
    /// E-mail address of the person.
    pub email: String,
    /// Part to give: an editor's or a reader's.
    pub role: Part,
}

impl InvitationToSend {
    /// Returns the errors of the invitation: not an address, or the part of an owner, who is one alone.
    #[must_use]
    pub fn findings(&self) -> Vec<ActFinding> {
        let mut findings = Vec::new();
        if Email::parse(&self.email).is_err() {
            findings.push(ActFinding::bare("/email", Code::Format));
        }
        if self.role == Part::Owner {
            findings.push(ActFinding::bare("/role", Code::UnknownValue));
        }
        findings
    }
}

/// The body of `POST /api/invitations`: one of both members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationToFollow {
    /// Token of the link that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Identifier of an invitation that was sent to the caller's address ([`InvitationList`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Id>,
}

closed_list! {
    /// Outcome of following an invitation.
    pub enum Joining {
        /// The caller takes part now.
        Joined = "joined",
        /// The owner has to confirm that the caller is meant.
        ToConfirm = "to_confirm",
    }
}

/// Answer of `POST /api/invitations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowedInvitation {
    /// Outcome.
    pub state: Joining,
    /// The request, once the caller takes part in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Id>,
}

/// Invitations that were sent to the address of the caller, and hand-overs that wait for them: the answer of `GET /api/invitations`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationList {
    /// Invitations, the oldest first; at most 100.
    pub invitations: Vec<ReceivedInvitation>,
    /// Requests that their owners hand over to the caller, the oldest first; at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hand_overs: Vec<ReceivedHandOver>,
}

/// Invitation, as the person reads it whose address it was sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceivedInvitation {
    /// Identifier for [`InvitationToFollow`].
    pub id: Id,
    /// Name of the person who invites.
    pub by: String,
    /// Name of the organisation of the request.
    pub organisation: String,
    /// Part that it gives.
    pub role: Part,
    /// Time after which it opens nothing.
    pub expires_at: String,
}

/// Hand-over, as the person reads it whom it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceivedHandOver {
    /// The request.
    pub request: Id,
    /// Number of the request, once it was submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Name of the project, as typed.
    pub name: String,
    /// Name of the owner.
    pub by: String,
    /// Time after which it cannot be accepted.
    pub expires_at: String,
}

/// The body of `PUT /api/requests/{id}/people/{person}`: the owner's word about a [`Newcomer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confirmation {
    /// Set where they are meant; otherwise the invitation is taken back.
    pub confirmed: bool,
}

/// The body of `PUT /api/requests/{id}/hand-over`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandOverToOffer {
    /// Identifier of the participant who is to own the request.
    pub to: String,
    /// Reason, of 0 to 2,000 characters, for those who read the history.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub text: Text,
}

impl HandOverToOffer {
    /// Returns the errors of the offer, by whether the person takes part in the request for its organisation.
    #[must_use]
    pub fn findings(&self, is_colleague: bool) -> Vec<ActFinding> {
        let mut findings = Vec::new();
        if !is_colleague {
            findings.push(ActFinding::bare("/to", Code::UnknownValue));
        }
        check_text(&mut findings, "/text".to_owned(), &self.text, REASON_MAX, false);
        findings
    }
}

/// The body of `POST /api/recoveries`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryToAsk {
    /// Number of the request. Without one, the owners of all drafts of the organisation that never were sent are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Reason, of 1 to 2,000 characters.
    pub reason: Text,
}

/// Answer of `GET /api/recoveries`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryList {
    /// Requests of the caller that others ask for, or took over so that the caller may contest it.
    pub recoveries: Vec<Recovery>,
    /// Number of drafts that other people of the organisation began and never sent. Absent where the tie is not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drafts: Option<u32>,
}

closed_list! {
    /// State of a recovery.
    pub enum RecoveryState {
        /// The owner is asked.
        Asked = "asked",
        /// The owner did not answer in time: somebody else decides.
        Unanswered = "unanswered",
        /// The request was taken over, which the former owner may contest.
        Granted = "granted",
        /// The former owner contests it: somebody else decides.
        Contested = "contested",
    }
}

/// Call of a person for a request whose owner does not answer for it any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recovery {
    /// Identifier for the answer.
    pub id: Id,
    /// The request.
    pub request: Id,
    /// Number of the request, once it was submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Name of the project, as typed.
    pub name: String,
    /// State of the recovery.
    pub state: RecoveryState,
    /// Person who asks.
    pub by: Newcomer,
    /// Reason that they give.
    pub reason: Text,
    /// Time at which they asked.
    pub asked_at: String,
    /// Last day to allow, refuse or contest.
    pub answer_by: Date,
    /// Set where the identity provider verified that they belong to the organisation.
    pub is_tie_verified: bool,
}

/// The body of `PUT /api/recoveries/{id}/answer`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryAnswer {
    /// Set to let the request go; otherwise it stays, or the take-over is contested.
    pub allow: bool,
}

/// Recoveries that nobody answered, or that are contested: the answer of `GET /api/examination/recoveries`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveriesToDecide {
    /// The recoveries, the oldest first; at most 100.
    pub recoveries: Vec<RecoveryToDecide>,
}

/// Recovery that a member of the team decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryToDecide {
    /// The recovery.
    pub recovery: Recovery,
    /// State of the request.
    pub request_state: State,
    /// Name of the owner, or of the former owner who contests.
    pub owner: String,
    /// E-mail address of the owner.
    pub owner_email: String,
    /// Roles and names of the other people who were told.
    pub told: Vec<String>,
}

/// The body of `PUT /api/examination/recoveries/{id}/decision`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryDecision {
    /// Set to give the request to the person who asked.
    pub grant: bool,
    /// Reason, of 1 to 2,000 characters, for all whom it concerns.
    pub text: Text,
}

closed_list! {
    /// Contact whom the owner asks for their own details.
    pub enum CardContact {
        /// The data controller.
        Controller = "controller",
        /// The data protection officer.
        Dpo = "dpo",
        /// The technical contact.
        Technical = "technical",
    }
}

/// Card of a contact, as the contact reads it without a session: the answer of `GET /api/cards/{token}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Card {
    /// Contact that the person is named as.
    pub contact: CardContact,
    /// Name of the project, as typed.
    pub name: String,
    /// Name of the organisation, as typed.
    pub organisation: String,
    /// Name of the person who asks.
    pub by: String,
    /// E-mail address of the person who asks.
    pub by_email: String,
    /// Details that stand in the request.
    pub details: CardDetails,
    /// Set for a data controller that is an organisation: no name of a person is asked for.
    pub is_organisation: bool,
    /// Time after which the card cannot be answered.
    pub expires_at: String,
}

/// Details of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardDetails {
    /// First name.
    pub given_name: Text,
    /// Last name.
    pub family_name: Text,
    /// E-mail address.
    pub email: Text,
    /// Phone number.
    pub phone: Text,
    /// Job title.
    pub job_title: Text,
}

/// The body of `PUT /api/cards/{token}`: one of both members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardAnswer {
    /// Details as they are right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<CardDetails>,
    /// Words of a person who is not the one to name, of 0 to 2,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Text>,
}

closed_list! {
    /// State of what is known of an establishment.
    pub enum OrganisationState {
        /// The establishment is open.
        Found = "found",
        /// The establishment is closed, or its organisation is.
        Closed = "closed",
        /// The directory does not know the number.
        NotFound = "not_found",
        /// The establishment is there, and its name is not made public.
        Masked = "masked",
        /// The directory does not answer at the moment.
        Away = "away",
    }
}

/// Establishment as a public directory describes it: the answer of `GET /api/organisations/{siret}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganisationFound {
    /// State of what is known.
    pub state: OrganisationState,
    /// Name of the organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Place of the establishment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Day on which it was closed, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Date>,
    /// Kind of the organisation that its legal form suggests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<crate::draft::OrganisationKind>,
    /// Day in Europe/Paris on which the directory said so.
    pub as_of: Date,
}
