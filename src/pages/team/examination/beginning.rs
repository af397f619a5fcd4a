//! Templates with which the text of an act begins.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use web_sys::Event;

use super::acting::Desk;
use super::dossier::Dossier;
use super::writing::TEXT;
use crate::components::{Confirm, button};
use crate::html::{self, Element, LiveView, div, label, live, select};
use crate::model::ClosedList;
use crate::model::wire::{Kind, Template};
use crate::texts::templates;

/// Template that is about to begin the text of an act. Copies share one state.
#[derive(Clone, Copy)]
struct Beginning {
    desk: Desk,
    kind: Kind,
    dossier: StoredValue<Arc<Dossier>>,
    /// Text that would replace what is written, while the person is asked.
    asks: RwSignal<Option<String>>,
}

/// Returns the choice of a template, where the team has some for the act.
pub(super) fn beginning(desk: Desk, dossier: &Arc<Dossier>, kind: Kind) -> Option<LiveView> {
    let (purpose, list) = (templates::purpose_of(kind)?, desk.templates?);
    let beginning = Beginning { desk, kind, dossier: StoredValue::new(Arc::clone(dossier)), asks: RwSignal::new(None) };
    Some(live(move || {
        let list = list.response()?.templates;
        let of_use: Vec<Template> = list.into_iter().filter(|template| template.purpose == purpose).collect();
        let first = of_use.first()?.clone();
        let question = live(move || beginning.asks.get().map(|text| beginning.question(text)));
        Some(div().attr("class", "field").child(beginning.choice(of_use, first)).child(question))
    }))
}

impl Beginning {
    fn choice(self, templates: Vec<Template>, first: Template) -> Element {
        let id = ["template-", self.kind.as_str()].concat();
        let option = |template: &Template| {
            html::option().attr("value", template.id.as_str().to_owned()).child(template.title.line())
        };
        let options: Vec<_> = templates.iter().map(option).collect();
        let chosen = StoredValue::new(first);
        let choose = move |event: Event| {
            let value = event_target_value(&event);
            if let Some(template) = templates.iter().find(|template| template.id.as_str() == value) {
                chosen.set_value(template.clone());
            }
        };
        let control = select().attr("id", id.clone()).attr("class", "control").on(ev::change, choose).child(options);
        let label = label().attr("for", id).child("Partir d’un modèle");
        let take = button("button", "Utiliser ce modèle", move || chosen.with_value(|template| self.begin(template)));
        div().attr("class", "search").child(div().attr("class", "field").child(label).child(control)).child(take)
    }

    /// Writes the text of a template, unless something else is written already: the person is asked then.
    fn begin(self, template: &Template) {
        let text = self.dossier.with_value(|dossier| {
            let draft = &dossier.last.draft;
            let (project, organisation) = (draft.project.name.line(), draft.organisation.name.line());
            templates::filled(&template.text.lines(), &dossier.request.number, &project, &organisation)
        });
        let written = self.desk.writing.read(self.kind, TEXT);
        if written.trim().is_empty() || written == text {
            self.write(&text);
        } else {
            self.asks.set(Some(text));
            self.desk.focus.on(&["#act-", self.kind.as_str(), " .confirm button:last-child"].concat());
        }
    }

    fn write(self, text: &str) {
        self.asks.set(None);
        self.desk.writing.write(self.kind, TEXT, text);
        self.desk.focus.on(&["#text-", self.kind.as_str()].concat());
    }

    fn question(self, text: String) -> AnyView {
        let cancel = move || {
            self.asks.set(None);
            self.desk.focus.on(&["#text-", self.kind.as_str()].concat());
        };
        let confirm = move || self.write(&text);
        view! {
            <Confirm
                about="Utiliser ce modèle"
                question="Remplacer le texte qui est écrit\u{a0}?"
                yes="Oui, remplacer"
                no="Garder mon texte"
                confirm
                cancel
            />
        }
        .into_any()
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::context::Session;
    use crate::model::wire::{EventList, ExaminedRequest, Submission, TemplateUse};
    use crate::model::{Date, Draft, Id, SCHEMA};
    use crate::navigation::Place;
    use crate::testing::app;

    fn dossier() -> Dossier {
        let on = Date::parse("2026-11-22").unwrap();
        let (id, at) = (Id::new(0, [1; 10]), "2026-11-22T12:00:00.000Z".to_owned());
        let mut draft = Draft::default();
        draft.project.name = "Guichet citoyen".into();
        let last =
            Submission { n: 1, at: at.clone(), on, schema: SCHEMA, draft, changes: Vec::new(), contacts_only: false };
        let EventList { events, .. } = EventList { events: Vec::new(), seen: 0 };
        let request = ExaminedRequest::of(id, "FC-2026-000001".to_owned(), (1, at), &events, 0, on);
        let history = crate::model::lifecycle::History::default();
        Dossier { request, events, history, last, previous: None, active: None, team: Vec::new() }
    }

    #[test]
    fn a_template_fills_an_empty_text_and_asks_before_it_replaces_another() {
        let app = app(Place::Requests, false);
        let template = |text: &str| Template {
            id: Id::new(0, [2; 10]),
            title: "Refus".into(),
            purpose: TemplateUse::Refused,
            text: text.into(),
            revision: 1,
            updated_at: String::new(),
            saved_by: String::new(),
        };
        app.with(|| {
            let (desk, kind) = (Desk::of(Session::get(), &Id::new(0, [1; 10]), true), Kind::Refused);
            let dossier = StoredValue::new(Arc::new(dossier()));
            let beginning = Beginning { desk, kind, dossier, asks: RwSignal::new(None) };
            let written = || desk.writing.read(kind, TEXT);
            beginning.begin(&template("Non pour {projet} ({numero})."));
            assert_eq!(written(), "Non pour Guichet citoyen (FC-2026-000001).");
            desk.writing.write(kind, TEXT, "Mon texte");
            beginning.begin(&template("Non."));
            assert_eq!((written().as_str(), beginning.asks.get_untracked().as_deref()), ("Mon texte", Some("Non.")));
            beginning.write("Non.");
            assert_eq!((written().as_str(), beginning.asks.get_untracked()), ("Non.", None));
        });
        app.end();
    }
}
