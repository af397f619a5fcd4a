//! Templates that a person writes, kept on the device until they are saved.

use leptos::prelude::*;

use crate::clock;
use crate::context::{Identity, Session};
use crate::device::DeviceStorage;
use crate::draft::copies::TEAM_TEXTS as TEXTS;
use crate::model::saving::BaseRevision;
use crate::model::wire::{Template, TemplateUse};
use crate::model::{ClosedList, Id};

/// Template as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// Revision out of which it grew; none for a new template.
    pub(super) base: Option<BaseRevision>,
    pub(super) purpose: TemplateUse,
    pub(super) title: String,
    pub(super) text: String,
}

impl Typed {
    /// Returns a new template.
    pub(super) fn new() -> Self {
        Self { base: None, purpose: TemplateUse::Changes, title: String::new(), text: String::new() }
    }

    /// Returns a template as it is saved.
    pub(super) fn of(template: &Template) -> Self {
        Self {
            base: Some(BaseRevision::of(template.revision, &template.updated_at)),
            purpose: template.purpose,
            title: template.title.line(),
            text: template.text.lines(),
        }
    }

    /// Returns whether a template says the same.
    pub(super) fn is_said_by(&self, template: &Template) -> bool {
        let saved = Self::of(template);
        (self.purpose, self.title.trim(), self.text.trim()) == (saved.purpose, saved.title.trim(), saved.text.trim())
    }

    /// Returns whether another one says the same, whatever it grew out of.
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        (self.purpose, &self.title, &self.text) == (other.purpose, &other.title, &other.text)
    }

    fn written(&self) -> String {
        let (revision, saved_at) = match &self.base {
            Some(base) => (base.revision.to_string(), base.saved_at.as_str()),
            None => ("0".to_owned(), ""),
        };
        [
            &clock::now().to_string(),
            " ",
            &revision,
            "\n",
            saved_at,
            "\n",
            self.purpose.as_str(),
            "\n",
            &self.title,
            "\n",
            &self.text,
        ]
        .concat()
    }

    fn read(written: &str) -> Option<Self> {
        let mut lines = written.splitn(5, '\n');
        let revision: u64 = lines.next()?.split_once(' ')?.1.parse().ok()?;
        let saved_at = lines.next()?;
        let purpose = TemplateUse::parse(lines.next()?)?;
        let (title, text) = (lines.next()?.to_owned(), lines.next()?.to_owned());
        let base = (revision > 0).then(|| BaseRevision::of(revision, saved_at));
        Some(Self { base, purpose, title, text })
    }
}

/// Templates that one person has typed on this device. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    device: StoredValue<DeviceStorage, LocalStorage>,
    prefix: StoredValue<String>,
}

impl Kept {
    /// Returns the templates of the signed-in person.
    pub(super) fn of(session: Session) -> Self {
        let person = session.identity().with_untracked(|identity| match identity {
            Identity::Person(session) => session.user.id.clone(),
            Identity::Pending | Identity::SignedOut => String::new(),
        });
        Self {
            device: StoredValue::new_local(session.device()),
            prefix: StoredValue::new([TEXTS, &person, ":template:"].concat()),
        }
    }

    fn name(self, id: &Id) -> String {
        [&self.prefix.get_value(), id.as_str()].concat()
    }

    /// Returns a template as it was typed, if it was.
    pub(super) fn read(self, id: &Id) -> Option<Typed> {
        Typed::read(&self.device.with_value(|device| device.read(&self.name(id)))?)
    }

    /// Keeps a template as it is typed.
    pub(super) fn write(self, id: &Id, typed: &Typed) {
        self.device.with_value(|device| device.write(&self.name(id), &typed.written()));
    }

    /// Erases a template as it was typed.
    pub(super) fn erase(self, id: &Id) {
        self.device.with_value(|device| device.erase(&self.name(id)));
    }

    /// Returns the templates that were typed and not saved.
    pub(super) fn ids(self) -> Vec<Id> {
        let prefix = self.prefix.get_value();
        let names = self.device.with_value(|device| device.names(&prefix));
        names.iter().filter_map(|name| Id::parse(name.strip_prefix(&prefix)?).ok()).collect()
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::navigation::Place;
    use crate::pages::team::examination::erase_expired;
    use crate::testing::app;

    #[test]
    fn what_is_typed_of_a_template_comes_back_until_it_is_a_month_old() {
        let app = app(Place::Requests, false);
        let id = Id::new(0, [1; 10]);
        let kept = || app.with(|| Kept::of(Session::get()));
        let base = Some(BaseRevision::of(3, "2026-11-22T12:00:00.000Z"));
        let typed = Typed { base, title: "Refus".to_owned(), text: "Deux\nlignes\n".to_owned(), ..Typed::new() };
        let first = kept();
        app.with(|| first.write(&id, &typed));
        let again = kept();
        assert_eq!(app.with(|| (again.ids(), again.read(&id))), (vec![id.clone()], Some(typed)));
        assert!(app.copies().unwrap().has_team_texts(), "signing out asks about it");
        app.wait(31 * 24 * 60 * 60);
        app.with(|| erase_expired(&Session::get().device()));
        assert_eq!(app.with(|| again.ids()), []);
        app.end();
    }
}
