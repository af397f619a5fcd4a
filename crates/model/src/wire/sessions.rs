//! Sessions, and the people and organisations that they are for.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::choice::closed_list;
use crate::draft::OrganisationKind;

/// The session of the person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Person who is signed in.
    pub user: User,
    /// Organisation for which they act.
    pub organisation: Organisation,
    /// Time at which the session ends by itself.
    pub ends_at: String,
    /// Role of the person in the team that examines requests; absent for everybody else, and through a portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<TeamRole>,
}

closed_list! {
    /// Role of a member of the team that examines requests.
    pub enum TeamRole {
        /// Acts on requests.
        Examiner = "examiner",
        /// Looks only.
        Reader = "reader",
    }
}

closed_list! {
    /// The browser in which somebody signed in, as far as it says.
    pub enum Browser {
        /// Mozilla Firefox.
        Firefox = "firefox",
        /// Google Chrome, or another that calls itself so.
        Chrome = "chrome",
        /// Microsoft Edge.
        Edge = "edge",
        /// Opera.
        Opera = "opera",
        /// Apple Safari.
        Safari = "safari",
    }
}

closed_list! {
    /// The system on which somebody signed in, as far as their browser says.
    pub enum System {
        /// Microsoft Windows.
        Windows = "windows",
        /// Apple macOS, or iPadOS that calls itself so.
        MacOs = "macos",
        /// Android.
        Android = "android",
        /// Apple iOS or iPadOS.
        Ios = "ios",
        /// Linux, or another that calls itself so.
        Linux = "linux",
    }
}

closed_list! {
    /// Reason why a sign-in came to nothing, as it stands in the address of the sign-in page.
    pub enum SignInRefusal {
        /// The identity provider, or the person there, refused.
        Refused = "refused",
        /// The identity provider does not answer, or fails.
        Unavailable = "unavailable",
        /// The attempt took too long, was used before, or was begun in another browser.
        Expired = "expired",
        /// The identity provider refuses people of private companies.
        PrivateSector = "private-sector",
        /// The identity provider names no organisation, or no e-mail address.
        Incomplete = "incomplete",
        /// The answer is not signed by the identity provider for this attempt.
        Untrusted = "untrusted",
        /// The person is listed in the team, and showed one factor alone: they are signed in, and no member.
        OneFactor = "one-factor",
        /// The person is listed in the team, and came by an identity provider whose people are no members: they are signed in.
        Provider = "provider",
    }
}

/// Answer of `DELETE /api/session` where people sign in at an identity provider, which would let the next person in otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignOutAddress {
    /// Address at which signing out goes on; none while the provider is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_out_url: Option<String>,
}

/// The open sessions of the person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionList {
    /// Sessions, the last seen first; at most 100.
    pub sessions: Vec<SessionSummary>,
}

/// A session of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionSummary {
    /// Identifier for `DELETE /api/sessions/{id}`. It opens nothing.
    pub id: String,
    /// Set for the session that asks.
    pub current: bool,
    /// Time at which the person signed in, or the portal got its token, RFC 3339.
    pub opened_at: String,
    /// Time at which they were last seen, give or take a minute, RFC 3339.
    pub seen_at: String,
    /// Origin of the portal that acts in it, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// Browser in which the session was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<Browser>,
    /// System on which the session was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<System>,
}

/// A person as their identity provider knows them. Text that it does not know is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// Identifier, opaque and stable.
    pub id: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// E-mail address.
    pub email: String,
    /// Phone number.
    pub phone: String,
    /// Job title in their organisation.
    pub job_title: String,
}

/// The organisation that a person signs in for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
// The draft has an organisation too; in the description of the API each needs a name of its own.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SessionOrganisation))]
pub struct Organisation {
    /// Number of the establishment.
    pub siret: String,
    /// Name of the organisation.
    pub name: String,
    /// Kind of the organisation, where known.
    pub kind: Option<OrganisationKind>,
}

/// The made-up people of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoPeople {
    /// People whom one can sign in as.
    pub people: Vec<DemoPerson>,
}

/// A made-up person of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoPerson {
    /// Identifier that [`DemoSignIn`] takes.
    pub id: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// Job title.
    pub job_title: String,
    /// Name of their organisation.
    pub organisation: String,
    /// Role in the team that examines requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<TeamRole>,
}

/// Signing in as one of the made-up people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoSignIn {
    /// Identifier of the person.
    pub person: String,
}
