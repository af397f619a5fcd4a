//! The templates of the team: texts with which it begins what it writes to applicants.

mod editing;
mod form;
mod kept;

use leptos::prelude::*;

use crate::components::{Confirm, button, heading, paragraph, visually_hidden};
use crate::context::{Focus, HEADING, Session};
use crate::html::{self, Element, LiveView, article, details, div, live, p, summary};
use crate::model::ClosedList;
use crate::model::Id;
use crate::model::wire::{TEMPLATES_MAX, TeamRole, Template, TemplateList, TemplateUse};
use crate::pages::reading::Lost;
use crate::pages::team::examination::erase_expired;
use crate::pages::team::sections::Sections;
use crate::texts::templates;
use editing::{Editing, Shelf};
use form::Form;

/// Shows the templates, which an examiner may change.
#[component]
pub(super) fn Templates(role: TeamRole) -> impl IntoView {
    Focus::get().open_page("Modèles");
    let session = Session::get();
    erase_expired(&session.device());
    let shelf = Shelf::new(session, role == TeamRole::Examiner);
    let lost = Lost {
        words: "Les modèles n’ont pas pu être lus. Vérifiez votre accès à internet, puis réessayez. Ce que vous avez écrit est gardé sur cet appareil.",
        heading: HEADING,
    };
    let gaps = templates::GAPS.map(|(gap, meaning)| [gap, " devient ", meaning].concat());
    let lead = [
        "Un modèle commence le texte d’une décision ou d’un message, que l’on peut encore changer. Dans son texte, ",
        &gaps.join(", "),
        ".",
    ];
    let sheet = html::section()
        .attr("class", "card wide")
        .child(view! { <Sections current="Modèles" /> })
        .child(heading(1, "Modèles"))
        .child(paragraph(lead.concat()))
        .child(shelf.list.view(move |list| view! { <Shelves shelf list /> }.into_any(), lost));
    div().attr("class", "page").child(sheet)
}

/// Shows the templates under their uses, and the way to a new one.
#[component]
fn Shelves(shelf: Shelf, list: TemplateList) -> impl IntoView {
    let TemplateList { templates } = list;
    let ids: Vec<Id> = templates.iter().map(|template| template.id.clone()).collect();
    let uses: Vec<_> = TemplateUse::ALL
        .iter()
        .filter_map(|purpose| {
            let of_use = |template: &&Template| template.purpose == *purpose;
            let items: Vec<_> = templates
                .iter()
                .filter(of_use)
                .map(|template| view! { <Item shelf template=template.clone() /> })
                .collect();
            let title = heading(2, templates::purpose(*purpose));
            (!items.is_empty()).then(|| html::section().attr("class", "section").child(title).child(items))
        })
        .collect();
    let none = templates.is_empty().then(|| paragraph("Aucun modèle."));
    let failure = live(move || {
        let words = shelf.failure.get();
        (!words.is_empty()).then(|| paragraph(words).attr("class", "message").attr("role", "alert"))
    });
    view! {
        {shelf.may_act.then(|| addition(shelf, templates, ids))}
        {failure}
        {none}
        {uses}
    }
}

/// Returns the way to a new template, or its form.
fn addition(shelf: Shelf, templates: Vec<Template>, ids: Vec<Id>) -> LiveView {
    let templates = StoredValue::new(templates);
    live(move || {
        let opened = shelf.open.get().filter(|open| !ids.contains(open));
        let is_full = ids.len() as u64 >= u64::from(TEMPLATES_MAX);
        match opened {
            Some(id) => view! { <Form editing=Editing::new(shelf, &id, None) /> }.into_any(),
            None if is_full => paragraph(templates::FULL).attr("class", "note").into_any(),
            None => {
                let begin = move || templates.with_value(|templates| shelf.begin(templates));
                p().attr("class", "actions").child(button("button primary", "Ajouter un modèle", begin)).into_any()
            }
        }
    })
}

/// Shows a template, or its form.
#[component]
fn Item(shelf: Shelf, template: Template) -> impl IntoView {
    let id = template.id.clone();
    live(move || {
        let is_open = shelf.open.with(|open| open.as_ref() == Some(&id));
        if is_open {
            view! { <Form editing=Editing::new(shelf, &id, Some(&template)) /> }.into_any()
        } else {
            shown(shelf, &template).into_any()
        }
    })
}

fn shown(shelf: Shelf, template: &Template) -> Element {
    let title = template.title.line();
    let text = details()
        .attr("class", "help")
        .child(summary().child("Texte").child(visually_hidden([" du modèle ", &title].concat())))
        .child(div().child(paragraph(template.text.lines()).attr("class", "answer")));
    let changed = templates::saved(template);
    article()
        .attr("class", "section")
        .attr("data-template", template.id.as_str().to_owned())
        .child(heading(3, title).attr("tabindex", "-1"))
        .child(text)
        .child(paragraph(changed).attr("class", "hint"))
        .child(shelf.may_act.then(|| ways(shelf, template)))
}

/// Returns the ways to change a template and to delete it.
fn ways(shelf: Shelf, template: &Template) -> LiveView {
    let template = template.clone();
    live(move || {
        let (id, title) = (template.id.clone(), template.title.line());
        let is_asked = shelf.deleting.with(|deleting| deleting.as_ref() == Some(&id));
        let about = [" le modèle ", &title].concat();
        if is_asked {
            let template = template.clone();
            let confirm = move || shelf.delete(&template);
            let cancel = move || {
                shelf.deleting.set(None);
                shelf.focus.on(&["[data-template=\"", id.as_str(), "\"] .danger"].concat());
            };
            let about = ["Supprimer", &about].concat();
            return view! { <Confirm about question="Supprimer ce modèle\u{a0}?" yes="Oui, supprimer" no="Non" confirm cancel /> }
                .into_any();
        }
        let edit = {
            let id = id.clone();
            move || shelf.edit(&id)
        };
        let ask = move || {
            shelf.deleting.set(Some(id.clone()));
            shelf.focus.on(&["[data-template=\"", id.as_str(), "\"] .confirm button:last-child"].concat());
        };
        p().attr("class", "actions")
            .child(button("quiet", "Modifier", edit).child(visually_hidden(about.clone())))
            .child(button("quiet danger", "Supprimer", ask).child(visually_hidden(about)))
            .into_any()
    })
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::pages::team::testing::drawn;

    fn template(number: u8, purpose: TemplateUse) -> Template {
        Template {
            id: Id::new(0, [number; 10]),
            title: "Refus hors cadre".into(),
            purpose,
            text: "Bonjour,\nla demande {numero}…".into(),
            revision: 1,
            updated_at: "2026-11-22T12:00:00.000Z".to_owned(),
            saved_by: "Claire Marchand".to_owned(),
        }
    }

    fn shelves(templates: Vec<Template>, may_act: bool, open: Option<Id>) -> String {
        drawn(move || {
            let shelf = Shelf::new(Session::get(), may_act);
            shelf.open.set(open);
            view! { <Shelves shelf list=TemplateList { templates } /> }.into_any()
        })
    }

    #[test]
    fn templates_stand_under_their_uses_and_a_reader_changes_none() {
        let two = vec![template(1, TemplateUse::Refused), template(2, TemplateUse::Changes)];
        let html = shelves(two.clone(), true, None);
        let (changes, refusals) = (html.find("Demande de compléments</h2>"), html.find("Refus</h2>"));
        assert!(changes.is_some() && changes < refusals, "{html}");
        for words in [
            "Ajouter un modèle",
            "Modifier<span",
            "Supprimer<span",
            "la demande {numero}…",
            "22\u{a0}novembre 2026",
            "par Claire Marchand",
        ] {
            assert!(html.contains(words), "{words} in {html}");
        }
        let html = shelves(two, false, None);
        assert!(html.contains("Refus hors cadre") && !html.contains("<button"), "{html}");
        assert!(shelves(Vec::new(), false, None).contains("Aucun modèle."));
    }

    #[test]
    fn a_template_is_changed_in_its_place_and_a_new_one_above_the_others() {
        let html = shelves(vec![template(1, TemplateUse::Refused)], true, Some(Id::new(0, [1; 10])));
        let form = html.find("template-form").unwrap();
        assert!(form > html.find("Refus</h2>").unwrap(), "{html}");
        assert!(html.contains("value=\"Refus hors cadre\"") && html.contains("Ajouter un modèle"), "{html}");
        let html = shelves(vec![template(1, TemplateUse::Refused)], true, Some(Id::new(0, [2; 10])));
        assert!(html.find("template-form").unwrap() < html.find("Refus</h2>").unwrap(), "{html}");
        assert!(!html.contains("Ajouter un modèle"), "{html}");
    }

    #[test]
    fn a_full_shelf_says_so() {
        let full = (0..50).map(|number| template(number, TemplateUse::Message)).collect();
        let html = shelves(full, true, None);
        assert!(html.contains("50\u{a0}modèles, le maximum") && !html.contains("Ajouter un modèle"), "{html}");
    }
}
