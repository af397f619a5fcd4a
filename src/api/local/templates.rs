//! Templates of the demonstration's team, each in a record of this browser.

use super::store::problem;
use crate::api::ApiError;
use crate::clock::now_rfc3339;
use crate::device::DeviceStorage;
use crate::json;
use crate::model::saving::BaseRevision;
use crate::model::wire::{TEMPLATES_MAX, TeamRole, Template, TemplateToSave};
use crate::model::{Id, Text};

/// Beginning of the names of templates on the device.
const BEGINNING: &str = "template:";

/// Templates of the team on a device.
pub(super) struct LocalTemplates {
    pub(super) device: DeviceStorage,
}

impl LocalTemplates {
    /// Returns all templates, by use and title.
    pub(super) fn list(&self) -> Vec<Template> {
        let read = |name: String| json::read(&self.device.read(&name)?);
        let mut templates: Vec<Template> = self.device.names(BEGINNING).into_iter().filter_map(read).collect();
        templates.sort_by(|one, other| (one.purpose, one.title.as_str()).cmp(&(other.purpose, other.title.as_str())));
        templates
    }

    /// Refuses a reader, and whoever builds on another revision than the one that is there.
    fn check(&self, role: TeamRole, id: &Id, base: Option<&BaseRevision>) -> Result<(), ApiError> {
        if role == TeamRole::Reader {
            return Err(problem(403));
        }
        let there = self.device.read(&name(id)).and_then(|text| json::read::<Template>(&text));
        let is_same = there.map(|template| template.revision) == base.map(|base| base.revision);
        if is_same { Ok(()) } else { Err(problem(412)) }
    }

    /// Saves a template over a revision, or creates it.
    pub(super) fn save(
        &self,
        (role, name_of_member): (TeamRole, &str),
        id: &Id,
        base: Option<&BaseRevision>,
        to_save: &TemplateToSave,
    ) -> Result<Template, ApiError> {
        self.check(role, id, base)?;
        if base.is_none() && self.device.names(BEGINNING).len() as u64 >= u64::from(TEMPLATES_MAX) {
            return Err(problem(409));
        }
        if !to_save.findings().is_empty() {
            return Err(problem(422));
        }
        let saved = Template {
            id: id.clone(),
            title: Text::from(to_save.title.line().as_str()),
            purpose: to_save.purpose,
            text: Text::from(to_save.text.lines().as_str()),
            revision: base.map_or(1, |base| base.revision + 1),
            updated_at: now_rfc3339(),
            saved_by: name_of_member.to_owned(),
        };
        let text = serde_json::to_string(&saved).map_err(|_| problem(500))?;
        self.device.write(&name(id), &text);
        Ok(saved)
    }

    /// Deletes a template of the given revision.
    pub(super) fn delete(&self, role: TeamRole, id: &Id, base: &BaseRevision) -> Result<(), ApiError> {
        self.check(role, id, Some(base))?;
        self.device.erase(&name(id));
        Ok(())
    }
}

fn name(id: &Id) -> String {
    [BEGINNING, id.as_str()].concat()
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::context::Session;
    use crate::model::wire::TemplateUse;
    use crate::navigation::Place;
    use crate::testing::app;

    #[test]
    fn a_template_is_saved_over_the_revision_that_is_there_and_by_an_examiner_alone() {
        let app = app(Place::Requests, false);
        app.with(|| {
            let templates = LocalTemplates { device: Session::get().device() };
            let to_save = TemplateToSave { title: "Refus".into(), purpose: TemplateUse::Refused, text: "Non.".into() };
            let (id, other) = (Id::new(0, [1; 10]), Id::new(0, [2; 10]));
            let save = |role, id: &Id, base: Option<&BaseRevision>| {
                templates.save((role, "Claire Marchand"), id, base, &to_save)
            };
            let status = |error: ApiError| error.status().unwrap_or_default();
            assert_eq!(save(TeamRole::Reader, &id, None).map_err(status), Err(403));
            let first = save(TeamRole::Examiner, &id, None).unwrap();
            assert_eq!(save(TeamRole::Examiner, &id, None).map_err(status), Err(412));
            let base = BaseRevision::of(first.revision, &first.updated_at);
            assert_eq!(save(TeamRole::Examiner, &id, Some(&base)).map(|saved| saved.revision), Ok(2));
            let changes = TemplateToSave { purpose: TemplateUse::Changes, ..to_save.clone() };
            let saved = templates.save((TeamRole::Examiner, "Idris Benali"), &other, None, &changes).unwrap();
            assert_eq!(saved.saved_by, "Idris Benali");
            let order: Vec<Id> = templates.list().into_iter().map(|template| template.id).collect();
            assert_eq!(order, [other, id.clone()]);
            assert_eq!(templates.delete(TeamRole::Examiner, &id, &base).map_err(status), Err(412));
            assert_eq!(templates.delete(TeamRole::Examiner, &id, &BaseRevision::of(2, "")), Ok(()));
            assert_eq!(templates.list().len(), 1);
        });
        app.end();
    }
}
