//! Made-up answers, to try the form with in a demonstration.

use leptos::prelude::*;

use super::state::StepperState;
use crate::components::button;
use crate::context::{Announcer, Session};
use crate::effect::spawn;
use crate::html::p;
use crate::model::Field;

/// Offers to fill in an example where there is no answer yet.
#[component]
pub(super) fn Example(stepper: StepperState) -> impl IntoView {
    let form = stepper.context.form;
    let (announcer, session) = (Announcer::get(), Session::get());
    let fill = move || {
        let Some(asking) = session.service().example() else { return };
        spawn(async move {
            let Ok(example) = asking.await else { return };
            let answered = form.draft();
            for field in Field::ALL.iter().filter(|field| field.value(&answered).is_empty()) {
                form.edit(*field, field.value(&example));
            }
            announcer.announce("Les réponses qui manquaient sont remplies avec un exemple");
        });
    };
    p().child(button("button", "Remplir avec un exemple", fill))
}
