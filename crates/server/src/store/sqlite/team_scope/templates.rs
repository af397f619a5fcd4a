//! Templates of the team.

use habilitation_model::wire::{TEMPLATES_MAX, TeamRole, Template, TemplateToSave};
use habilitation_model::{ClosedList, Id, Text};
use jiff::Timestamp;
use rusqlite::{Row, named_params};

use super::TeamScope;
use crate::clock::rfc3339;
use crate::store::sqlite::values::{changed, corrupt, milliseconds, time};
use crate::store::{Expected, Outcome, Quota, SavedTemplate, StoreFailure, StoreRefusal};

impl TeamScope<'_> {
    /// Returns all templates, by use and title.
    pub(in crate::store::sqlite) fn templates(&self) -> Result<Vec<Template>, StoreFailure> {
        let mut statement = self.connection.prepare_cached("SELECT * FROM templates ORDER BY purpose, title, id")?;
        let mut rows = statement.query([])?;
        let mut templates = Vec::new();
        while let Some(row) = rows.next()? {
            templates.push(template(row)?);
        }
        Ok(templates)
    }

    /// Returns a template, if it is there.
    pub(in crate::store::sqlite) fn template(&self, id: &Id) -> Result<Option<Template>, StoreFailure> {
        let mut statement = self.connection.prepare_cached("SELECT * FROM templates WHERE id = ?1")?;
        let mut rows = statement.query([id.as_str()])?;
        rows.next()?.map(template).transpose()
    }

    /// Returns a template that the member may change from the state that is expected.
    fn changeable(&self, id: &Id, expected: &Expected) -> Result<Option<Template>, StoreRefusal> {
        if self.member.role == TeamRole::Reader {
            return Err(StoreRefusal::ReadOnly);
        }
        let before = self.template(id)?;
        match expected.check(before.as_ref().map(|template| (template.revision, template.updated_at.as_str()))) {
            Outcome::Holds => Ok(before),
            Outcome::Fails => Err(StoreRefusal::StaleTemplate),
            Outcome::Unconditional => Err(StoreRefusal::Unconditional),
        }
    }

    pub(in crate::store::sqlite) fn save_template(
        &self,
        id: &Id,
        to_save: &TemplateToSave,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<SavedTemplate, StoreRefusal> {
        let before = self.changeable(id, expected)?;
        if before.is_none() && self.templates()?.len() >= usize::try_from(TEMPLATES_MAX).unwrap_or(usize::MAX) {
            return Err(StoreRefusal::QuotaReached(Quota::Templates));
        }
        let findings = to_save.findings();
        if !findings.is_empty() {
            return Err(StoreRefusal::Unfit(findings));
        }
        let saved = Template {
            id: id.clone(),
            title: Text::from(to_save.title.line().as_str()),
            purpose: to_save.purpose,
            text: Text::from(to_save.text.lines().as_str()),
            revision: before.as_ref().map_or(1, |template| template.revision + 1),
            updated_at: rfc3339(at),
            saved_by: self.member.name.clone(),
        };
        changed(
            self.connection,
            "INSERT INTO templates (id, title, purpose, revision, updated_at, saved_by, text)
             VALUES (:id, :title, :purpose, :revision, :at, :by, :text)
             ON CONFLICT (id) DO UPDATE SET
                 title = excluded.title, purpose = excluded.purpose, revision = excluded.revision,
                 updated_at = excluded.updated_at, saved_by = excluded.saved_by, text = excluded.text",
            named_params! {
                ":id": id.as_str(), ":title": saved.title.as_str(), ":purpose": saved.purpose.as_str(),
                ":revision": saved.revision, ":at": milliseconds(at), ":by": saved.saved_by, ":text": saved.text.as_str(),
            },
        )?;
        Ok(if before.is_some() { SavedTemplate::Changed(saved) } else { SavedTemplate::Created(saved) })
    }

    pub(in crate::store::sqlite) fn delete_template(&self, id: &Id, expected: &Expected) -> Result<(), StoreRefusal> {
        if self.member.role == TeamRole::Examiner && self.template(id)?.is_none() {
            return Err(StoreRefusal::Absent);
        }
        self.changeable(id, expected)?;
        changed(self.connection, "DELETE FROM templates WHERE id = ?1", [id.as_str()])?;
        Ok(())
    }
}

fn template(row: &Row<'_>) -> Result<Template, StoreFailure> {
    let text = |column| -> Result<String, StoreFailure> { Ok(row.get(column)?) };
    Ok(Template {
        id: Id::parse(&text("id")?).map_err(|_| corrupt("an identifier"))?,
        title: Text::from(text("title")?.as_str()),
        purpose: ClosedList::parse(&text("purpose")?).ok_or_else(|| corrupt("the use of a template"))?,
        text: Text::from(text("text")?.as_str()),
        revision: row.get("revision")?,
        updated_at: rfc3339(time(row.get("updated_at")?)?),
        saved_by: text("saved_by")?,
    })
}
