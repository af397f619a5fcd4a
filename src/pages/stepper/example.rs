//! Answers to try with, where everything is made up.

use leptos::reactive::spawn_local;

use super::Stepper;
use crate::dom::{Element, button, element};
use crate::model::{Field, Step};

/// Offers to fill in what has no answer yet.
pub(super) fn example(stepper: Stepper, step: Step) -> Option<Element> {
    let Stepper { app, filling, .. } = stepper;
    let fill = move || {
        let Some(asking) = app.api().example() else { return };
        spawn_local(async move {
            let Ok(example) = asking.await else { return };
            let answered = filling.form.draft();
            for field in Field::ALL.iter().filter(|field| field.value(&answered).is_empty()) {
                filling.form.edit(*field, field.value(&example));
            }
            app.announce("Les réponses qui manquaient sont remplies avec un exemple");
        });
    };
    (app.api().is_local() && step != Step::Review)
        .then(|| element("p").child(button("button", "Remplir avec un exemple", fill)))
}
