//! The public list of habilitations as a file of comma-separated values (RFC 4180), kept until the list changes.

use axum::body::Bytes;
use habilitation_model::ClosedList;
use habilitation_model::csv::push_row;
use habilitation_model::wire::PublicHabilitation;
use tokio::sync::Mutex;

use crate::store::{PublicFilter, Store, StoreFailure};

/// Rows that are read at once.
const PART: u32 = 500;

/// Names of the columns, for people.
const COLUMNS: [&str; 10] = [
    "numero",
    "date_acceptation",
    "siret",
    "organisation",
    "type_organisation",
    "projet",
    "niveau",
    "donnees",
    "cadre_juridique",
    "adresse_cadre_juridique",
];

/// The file, with the version of the list that it was made of.
#[derive(Default)]
pub(crate) struct PublicFile(Mutex<Option<(u64, Bytes)>>);

impl PublicFile {
    /// Returns the file, which is made anew if the list has changed. Who asks meanwhile waits for the same one.
    ///
    /// # Errors
    /// When the database is out of order.
    pub(crate) async fn read(&self, store: &dyn Store) -> Result<Bytes, StoreFailure> {
        let mut kept = self.0.lock().await;
        let version = store.version_of_habilitations().await?;
        if let Some((known, file)) = kept.as_ref()
            && *known == version
        {
            return Ok(file.clone());
        }
        let file: Bytes = make(store).await?.into();
        *kept = Some((version, file.clone()));
        Ok(file)
    }
}

async fn make(store: &dyn Store) -> Result<String, StoreFailure> {
    let mut file = String::new();
    push_row(&mut file, COLUMNS);
    let mut filter = PublicFilter { limit: PART, ..PublicFilter::default() };
    loop {
        let page = store.habilitations(&filter).await?;
        for habilitation in &page.habilitations {
            let PublicHabilitation {
                number,
                accepted_on,
                siret,
                organisation,
                organisation_kind,
                name,
                level,
                scopes,
                basis,
                url,
            } = habilitation;
            let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
            let (accepted_on, scopes) = (accepted_on.to_string(), scopes.join(" "));
            push_row(
                &mut file,
                [
                    number,
                    &accepted_on,
                    siret,
                    organisation,
                    organisation_kind.as_str(),
                    name,
                    level.as_str(),
                    &scopes,
                    basis,
                    url.as_deref().unwrap_or_default(),
                ],
            );
        }
        match page.next {
            None => return Ok(file),
            next => filter.after = next,
        }
    }
}
