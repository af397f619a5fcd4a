//! Requests whose owner does not answer for them any more: asking for one, and answering those who ask.

use leptos::ev;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use crate::components::{Confirm, button, choice, heading, paragraph};
use crate::html::{self, Element, dd, div, dl, dt, fieldset, holds, input, legend, li, live, p, strong, ul};
use crate::model::wire::{REASON_MAX, Recovery, RecoveryList, RecoveryState, RecoveryToAsk};
use crate::model::{Id, Text};
use crate::pages::acting::{Acting, Told};
use crate::pages::reading::Question;
use crate::pages::typed::{Labels, Typed};
use crate::texts::{count, dates, named, people};

/// Selector of the heading of the recoveries that wait.
const ASKED: &str = ".recoveries .h2";

/// Recoveries on the screen. Copies share one state.
#[derive(Clone, Copy)]
struct Panel {
    acting: Acting,
    list: Question<RecoveryList>,
    /// Recovery about which the person confirms their answer.
    confirmed: RwSignal<Option<(Id, bool)>>,
    number: Typed,
    reason: Typed,
    /// Set where drafts are asked for, which have no number.
    wants_drafts: RwSignal<bool>,
    was_asked: RwSignal<bool>,
}

/// Shows the recoveries that wait for the person, and the way to a request whose owner left.
#[component]
pub(super) fn Recoveries() -> impl IntoView {
    let panel = Panel {
        acting: Acting::new(),
        list: Question::of(|session| session.sharing().recoveries()),
        confirmed: RwSignal::new(None),
        number: Typed::new("recovery-number"),
        reason: Typed::new("recovery-reason"),
        wants_drafts: RwSignal::new(false),
        was_asked: RwSignal::new(false),
    };
    live(move || panel.list.response().map(|list| view! { <Shown panel list /> }))
}

#[component]
fn Shown(panel: Panel, list: RecoveryList) -> impl IntoView {
    let items: Vec<_> = list.recoveries.iter().map(|recovery| item(panel, recovery)).collect();
    let asked = (!items.is_empty()).then(|| {
        html::section()
            .attr("class", "section sessions recoveries")
            .child(heading(2, "Demandes que d’autres personnes souhaitent reprendre").attr("tabindex", "-1"))
            .child(ul().attr("role", "list").child(items))
    });
    let form = match list.drafts {
        Some(drafts) => view! { <AskForm panel drafts /> }.into_any(),
        None => paragraph("Votre rattachement à cette organisation n’est pas vérifié : vous ne pouvez pas reprendre ici la demande d’un collègue. Demandez à votre collègue de vous inviter, ou écrivez à l’équipe.").into_any(),
    };
    let details = html::details()
        .attr("class", "help recovery")
        .child(html::summary().child("Retrouver la demande d’un collègue parti"))
        .child(div().child(form));
    view! {
        {asked}
        {details}
    }
}

/// Returns one recovery, with the answers that it takes.
fn item(panel: Panel, recovery: &Recovery) -> Element {
    let Recovery { id, number, name, state, by, reason, answer_by, is_tie_verified, .. } = recovery.clone();
    let line = |name: &'static str, value: String| {
        div().attr("class", "answer-row").child(dt().child(name)).child(dd().attr("class", "answer").child(value))
    };
    let tie = if is_tie_verified { "vérifié" } else { "déclaré, non vérifié" };
    let about = [number.as_deref().unwrap_or("Brouillon"), " · ", people::recovery_state(state)].concat();
    let lines = dl()
        .child(line("Qui la demande", people::name_of_newcomer(&by)))
        .child(line("Adresse e-mail", by.email.clone()))
        .child(line("Organisation", [&by.organisation, " (rattachement ", tie, ")"].concat()))
        .child(line("Raison", reason.lines()));
    let until = dates::day(answer_by);
    let (words, answers): (String, Vec<(&'static str, bool)>) = match state {
        RecoveryState::Asked => (
            [
                "Répondez au plus tard le ",
                &until,
                ". Sans réponse de votre part, quelqu’un d’autre décidera à votre place.",
            ]
            .concat(),
            vec![("Refuser", false), ("Laisser cette personne la reprendre", true)],
        ),
        RecoveryState::Granted => (
            ["Cette demande a été transmise à cette personne. Vous pouvez le contester jusqu’au ", &until, "."]
                .concat(),
            vec![("Contester", false)],
        ),
        RecoveryState::Unanswered | RecoveryState::Contested => {
            ("L’équipe FranceConnect, ou l’exploitant du service, va décider.".to_owned(), Vec::new())
        }
    };
    let confirming = id.clone();
    let actions = live(move || match panel.confirmed.get() {
        Some((asked, allow)) if asked == confirming => confirmation(panel, asked, allow, state),
        _ => {
            let press = |(words, allow): (&'static str, bool)| {
                let id = confirming.clone();
                let ask = move || {
                    panel.confirmed.set(Some((id.clone(), allow)));
                    panel.acting.focus.on(".recoveries .confirm button:last-child");
                };
                button("button", words, ask)
            };
            p().attr("class", "actions").child(answers.iter().copied().map(press).collect::<Vec<_>>()).into_any()
        }
    });
    li().attr("class", "participant")
        .child(p().child(strong().attr("translate", "no").child(named(name.trim()).to_owned())))
        .child(paragraph(about).attr("class", "hint"))
        .child(lines)
        .child(paragraph(words))
        .child(actions)
}

fn confirmation(panel: Panel, recovery: Id, allow: bool, state: RecoveryState) -> AnyView {
    let (about, question, yes) = match (allow, state) {
        (true, _) => (
            "Laisser reprendre la demande",
            "Donner cette demande à cette personne ? Elle en deviendra titulaire, et vous pourrez la consulter.",
            "Oui, la donner",
        ),
        (false, RecoveryState::Granted) => {
            ("Contester la reprise", "Contester cette reprise ? L’équipe examinera la situation.", "Oui, contester")
        }
        (false, _) => ("Refuser", "Refuser ? Vous gardez la demande, et la personne en est prévenue.", "Oui, refuser"),
    };
    let confirm = move || {
        let recovery = recovery.clone();
        let told = Told { done: "Réponse enregistrée", not_done: "Votre réponse n’a pas été enregistrée" };
        panel.acting.run(
            move |session| session.sharing().answer_recovery(&recovery, allow),
            told,
            move |_| {
                panel.confirmed.set(None);
                panel.acting.focus.on(ASKED);
                panel.list.ask();
            },
        );
    };
    let cancel = move || {
        panel.confirmed.set(None);
        panel.acting.focus.on(ASKED);
    };
    view! { <Confirm about question yes no="Non, revenir" confirm cancel /> }.into_any()
}

/// Asks for a request by its number, or for the drafts of the organisation.
#[component]
fn AskForm(panel: Panel, drafts: u32) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        ask(panel);
    };
    let option = |id: &'static str, wants_drafts: bool, words: String| {
        let radio = input()
            .attr("type", "radio")
            .attr("name", "recovery-kind")
            .prop("checked", holds(move || panel.wants_drafts.get() == wants_drafts))
            .on(ev::change, move |_| panel.wants_drafts.set(wants_drafts));
        choice(radio, words, "", Some(id))
    };
    let begun = count(
        usize::try_from(drafts).unwrap_or(usize::MAX),
        "brouillon commencé par une autre personne de votre organisation",
        "brouillons commencés par d’autres personnes de votre organisation",
    );
    let kinds = (drafts > 0).then(|| {
        fieldset()
            .attr("class", "field")
            .child(legend().child("Que cherchez-vous ?"))
            .child(option("recovery-sent", false, "Une demande déjà envoyée".to_owned()))
            .child(option("recovery-drafts", true, begun.clone()))
    });
    let number = live(move || {
        let labels = Labels {
            label: "Numéro de la demande",
            hint: "Il figure dans les courriels du service, par exemple FC-2026-000123.",
            is_optional: false,
        };
        (!panel.wants_drafts.get()).then(|| panel.number.line(labels, "text"))
    });
    let reason = Labels {
        label: "Pourquoi reprendre cette demande ?",
        hint: "Votre réponse, votre nom et votre adresse sont transmis à la personne titulaire.",
        is_optional: false,
    };
    let intro = "La personne titulaire est prévenue, et peut accepter ou refuser. Si elle ne répond pas dans les 15 jours, quelqu’un d’autre décide. Vous pouvez demander une reprise par semaine.";
    let told = live(move || panel.was_asked.get().then(|| paragraph(people::RECOVERY_ASKED).attr("class", "success")));
    html::form()
        .attr("class", "section")
        .attr("novalidate", true)
        .on(ev::submit, submit)
        .child(paragraph(intro))
        .child(kinds)
        .child(number)
        .child(panel.reason.area(reason, REASON_MAX))
        .child(
            p().attr("class", "actions").child(html::button().attr("class", "button").child("Demander à la reprendre")),
        )
        .child(div().attr("aria-live", "polite").child(told))
}

fn ask(panel: Panel) {
    panel.was_asked.set(false);
    let (number, reason) = (panel.number.text(), panel.reason.text());
    let wants_drafts = panel.wants_drafts.get_untracked();
    let is_number_missing = !wants_drafts && number.is_empty();
    if is_number_missing {
        panel.number.set_error("Indiquez le numéro de la demande, par exemple FC-2026-000123.");
        panel.acting.focus.on(&panel.number.selector());
    }
    let is_reason_too_long = reason.chars().count() as u64 > REASON_MAX;
    if reason.is_empty() || is_reason_too_long {
        let words = if is_reason_too_long {
            "Ce texte est trop long. Raccourcissez-le."
        } else {
            "Dites pourquoi, par exemple « Madame Exemple a quitté notre service. »"
        };
        panel.reason.set_error(words);
        if !is_number_missing {
            panel.acting.focus.on(&panel.reason.selector());
        }
        return;
    }
    if is_number_missing {
        return;
    }
    let asked = RecoveryToAsk { number: (!wants_drafts).then_some(number), reason: Text::from(reason.as_str()) };
    let told = Told { done: "", not_done: "La reprise n’a pas été demandée" };
    panel.acting.run(
        move |session| session.sharing().ask_recovery(&asked),
        told,
        move |done| {
            if done.is_some() {
                panel.number.clear();
                panel.reason.clear();
                panel.was_asked.set(true);
            }
        },
    );
}
