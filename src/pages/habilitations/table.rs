//! Habilitations in a table, which shows as cards on a phone: roles are named, since it loses its own then.

use leptos::prelude::*;

use crate::components::visually_hidden;
use crate::html::{self, Element, Input, div, element, li, ul};
use crate::model::wire::PublicHabilitation;
use crate::model::{ClosedList, Field, Scope};
use crate::texts::{dates, fields};

/// Returns habilitations in a table.
pub(super) fn table(habilitations: &[PublicHabilitation]) -> Element {
    let heads = ["Service", "En vigueur depuis le", "Niveau de garantie", "Données", "Cadre juridique"];
    let head = |name: &'static str| element("th").attr("role", "columnheader").attr("scope", "col").child(name);
    let heads: Vec<Element> = heads.into_iter().map(head).collect();
    let rows: Vec<Element> = habilitations.iter().map(row).collect();
    let caption = visually_hidden("Habilitations, la dernière acceptée en premier");
    element("table")
        .attr("class", "queue")
        .attr("role", "table")
        .child(element("caption").child(caption))
        .child(element("thead").attr("role", "rowgroup").child(element("tr").attr("role", "row").child(heads)))
        .child(element("tbody").attr("role", "rowgroup").child(rows))
}

/// Returns a cell, which bears the name of its column where the table is laid out as cards.
fn cell(column: &'static str) -> Input {
    element("td").attr("role", "cell").attr("data-column", column)
}

fn row(habilitation: &PublicHabilitation) -> Element {
    let data: Vec<_> = habilitation.scopes.iter().map(scope).collect();
    element("tr")
        .attr("role", "row")
        .child(service(habilitation))
        .child(cell("En vigueur depuis le").child(dates::day(habilitation.accepted_on)))
        .child(cell("Niveau de garantie").child(fields::option(Field::AssuranceLevel, habilitation.level.as_str()).0))
        .child(cell("Données").child(ul().child(data)))
        .child(cell("Cadre juridique").child(div().child(habilitation.basis.clone())).child(text(habilitation)))
}

/// Returns the cell that names a row: the service, and the organisation behind it.
fn service(habilitation: &PublicHabilitation) -> Element {
    let PublicHabilitation { number, siret, organisation, organisation_kind, name, .. } = habilitation;
    let kind = fields::option(Field::OrganisationKind, organisation_kind.as_str()).0;
    let of = [organisation, " (", kind, ")"].concat();
    let about = ["SIRET ", siret, " · ", number].concat();
    element("th")
        .attr("role", "rowheader")
        .attr("scope", "row")
        .child(div().attr("translate", "no").child(name.clone()))
        .child(div().attr("class", "hint").child(of))
        .child(div().attr("class", "hint").child(about))
}

fn scope(scope: &Scope) -> impl IntoView + use<> {
    li().child(fields::option(Field::Scopes, scope.as_str()).0)
}

/// Returns the link to the legal basis, where it has an address.
fn text(habilitation: &PublicHabilitation) -> Option<impl IntoView + use<>> {
    let address = habilitation.url.clone()?;
    let about = [" de «\u{a0}", &habilitation.name, "\u{a0}»"].concat();
    let link = html::a().attr("href", address).attr("rel", "external noopener").child("Lire le texte");
    Some(div().child(link.child(visually_hidden(about))))
}
