//! Banner of a demonstration: what it is, and what a visitor can do in it that nobody does in the service.

use leptos::prelude::*;

use crate::api::{ApiError, ApiFuture};
use crate::browser::unload;
use crate::clock;
use crate::components::{button, link, paragraph};
use crate::context::{Announcer, CurrentDraft, Focus, Host, Identity, Loader, Renewal, Session, Settings};
use crate::effect::{spawn, watch};
use crate::html::{Element, div, follow, live, p, span};
use crate::lazy::{Part, deferred};
use crate::model::place::team::{QUEUE, TeamPlace};
use crate::model::wire::{self, DemoClock, DemoPerson, TeamRole};
use crate::navigation::{Navigation, Place};
use crate::texts::dates;

/// Tells that the application is a demonstration, where it is one.
#[component]
pub(super) fn DemonstrationBanner() -> impl IntoView {
    let (settings, is_local) = (Settings::get(), Session::get().api().is_local());
    let (loader, is_guest) = (Loader::get(), Host::get().is_portal());
    let words = if is_local {
        "Démonstration : rien n’est envoyé, tout reste sur cet appareil. N’y écrivez rien de confidentiel."
    } else {
        "Démonstration : les personnes et les organisations sont inventées, et rien n’est transmis."
    };
    // Nobody waits for the controls: they come with the part that they are in. In a portal nobody is of the team.
    let with_controls = !cfg!(feature = "ssr") && !is_guest;
    live(move || {
        let is_shown = is_local || settings.config.with(|config| config.demonstration);
        is_shown.then(|| {
            let is_there = with_controls && loader.is_ready(Part::Rest);
            let controls = is_there.then(|| controls().now()).flatten();
            div().attr("class", "demonstration").child(p().child(words)).child(controls)
        })
    })
}

deferred! {
    /// Draws the controls of a demonstration.
    fn controls() -> AnyView {
        Controls().into_any()
    }
}

/// Days that pass at once.
const DAYS: u32 = 30;

/// Contexts on which the controls of a demonstration act. Copies share one state.
#[derive(Clone, Copy)]
struct Demonstration {
    announcer: Announcer,
    current_draft: CurrentDraft,
    focus: Focus,
    navigation: Navigation,
    renewal: Renewal,
    session: Session,
    /// Days by which the life of requests is ahead of the calendar, as they are known here.
    days_ahead: RwSignal<u32>,
    /// First and last name of the applicant who was signed in last.
    applicant: StoredValue<Option<[String; 2]>>,
    is_busy: StoredValue<bool>,
}

impl Demonstration {
    fn here() -> Self {
        Self {
            announcer: Announcer::get(),
            current_draft: CurrentDraft::get(),
            focus: Focus::get(),
            navigation: Navigation::get(),
            renewal: Renewal::get(),
            session: Session::get(),
            days_ahead: RwSignal::new(clock::days_ahead()),
            applicant: StoredValue::new(None),
            is_busy: StoredValue::new(false),
        }
    }

    /// Follows the clock as this device knows it: another tab may have set it, and « Tout effacer » set it back.
    fn follow_device(self) -> u32 {
        let known = self.session.device().read(clock::KEPT_AS).and_then(|days| days.parse().ok()).unwrap_or_default();
        clock::set_days_ahead(known);
        if self.days_ahead.get_untracked() != known {
            self.days_ahead.set(known);
        }
        known
    }

    /// Follows the clock of the service, where days have passed there by what this device knows.
    fn follow_clock(self) {
        let known = self.follow_device();
        if known == 0 {
            return;
        }
        let asking = self.session.service().demo_clock();
        spawn(async move {
            // A server that was started anew is not ahead any more.
            if let Ok(DemoClock { days }) = asking.await
                && days != known
            {
                self.show_days(days);
            }
        });
    }

    /// Draws the page anew, by the clock of the service.
    fn show_days(self, days: u32) {
        // The application may be gone.
        if self.days_ahead.try_set(days).is_none() {
            clock::set_days_ahead(days);
            self.session.device().write(clock::KEPT_AS, &days.to_string());
            self.focus.stay();
            self.renewal.renew();
        }
    }

    /// Does something that takes a call, unless something is being done.
    fn act<T: 'static>(self, calling: ApiFuture<T>, then: impl FnOnce(T) + 'static) {
        if self.is_busy.get_value() {
            return;
        }
        self.is_busy.set_value(true);
        spawn(async move {
            let answer = calling.await;
            if self.is_busy.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(answer) => then(answer),
                Err(error) => self.announcer.warn(refusal(&error)),
            }
        });
    }

    /// Does something that takes the page away, once the answers of the open draft are saved. Who would lose something is
    /// told so instead.
    fn once_saved(self, then: impl FnOnce() + 'static) {
        let then = move || {
            if unload::would_lose_data() {
                self.announcer.warn("Des fichiers ou des réponses ne sont pas encore enregistrés. Attendez la fin de leur envoi, puis réessayez.");
            } else {
                then();
            }
        };
        match self.current_draft.draft().get_untracked() {
            Some(draft) => draft.once_settled(then),
            None => then(),
        }
    }

    /// Returns whether the person is of the team, where somebody is there.
    fn is_of_team(self) -> Option<bool> {
        match self.session.identity().get() {
            Identity::Person(person) => Some(person.role.is_some()),
            Identity::Pending | Identity::SignedOut => None,
        }
    }

    /// Lets days pass in the life of requests.
    fn let_days_pass(self) {
        self.once_saved(move || self.pass());
    }

    fn pass(self) {
        let service = self.session.service();
        let passing: ApiFuture<u32> = Box::pin(async move {
            let days = service.demo_clock().await?.days + DAYS;
            service.set_demo_clock(DemoClock { days }).await?;
            Ok(days)
        });
        self.act(passing, move |days| {
            self.show_days(days);
            let today = dates::day(clock::today_in_paris());
            self.announcer.announce(&["Nous sommes maintenant le ", &today].concat());
        });
    }

    /// Adds a request in each state, and shows them.
    fn add_examples(self) {
        let Some(adding) = self.session.service().add_examples() else { return };
        self.act(adding, move |()| {
            self.navigation.go(&list_of(self.session.role()));
            self.renewal.renew();
            self.announcer.announce("Exemples ajoutés");
        });
    }

    /// Signs in as a person of the other side, and shows there what is shown here.
    ///
    /// Does nothing for whoever is there already.
    fn change_sides(self, to_team: bool) {
        if untrack(|| self.is_of_team()) != Some(to_team) {
            // An answer that is saved later would be saved as the other person's.
            self.once_saved(move || self.enter(to_team));
        }
    }

    fn enter(self, to_team: bool) {
        if let Identity::Person(person) = self.session.identity().get_untracked()
            && person.role.is_none()
        {
            self.applicant.set_value(Some([person.user.given_name.clone(), person.user.family_name.clone()]));
        }
        let (session, last) = (self.session, self.applicant.get_value());
        let entering: ApiFuture<wire::Session> = Box::pin(async move {
            let people = session.service().demo_people().await?.people;
            let person = chosen(people, to_team, last).map(|person| person.id).unwrap_or_default();
            session.service().sign_in(&person).await
        });
        self.act(entering, move |entered| {
            let place = self.counterpart(to_team);
            let name = [&entered.user.given_name, " ", &entered.user.family_name].concat();
            self.session.set_identity(Identity::Person(Box::new(entered)));
            self.navigation.go(&place);
            self.announcer.announce(&["Vous êtes maintenant ", &name].concat());
        });
    }

    /// Returns the place at which the other side sees what is shown.
    fn counterpart(self, to_team: bool) -> Place {
        match self.navigation.place().get_untracked() {
            // The team sees nothing of what is being written.
            Place::Request(id, _) if to_team && self.current_draft.draft().get_untracked().is_none() => {
                Place::Examination(TeamPlace::Request(id).query())
            }
            Place::Examination(query) if !to_team => match TeamPlace::read(&query) {
                Some(TeamPlace::Request(id)) => Place::Request(id, None),
                _ => Place::Requests,
            },
            _ => list_of(to_team.then_some(TeamRole::Examiner)),
        }
    }
}

/// Returns why something was not done, and a way on.
fn refusal(error: &ApiError) -> &'static str {
    match (error, error.status()) {
        (ApiError::RetryLater { .. }, _) | (_, Some(429)) => {
            "Trop d’actions en peu de temps. Patientez un instant, puis réessayez."
        }
        // The one thing of which there can be too much.
        (_, Some(422)) => {
            "La démonstration est déjà au plus loin\u{a0}: elle n’avance pas de plus de 3\u{202f}650\u{a0}jours."
        }
        (_, Some(403)) => "Cette démonstration ne le permet pas depuis cette page. Rechargez-la, puis réessayez.",
        (ApiError::Unreachable | ApiError::Aborted, _) => {
            "Cela n’a pas abouti. Vérifiez votre accès à internet, puis réessayez."
        }
        _ => "Le service n’a pas pu le faire. Réessayez plus tard.",
    }
}

/// Returns the list of requests of a side.
fn list_of(role: Option<TeamRole>) -> Place {
    role.map_or(Place::Requests, |_| Place::Examination(QUEUE.to_owned()))
}

/// Returns the person as whom a visitor enters a side: an examiner, or the applicant who was there last.
fn chosen(people: Vec<DemoPerson>, to_team: bool, last: Option<[String; 2]>) -> Option<DemoPerson> {
    let role = to_team.then_some(TeamRole::Examiner);
    let of_side: Vec<_> = people.into_iter().filter(|person| person.role == role).collect();
    let is_last = |person: &&DemoPerson| {
        !to_team
            && last.as_ref().is_some_and(|[given, family]| (given, family) == (&person.given_name, &person.family_name))
    };
    of_side.iter().find(is_last).or(of_side.first()).cloned()
}

/// Shows the controls of a demonstration: sides, days that pass, examples.
#[component]
fn Controls() -> impl IntoView {
    let demonstration = Demonstration::here();
    demonstration.follow_clock();
    watch(move || {
        demonstration.navigation.place().track();
        demonstration.renewal.track();
        demonstration.follow_device();
    });
    let session = demonstration.session;
    let enter = |words, to_team: bool| -> Element {
        button("quiet", words, move || demonstration.change_sides(to_team))
            .attr("aria-pressed", follow(move || (demonstration.is_of_team() == Some(to_team)).to_string()))
    };
    let sides = div()
        .attr("role", "group")
        .attr("aria-labelledby", "demonstration-sides")
        .child(span().attr("id", "demonstration-sides").child("Vous êtes :"))
        .child(enter("la demandeuse", false))
        .child(enter("l’équipe FranceConnect", true));
    let examples =
        session.api().is_local().then(|| button("quiet", "Charger des exemples", move || demonstration.add_examples()));
    let today = live(move || {
        (demonstration.days_ahead.get() > 0).then(|| {
            paragraph(["La démonstration est au ", &dates::day(clock::today_in_paris())].concat()).attr("class", "hint")
        })
    });
    // The team has a link to them among its pages.
    let mails = live(move || {
        (demonstration.is_of_team() == Some(false)).then(|| link(&Place::CaughtMails, "quiet", "Courriels"))
    });
    let acts = div()
        .child(button("quiet", "Avancer de 30 jours", move || demonstration.let_days_pass()))
        .child(examples)
        .child(mails);
    div().attr("class", "demonstration-controls").child(sides).child(acts).child(today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::wire::Problem;

    fn person(id: &str, role: Option<TeamRole>) -> DemoPerson {
        let id = id.to_owned();
        DemoPerson {
            given_name: id.clone(),
            family_name: String::new(),
            job_title: String::new(),
            organisation: String::new(),
            id,
            role,
        }
    }

    #[test]
    fn a_refusal_of_the_service_is_told_as_no_matter_of_the_network() {
        let problem = |status| ApiError::Problem(Box::new(Problem::of(status)));
        let errors = [
            ApiError::RetryLater { status: 429, delay: 0 },
            problem(422),
            problem(403),
            problem(500),
            ApiError::Unreachable,
        ];
        let words = errors.each_ref().map(refusal);
        assert!(words[1].contains("3\u{202f}650") && words[4].contains("internet"));
        for (place, one) in words.iter().enumerate() {
            assert!(!words[..place].contains(one), "{one}");
        }
        assert!(!words[..4].iter().any(|one| one.contains("internet")));
    }

    #[test]
    fn a_visitor_enters_a_side_as_an_examiner_or_as_the_applicant_who_was_there_last() {
        let people = || {
            vec![
                person("noemie", None),
                person("karim", None),
                person("odile", Some(TeamRole::Reader)),
                person("claire", Some(TeamRole::Examiner)),
            ]
        };
        let chosen = |to_team, last: Option<&str>| {
            let last = last.map(|name| [name.to_owned(), String::new()]);
            chosen(people(), to_team, last).map(|person| person.id).unwrap_or_default()
        };
        assert_eq!(chosen(true, Some("karim")), "claire");
        assert_eq!(chosen(false, None), "noemie");
        assert_eq!(chosen(false, Some("karim")), "karim");
        assert_eq!(chosen(false, Some("claire")), "noemie", "whoever is not of that side");
    }
}
