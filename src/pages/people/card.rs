//! The card of a contact, who checks their own details by a link and has no session.

use leptos::ev;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use crate::api::{ApiError, ApiFuture};
use crate::components::{button, heading, mail, paragraph};
use crate::context::{Focus, HEADING, Session};
use crate::device;
use crate::fields::{InputKind, TextField};
use crate::form::Form;
use crate::html::{self, LiveText, anew, div, follow, live, p};
use crate::model::card::REFUSAL_MAX;
use crate::model::draft::ControllerKind;
use crate::model::wire::{Card, CardAnswer, CardContact, CardDetails};
use crate::model::{Choice, Draft, Field, Step, Text};
use crate::pages::acting::{Acting, Told};
use crate::pages::reading::{Lost, Question};
use crate::pages::typed::{Labels, Typed};
use crate::texts::{named, people};

/// Name of the token of a card in the address of its link.
const TOKEN: &str = "card";
/// Title of the page.
const TITLE: &str = "Vérifier mes coordonnées";

/// Progress of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// The details are shown, to be corrected and sent.
    Details,
    /// The person says that they are not meant.
    Refusal,
    /// The details were sent.
    Confirmed,
    /// The service was told that the person is not the one to name.
    Refused,
}

/// Asks for the card that the link opens; none where it opens nothing.
fn ask(session: Session) -> ApiFuture<Option<Card>> {
    let Some(token) = device::link_token(TOKEN) else { return Box::pin(async { Ok(None) }) };
    let asking = session.sharing().card(&token);
    Box::pin(async move {
        match asking.await {
            Ok(card) => Ok(Some(card)),
            Err(error) if is_nothing(&error) => {
                device::forget_link_token(TOKEN);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    })
}

/// Returns whether an error means that the link opens nothing.
fn is_nothing(error: &ApiError) -> bool {
    matches!(error.status(), Some(400 | 401 | 403 | 404 | 410))
}

/// Shows the card that the link opens.
#[component]
pub(super) fn CardPage() -> impl IntoView {
    Focus::get().open_page(TITLE);
    let card = Question::of(ask);
    let lost = Lost {
        words: "Cette page n’a pas pu être lue. Vérifiez votre accès à internet, puis réessayez.",
        heading: HEADING,
    };
    let draw = |card: Option<Card>| {
        match card {
        Some(card) => view! { <Shown card /> }.into_any(),
        None => paragraph("Ce lien n’ouvre plus rien : il a déjà servi, il est trop ancien, ou il a été remplacé par un autre. Vous n’avez rien à faire. Pour corriger vos coordonnées, écrivez à la personne qui vous a envoyé ce lien.")
            .attr("class", "note")
            .into_any(),
    }
    };
    let sheet = html::section().attr("class", "card").child(heading(1, TITLE)).child(card.view(draw, lost));
    div().attr("class", "page").child(sheet)
}

/// Returns the fields of a contact, in the order of the form, with the kind of each control.
fn fields(contact: CardContact) -> [(Field, InputKind); 5] {
    let [given_name, family_name, email, phone, job_title] = contact.fields();
    // The details are the reader's own: their browser may know them.
    [
        (given_name, InputKind::NAME.own("given-name")),
        (family_name, InputKind::NAME.own("family-name")),
        (job_title, InputKind::WORDS.own("organization-title")),
        (email, InputKind::EMAIL.own("email")),
        (phone, InputKind::PHONE.own("tel")),
    ]
}

/// Returns a draft that holds the details of a contact, and nothing else.
fn draft_of(contact: CardContact, details: &CardDetails, is_organisation: bool) -> Draft {
    let mut draft = details.clone().in_draft(contact, &Draft::default());
    if contact == CardContact::Controller {
        let kind = if is_organisation { ControllerKind::Organisation } else { ControllerKind::Person };
        draft.people.controller.kind = Choice::from(kind);
    }
    draft
}

/// Returns the details that stand in a form.
fn details_in(form: Form, contact: CardContact) -> CardDetails {
    let [given_name, family_name, job_title, email, phone] =
        fields(contact).map(|(field, _)| Text::from(form.text_untracked(field).trim()));
    CardDetails { given_name, family_name, email, phone, job_title }
}

/// Answer that a contact is about to give. Copies share one state.
#[derive(Clone, Copy)]
struct Answering {
    acting: Acting,
    form: Form,
    contact: CardContact,
    answer: RwSignal<Answer>,
    refusal: Typed,
    /// Number of details to correct, once the person wanted to send them.
    errors: RwSignal<usize>,
}

impl Answering {
    /// Returns the fields that have an error.
    fn invalid(self) -> Vec<Field> {
        let asked = fields(self.contact).map(|(field, _)| field);
        untrack(|| {
            self.form
                .errors(Step::People)
                .iter()
                .map(|finding| finding.field)
                .filter(|field| asked.contains(field))
                .collect()
        })
    }

    /// Sends the details, unless one of them is to be corrected.
    fn send(self) {
        self.form.sync_controls();
        self.form.attempt_step(Step::People);
        let invalid = self.invalid();
        self.errors.set(invalid.len());
        if let Some(first) = invalid.first() {
            self.acting.focus.set_title(&["Erreur : ", TITLE].concat());
            self.acting.focus.on_field(*first);
            return;
        }
        let details = details_in(self.form, self.contact);
        self.give(CardAnswer { details: Some(details), refusal: None }, Answer::Confirmed);
    }

    fn refuse(self) {
        let words = self.refusal.text();
        if words.chars().count() as u64 > REFUSAL_MAX {
            self.refusal.set_error("Ce texte est trop long. Raccourcissez-le.");
            return self.acting.focus.on(&self.refusal.selector());
        }
        let refusal = Some(Text::from(words.as_str()));
        self.give(CardAnswer { details: None, refusal }, Answer::Refused);
    }

    fn give(self, given: CardAnswer, then: Answer) {
        let Some(token) = device::link_token(TOKEN) else { return };
        let told = Told { done: "Réponse envoyée", not_done: "Votre réponse n’a pas été envoyée" };
        self.acting.run(
            move |session| session.sharing().answer_card(&token, &given),
            told,
            move |done| {
                if done.is_some() {
                    device::forget_link_token(TOKEN);
                    self.show(then);
                }
            },
        );
    }

    fn show(self, answer: Answer) {
        self.answer.set(answer);
        self.acting.focus.set_title(TITLE);
        self.acting.focus.on(HEADING);
    }
}

/// Shows who asks, for what, and the details.
#[component]
fn Shown(card: Card) -> impl IntoView {
    let form = Form::new(draft_of(card.contact, &card.details, card.is_organisation));
    provide_context(form);
    let answering = Answering {
        acting: Acting::new(),
        form,
        contact: card.contact,
        answer: RwSignal::new(Answer::Details),
        refusal: Typed::new("card-refusal"),
        errors: RwSignal::new(0),
    };
    let card = StoredValue::new(card);
    anew(
        move || answering.answer.get(),
        move |answer| match answer {
            Answer::Details => view! {
                {card.with_value(about)}
                <Details answering until=card.with_value(|card| people::until(&card.expires_at)) />
            }
            .into_any(),
            Answer::Refusal => view! { <Refusal answering by=card.with_value(|card| card.by.clone()) /> }.into_any(),
            Answer::Confirmed => done(card.with_value(|card| {
                [
                    "Merci. Vos coordonnées sont transmises à ",
                    &card.by,
                    ", qui les trouvera dans la demande. Vous pouvez fermer cette page.",
                ]
                .concat()
            })),
            Answer::Refused => done(card.with_value(|card| {
                [
                    "Merci. ",
                    &card.by,
                    " est prévenu que vous n’êtes pas la personne à indiquer. Vous pouvez fermer cette page.",
                ]
                .concat()
            })),
        },
    )
}

/// Returns the words after an answer.
fn done(words: String) -> AnyView {
    paragraph(words).attr("class", "success").into_any()
}

/// Tells who names the reader, as what, and in which request.
fn about(card: &Card) -> AnyView {
    let organisation = if card.organisation.trim().is_empty() { "son organisation" } else { card.organisation.trim() };
    let words = [
        &card.by,
        " prépare une demande d’habilitation à FranceConnect pour ",
        organisation,
        " (« ",
        named(card.name.trim()),
        " »), et vous y indique comme ",
        people::contact(card.contact),
        ".",
    ]
    .concat();
    let ask =
        "Vérifiez vos coordonnées, corrigez-les si besoin, puis envoyez-les. Elles ne servent qu’à cette demande.";
    view! {
        {paragraph(words).attr("class", "lead")}
        {paragraph(ask)}
        {p().child("Une question ? Écrivez à cette personne : ").child(mail(&card.by_email)).child(".")}
    }
    .into_any()
}

/// Shows the details, to be corrected and sent.
#[component]
fn Details(answering: Answering, until: String) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        answering.send();
    };
    let controls: Vec<_> = fields(answering.contact)
        .into_iter()
        .map(|(field, kind)| view! { <TextField field kind /> }.into_any())
        .collect();
    let errors = live(move || {
        let words = match answering.errors.get() {
            0 => return None,
            1 => "Une coordonnée est à donner ou à corriger, puis vous pourrez envoyer.".to_owned(),
            many => {
                [&many.to_string(), " coordonnées sont à donner ou à corriger, puis vous pourrez envoyer."].concat()
            }
        };
        Some(paragraph(words).attr("class", "message").attr("role", "alert"))
    });
    let words =
        move || if answering.acting.is_running() { "Envoi en cours…" } else { "Envoyer mes coordonnées" }.to_owned();
    let send = html::button()
        .attr("class", "button primary")
        .attr("aria-disabled", follow(move || answering.acting.is_running().then_some("true")))
        .live_text(words);
    let not_me = button("button", "Ce n’est pas moi", move || answering.show(Answer::Refusal));
    html::form()
        .attr("class", "section")
        .attr("novalidate", true)
        .on(ev::focusout, move |_| answering.form.sync_controls())
        .on(ev::submit, submit)
        .child(controls)
        .child(errors)
        .child(p().attr("class", "actions").child(send).child(not_me))
        .child(paragraph(["Ce lien est valable jusqu’au ", &until, "."].concat()).attr("class", "hint"))
}

/// Asks why the reader is not meant.
#[component]
fn Refusal(answering: Answering, by: String) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        answering.refuse();
    };
    let labels = Labels {
        label: "Votre message",
        hint: "Vous pouvez dire pourquoi, ou indiquer à qui s’adresser.",
        is_optional: true,
    };
    let words =
        [&by, " apprendra que vous n’êtes pas la personne à indiquer. Ce lien n’ouvrira ensuite plus rien."].concat();
    let send = html::button().attr("class", "button primary").child("Envoyer");
    let back = button("button", "Revenir à mes coordonnées", move || answering.show(Answer::Details));
    html::form()
        .attr("class", "section")
        .attr("novalidate", true)
        .on(ev::submit, submit)
        .child(heading(2, "Ce n’est pas moi"))
        .child(paragraph(words))
        .child(answering.refusal.area(labels, REFUSAL_MAX))
        .child(p().attr("class", "actions").child(send).child(back))
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};

    fn details(phone: &str) -> CardDetails {
        CardDetails {
            given_name: "Lou".into(),
            family_name: "Modèle".into(),
            email: "lou.modele@exemple.fr".into(),
            phone: phone.into(),
            job_title: "Directrice".into(),
        }
    }

    fn answering(app: &TestApp, contact: CardContact, details: &CardDetails) -> Answering {
        device::keep_link_token(TOKEN, "E9Mel");
        app.with(|| Answering {
            acting: Acting::new(),
            form: Form::new(draft_of(contact, details, false)),
            contact,
            answer: RwSignal::new(Answer::Details),
            refusal: Typed::new("card-refusal"),
            errors: RwSignal::new(0),
        })
    }

    #[test]
    fn details_are_sent_as_they_were_shown_for_each_contact() {
        for contact in [CardContact::Controller, CardContact::Dpo, CardContact::Technical] {
            let app = app(Place::Card, false);
            let answering = answering(&app, contact, &details("06 39 98 12 10"));
            app.with(|| answering.send());
            let given = app.api.script().card_answers.borrow().clone();
            assert_eq!(given, [CardAnswer { details: Some(details("06 39 98 12 10")), refusal: None }], "{contact:?}");
            assert_eq!(answering.answer.get_untracked(), Answer::Confirmed);
            assert_eq!(device::link_token(TOKEN), None, "the link is used");
            app.end();
        }
    }

    #[test]
    fn what_the_form_would_not_take_is_not_sent() {
        let app = app(Place::Card, false);
        // The technical contact needs a mobile phone.
        let answering = answering(&app, CardContact::Technical, &details("01 99 00 12 34"));
        app.with(|| answering.send());
        assert!(app.api.script().card_answers.borrow().is_empty());
        assert_eq!(answering.invalid(), [Field::TechnicalPhone]);
        assert_eq!(answering.errors.get_untracked(), 1);
        device::forget_link_token(TOKEN);
        app.end();
    }

    #[test]
    fn whoever_is_not_meant_says_so_with_or_without_words() {
        let app = app(Place::Card, false);
        let answering = answering(&app, CardContact::Dpo, &details(""));
        app.with(|| answering.refuse());
        let given = app.api.script().card_answers.borrow().clone();
        assert_eq!(given, [CardAnswer { details: None, refusal: Some(Text::from("")) }]);
        assert_eq!(answering.answer.get_untracked(), Answer::Refused);
        app.end();
    }

    #[test]
    fn the_name_of_a_controller_is_asked_for_unless_it_is_an_organisation() {
        let mut nameless = details("06 39 98 12 10");
        (nameless.given_name, nameless.family_name) = (Text::from(""), Text::from(""));
        for is_organisation in [false, true] {
            let draft = draft_of(CardContact::Controller, &nameless, is_organisation);
            assert_eq!(Field::ControllerGivenName.is_shown(&draft), !is_organisation);
        }
    }
}
