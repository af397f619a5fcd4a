//! The technical sheet of a habilitation: the values that the service's developers need, to copy and to print.

use leptos::html::Custom;
use leptos::prelude::*;

use super::sent::LastSent;
use crate::browser::clipboard;
use crate::components::{button, paragraph};
use crate::effect::spawn;
use crate::html::{Bare, LiveText, code, dd, details, div, dl, dt, live, p, summary};
use crate::model::wire::Habilitation;
use crate::model::{ClosedList, Draft, Field};
use crate::texts::fields;

/// Lines of a sheet: names and values.
type Lines = Vec<(&'static str, String)>;

/// Shows the sheet of a habilitation, once the answers that were accepted are there.
#[component]
pub(super) fn TechnicalSheet(
    habilitation: Habilitation,
    /// Draft of the request.
    draft: Draft,
    /// Answers that were accepted.
    accepted: LastSent,
) -> impl IntoView {
    live(move || {
        accepted.read(&draft, |accepted| {
            let sheet = lines(&habilitation.number, accepted);
            let content = div().child(view! { <CopiedLines lines=sheet /> }).child(paragraph(NEXT));
            details().attr("class", "help technical-sheet").child(summary().child("Fiche technique")).child(content)
        })
    })
}

/// Next steps, once a request is accepted.
const NEXT: &str = "Transmettez cette fiche à votre contact technique\u{a0}: il en reprendra les valeurs telles quelles. Il reçoit par courriel la marche à suivre, puis un code par SMS.";

/// Shows lines of names and values, with the buttons that copy and print them.
#[component]
fn CopiedLines(lines: Lines) -> impl IntoView {
    let shown = NodeRef::<Custom<&'static str>>::new();
    let outcome = RwSignal::new("");
    let text: String = lines.iter().map(|(name, value)| [name, "\u{a0}: ", value, "\n"].concat()).collect();
    let copy = move || {
        let (text, node) = (text.clone(), shown.get_untracked());
        spawn(async move {
            let is_copied = clipboard::copy(&text).await || node.is_some_and(|node| clipboard::copy_content(&node));
            _ = outcome.try_set(match is_copied {
                true => "Fiche copiée",
                false => {
                    "Ce navigateur ne laisse pas copier d’ici. La fiche est sélectionnée\u{a0}: copiez-la vous-même."
                }
            });
        });
    };
    let print = || {
        // An error means a browser that does not print.
        let _ = window().print();
    };
    let line = |(name, value): (&'static str, String)| -> Bare {
        let value = if is_code(name) { code().child(value).into_any() } else { value.into_any() };
        div().child(dt().child(name)).child(dd().attr("translate", "no").child(value))
    };
    let rows: Vec<Bare> = lines.into_iter().map(line).collect();
    let actions = p().attr("class", "actions").child(button("button", "Copier la fiche", copy)).child(button(
        "quiet",
        "Imprimer la page avec la fiche",
        print,
    ));
    vec![
        dl().attr("class", "receipt").node_ref(shown).child(rows).into_any(),
        actions.into_any(),
        p().attr("class", "hint").attr("role", "status").live_text(move || outcome.get().to_owned()),
    ]
}

/// Returns whether a value is one that programs exchange.
fn is_code(name: &str) -> bool {
    matches!(name, SCOPE | LEVEL)
}

const PRODUCT: &str = "FranceConnect ou FranceConnect+";
const SCOPE: &str = "scope";
const LEVEL: &str = "acr_values";

/// Returns the lines of the sheet of a habilitation, by the answers that were accepted.
fn lines(number: &str, accepted: &Draft) -> Lines {
    let level = accepted.assurance.level.value();
    let service = match level {
        Some(level) if level.is_plus() => "FranceConnect+",
        _ => "FranceConnect",
    };
    let level = level.map(ClosedList::as_str).unwrap_or_default();
    let organisation = &accepted.organisation;
    vec![
        ("Habilitation", number.to_owned()),
        ("Service", accepted.project.name.line()),
        ("Organisation", [&organisation.name.line(), ", SIRET ", &organisation.siret.line()].concat()),
        (PRODUCT, service.to_owned()),
        ("Niveau de garantie", fields::option(Field::AssuranceLevel, level).0.to_owned()),
        (LEVEL, level.to_owned()),
        (SCOPE, accepted.data.scopes.parameter()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_has_the_values_that_a_call_of_franceconnect_takes() {
        let draft = habilitation_contract::ready();
        let lines = lines("FC-2026-000123-1", &draft);
        let of = |name| lines.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        assert_eq!(of("Habilitation"), Some("FC-2026-000123-1"));
        assert_eq!(of(SCOPE), Some(draft.data.scopes.parameter().as_str()));
        assert!(of(SCOPE).unwrap().starts_with("openid "));
        assert_eq!(of(LEVEL), draft.assurance.level.value().map(ClosedList::as_str));
        assert!(lines.iter().all(|(_, value)| !value.is_empty()), "{lines:?}");
    }

    #[test]
    fn higher_levels_are_those_of_franceconnect_plus() {
        let mut draft = habilitation_contract::ready();
        for (level, service) in
            [("eidas1", "FranceConnect"), ("eidas2", "FranceConnect+"), ("eidas3", "FranceConnect+")]
        {
            Field::AssuranceLevel.set(&mut draft, crate::model::field::Value::Choice(Some(level)));
            assert!(lines("FC-2026-000123-1", &draft).contains(&(PRODUCT, service.to_owned())), "{level}");
        }
    }
}
