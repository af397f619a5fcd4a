//! Settings of the operator for the page.

use habilitation_model_derive::FromJson;
use serde::Serialize;

/// Settings of the operator for the page: `config.json` beside `index.html`. Every member may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageConfig {
    /// Address of the API, relative to the page or absolute.
    pub api: Option<String>,
    /// The instance is a demonstration, and the page says that all is made up.
    pub demonstration: bool,
    /// People sign in with ProConnect.
    pub proconnect: bool,
    /// The service finds establishments in a public directory, for the page to show beside their numbers.
    pub organisations: bool,
    /// Addresses that people are sent to.
    pub contacts: Contacts,
    /// Statements about the operator that the law asks for.
    pub operator: Operator,
}

/// Addresses that people are sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contacts {
    /// General terms of FranceConnect.
    pub terms_url: String,
    /// E-mail for questions on a request.
    pub support_email: String,
    /// E-mail for lost access, or an applicant who left.
    pub access_email: String,
    /// The monthly information webinar; empty when there is none.
    pub webinar_url: String,
    /// Advice of the data protection authority on retention.
    pub retention_advice_url: String,
}

impl Default for Contacts {
    fn default() -> Self {
        Self {
            terms_url: "https://partenaires.franceconnect.gouv.fr/cgu".to_owned(),
            support_email: "support.partenaires@franceconnect.gouv.fr".to_owned(),
            access_email: "datapass@api.gouv.fr".to_owned(),
            webinar_url: String::new(),
            retention_advice_url: "https://www.cnil.fr/fr/les-durees-de-conservation-des-donnees".to_owned(),
        }
    }
}

/// The body that runs this site. Paragraphs of a text are parted by a blank line; an empty text shows a notice that it is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Operator {
    /// Name of the body that runs it.
    pub name: String,
    /// Legal notice: publisher, director of publication, host (loi n° 2004-575, article 6-III).
    pub legal_notice: String,
    /// Personal data: purposes, basis, recipients, duration, rights (GDPR, article 13).
    pub personal_data: String,
    /// E-mail for accessibility troubles; the support address when empty.
    pub accessibility_email: String,
}
