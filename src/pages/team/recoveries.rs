//! Recoveries to decide: requests whose owner did not answer a colleague who asks for them, or whose former owner contests.

use leptos::ev;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use crate::components::{button, heading, paragraph, visually_hidden};
use crate::context::{Focus, HEADING};
use crate::html::{self, Element, dd, div, dl, dt, li, live, p, strong, ul};
use crate::model::lifecycle::Standing;
use crate::model::rights::{self, Action, Actor, Caller};
use crate::model::wire::{REASON_MAX, RecoveriesToDecide, Recovery, RecoveryDecision, RecoveryToDecide, TeamRole};
use crate::model::{Id, Text};
use crate::pages::acting::{Acting, Told};
use crate::pages::reading::{Lost, Question};
use crate::pages::team::sections::Sections;
use crate::pages::typed::{Labels, Typed};
use crate::texts::{dates, lifecycle, named, people};

/// Recoveries on the screen. Copies share one state.
#[derive(Clone, Copy)]
struct Page {
    acting: Acting,
    list: Question<RecoveriesToDecide>,
    role: TeamRole,
    /// Recovery that is being decided, and whether the request is given.
    decided: RwSignal<Option<(Id, bool)>>,
    reason: Typed,
}

/// Shows the recoveries that wait for a decision of the team.
#[component]
pub(super) fn Recoveries(role: TeamRole) -> impl IntoView {
    Focus::get().open_page("Reprises à décider");
    let page = Page {
        acting: Acting::new(),
        list: Question::of(|session| session.examination().recoveries()),
        role,
        decided: RwSignal::new(None),
        reason: Typed::new("recovery-decision"),
    };
    let lost = Lost {
        words: "Les reprises n’ont pas pu être lues. Vérifiez votre accès à internet, puis réessayez.",
        heading: HEADING,
    };
    let draw = move |list: RecoveriesToDecide| view! { <Found page list /> }.into_any();
    let intro = "Une personne souhaite reprendre la demande d’un collègue : la personne titulaire n’a pas répondu dans le délai, ou conteste la reprise.";
    let sheet = html::section()
        .attr("class", "card wide")
        .child(view! { <Sections current="Reprises" /> })
        .child(heading(1, "Reprises à décider"))
        .child(paragraph(intro))
        .child(page.list.view(draw, lost));
    div().attr("class", "page").child(sheet)
}

#[component]
fn Found(page: Page, list: RecoveriesToDecide) -> impl IntoView {
    if list.recoveries.is_empty() {
        return paragraph("Aucune reprise n’attend de décision.").into_any();
    }
    let items: Vec<_> = list.recoveries.iter().map(|recovery| item(page, recovery)).collect();
    div().attr("class", "sessions").child(ul().attr("role", "list").child(items)).into_any()
}

/// Returns whether a member of the team may decide.
fn may_decide(role: TeamRole, recovery: &RecoveryToDecide) -> bool {
    let actor = if role == TeamRole::Examiner { Actor::Examiner } else { Actor::Onlooker };
    let was_submitted = recovery.recovery.number.is_some();
    let standing = Standing { state: recovery.request_state, is_habilitated: false, was_submitted };
    rights::allows(&Caller::of(actor), Action::DecideRecovery, &standing.into())
}

fn item(page: Page, to_decide: &RecoveryToDecide) -> Element {
    let RecoveryToDecide { recovery, request_state, owner, owner_email, told } = to_decide.clone();
    let Recovery { id, number, name, state, by, reason, asked_at, is_tie_verified, .. } = recovery;
    let line = |name: &'static str, value: String| {
        div().attr("class", "answer-row").child(dt().child(name)).child(dd().attr("class", "answer").child(value))
    };
    let about = [
        number.as_deref().unwrap_or_default(),
        " · ",
        lifecycle::state(request_state),
        " · ",
        people::recovery_state(state),
    ]
    .concat();
    let tie = if is_tie_verified { "vérifié" } else { "déclaré, non vérifié" };
    let asker = [&people::name_of_newcomer(&by), ", ", &by.email].concat();
    let lines = dl()
        .child(line("Demandée par", asker.clone()))
        .child(line("Organisation", [&by.organisation, " (rattachement ", tie, ")"].concat()))
        .child(line("Demandée le", dates::day_and_time(&asked_at)))
        .child(line("Raison", reason.lines()))
        .child(line("Titulaire", [&owner, ", ", &owner_email].concat()))
        .child(line("Aussi prévenus", if told.is_empty() { "Personne".to_owned() } else { told.join(", ") }));
    let may_decide = may_decide(page.role, to_decide);
    let decided = id.clone();
    let actions = live(move || {
        if !may_decide {
            return ().into_any();
        }
        match page.decided.get() {
            Some((of, grant)) if of == decided => view! { <Decision page id=of grant /> }.into_any(),
            _ => {
                let press = |words: &'static str, grant: bool| {
                    let (id, hidden) = (decided.clone(), visually_hidden([" à ", &asker].concat()));
                    let decide = move || {
                        page.reason.clear();
                        page.decided.set(Some((id.clone(), grant)));
                        page.acting.focus.on(&page.reason.selector());
                    };
                    button("button", words, decide).child(hidden)
                };
                p().attr("class", "actions")
                    .child(press("Donner la demande…", true))
                    .child(press("Refuser la reprise…", false))
                    .into_any()
            }
        }
    });
    li().attr("class", "participant")
        .child(p().child(strong().attr("translate", "no").child(named(name.trim()).to_owned())))
        .child(paragraph(about).attr("class", "hint"))
        .child(lines)
        .child(actions)
}

/// Asks for the reason of a decision.
#[component]
fn Decision(page: Page, id: Id, grant: bool) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        decide(page, &id, grant);
    };
    let labels = Labels {
        label: "Raison de la décision",
        hint: "Elle est envoyée à la personne titulaire, à la personne qui demande, et figure dans l’historique.",
        is_optional: false,
    };
    let words = if grant {
        "La personne qui demande devient titulaire. La personne titulaire jusqu’ici peut le contester pendant 30 jours."
    } else {
        "La demande reste à la personne titulaire."
    };
    let send = html::button().attr("class", "button primary").child(if grant {
        "Donner la demande"
    } else {
        "Refuser la reprise"
    });
    let cancel = button("button", "Annuler", move || {
        page.decided.set(None);
        page.acting.focus.on(HEADING);
    });
    html::form()
        .attr("class", "section")
        .attr("novalidate", true)
        .on(ev::submit, submit)
        .child(paragraph(words))
        .child(page.reason.area(labels, REASON_MAX))
        .child(p().attr("class", "actions").child(send).child(cancel))
}

fn decide(page: Page, id: &Id, grant: bool) {
    let reason = page.reason.text();
    if reason.is_empty() || reason.chars().count() as u64 > REASON_MAX {
        page.reason.set_error(match reason.is_empty() {
            true => "Donnez la raison de la décision : les personnes concernées la liront.",
            false => "Ce texte est trop long. Raccourcissez-le.",
        });
        return page.acting.focus.on(&page.reason.selector());
    }
    let (id, decision) = (id.clone(), RecoveryDecision { grant, text: Text::from(reason.as_str()) });
    let told = Told { done: "Décision enregistrée", not_done: "La décision n’a pas été enregistrée" };
    page.acting.run(
        move |session| session.examination().decide_recovery(&id, &decision),
        told,
        move |_| {
            page.decided.set(None);
            page.acting.focus.on(HEADING);
            page.list.ask();
        },
    );
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::Date;
    use crate::model::wire::{Newcomer, RecoveryState, State};
    use crate::pages::team::testing::drawn;

    fn to_decide() -> RecoveryToDecide {
        let by = Newcomer {
            id: "2".to_owned(),
            given_name: "Karim".to_owned(),
            family_name: "Modèle".to_owned(),
            email: "karim@exemple.fr".to_owned(),
            organisation: "Commune".to_owned(),
        };
        let recovery = Recovery {
            id: Id::new(0, [1; 10]),
            request: Id::new(0, [2; 10]),
            number: Some("FC-2026-000123".to_owned()),
            name: "Guichet".to_owned(),
            state: RecoveryState::Unanswered,
            by,
            reason: "Elle est partie.".into(),
            asked_at: "2026-11-01T12:00:00.000Z".to_owned(),
            answer_by: Date::parse("2026-11-16").unwrap(),
            is_tie_verified: true,
        };
        RecoveryToDecide {
            recovery,
            request_state: State::Submitted,
            owner: "Noémie Modèle".to_owned(),
            owner_email: "noemie@exemple.fr".to_owned(),
            told: Vec::new(),
        }
    }

    fn shown(role: TeamRole, recoveries: Vec<RecoveryToDecide>) -> String {
        drawn(move || {
            let page = Page {
                acting: Acting::new(),
                list: Question::of(|session| session.examination().recoveries()),
                role,
                decided: RwSignal::new(None),
                reason: Typed::new("recovery-decision"),
            };
            view! { <Found page list=RecoveriesToDecide { recoveries } /> }.into_any()
        })
    }

    #[test]
    fn an_examiner_reads_who_asks_and_decides_and_a_reader_only_reads() {
        let html = shown(TeamRole::Examiner, vec![to_decide()]);
        for words in ["Karim Modèle, karim@exemple.fr", "rattachement vérifié", "Noémie Modèle", "Donner la demande…"]
        {
            assert!(html.contains(words), "{words} in {html}");
        }
        let html = shown(TeamRole::Reader, vec![to_decide()]);
        assert!(html.contains("Karim Modèle") && !html.contains("Donner la demande"), "{html}");
        assert!(shown(TeamRole::Examiner, Vec::new()).contains("Aucune reprise n’attend"));
    }
}
