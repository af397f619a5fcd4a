//! The public list: the habilitations in force, for everybody. No person is named.

mod table;

use leptos::ev;
use leptos::prelude::*;
use web_sys::{Event, SubmitEvent};

use self::table::table;
use super::not_found::NotFound;
use super::reading::{Lost, Question};
use crate::api::{ApiError, ApiFuture};
use crate::components::{heading, link, paragraph};
use crate::context::{Focus, HEADING, Session};
use crate::html::{self, Bare, div, input, nav, p};
use crate::model::place::public::PublicFilter;
use crate::model::wire::PublicList;
use crate::navigation::{Navigation, Place};

/// Shows the habilitations that an address lets through.
#[component]
pub(super) fn Habilitations(query: String) -> impl IntoView {
    // The server draws the page before it knows the search.
    let filter = if query.is_empty() { Some(PublicFilter::default()) } else { PublicFilter::read(&query) };
    filter.map_or_else(|| NotFound().into_any(), |filter| view! { <Public filter /> }.into_any())
}

#[component]
fn Public(filter: PublicFilter) -> impl IntoView {
    Focus::get().open_page("Habilitations en vigueur");
    let file = Session::get().service().public_file();
    let content = if file.is_some() {
        let (search, found) = (filter.clone(), filter);
        view! { <Search filter=search /> <Found filter=found /> }.into_any()
    } else {
        let words = "Cette démonstration n’a pas de service\u{a0}: la liste n’y est pas publiée.";
        paragraph(words).attr("class", "note").into_any()
    };
    let lead = "Les services qui peuvent utiliser FranceConnect aujourd’hui, et les données qu’ils peuvent demander. Aucune personne n’est nommée.";
    let sheet = html::section()
        .attr("class", "card wide")
        .child(heading(1, "Habilitations en vigueur"))
        .child(paragraph(lead))
        .child(file.map(download))
        .child(content);
    div().attr("class", "page").child(sheet)
}

/// Returns the link to the file of the whole list.
fn download(address: String) -> Bare {
    let link = html::a()
        .attr("href", address)
        .attr("rel", "external")
        .attr("download", "")
        .child("Télécharger toute la liste (fichier CSV)");
    p().child(link)
}

fn place(filter: &PublicFilter) -> Place {
    Place::PublicList(filter.query())
}

/// Asks for words to search by.
#[component]
fn Search(filter: PublicFilter) -> impl IntoView {
    let navigation = Navigation::get();
    let words = StoredValue::new(filter.words.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        navigation.go(&place(&PublicFilter { words: words.get_value(), cursor: String::new() }));
    };
    let control = input()
        .attr("id", "public-words")
        .attr("class", "control")
        .attr("type", "search")
        .attr("name", "recherche")
        .attr("maxlength", "200")
        .attr("autocomplete", "off")
        .attr("value", filter.words)
        .on(ev::input, move |event: Event| words.set_value(event_target_value(&event)));
    let label =
        html::label().attr("for", "public-words").child("Rechercher par service, organisation, SIRET ou numéro");
    html::form()
        .attr("class", "search")
        .attr("role", "search")
        .on(ev::submit, submit)
        .child(div().attr("class", "field").child(label).child(control))
        .child(html::button().attr("class", "button").child("Rechercher"))
}

/// Shows the habilitations that a search finds, and the way to the others.
#[component]
fn Found(filter: PublicFilter) -> impl IntoView {
    let asked = filter.clone();
    let ask = move |session: Session| -> ApiFuture<PublicList> {
        let listing = session.service().habilitations(&asked);
        listing.unwrap_or_else(|| Box::pin(std::future::ready(Err(ApiError::Unreachable))))
    };
    let lost = Lost {
        words: "La liste n’a pas pu être lue. Vérifiez votre accès à internet, puis réessayez.",
        heading: HEADING,
    };
    Question::of(ask).view(move |list| page(&filter, list), lost)
}

fn page(filter: &PublicFilter, list: PublicList) -> AnyView {
    let is_first = filter.cursor.is_empty();
    if list.habilitations.is_empty() && is_first {
        return nothing(filter).into_any();
    }
    let first = PublicFilter { cursor: String::new(), ..filter.clone() };
    let next = list.next.map(|cursor| PublicFilter { cursor, ..filter.clone() });
    let pages = (!is_first || next.is_some()).then(|| {
        nav()
            .attr("class", "actions")
            .attr("aria-label", "Pages de la liste")
            .child((!is_first).then(|| link(&place(&first), "button", "Premières")))
            .child(next.map(|next| link(&place(&next), "button", "Suivantes")))
    });
    view! {
        {table(&list.habilitations)}
        {pages}
    }
    .into_any()
}

/// Returns the sentence in the place of an empty list.
fn nothing(filter: &PublicFilter) -> Bare {
    if filter.words.trim().is_empty() {
        return paragraph("Aucune habilitation n’est en vigueur pour le moment.");
    }
    let all = link(&place(&PublicFilter::default()), "", "Voir toute la liste");
    paragraph("Aucune habilitation ne correspond à cette recherche. ").child(all)
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::model::assurance::AssuranceLevel;
    use crate::model::draft::OrganisationKind;
    use crate::model::wire::PublicHabilitation;
    use crate::model::{Date, Scope};
    use crate::pages::team::testing::drawn;

    fn habilitation() -> PublicHabilitation {
        PublicHabilitation {
            number: "FC-2026-000123-1".to_owned(),
            accepted_on: Date::parse("2026-12-04").unwrap(),
            siret: "21990042000015".to_owned(),
            organisation: "Commune de Vallon-les-Prés".to_owned(),
            organisation_kind: OrganisationKind::Administration,
            name: "Guichet citoyen".to_owned(),
            level: AssuranceLevel::Eidas1,
            scopes: vec![Scope::IDENTITY[0]],
            basis: "Code général des collectivités territoriales".to_owned(),
            url: Some("https://www.legifrance.gouv.fr/".to_owned()),
        }
    }

    fn drawn_page(filter: PublicFilter, habilitations: Vec<PublicHabilitation>) -> String {
        drawn(move || page(&filter, PublicList { habilitations, next: Some("c".to_owned()) }))
    }

    #[test]
    fn a_habilitation_tells_the_service_its_data_and_its_legal_basis() {
        let html =
            drawn_page(PublicFilter { words: "guichet".to_owned(), cursor: String::new() }, vec![habilitation()]);
        for words in [
            "Guichet citoyen",
            "Commune de Vallon-les-Prés (Une administration)",
            "SIRET 21990042000015 · FC-2026-000123-1",
            "4\u{a0}décembre 2026",
            "FranceConnect – eIDAS 1",
            "Nom de naissance",
            "href=\"https://www.legifrance.gouv.fr/\"",
            "href=\"?page=habilitations&amp;recherche=guichet&amp;suite=c\"",
        ] {
            assert!(html.contains(words), "{words} in {html}");
        }
    }

    #[test]
    fn an_empty_list_says_whether_anything_was_searched_for() {
        assert!(drawn_page(PublicFilter::default(), Vec::new()).contains("n’est en vigueur"));
        let html = drawn_page(PublicFilter { words: "a".to_owned(), cursor: String::new() }, Vec::new());
        assert!(html.contains("Aucune habilitation ne correspond") && html.contains("href=\"?page=habilitations\""));
    }
}
