//! Changes of templates: what is open, what is saved, and what came first.

use leptos::prelude::*;

use super::kept::{Kept, Typed};
use crate::api::ApiError;
use crate::context::{Announcer, Focus, HEADING, Identity, Session};
use crate::effect::spawn;
use crate::ids::new_id;
use crate::input::cleaned;
use crate::model::saving::BaseRevision;
use crate::model::wire::{Problem, Template, TemplateList, TemplateToSave};
use crate::model::{ClosedList, Code, Field, Id};
use crate::pages::reading::Question;
use crate::texts::templates;

/// Templates of the team on the screen. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Shelf {
    pub(super) session: Session,
    pub(super) announcer: Announcer,
    pub(super) focus: Focus,
    pub(super) list: Question<TemplateList>,
    pub(super) kept: Kept,
    /// Template whose form is open.
    pub(super) open: RwSignal<Option<Id>>,
    /// Template about whose deletion the person is asked.
    pub(super) deleting: RwSignal<Option<Id>>,
    /// Reason for which a template was not deleted.
    pub(super) failure: RwSignal<String>,
    /// Template that was saved while its form stays open: it is put in its place once the form is closed.
    unshown: StoredValue<Option<Template>>,
    /// Set for an examiner: a reader only looks.
    pub(super) may_act: bool,
}

impl Shelf {
    /// Opens the templates, with the form of one that was typed and not saved.
    pub(super) fn new(session: Session, may_act: bool) -> Self {
        let kept = Kept::of(session);
        Self {
            session,
            announcer: Announcer::get(),
            focus: Focus::get(),
            list: Question::of(|session| session.examination().templates()),
            kept,
            open: RwSignal::new(kept.ids().into_iter().next().filter(|_| may_act)),
            deleting: RwSignal::new(None),
            failure: RwSignal::new(String::new()),
            unshown: StoredValue::new(None),
            may_act,
        }
    }

    /// Opens the form of a template.
    pub(super) fn edit(self, id: &Id) {
        self.failure.set(String::new());
        self.deleting.set(None);
        self.open.set(Some(id.clone()));
        self.put_unshown();
        self.focus.on("#template-title");
    }

    /// Opens the form of a new template: one that was typed and not saved, if there is one.
    pub(super) fn begin(self, list: &[Template]) {
        let is_new = |id: &Id| !list.iter().any(|template| template.id == *id);
        self.edit(&self.kept.ids().into_iter().find(is_new).unwrap_or_else(new_id));
    }

    /// Closes the form, and forgets what was typed in it.
    pub(super) fn close(self, id: &Id) {
        self.kept.erase(id);
        self.open.set(None);
        self.put_unshown();
        let is_listed = |list: TemplateList| list.templates.iter().any(|template| template.id == *id);
        let is_listed = untrack(|| self.list.response()).is_some_and(is_listed);
        let item = item(id);
        self.focus.on(if is_listed { &item } else { HEADING });
    }

    fn put_unshown(self) {
        if let Some(saved) = self.unshown.try_update_value(Option::take).flatten() {
            self.put(&saved.id, Some(&saved));
        }
    }

    /// Puts a template in its place among the others.
    fn put(self, id: &Id, saved: Option<&Template>) {
        let Some(mut list) = untrack(|| self.list.response()) else { return self.list.ask() };
        list.templates.retain(|other| other.id != *id);
        list.templates.extend(saved.cloned());
        list.templates.sort_by(|one, other| one.title.as_str().cmp(other.title.as_str()));
        self.list.take(Ok(list));
    }

    /// Deletes a template, after the person confirmed it.
    pub(super) fn delete(self, template: &Template) {
        let id = template.id.clone();
        let base = BaseRevision::of(template.revision, &template.updated_at);
        let deleting = self.session.examination().delete_template(&id, &base);
        self.deleting.set(None);
        self.failure.set(String::new());
        spawn(async move {
            let deleted = deleting.await;
            if self.open.is_disposed() {
                return;
            }
            match deleted {
                Err(error) if error.status() == Some(401) => self.session.set_identity(Identity::SignedOut),
                // Somebody else deleted it.
                Err(error) if error.status() != Some(404) => {
                    self.failure.set(templates::not_deleted(&error));
                    self.list.ask();
                }
                _ => {
                    self.kept.erase(&id);
                    self.put(&id, None);
                    self.announcer.announce("Modèle supprimé");
                }
            }
            self.focus.on(HEADING);
        });
    }
}

/// Returns the selector of the heading of a template.
fn item(id: &Id) -> String {
    ["[data-template=\"", id.as_str(), "\"] .h3"].concat()
}

/// Fate of a template while a person changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meanwhile {
    /// Still the revision that the person changes.
    Same,
    /// Saved by somebody else.
    Saved(Box<Template>),
    /// Deleted by somebody else.
    Deleted,
}

/// Template that is being written. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Editing {
    pub(super) shelf: Shelf,
    id: StoredValue<Id>,
    pub(super) typed: RwSignal<Typed>,
    pub(super) meanwhile: RwSignal<Meanwhile>,
    pub(super) errors: RwSignal<Vec<(String, String)>>,
    /// Reason for which the template was not saved.
    pub(super) failure: RwSignal<String>,
    pub(super) is_running: RwSignal<bool>,
    /// Set while the person is asked whether to erase what is typed.
    pub(super) asks: RwSignal<bool>,
}

impl Editing {
    /// Opens a template as it was typed last, else as it is saved.
    pub(super) fn new(shelf: Shelf, id: &Id, saved: Option<&Template>) -> Self {
        let kept = shelf.kept.read(id);
        let meanwhile = match (kept.as_ref().map(|typed| &typed.base), saved) {
            (Some(Some(base)), Some(saved)) if base.revision != saved.revision => {
                Meanwhile::Saved(Box::new(saved.clone()))
            }
            (Some(Some(_)), None) => Meanwhile::Deleted,
            _ => Meanwhile::Same,
        };
        let typed = kept.or_else(|| saved.map(Typed::of)).unwrap_or_else(Typed::new);
        Self {
            shelf,
            id: StoredValue::new(id.clone()),
            typed: RwSignal::new(typed),
            meanwhile: RwSignal::new(meanwhile),
            errors: RwSignal::new(Vec::new()),
            failure: RwSignal::new(String::new()),
            is_running: RwSignal::new(false),
            asks: RwSignal::new(false),
        }
    }

    /// Closes the form. The person is asked first where something typed would be lost.
    pub(super) fn close(self) {
        if self.shelf.kept.read(&self.id()).is_none() {
            return self.shelf.close(&self.id());
        }
        self.asks.set(true);
        self.shelf.focus.on(".template-form .confirm button:last-child");
    }

    pub(super) fn id(self) -> Id {
        self.id.get_value()
    }

    /// Changes the typed template, and keeps it on the device.
    pub(super) fn edit(self, change: impl FnOnce(&mut Typed)) {
        self.typed.update(change);
        self.shelf.kept.write(&self.id(), &self.typed.get_untracked());
    }

    /// Returns the error at a member, if there is one.
    pub(super) fn error_at(self, pointer: &str) -> Option<String> {
        self.errors.with(|errors| errors.iter().find(|(at, _)| at == pointer).map(|(_, words)| words.clone()))
    }

    /// Takes the template as it was saved meanwhile, in the place of what was typed.
    pub(super) fn take(self, saved: &Template) {
        self.typed.set(Typed::of(saved));
        self.shelf.kept.erase(&self.id());
        self.meanwhile.set(Meanwhile::Same);
        self.shelf.focus.on("#template-title");
    }

    /// Saves the typed template over the one that is there by now.
    pub(super) fn save_over(self) {
        let base = match self.meanwhile.get_untracked() {
            Meanwhile::Saved(saved) => Some(BaseRevision::of(saved.revision, &saved.updated_at)),
            Meanwhile::Deleted | Meanwhile::Same => None,
        };
        self.edit(|typed| typed.base = base);
        self.meanwhile.set(Meanwhile::Same);
        self.save();
    }

    /// Saves the template, unless something is wrong with it.
    pub(super) fn save(self) {
        if self.is_running.get_untracked() {
            return;
        }
        self.failure.set(String::new());
        let typed = self.typed.get_untracked();
        let to_save = TemplateToSave {
            title: cleaned(Field::ProjectName, &typed.title).as_str().into(),
            purpose: typed.purpose,
            text: cleaned(Field::Description, &typed.text).as_str().into(),
        };
        let findings = to_save.findings();
        if self.show_errors(findings.iter().map(|found| (found.pointer.clone(), templates::finding(found))).collect()) {
            return;
        }
        self.is_running.set(true);
        let saving = self.shelf.session.examination().save_template(&self.id(), typed.base.as_ref(), &to_save);
        let (id, sent) = (self.id(), typed);
        spawn(async move {
            match saving.await {
                Ok(saved) => self.saved(&id, &sent, &saved),
                Err(error) if self.is_running.is_disposed() => drop(error),
                Err(error) if error.status() == Some(412) => self.compare(&id, sent),
                Err(error) => self.failed(&error),
            }
        });
    }

    /// Shows errors at their members, and returns whether there are any.
    fn show_errors(self, errors: Vec<(String, String)>) -> bool {
        let is_wrong = !errors.is_empty();
        self.errors.set(errors);
        if is_wrong {
            self.shelf.focus.on(".template-form [aria-invalid]");
        }
        is_wrong
    }

    /// Tells that the template is saved. What was typed here since stays, and grows out of what was saved.
    fn saved(self, id: &Id, sent: &Typed, saved: &Template) {
        let since = self.typed.try_get_untracked().filter(|typed| !typed.says_the_same_as(sent));
        let since = since.map(|typed| Typed { base: Typed::of(saved).base, ..typed });
        match self.shelf.kept.read(id) {
            Some(kept) if kept.says_the_same_as(sent) => self.shelf.kept.erase(id),
            // Words of another tab grow out of what was there before: whoever saves them is asked.
            Some(kept) => {
                if let Some(typed) = since.as_ref().filter(|typed| typed.says_the_same_as(&kept)) {
                    self.shelf.kept.write(id, typed);
                }
            }
            None => {}
        }
        let Some(is_open) = self.shelf.open.try_with_untracked(|open| open.as_ref() == Some(id)) else { return };
        if let Some(typed) = since.filter(|_| is_open) {
            self.typed.set(typed);
            self.is_running.set(false);
            self.shelf.unshown.set_value(Some(saved.clone()));
            return self.shelf.announcer.announce("Modèle enregistré, sans ce que vous avez écrit depuis");
        }
        if is_open {
            self.shelf.open.set(None);
        }
        self.shelf.put(id, Some(saved));
        self.shelf.announcer.announce("Modèle enregistré");
        if is_open {
            self.shelf.focus.on(&item(id));
        }
    }

    /// Reads the template that is there by now. One that says the same was saved by this very call, whose response was lost.
    fn compare(self, id: &Id, sent: Typed) {
        let (id, reading) = (id.clone(), self.shelf.session.examination().templates());
        spawn(async move {
            let list = reading.await;
            if self.is_running.is_disposed() {
                return;
            }
            let list = match list {
                Ok(list) => list,
                Err(error) => return self.failed(&error),
            };
            self.is_running.set(false);
            match list.templates.iter().find(|template| template.id == id) {
                Some(there) if sent.is_said_by(there) => return self.saved(&id, &sent, there),
                Some(there) => self.meanwhile.set(Meanwhile::Saved(Box::new(there.clone()))),
                None => self.meanwhile.set(Meanwhile::Deleted),
            }
            self.shelf.focus.on(".template-form .note .h3");
        });
    }

    fn failed(self, error: &ApiError) {
        self.is_running.set(false);
        match (error.problem(), error.status()) {
            (_, Some(401)) => self.shelf.session.set_identity(Identity::SignedOut),
            (Some(problem), Some(422)) if self.show_errors(told(problem)) => {}
            _ => self.failure.set(templates::not_saved(error)),
        }
    }
}

/// Returns the errors that the service tells.
fn told(problem: &Problem) -> Vec<(String, String)> {
    let error = |error: &crate::model::wire::ProblemError| {
        let code = Code::parse(&error.code).unwrap_or(Code::UnknownValue);
        (error.pointer.clone(), templates::error(&error.pointer, code, error.params.max))
    };
    problem.errors.iter().map(error).collect()
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::wire::TemplateUse;
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};

    fn id() -> Id {
        Id::new(0, [1; 10])
    }

    fn template(revision: u64, text: &str) -> Template {
        Template {
            id: id(),
            title: "Refus".into(),
            purpose: TemplateUse::Refused,
            text: text.into(),
            revision,
            updated_at: "2026-11-22T12:00:00.000Z".to_owned(),
            saved_by: "Idris Benali".to_owned(),
        }
    }

    fn stale() -> ApiError {
        ApiError::Problem(Box::new(Problem::of(412)))
    }

    /// Opens the form of a template that the team has.
    fn edited(app: &TestApp) -> Editing {
        app.api.script().templates.replace(Some(vec![template(1, "Non.")]));
        let shelf = app.with(|| Shelf::new(Session::get(), true));
        let editing = app.with(|| {
            shelf.edit(&id());
            Editing::new(shelf, &id(), Some(&template(1, "Non.")))
        });
        app.with(|| editing.edit(|typed| typed.text = "Non, merci.".to_owned()));
        editing
    }

    fn saved(app: &TestApp) -> Vec<String> {
        app.api.script().templates.borrow().iter().flatten().map(|template| template.text.lines()).collect()
    }

    #[test]
    fn what_was_saved_meanwhile_is_told_and_nothing_is_overwritten_before_the_person_says_so() {
        let app = app(Place::Requests, false);
        let editing = edited(&app);
        let other = template(2, "Non, désolé.");
        app.api.script().templates.replace(Some(vec![other.clone()]));
        app.api.script().template_error.replace(Some(stale()));
        app.with(|| editing.save());
        assert_eq!(editing.meanwhile.get_untracked(), Meanwhile::Saved(Box::new(other)));
        assert_eq!(
            (saved(&app), editing.typed.get_untracked().text.as_str()),
            (vec!["Non, désolé.".to_owned()], "Non, merci.")
        );
        assert_eq!(app.with(|| editing.shelf.kept.ids()), [id()]);
        app.with(|| editing.save_over());
        assert_eq!((saved(&app), app.with(|| editing.shelf.kept.ids())), (vec!["Non, merci.".to_owned()], Vec::new()));
        assert_eq!(editing.shelf.open.get_untracked(), None);
        app.end();
    }

    #[test]
    fn what_is_typed_while_a_save_runs_stays_in_the_form_and_grows_out_of_what_was_saved() {
        let app = app(Place::Requests, false);
        let editing = edited(&app);
        let (sent, there) = (editing.typed.get_untracked(), template(2, "Non, merci."));
        app.with(|| editing.edit(|typed| typed.text = "Non, merci bien.".to_owned()));
        app.with(|| editing.saved(&id(), &sent, &there));
        assert_eq!(editing.shelf.open.get_untracked(), Some(id()));
        let typed = editing.typed.get_untracked();
        assert_eq!((typed.base.as_ref().map(|base| base.revision), typed.text.as_str()), (Some(2), "Non, merci bien."));
        assert_eq!(app.with(|| editing.shelf.kept.read(&id())), Some(typed));
        app.with(|| editing.shelf.close(&id()));
        let listed = app.with(|| untrack(|| editing.shelf.list.response())).unwrap().templates;
        assert_eq!(listed, [there]);
        app.end();
    }

    #[test]
    fn words_of_another_tab_grow_out_of_no_save_of_this_one() {
        let app = app(Place::Requests, false);
        let editing = edited(&app);
        let sent = editing.typed.get_untracked();
        let other = Typed { text: "Jamais.".to_owned(), ..sent.clone() };
        app.with(|| editing.shelf.kept.write(&id(), &other));
        app.with(|| editing.saved(&id(), &sent, &template(2, "Non, merci.")));
        assert_eq!(editing.shelf.open.get_untracked(), None);
        assert_eq!(app.with(|| editing.shelf.kept.read(&id())), Some(other));
        app.end();
    }

    #[test]
    fn closing_the_form_asks_where_something_typed_would_be_lost() {
        let app = app(Place::Requests, false);
        let editing = edited(&app);
        app.with(|| editing.close());
        assert!(editing.asks.get_untracked());
        assert_eq!(editing.shelf.open.get_untracked(), Some(id()));
        app.with(|| editing.take(&template(1, "Non.")));
        app.with(|| editing.close());
        assert_eq!(editing.shelf.open.get_untracked(), None);
        app.end();
    }

    #[test]
    fn a_save_whose_response_was_lost_counts() {
        let app = app(Place::Requests, false);
        let editing = edited(&app);
        app.api.script().templates.replace(Some(vec![template(2, "Non, merci.")]));
        app.api.script().template_error.replace(Some(stale()));
        app.with(|| editing.save());
        assert_eq!((editing.meanwhile.get_untracked(), editing.shelf.open.get_untracked()), (Meanwhile::Same, None));
        assert_eq!(app.with(|| editing.shelf.kept.ids()), []);
        app.end();
    }

    #[test]
    fn a_template_that_did_not_leave_stays_on_the_device_and_opens_again() {
        let app = app(Place::Requests, false);
        let editing = edited(&app);
        app.api.script().template_error.replace(Some(ApiError::Unreachable));
        app.with(|| editing.save());
        assert!(editing.failure.get_untracked().contains("gardé sur cet appareil"));
        let again = app.with(|| Shelf::new(Session::get(), true));
        assert_eq!(again.open.get_untracked(), Some(id()));
        let typed = app.with(|| Editing::new(again, &id(), Some(&template(2, "Autre."))));
        assert_eq!(typed.typed.get_untracked().text, "Non, merci.");
        assert!(matches!(typed.meanwhile.get_untracked(), Meanwhile::Saved(_)), "it changed meanwhile");
        assert_eq!(
            app.with(|| Shelf::new(Session::get(), false)).open.get_untracked(),
            None,
            "a reader writes nothing"
        );
        app.end();
    }

    #[test]
    fn a_template_that_somebody_deleted_can_be_saved_anew_and_deleting_it_again_is_no_fault() {
        let app = app(Place::Requests, false);
        let editing = edited(&app);
        app.api.script().templates.replace(Some(Vec::new()));
        app.api.script().template_error.replace(Some(stale()));
        app.with(|| editing.save());
        assert_eq!(editing.meanwhile.get_untracked(), Meanwhile::Deleted);
        app.with(|| editing.save_over());
        assert_eq!(saved(&app), ["Non, merci."]);
        let gone = ApiError::Problem(Box::new(Problem::of(404)));
        app.api.script().template_error.replace(Some(gone));
        app.with(|| editing.shelf.delete(&template(1, "")));
        assert_eq!(editing.shelf.failure.get_untracked(), "");
        assert_eq!(app.with(|| untrack(|| editing.shelf.list.response())).unwrap().templates, []);
        app.end();
    }
}
