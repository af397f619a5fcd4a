//! Templates: texts with which members of the team begin what they write.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::choice::closed_list;
use crate::id::Id;
use crate::lifecycle::ActFinding;
use crate::lifecycle::act::{TEXT_MAX, check_text};
use crate::text::Text;

/// Most characters in the title of a template.
pub const TITLE_MAX: u64 = 60;
/// Most templates of the team.
pub const TEMPLATES_MAX: u32 = 50;

closed_list! {
    /// Use of a template: the act whose text it begins.
    pub enum TemplateUse {
        /// A request for changes.
        Changes = "changes",
        /// An acceptance.
        Accepted = "accepted",
        /// A refusal.
        Refused = "refused",
        /// A message.
        Message = "message",
    }
}

/// Template to save: the body of `PUT /api/examination/templates/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateToSave {
    /// Title, of 1 to 60 characters.
    pub title: Text,
    /// Use of the template.
    #[serde(rename = "use")]
    pub purpose: TemplateUse,
    /// Text of 1 to 5,000 characters, in which `{numero}`, `{projet}` and `{organisation}` stand for those of a request.
    pub text: Text,
}

impl TemplateToSave {
    /// Returns the errors of the template.
    #[must_use]
    pub fn findings(&self) -> Vec<ActFinding> {
        let mut findings = Vec::new();
        check_text(&mut findings, "/title".to_owned(), &self.title, TITLE_MAX, true);
        check_text(&mut findings, "/text".to_owned(), &self.text, TEXT_MAX, true);
        findings
    }
}

/// Template of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    /// Identifier, made by the client.
    pub id: Id,
    /// Title.
    pub title: Text,
    /// Use of the template.
    #[serde(rename = "use")]
    pub purpose: TemplateUse,
    /// Text.
    pub text: Text,
    /// Revision, raised by one at each change.
    pub revision: u64,
    /// Time of the last change.
    pub updated_at: String,
    /// First and last name of the member who made it; empty where an earlier release kept it.
    #[serde(default)]
    pub saved_by: String,
}

/// Templates of the team: the answer of `GET /api/examination/templates`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateList {
    /// Templates, by use and title.
    pub templates: Vec<Template>,
}
