//! Advice on the establishment whose number is typed, beside the field. It blocks nothing, and writes nothing by itself.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;

use super::suggestions::{Suggestions, UndoSuggestion};
use crate::browser::timers::set_timeout;
use crate::browser::visibility::is_visible;
use crate::clock;
use crate::components::{Placeholder, button, deferred_view, new_tab_link, paragraph};
use crate::context::{Announcer, CurrentDraft, Focus, Identity, Session, Settings};
use crate::effect::{computed, spawn, watch_changes};
use crate::form::Form;
use crate::html::{Element, LiveView, div, live, p};
use crate::lazy::deferred;
use crate::model::draft::OrganisationKind;
use crate::model::field::Value;
use crate::model::siret::Siret;
use crate::model::wire::{Organisation, OrganisationFound, OrganisationState};
use crate::model::{ClosedList, Field};
use crate::texts::establishments;

thread_local! {
    /// Set once the service said that it asks no directory. It is not asked again before the page is loaded anew.
    static IS_OFF: Cell<bool> = const { Cell::new(false) };
}

/// Draws the advice on the number, where a service answers the page.
pub(super) fn advice() -> Option<LiveView> {
    (!Session::get().api().is_local()).then(|| deferred_view(Placeholder::Nothing, shown))
}

deferred! {
    /// Draws the advice on the number.
    fn shown() -> AnyView {
        let advice = Advice::new(expect_context());
        advice.follow();
        view! { <Advised advice /> }.into_any()
    }
}

/// Time after which the service is asked again where it gave no answer.
const RETRY: Duration = Duration::from_secs(30);
/// Time after which the service is asked again where the directory did not answer it: for as long, it asks nothing itself.
const RETRY_AWAY: Duration = Duration::from_mins(5);

/// Answer of the service about a number.
#[derive(Clone)]
struct Answered {
    of: Siret,
    /// Establishment; none where the service gave no answer of use.
    found: Option<OrganisationFound>,
    /// Time of the answer, in milliseconds since 1970.
    at: u64,
}

impl Answered {
    /// Returns the time after which the service is asked again; none where the answer stands.
    fn retry(&self) -> Option<Duration> {
        match &self.found {
            None => Some(RETRY),
            Some(found) => (found.state == OrganisationState::Away).then_some(RETRY_AWAY),
        }
    }

    /// Returns whether nothing is asked about a number, because it was answered for.
    fn is_known(&self, siret: &Siret) -> bool {
        let is_old = |retry: Duration| Duration::from_millis(clock::now().abs_diff(self.at)) >= retry;
        self.of == *siret && !self.retry().is_some_and(is_old)
    }
}

/// Advice on the number of a form. Copies share one state.
#[derive(Clone, Copy)]
struct Advice {
    form: Form,
    session: Session,
    announcer: Announcer,
    focus: Focus,
    current_draft: CurrentDraft,
    settings: Settings,
    suggestions: Suggestions,
    /// Number that is typed, if its key is right.
    typed: Memo<Option<Siret>>,
    /// Number that is typed, and the name that stood beside it then. No name is with the number that stood there first.
    beside: Memo<(Option<Siret>, String)>,
    /// The last answer of the service.
    answered: RwSignal<Option<Answered>>,
    /// Set while the service is asked: once at a time.
    is_asking: RwSignal<bool>,
    /// Organisation of the session.
    own: StoredValue<Option<Organisation>>,
}

impl Advice {
    fn new(form: Form) -> Self {
        let session = Session::get();
        let own = session.identity().with_untracked(|identity| match identity {
            Identity::Person(session) => Some(session.organisation.clone()),
            Identity::Pending | Identity::SignedOut => None,
        });
        let typed = computed(move |_| Siret::parse(&form.text(Field::Siret)).ok());
        let beside = computed(move |before: Option<&(Option<Siret>, String)>| match (before, typed.get()) {
            (Some(before), siret) if before.0 == siret => before.clone(),
            (Some(_), siret) => (siret, form.text_untracked(Field::OrganisationName)),
            (None, siret) => (siret, String::new()),
        });
        Self {
            form,
            session,
            announcer: Announcer::get(),
            focus: Focus::get(),
            current_draft: CurrentDraft::get(),
            settings: Settings::get(),
            suggestions: Suggestions::new(form),
            typed,
            beside,
            answered: RwSignal::new(None),
            is_asking: RwSignal::new(false),
            own: StoredValue::new(own),
        }
    }

    /// Asks about each number that is typed, and describes its field by what is told.
    ///
    /// That is announced, too, once another number was typed than stood there first.
    fn follow(self) {
        let (first, is_typed) = (self.typed.get_untracked(), Cell::new(false));
        watch_changes(move |before: Option<String>| {
            // The name is looked at with each number, not once it is needed.
            self.beside.with(|_| ());
            self.ask();
            let (words, typed) = (self.words(), self.typed.get());
            self.form.set_advised((!words.is_empty()).then_some(Field::Siret));
            is_typed.set(is_typed.get() || typed != first);
            if before.is_some_and(|before| before != words) && is_typed.get() && !words.is_empty() {
                self.announcer.announce(&words);
            }
            words
        });
        on_cleanup(move || self.form.set_advised(None));
    }

    /// Asks the service about the number that is typed, unless it is known or another one is being asked about.
    fn ask(self) {
        let is_offered = self.settings.config.with(|config| config.organisations) && !IS_OFF.get();
        let (true, Some(siret)) = (is_offered, self.typed.get()) else { return };
        let is_known = self.answered.with_untracked(|last| last.as_ref().is_some_and(|last| last.is_known(&siret)));
        if is_known || self.is_own(&siret) || self.is_asking.get_untracked() {
            return;
        }
        let Some(asking) = self.session.service().organisation(&siret) else { return };
        self.is_asking.set(true);
        spawn(async move {
            let answer = asking.await;
            // The step may have been left meanwhile.
            if self.is_asking.try_set(false).is_some() {
                return;
            }
            if answer.as_ref().is_err_and(|error| error.status() == Some(404)) {
                IS_OFF.set(true);
            }
            let answered = Answered { of: siret, found: answer.ok(), at: clock::now() };
            if let Some(retry) = answered.retry() {
                self.ask_later(retry);
            }
            self.answered.set(Some(answered));
            // Another number may stand there by now.
            untrack(|| self.ask());
        });
    }

    /// Asks about the number that stands there after a time, once the page is looked at.
    fn ask_later(self, after: Duration) {
        let ask = move || {
            // The step may have been left.
            if self.is_asking.is_disposed() {
                return;
            }
            if is_visible() { untrack(|| self.ask()) } else { self.ask_later(RETRY) }
        };
        // A timer may be early by the clock.
        set_timeout(ask, after + Duration::from_secs(1));
    }

    fn is_own(self, siret: &Siret) -> bool {
        self.own.with_value(|own| own.as_ref().is_some_and(|own| own.siret == siret.as_str() && !own.name.is_empty()))
    }

    /// Returns the establishment of the number that is typed. The name of the session's own organisation takes no call.
    fn found(self) -> Option<OrganisationFound> {
        let siret = self.typed.get()?;
        if self.is_own(&siret) {
            let Organisation { name, kind, .. } = self.own.get_value()?;
            let (state, as_of) = (OrganisationState::Found, clock::today_in_paris());
            return Some(OrganisationFound { state, name: Some(name), place: None, closed_on: None, kind, as_of });
        }
        self.answered.get().filter(|answered| answered.of == siret)?.found
    }

    /// Returns the name that is offered: that of an open establishment, while another one is typed.
    ///
    /// That of the session's own organisation is offered in place of no name, or of the one that stood there before the number: whoever
    /// words it anew does so on purpose, and the offer would move the field under their finger.
    fn name_to_take(self) -> Option<String> {
        let name = self.found().filter(|found| found.state == OrganisationState::Found)?.name?;
        let typed = self.form.text(Field::OrganisationName);
        let is_worded = || !typed.trim().is_empty() && self.beside.with(|(_, before)| *before != typed);
        let is_offered = typed.trim() != name && !(self.is_own(&self.typed.get()?) && is_worded());
        is_offered.then_some(name)
    }

    /// Returns the kind that is offered, while none is chosen.
    fn kind_to_take(self) -> Option<OrganisationKind> {
        let kind = self.found().filter(|found| found.state == OrganisationState::Found)?.kind?;
        self.form.text(Field::OrganisationKind).is_empty().then_some(kind)
    }

    /// Returns the description that is told of the number. That of the session's own organisation is told while something of it is offered.
    fn told(self) -> Option<OrganisationFound> {
        let found = self.found()?;
        let is_of_use = || self.name_to_take().is_some() || self.kind_to_take().is_some();
        (!self.is_own(&self.typed.get()?) || is_of_use()).then_some(found)
    }

    /// Returns the name of the session's organisation, where the number is of another one. Whoever was invited may be of any.
    fn other_than(self) -> Option<String> {
        let siret = self.typed.get()?;
        let Organisation { siret: own, name, .. } = self.own.get_value()?;
        let is_other = Siret::parse(&own).is_ok_and(|own| own.siren() != siret.siren());
        let name = if name.is_empty() { own } else { name };
        (is_other && !self.current_draft.is_invited().get()).then_some(name)
    }

    /// Returns all that is told, in words.
    fn words(self) -> String {
        let told = self.told().map(|found| self.sentence(&found));
        let other = self.other_than().map(|own| establishments::of_another(&own));
        told.into_iter().chain(other).collect::<Vec<_>>().join(" ")
    }

    /// Returns the sentence on what is known of the number that is typed.
    fn sentence(self, found: &OrganisationFound) -> String {
        let is_own = self.typed.get().is_some_and(|siret| self.is_own(&siret));
        match &found.name {
            Some(name) if is_own => establishments::of_own(name),
            _ => establishments::advice(found),
        }
    }

    fn take_name(self, name: &str) {
        self.suggestions.take(&vec![(Field::OrganisationName, name.to_owned())], "Le nom est repris");
        // The button goes: the focus goes to the answer.
        self.focus.on_field(Field::OrganisationName);
    }

    fn take_kind(self, kind: OrganisationKind) {
        self.form.edit(Field::OrganisationKind, Value::Choice(Some(kind.as_str())));
        self.form.blur(Field::OrganisationKind);
        self.announcer.announce("Le type d’organisation est choisi");
        let control = ["[name=\"", Field::OrganisationKind.path(), "\"][value=\"", kind.as_str(), "\"]"];
        self.focus.on(&control.concat());
    }
}

/// Shows the advice, while there is some.
#[component]
fn Advised(advice: Advice) -> impl IntoView {
    let (told, other) = (computed(move |_| advice.told()), computed(move |_| advice.other_than()));
    let (name, kind) = (computed(move |_| advice.name_to_take()), computed(move |_| advice.kind_to_take()));
    let is_there =
        computed(move |_| told.with(Option::is_some) || other.with(Option::is_some) || advice.suggestions.replaces());
    live(move || {
        is_there.get().then(|| {
            let offered_name = live(move || {
                name.get().map(|name| button("button", "Reprendre ce nom", move || advice.take_name(&name)))
            });
            let offered_kind = live(move || {
                let words = |kind| ["Choisir « ", establishments::kind_name(kind), " »"].concat();
                kind.get().map(|kind| button("button", words(kind), move || advice.take_kind(kind)))
            });
            let of_another = move |own: String| paragraph(establishments::of_another(&own)).attr("class", "note");
            let words = div()
                .attr("class", "told")
                .attr("id", [Field::Siret.path(), "-advice"].concat())
                .child(live(move || told.get().map(|found| sentence(advice, &found))))
                .child(live(move || other.get().map(of_another)));
            div()
                .attr("class", "suggestions establishment")
                .child(words)
                .child(offered_name)
                .child(offered_kind)
                .child(view! { <UndoSuggestion suggestions=advice.suggestions /> })
        })
    })
}

/// Draws the sentence on what was found. Where the directory does not answer, a link leads to its own page.
fn sentence(advice: Advice, found: &OrganisationFound) -> Element {
    let words = advice.sentence(found);
    match found.state {
        OrganisationState::Closed => paragraph(words).attr("class", "note"),
        OrganisationState::Away => {
            let address =
                move || advice.typed.get().map_or_else(String::new, |siret| establishments::address(siret.as_str()));
            p().attr("class", "hint")
                .child([&words, " "].concat())
                .child(new_tab_link(address, "Voir l’Annuaire des entreprises"))
        }
        OrganisationState::Found | OrganisationState::NotFound | OrganisationState::Masked => {
            paragraph(words).attr("class", "hint")
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::api::ApiError;
    use crate::browser::visibility::set_visible;
    use crate::model::Date;
    use crate::model::wire::{Problem, Session as OpenSession};
    use crate::navigation::Place;
    use crate::testing::{TestApp, app, person};

    const TOWN: &str = "21990042000015";
    const SCHOOL: &str = "21990042000023";
    const BANK: &str = "99900173800031";

    fn found(state: OrganisationState, name: Option<&str>) -> OrganisationFound {
        let as_of = Date::parse("2026-12-01").unwrap();
        let name = name.map(str::to_owned);
        OrganisationFound { state, name, place: None, closed_on: None, kind: None, as_of }
    }

    fn open(name: &str) -> OrganisationFound {
        found(OrganisationState::Found, Some(name))
    }

    /// The first step of a new request, for a person of the town.
    struct Step {
        app: TestApp,
        form: Form,
        advice: Advice,
    }

    impl Step {
        fn of(organisation: Organisation) -> Self {
            let app = app(Place::NewRequest, false);
            let session = OpenSession { organisation, ..person("1") };
            app.with(|| Session::get().set_identity(Identity::Person(Box::new(session))));
            app.with(|| Settings::get().config.update(|config| config.organisations = true));
            let form = app.open_request().form();
            let advice = app.with(|| Advice::new(form));
            app.with(|| advice.follow());
            Self { app, form, advice }
        }

        fn new() -> Self {
            Self::of(person("1").organisation)
        }

        fn types(&self, siret: &str) {
            self.app.with(|| _ = self.form.edit_text(Field::Siret, siret));
        }

        fn answers(&self, siret: &str, answer: Result<OrganisationFound, ApiError>) {
            self.app.api.script().found.borrow_mut().insert(siret.to_owned(), answer);
            self.app.with(|| ());
        }

        fn asked_for(&self) -> Vec<String> {
            self.app.api.script().asked_for.borrow().clone()
        }

        fn words(&self) -> String {
            self.app.with(|| self.advice.words())
        }

        fn announced(&self) -> String {
            self.app.with(|| Announcer::get().announcement())
        }

        fn name(&self) -> String {
            self.form.text_untracked(Field::OrganisationName)
        }
    }

    #[test]
    fn each_state_is_told_and_announced_once_the_key_of_the_number_is_right() {
        let step = Step::new();
        for incomplete in ["", "219900420", "21990042000016"] {
            step.types(incomplete);
        }
        assert_eq!(step.asked_for(), [""; 0]);
        step.types("219 900 420 00015");
        assert_eq!((step.asked_for(), step.words()), (vec![TOWN.to_owned()], String::new()));
        let town = OrganisationFound { place: Some("VALLON".to_owned()), ..open("VILLE") };
        step.answers(TOWN, Ok(town));
        assert_eq!(step.words(), "D’après l’annuaire public, ce numéro est celui de «\u{a0}VILLE, à VALLON\u{a0}».");
        assert_eq!(step.announced(), step.words());
        let closed_on = Date::parse("2024-03-01").ok();
        for (answer, words) in [
            (
                OrganisationFound { closed_on, ..found(OrganisationState::Closed, Some("CAISSE")) },
                "cet établissement est fermé depuis le 1er\u{a0}mars 2024. Vérifiez le numéro.",
            ),
            (found(OrganisationState::Closed, None), "cet établissement est fermé. Vérifiez le numéro."),
            (found(OrganisationState::NotFound, None), "ne connaît pas ce numéro."),
            (found(OrganisationState::Masked, None), "ne publie pas le nom"),
            (found(OrganisationState::Away, None), "Vous pouvez continuer."),
        ] {
            step.answers(BANK, Ok(answer));
            step.types(TOWN);
            step.types(BANK);
            // What is known of another number since is asked for anew.
            assert!(step.words().contains(words), "{}", step.words());
            assert_eq!(step.app.with(|| (step.advice.name_to_take(), step.advice.kind_to_take())), (None, None));
        }
    }

    #[test]
    fn nothing_is_written_before_it_is_pressed_and_what_was_typed_comes_back() {
        let step = Step::new();
        step.app.with(|| _ = step.form.edit_text(Field::OrganisationName, "Ma ville"));
        step.types(TOWN);
        let kind = Some(OrganisationKind::Administration);
        step.answers(TOWN, Ok(OrganisationFound { kind, ..open("VILLE") }));
        assert_eq!(
            (step.name(), step.form.text_untracked(Field::OrganisationKind)),
            ("Ma ville".to_owned(), String::new())
        );
        let offered = || step.app.with(|| (step.advice.name_to_take(), step.advice.kind_to_take()));
        assert_eq!(offered(), (Some("VILLE".to_owned()), kind));
        step.app.with(|| step.advice.take_name("VILLE"));
        assert_eq!((step.name(), offered()), ("VILLE".to_owned(), (None, kind)));
        step.app.with(|| step.advice.suggestions.undo());
        assert_eq!(step.name(), "Ma ville");
        step.app.with(|| step.advice.take_kind(OrganisationKind::Administration));
        assert_eq!(step.form.text_untracked(Field::OrganisationKind), "administration");
        assert_eq!(offered(), (Some("VILLE".to_owned()), None), "a kind is chosen");
    }

    #[test]
    fn one_number_is_asked_about_at_a_time_and_an_answer_about_an_older_one_is_dropped() {
        let step = Step::new();
        step.types(TOWN);
        step.types(SCHOOL);
        step.types(BANK);
        assert_eq!(step.asked_for(), [TOWN]);
        step.answers(TOWN, Ok(open("VILLE")));
        assert_eq!((step.asked_for(), step.words()), (vec![TOWN.to_owned(), BANK.to_owned()], String::new()));
        step.answers(BANK, Ok(open("CAISSE")));
        assert!(step.words().contains("CAISSE"), "{}", step.words());
        step.types("1");
        assert_eq!(step.words(), "", "the number is another one");
    }

    #[test]
    fn nothing_is_asked_where_the_settings_name_no_directory() {
        let step = Step::new();
        step.app.with(|| Settings::get().config.update(|config| config.organisations = false));
        step.types(TOWN);
        assert_eq!(step.asked_for(), [""; 0]);
        step.app.with(|| Settings::get().config.update(|config| config.organisations = true));
        assert_eq!(step.asked_for(), [TOWN], "the settings came late");
    }

    #[test]
    fn where_no_directory_is_asked_any_more_nothing_is_told_nor_asked_again() {
        let step = Step::new();
        step.answers(TOWN, Err(ApiError::Problem(Box::new(Problem::of(404)))));
        step.types(TOWN);
        step.types(BANK);
        let again = step.app.with(|| Advice::new(step.form));
        step.app.with(|| again.follow());
        step.types(SCHOOL);
        assert_eq!((step.asked_for(), step.words()), (vec![TOWN.to_owned()], String::new()));
        IS_OFF.set(false);
    }

    #[test]
    fn without_an_answer_nothing_is_told_and_the_next_number_is_asked_about() {
        let step = Step::new();
        for error in [ApiError::Unreachable, ApiError::Problem(Box::new(Problem::of(401))), ApiError::Intercepted(404)]
        {
            step.answers(TOWN, Err(error));
            step.types(TOWN);
            assert_eq!((step.words(), step.announced()), (String::new(), String::new()));
            step.types("1");
        }
        step.answers(BANK, Ok(open("CAISSE")));
        step.types(BANK);
        assert!(step.words().contains("CAISSE"), "{}", step.words());
    }

    #[test]
    fn without_an_answer_the_same_number_is_asked_about_again_after_a_while() {
        let step = Step::new();
        step.answers(TOWN, Err(ApiError::Unreachable));
        step.types(TOWN);
        step.types("1");
        step.types(TOWN);
        assert_eq!(step.asked_for(), [TOWN], "not at once");
        set_visible(false);
        step.app.wait(31);
        assert_eq!(step.asked_for(), [TOWN], "nobody looks");
        set_visible(true);
        step.app.wait(31);
        assert_eq!(step.asked_for(), [TOWN, TOWN]);
        step.answers(TOWN, Ok(open("VILLE")));
        step.app.wait(31);
        assert!(step.announced().contains("VILLE"), "{}", step.announced());
        step.app.wait(3_600);
        assert_eq!(step.asked_for(), [TOWN; 3], "the answer stands");
    }

    #[test]
    fn a_directory_that_was_away_is_asked_again_after_five_minutes() {
        let step = Step::new();
        step.answers(TOWN, Ok(found(OrganisationState::Away, None)));
        step.types(TOWN);
        step.answers(TOWN, Ok(open("VILLE")));
        step.app.wait(299);
        assert!(step.words().contains("ne répond pas"), "{}", step.words());
        step.app.wait(2);
        assert!(step.words().contains("VILLE"), "{}", step.words());
        assert_eq!(step.asked_for(), [TOWN; 2]);
    }

    #[test]
    fn a_step_that_was_left_asks_no_more() {
        let step = Step::new();
        step.answers(TOWN, Err(ApiError::Unreachable));
        step.types(TOWN);
        let (api, _) = step.app.end();
        crate::browser::timers::advance(Duration::from_secs(31));
        assert_eq!(*api.script().asked_for.borrow(), [TOWN]);
    }

    #[test]
    fn the_name_of_the_sessions_own_organisation_is_offered_without_a_call() {
        let kind = Some(OrganisationKind::Administration);
        let step = Step::of(Organisation { siret: TOWN.to_owned(), name: "Ville".to_owned(), kind });
        step.types(TOWN);
        assert!(step.words().ends_with("vous êtes connecté\u{a0}: «\u{a0}Ville\u{a0}»."), "{}", step.words());
        assert_eq!(
            step.app.with(|| (step.advice.name_to_take(), step.advice.kind_to_take())),
            (Some("Ville".to_owned()), kind)
        );
        step.app.with(|| {
            step.advice.take_name("Ville");
            step.advice.take_kind(OrganisationKind::Administration);
        });
        assert_eq!((step.words(), step.asked_for()), (String::new(), Vec::new()), "there is nothing left to offer");
    }

    #[test]
    fn the_number_is_described_by_what_is_told_of_it_from_the_opening_on() {
        let organisation = Organisation { siret: TOWN.to_owned(), name: "Ville".to_owned(), kind: None };
        let step = Step::of(organisation);
        let is_described = || step.app.with(|| untrack(|| step.form.is_advised(Field::Siret)));
        assert!(!is_described());
        step.types(BANK);
        assert!(is_described(), "of another organisation");
        let owner = step.app.with(Owner::new);
        let again = owner.with(|| Advice::new(step.form));
        step.types(SCHOOL);
        assert!(!is_described());
        owner.with(|| again.follow());
        step.answers(SCHOOL, Ok(found(OrganisationState::Closed, Some("ÉCOLE"))));
        assert!(is_described(), "closed");
        owner.cleanup();
        assert!(!is_described(), "the step was left");
    }

    #[test]
    fn what_is_told_of_the_first_number_is_announced_once_it_is_typed_again() {
        let app = app(Place::NewRequest, false);
        app.with(|| Settings::get().config.update(|config| config.organisations = true));
        app.api.script().found.borrow_mut().insert(TOWN.to_owned(), Ok(open("VILLE")));
        let form = app.open_request().form();
        app.with(|| _ = form.edit_text(Field::Siret, TOWN));
        app.with(|| Advice::new(form).follow());
        assert_eq!(app.with(|| Announcer::get().announcement()), "", "nothing was typed");
        app.with(|| _ = form.edit_text(Field::Siret, "2"));
        app.with(|| _ = form.edit_text(Field::Siret, TOWN));
        assert!(app.with(|| Announcer::get().announcement()).contains("VILLE"));
    }

    #[test]
    fn whoever_words_the_name_of_their_own_organisation_anew_is_offered_nothing() {
        let kind = Some(OrganisationKind::Administration);
        let step = Step::of(Organisation { siret: TOWN.to_owned(), name: "Ville".to_owned(), kind });
        let names = |name: &str| step.app.with(|| _ = step.form.edit_text(Field::OrganisationName, name));
        step.app.with(|| step.advice.take_kind(OrganisationKind::Administration));
        names("Avant");
        step.types(TOWN);
        assert_eq!(step.app.with(|| step.advice.name_to_take()).as_deref(), Some("Ville"), "the number is another one");
        step.app.with(|| step.advice.take_name("Ville"));
        for name in ["Vill", "Ville, direction du numérique"] {
            names(name);
            assert_eq!((step.app.with(|| step.advice.name_to_take()), step.words()), (None, String::new()), "{name}");
        }
        names(" ");
        assert_eq!(step.app.with(|| step.advice.name_to_take()).as_deref(), Some("Ville"));
    }

    #[test]
    fn the_first_number_of_ones_own_organisation_brings_no_name_over_the_one_that_stands_there() {
        let organisation = Organisation { siret: TOWN.to_owned(), name: "Ville".to_owned(), kind: None };
        let app = app(Place::NewRequest, false);
        let session = OpenSession { organisation, ..person("1") };
        app.with(|| Session::get().set_identity(Identity::Person(Box::new(session))));
        let form = app.open_request().form();
        app.with(|| {
            _ = form.edit_text(Field::Siret, TOWN);
            _ = form.edit_text(Field::OrganisationName, "Ville de Vallon");
        });
        let advice = app.with(|| Advice::new(form));
        app.with(|| advice.follow());
        assert_eq!(app.with(|| advice.name_to_take()), None);
    }

    #[test]
    fn whoever_is_signed_in_for_another_organisation_is_told_unless_they_were_invited() {
        let step = Step::of(Organisation { siret: TOWN.to_owned(), name: "Ville".to_owned(), kind: None });
        step.types(SCHOOL);
        assert_eq!(step.words(), "", "another establishment of the same organisation");
        step.types(BANK);
        assert!(step.words().contains("vous êtes connecté («\u{a0}Ville\u{a0}»)"), "{}", step.words());
        assert_eq!(step.announced(), step.words());
        step.app.with(|| CurrentDraft::get().is_invited().set(true));
        assert_eq!(step.words(), "");
    }
}
