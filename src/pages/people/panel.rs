//! The people of a request: who takes part, who is invited, to whom it is handed over, and what the reader may do about that.

use leptos::ev;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::handing_over::{HandingOver, HandingOverForm};
use crate::api::{ApiError, ApiFuture};
use crate::components::{Confirm, button, choice, heading, paragraph, visually_hidden};
use crate::context::Session;
use crate::effect::computed;
use crate::html::{
    self, Element, LiveText, div, fieldset, follow, holds, input, legend, li, live, p, span, strong, ul,
};
use crate::ids::new_id;
use crate::model::email::Email;
use crate::model::lifecycle::Standing;
use crate::model::rights::{self, Action, Caller, Condition};
use crate::model::wire::{InvitationToSend, OpenInvitation, Part, Participant, PeopleList};
use crate::model::{ClosedList, Id};
use crate::navigation::Navigation;
use crate::pages::acting::{Acting, Told};
use crate::pages::reading::{Lost, Question};
use crate::pages::typed::{Labels, Typed};
use crate::texts::people;

/// Selector of the heading of the panel.
const PANEL: &str = ".people-panel .h2";
/// Selector of the button that leaves what is asked as it is.
const NO: &str = ".people-panel .confirm button:last-child";

/// Request whose people are shown, as far as rights depend on it.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) request: Id,
    pub(super) standing: Standing,
    /// Set where the reader's session is of another organisation than the one for which they take part.
    pub(super) elsewhere: bool,
    /// Set beside a form, which stays whatever happens to the session.
    pub(super) is_beside_form: bool,
}

/// Act that the reader is asked to confirm.
#[derive(Clone, PartialEq, Eq)]
enum Asked {
    Remove(String),
    Leave,
    /// Hand-over to a person, by their identifier and their name.
    HandOver(String, String),
    TakeBack(Id),
}

/// People of a request on the screen. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    acting: Acting,
    place: StoredValue<Place>,
    /// People, as far as the service told; none where it shows them to nobody, or to the reader no more.
    pub(super) list: Question<Option<PeopleList>>,
    asked: RwSignal<Option<Asked>>,
    email: Typed,
    role: RwSignal<Part>,
    handing_over: HandingOver,
    /// Opens the request again.
    reload: StoredValue<Box<dyn Fn()>, LocalStorage>,
}

/// Asks for the people of a request; none where the reader is not told of them.
fn ask(session: Session, place: &Place) -> ApiFuture<Option<PeopleList>> {
    let (asking, is_beside_form) = (session.sharing().people(&place.request), place.is_beside_form);
    Box::pin(async move {
        match asking.await {
            Ok(list) => Ok(Some(list)),
            Err(error) if matches!(error.status(), Some(403 | 404 | 410)) => Ok(None),
            Err(error) if error.status() == Some(401) && is_beside_form => Err(ApiError::Unreachable),
            Err(error) => Err(error),
        }
    })
}

impl Panel {
    /// Returns the panel of a request, and asks for its people.
    pub(super) fn new(place: Place, reload: Box<dyn Fn()>) -> Self {
        let asked = place.clone();
        let acting = if place.is_beside_form { Acting::beside_form() } else { Acting::new() };
        let handing_over = HandingOver::new(acting, place.request.clone());
        Self {
            acting,
            place: StoredValue::new(place),
            list: Question::of(move |session| ask(session, &asked)),
            asked: RwSignal::new(None),
            email: Typed::new("invitation-email"),
            role: RwSignal::new(Part::Editor),
            handing_over,
            reload: StoredValue::new_local(reload),
        }
    }

    /// Returns the people as far as the list is drawn anew for them.
    ///
    /// Nothing is shown of the revision, which each save raises; who is on the request is told by badges that come and go alone.
    fn shown(self) -> Memo<Option<Option<PeopleList>>> {
        let shown = |mut list: PeopleList| {
            list.revision = 0;
            list.people.iter_mut().for_each(|person| person.here = false);
            list
        };
        computed(move |_| self.list.response().map(|list| list.map(shown)))
    }

    /// Returns whether a person is on the request, by the last answer; before there is one, as they were drawn.
    fn is_here(self, person: &str, drawn: bool) -> bool {
        match self.list.response().flatten() {
            Some(list) => list.people.iter().any(|other| other.id == person && other.here),
            None => drawn,
        }
    }

    fn request(self) -> Id {
        self.place.with_value(|place| place.request.clone())
    }

    /// Returns whether the reader may do something about the people of the request.
    fn allows(self, list: &PeopleList, action: Action) -> bool {
        let Some(part) = own_part(list) else { return false };
        self.place.with_value(|place| {
            let caller = Caller { acts_for_organisation: !place.elsewhere, ..Caller::participant(part) };
            let is_contestable = list.contestable_until.is_some();
            rights::allows(&caller, action, &Condition { standing: place.standing, is_contestable })
        })
    }

    /// Asks the reader to confirm an act, or takes the question away.
    fn ask(self, asked: Option<Asked>) {
        let focused = match &asked {
            None => PANEL.to_owned(),
            Some(Asked::HandOver(..)) => HandingOver::selector(),
            Some(_) => NO.to_owned(),
        };
        self.asked.set(asked);
        self.acting.focus.on(&focused);
    }

    /// Goes on after the request was offered: where the service does not take the offer, the question stays.
    fn offered(self, is_done: bool) {
        if is_done {
            self.ask(None);
        }
        self.list.ask();
    }

    /// Acts, and reads the people again.
    fn run(self, call: impl FnOnce(Session, &Id) -> ApiFuture<()>, told: Told) {
        let request = self.request();
        self.acting.run(
            |session| call(session, &request),
            told,
            move |_| {
                self.asked.set(None);
                self.acting.focus.on(PANEL);
                self.list.ask();
            },
        );
    }

    /// Acts, and opens the request again: what the reader may do is another thing now.
    fn run_and_reload(self, call: impl FnOnce(Session, &Id) -> ApiFuture<()>, told: Told) {
        let request = self.request();
        self.acting.run(
            |session| call(session, &request),
            told,
            move |done| {
                self.asked.set(None);
                match done {
                    Some(()) => self.reload.with_value(|reload| reload()),
                    None => self.list.ask(),
                }
            },
        );
    }

    fn invite(self) {
        let email = self.email.text();
        if Email::parse(&email).is_err() {
            let words = if email.is_empty() {
                "Indiquez l’adresse e-mail de la personne, par exemple prenom.nom@organisation.fr."
            } else {
                "Cette adresse n’est pas complète. Vérifiez-la, par exemple prenom.nom@organisation.fr."
            };
            self.email.set_error(words);
            self.acting.focus.on(&self.email.selector());
            return;
        }
        let (request, invitation) = (self.request(), new_id());
        let to_send = InvitationToSend { email, role: self.role.get_untracked() };
        let told = Told { done: "Invitation envoyée", not_done: "L’invitation n’a pas été envoyée" };
        self.acting.run(
            |session| session.sharing().invite(&request, &invitation, &to_send),
            told,
            move |done| {
                if done.is_some() {
                    self.email.clear();
                }
                self.list.ask();
            },
        );
    }
}

/// Returns the part of the reader.
pub(super) fn own_part(list: &PeopleList) -> Option<Part> {
    list.people.iter().find(|person| person.you).map(|person| person.role)
}

/// Shows the people of a request. Nothing is there where the service shows them to nobody.
#[component]
pub(super) fn PanelView(panel: Panel) -> impl IntoView {
    let lost = Lost {
        words: "La liste des personnes n’a pas pu être lue. Vérifiez votre accès à internet, puis réessayez.",
        heading: PANEL,
    };
    let draw = move |list: Option<PeopleList>| list.map(|list| view! { <People panel list /> }).into_any();
    let shown = panel.shown();
    let is_hidden = move || matches!(panel.list.response(), Some(None));
    html::section()
        .attr("class", "section sessions people-panel")
        .attr("hidden", follow(move || is_hidden().then_some("")))
        .child(heading(2, "Personnes").attr("tabindex", "-1"))
        // Who is asked again and again tells the same most of the time: nothing is drawn anew then.
        .child(live(move || match shown.get() {
            Some(list) => draw(list),
            None => panel.list.view(draw, lost).into_any(),
        }))
        .child(live(move || match panel.asked.get() {
            Some(Asked::HandOver(to, name)) => {
                let (then, cancel) = (move |is_done| panel.offered(is_done), move |()| panel.ask(None));
                Some(view! {
                    <HandingOverForm
                        handing_over=panel.handing_over
                        to
                        name
                        then=Callback::new(then)
                        cancel=Callback::new(cancel)
                    />
                })
            }
            _ => None,
        }))
}

/// Shows the people, the invitations and the hand-over, with what the reader may do.
#[component]
fn People(panel: Panel, list: PeopleList) -> impl IntoView {
    let intro = "Seules ces personnes voient la demande, avec l’équipe FranceConnect une fois qu’elle est envoyée.";
    let may_invite = panel.allows(&list, Action::Invite);
    let items: Vec<_> = list.people.iter().map(|person| item(panel, &list, person)).collect();
    let open: Vec<_> = list.invitations.iter().map(|invitation| open_invitation(panel, invitation)).collect();
    let open = (!open.is_empty()).then(|| {
        view! {
            {heading(3, "Invitations en attente")}
            {ul().attr("role", "list").child(open)}
        }
    });
    let has_colleague = list.people.iter().any(may_own);
    let no_colleague =
        (panel.allows(&list, Action::HandOver) && !has_colleague && list.hand_over.is_none()).then(|| {
            paragraph("Pour confier la demande à un collègue de votre organisation, invitez-le d’abord.")
                .attr("class", "hint")
        });
    let undelivered = list.undelivered_cards.iter().copied().map(people::card_undelivered);
    let undelivered: Vec<_> = undelivered.map(|words| paragraph(words).attr("class", "note")).collect();
    view! {
        {paragraph(intro).attr("class", "hint")}
        {undelivered}
        {list.contestable_until.map(|day| paragraph(people::contestable(day)).attr("class", "note"))}
        {under_way(panel, &list)}
        {ul().attr("role", "list").child(items)}
        {no_colleague}
        {open}
        {may_invite.then(|| view! { <Invite panel /> })}
    }
}

/// Returns whether a participant may be handed the request: somebody else of its organisation.
fn may_own(person: &Participant) -> bool {
    !person.you && !person.external && person.role != Part::Owner
}

/// Returns one participant, with what the reader may do about them.
fn item(panel: Panel, list: &PeopleList, person: &Participant) -> Element {
    let name = people::name(person);
    let badge = |words: &'static str| span().attr("class", "badge").child(words);
    let (present, drawn, you) = (person.id.clone(), person.here, person.you);
    let is_here = computed(move |_| !you && panel.is_here(&present, drawn));
    let here = live(move || is_here.get().then(|| badge("Sur la demande en ce moment").attr("data-state", "here")));
    let badges = p()
        .attr("class", "badges")
        .child(badge(people::part(person.role)))
        .child(person.external.then(|| badge("Externe")))
        .child(here);
    let title = p().child(strong().attr("translate", "no").child(name.clone()));
    let title = if person.you { title.child(" (vous)") } else { title };
    let organisation = (!person.organisation.is_empty())
        .then(|| paragraph(person.organisation.clone()).attr("class", "hint").attr("translate", "no"));
    let is_named = list.hand_over.is_some();
    let can_be_handed = panel.allows(list, Action::HandOver) && may_own(person) && !is_named;
    let can_be_removed = panel.allows(list, Action::Invite) && !person.you && person.role != Part::Owner;
    let can_leave = panel.allows(list, Action::Leave) && person.you;
    let (id, whole, hidden) = (person.id.clone(), name.clone(), [" : ", &name].concat());
    let acts = move || {
        let (id, whole, hidden) = (id.clone(), whole.clone(), || visually_hidden(hidden.clone()));
        let press = |asked: Asked| move || panel.ask(Some(asked.clone()));
        let acts = vec![
            can_be_handed.then(|| {
                button("quiet", "Confier la demande", press(Asked::HandOver(id.clone(), whole.clone()))).child(hidden())
            }),
            can_be_removed.then(|| button("quiet", "Retirer", press(Asked::Remove(id.clone()))).child(hidden())),
            can_leave.then(|| button("quiet", "Quitter la demande", press(Asked::Leave))),
        ];
        p().attr("class", "actions").child(acts)
    };
    let (asked_of, asked_name) = (person.id.clone(), name);
    let content = live(move || match panel.asked.get() {
        Some(Asked::Remove(id)) if id == asked_of => removal(panel, id, &asked_name),
        Some(Asked::Leave) if you => leaving(panel, asked_of.clone()),
        _ => acts().into_any(),
    });
    li().attr("class", "participant").child(title).child(badges).child(organisation).child(content)
}

fn removal(panel: Panel, person: String, name: &str) -> AnyView {
    let confirm = move || {
        let person = person.clone();
        let told = Told { done: "Personne retirée", not_done: "La personne n’a pas été retirée" };
        panel.run(move |session, request| session.sharing().remove_person(request, &person), told);
    };
    let cancel = move || panel.ask(None);
    view! {
        <Confirm
            about=["Retirer ", name].concat()
            question="Retirer cette personne ? Elle ne verra plus la demande."
            yes="Oui, retirer"
            no="Non, la garder"
            confirm
            cancel
        />
    }
    .into_any()
}

fn leaving(panel: Panel, person: String) -> AnyView {
    let navigation = Navigation::get();
    let confirm = move || {
        let (request, person) = (panel.request(), person.clone());
        let told =
            Told { done: "Vous ne participez plus à la demande", not_done: "Vous participez toujours à la demande" };
        panel.acting.run(
            move |session| session.sharing().remove_person(&request, &person),
            told,
            move |done| {
                panel.asked.set(None);
                if done.is_some() {
                    panel.acting.announcer.set_flash("Vous ne participez plus à la demande.");
                    navigation.go(&crate::navigation::Place::Requests);
                }
            },
        );
    };
    let cancel = move || panel.ask(None);
    view! {
        <Confirm
            about="Quitter la demande"
            question="Quitter cette demande ? Vous ne la verrez plus, à moins d’y être invité de nouveau."
            yes="Oui, quitter"
            no="Non, rester"
            confirm
            cancel
        />
    }
    .into_any()
}

/// Returns the hand-over that is under way, with what the reader may do about it.
fn under_way(panel: Panel, list: &PeopleList) -> Option<Element> {
    let hand_over = list.hand_over.as_ref()?;
    let named = list.people.iter().find(|person| person.id == hand_over.to).map(people::name).unwrap_or_default();
    let words = paragraph(people::hand_over(hand_over, &named));
    let act = if hand_over.to_you {
        let accept = move || {
            let told =
                Told { done: "Vous êtes titulaire de la demande", not_done: "La demande n’a pas été acceptée" };
            panel.run_and_reload(|session, request| session.sharing().accept_hand_over(request), told);
        };
        Some(button("button primary", "Accepter la demande", accept))
    } else {
        let take_back = move || {
            let told = Told { done: "Vous gardez la demande", not_done: "La demande est toujours confiée" };
            panel.run(|session, request| session.sharing().take_hand_over_back(request), told);
        };
        panel.allows(list, Action::HandOver).then(|| button("button", "Ne plus la confier", take_back))
    };
    let meaning = hand_over.to_you.then(|| paragraph(people::ACCEPTING));
    let act = act.map(|act| p().attr("class", "actions").child(act));
    let undelivered = hand_over.undelivered.then(|| paragraph(people::HAND_OVER_UNDELIVERED));
    Some(div().attr("class", "note").child(words).child(undelivered).child(meaning).child(act))
}

/// Returns one open invitation: taken back, or answered where somebody came by another address.
fn open_invitation(panel: Panel, invitation: &OpenInvitation) -> Element {
    let (id, email) = (invitation.id.clone(), invitation.email.clone());
    let end =
        ["Pour ", people::purpose(invitation.role), ", jusqu’au ", &people::until(&invitation.expires_at)].concat();
    let newcomer = invitation.to_confirm.clone().map(|newcomer| {
        let name = people::name_of_newcomer(&newcomer);
        let words = [
            &name,
            " (",
            &newcomer.email,
            ", ",
            &newcomer.organisation,
            ") a suivi cette invitation, avec une autre adresse que celle à laquelle vous l’avez envoyée. Est-ce bien la personne que vous invitez ?",
        ]
        .concat();
        let answer = move |confirmed: bool, told: Told| {
            let person = newcomer.id.clone();
            panel.run(move |session, request| session.sharing().answer_newcomer(request, &person, confirmed), told);
        };
        let refuse = answer.clone();
        let yes = move || answer(true, Told { done: "Accès donné", not_done: "L’accès n’a pas été donné" });
        let no = move || refuse(false, Told { done: "Invitation annulée", not_done: "L’invitation n’a pas été annulée" });
        div()
            .attr("class", "note")
            .child(paragraph(words))
            .child(
                p().attr("class", "actions")
                    .child(button("button primary", "Oui, lui donner accès", yes))
                    .child(button("button", "Non, annuler l’invitation", no)),
            )
    });
    let is_to_confirm = newcomer.is_some();
    let (asked, hidden) = (id.clone(), [" : ", &email].concat());
    let about = ["Annuler l’invitation de ", &email].concat();
    let content = live(move || {
        if panel.asked.get() == Some(Asked::TakeBack(asked.clone())) {
            let taken_back = asked.clone();
            let confirm = move || {
                let invitation = taken_back.clone();
                let told = Told { done: "Invitation annulée", not_done: "L’invitation n’a pas été annulée" };
                panel.run(move |session, request| session.sharing().take_invitation_back(request, &invitation), told);
            };
            let cancel = move || panel.ask(None);
            return view! {
                <Confirm
                    about=about.clone()
                    question="Annuler cette invitation ? Son lien n’ouvrira plus rien."
                    yes="Oui, annuler"
                    no="Non, la garder"
                    confirm
                    cancel
                />
            }
            .into_any();
        }
        let asked = asked.clone();
        let press = move || panel.ask(Some(Asked::TakeBack(asked.clone())));
        let cancel = button("quiet", "Annuler l’invitation", press).child(visually_hidden(hidden.clone()));
        (!is_to_confirm).then(|| p().attr("class", "actions").child(cancel)).into_any()
    });
    li().attr("class", "participant")
        .child(p().child(strong().attr("translate", "no").child(email)))
        .child(paragraph(end).attr("class", "hint"))
        .child(invitation.undelivered.then(|| paragraph(people::INVITATION_UNDELIVERED).attr("class", "note")))
        .child(newcomer)
        .child(content)
}

/// Asks whom to invite, and for what.
#[component]
fn Invite(panel: Panel) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        panel.invite();
    };
    let option = |role: Part, words: &'static str| {
        let id = ["invitation-", role.as_str()].concat();
        let radio = input()
            .attr("type", "radio")
            .attr("name", "invitation-role")
            .attr("value", role.as_str())
            .prop("checked", holds(move || panel.role.get() == role))
            .on(ev::change, move |_| panel.role.set(role));
        choice(radio, words, people::what_a_part_may(role), Some(&id))
    };
    let roles = fieldset()
        .attr("class", "field")
        .child(legend().child("Que pourra faire cette personne ?"))
        .child(option(Part::Editor, "Modifier la demande"))
        .child(option(Part::Reader, "Consulter la demande"));
    let labels = Labels {
        label: "Adresse e-mail professionnelle",
        hint: "La personne reçoit un lien, valable 14 jours, et s’identifie avec cette adresse. Si elle travaille pour une autre organisation, elle sera indiquée comme externe.",
        is_optional: false,
    };
    let words = move || if panel.acting.is_running() { "Envoi en cours…" } else { "Envoyer l’invitation" }.to_owned();
    let send = html::button()
        .attr("class", "button")
        .attr("aria-disabled", follow(move || panel.acting.is_running().then_some("true")))
        .live_text(words);
    html::form()
        .attr("class", "section invite")
        .attr("novalidate", true)
        .on(ev::submit, submit)
        .child(heading(3, "Inviter une personne"))
        .child(panel.email.line(labels, "email"))
        .child(roles)
        .child(p().attr("class", "actions").child(send))
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::wire::{HandOver, Newcomer, State};
    use crate::pages::team::testing::drawn;

    pub(super) fn person(id: &str, name: &str, role: Part) -> Participant {
        Participant {
            id: id.to_owned(),
            given_name: name.to_owned(),
            family_name: "Modèle".to_owned(),
            organisation: "Commune de Vallon-les-Prés".to_owned(),
            role,
            external: false,
            you: false,
            here: false,
        }
    }

    /// People of a request as its owner reads them, or its editor.
    fn list(reader: Part) -> PeopleList {
        let owner = Participant { you: reader == Part::Owner, ..person("1", "Noémie", Part::Owner) };
        let editor = Participant { you: reader == Part::Editor, here: true, ..person("2", "Karim", Part::Editor) };
        let external = Participant { external: true, ..person("3", "Lucie", Part::Reader) };
        PeopleList {
            people: vec![owner, editor, external],
            invitations: Vec::new(),
            undelivered_cards: Vec::new(),
            hand_over: None,
            contestable_until: None,
            revision: 3,
        }
    }

    fn shown(list: PeopleList, state: State, elsewhere: bool) -> String {
        drawn(move || {
            let standing = Standing { state, is_habilitated: false, was_submitted: state != State::Draft };
            let place = Place { request: Id::new(0, [1; 10]), standing, elsewhere, is_beside_form: false };
            let panel = Panel::new(place, Box::new(|| ()));
            view! { <People panel list /> }.into_any()
        })
    }

    #[test]
    fn the_owner_invites_removes_and_hands_over_to_a_colleague_alone() {
        let html = shown(list(Part::Owner), State::Draft, false);
        assert_eq!(html.matches(">Retirer<").count(), 2, "{html}");
        assert_eq!(html.matches(">Confier la demande<").count(), 1, "not to an external: {html}");
        for words in ["Inviter une personne", "(vous)", "Externe", "Sur la demande en ce moment", "Titulaire"] {
            assert!(html.contains(words), "{words} in {html}");
        }
        assert!(!html.contains("Quitter la demande"), "{html}");
    }

    #[test]
    fn an_editor_reads_who_takes_part_and_may_leave_and_nothing_else() {
        let html = shown(list(Part::Editor), State::Draft, false);
        assert_eq!(html.matches("Quitter la demande").count(), 1, "{html}");
        for words in ["Retirer", "Confier la demande", "Inviter une personne"] {
            assert!(!html.contains(words), "{words} in {html}");
        }
    }

    #[test]
    fn whoever_moved_to_another_organisation_can_only_hand_the_request_over() {
        let html = shown(list(Part::Owner), State::Draft, true);
        assert!(html.contains("Confier la demande") && !html.contains("Inviter une personne"), "{html}");
        assert!(!html.contains(">Retirer<"), "{html}");
    }

    #[test]
    fn while_the_former_owner_may_contest_nobody_hands_the_request_on() {
        let contestable =
            PeopleList { contestable_until: crate::model::Date::parse("2026-12-22").ok(), ..list(Part::Owner) };
        let html = shown(contestable, State::Draft, false);
        assert!(!html.contains("Confier la demande"), "{html}");
        assert!(html.contains("peut le contester jusqu’au 22\u{a0}décembre 2026"), "{html}");
    }

    #[test]
    fn a_hand_over_is_taken_back_by_its_owner_and_accepted_by_whom_it_is_for() {
        let expires_at = "2026-12-06T12:00:00.000Z".to_owned();
        let hand_over =
            |to_you| HandOver { to: "2".to_owned(), expires_at: expires_at.clone(), to_you, undelivered: !to_you };
        let of_owner = PeopleList { hand_over: Some(hand_over(false)), ..list(Part::Owner) };
        let html = shown(of_owner, State::Submitted, false);
        assert!(html.contains("confiée à Karim Modèle, qui peut l’accepter jusqu’au 6\u{a0}décembre 2026"), "{html}");
        assert!(html.contains("Prévenez cette personne vous-même"), "{html}");
        assert!(html.contains("Ne plus la confier") && !html.contains(">Confier la demande<"), "{html}");
        let of_named = PeopleList { hand_over: Some(hand_over(true)), ..list(Part::Editor) };
        let html = shown(of_named, State::Submitted, false);
        assert!(html.contains("Accepter la demande") && html.contains("vous devenez la personne titulaire"), "{html}");
    }

    #[test]
    fn an_invitation_tells_whom_it_is_for_and_asks_about_somebody_who_came_by_another_address() {
        let invitation = |to_confirm| OpenInvitation {
            id: Id::new(0, [2; 10]),
            email: "sacha@exemple.fr".to_owned(),
            role: Part::Reader,
            expires_at: "2026-12-06T12:00:00.000Z".to_owned(),
            to_confirm,
            undelivered: false,
        };
        let with = |to_confirm| PeopleList { invitations: vec![invitation(to_confirm)], ..list(Part::Owner) };
        let undelivered = OpenInvitation { undelivered: true, ..invitation(None) };
        let html = shown(PeopleList { invitations: vec![undelivered], ..list(Part::Owner) }, State::Draft, false);
        assert!(html.contains("n’a pas pu être remise à cette adresse"), "{html}");
        let undelivered_cards = vec![crate::model::wire::CardContact::Technical];
        let html = shown(PeopleList { undelivered_cards, ..list(Part::Owner) }, State::Draft, false);
        let words = ">La demande de coordonnées envoyée au contact technique n’a pas pu être remise. Vérifiez";
        assert!(html.contains(words), "a whole sentence: {html}");
        let html = shown(with(None), State::Draft, false);
        assert!(html.contains("Pour consulter, jusqu’au 6\u{a0}décembre 2026"), "{html}");
        assert!(html.contains("Annuler l’invitation") && !html.contains("n’a pas pu"), "{html}");
        let newcomer = Newcomer {
            id: "4".to_owned(),
            given_name: "Sacha".to_owned(),
            family_name: "<b>".to_owned(),
            email: "sacha.autre@exemple.fr".to_owned(),
            organisation: "Commune".to_owned(),
        };
        let html = shown(with(Some(newcomer)), State::Draft, false);
        for words in ["Sacha &lt;b&gt; (sacha.autre@exemple.fr, Commune)", "Oui, lui donner accès"] {
            assert!(html.contains(words), "{words} in {html}");
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod acting_tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::effect::watch;
    use crate::model::wire::State;
    use crate::navigation::Place as PageOf;
    use crate::testing::{TestApp, app};

    fn panel(app: &TestApp) -> Panel {
        app.with(|| {
            let standing = Standing { state: State::Draft, is_habilitated: false, was_submitted: false };
            Panel::new(
                Place { request: Id::new(0, [1; 10]), standing, elsewhere: false, is_beside_form: true },
                Box::new(|| ()),
            )
        })
    }

    #[test]
    fn who_comes_to_the_request_or_goes_has_no_part_of_the_list_drawn_anew_but_their_badge() {
        let app = app(PageOf::Requests, false);
        let list = |here: bool, revision: u64| PeopleList {
            people: vec![Participant {
                id: "2".to_owned(),
                given_name: "Karim".to_owned(),
                family_name: "Modèle".to_owned(),
                organisation: String::new(),
                role: Part::Editor,
                external: false,
                you: false,
                here,
            }],
            invitations: Vec::new(),
            undelivered_cards: Vec::new(),
            hand_over: None,
            contestable_until: None,
            revision,
        };
        app.api.script().people.replace(Some(list(false, 1)));
        let panel = panel(&app);
        let (shown, drawn) = (app.with(|| panel.shown()), Rc::new(Cell::new(0)));
        let counted = Rc::clone(&drawn);
        app.with(|| {
            watch(move || {
                shown.with(|_| ());
                counted.set(counted.get() + 1);
            });
        });
        let before = drawn.get();
        let is_here = || app.with(|| untrack(|| panel.is_here("2", false)));
        assert!(!is_here());
        app.api.script().people.replace(Some(list(true, 2)));
        app.with(|| panel.list.ask());
        assert_eq!((is_here(), drawn.get()), (true, before));
        app.api.script().people.replace(Some(PeopleList { people: Vec::new(), ..list(true, 2) }));
        app.with(|| panel.list.ask());
        assert_eq!((is_here(), drawn.get()), (false, before + 1));
        app.end();
    }

    #[test]
    fn nobody_is_invited_by_an_address_that_is_none() {
        let app = app(PageOf::Requests, false);
        let panel = panel(&app);
        app.with(|| panel.invite());
        assert!(app.api.script().shared.borrow().is_empty());
        app.with(|| panel.email.set("sacha@exemple.fr"));
        app.with(|| panel.role.set(Part::Reader));
        app.with(|| panel.invite());
        assert_eq!(*app.api.script().shared.borrow(), ["invite sacha@exemple.fr reader"]);
        assert_eq!(app.with(|| panel.email.text()), "", "the next one is typed anew");
        app.end();
    }

    #[test]
    fn an_address_stays_where_the_service_does_not_take_it() {
        let app = app(PageOf::Requests, false);
        let panel = panel(&app);
        app.api.script().sharing_error.replace(Some(ApiError::Unreachable));
        app.with(|| panel.email.set("sacha@exemple.fr"));
        app.with(|| panel.invite());
        assert_eq!(app.with(|| panel.email.text()), "sacha@exemple.fr");
        let warning = app.with(|| untrack(|| panel.acting.announcer.warning()));
        assert!(warning.starts_with("L’invitation n’a pas été envoyée"), "{warning}");
        app.end();
    }
}
