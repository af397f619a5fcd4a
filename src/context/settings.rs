//! What the operator and the person set.

use leptos::prelude::*;

use crate::api::Api;
use crate::effect::spawn;
use crate::model::wire::PageConfig;

/// The settings.
#[derive(Clone, Copy)]
pub struct Settings {
    /// What the operator tells.
    pub config: RwSignal<PageConfig>,
    /// The theme chosen on this device; none follows the system.
    pub theme: RwSignal<Option<String>>,
}

impl Settings {
    /// Returns those of a page whose operator told nothing yet.
    #[must_use]
    pub fn new(theme: Option<String>) -> Self {
        Self { config: RwSignal::new(PageConfig::default()), theme: RwSignal::new(theme) }
    }

    /// Asks for what the operator tells. Without an answer, what the page knows by itself holds.
    pub fn read(self, api: &dyn Api) {
        let reading = api.config();
        spawn(async move {
            if let Ok(config) = reading.await {
                self.config.set(config);
            }
        });
    }
}
