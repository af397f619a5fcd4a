//! Configuration of the operator, and theme of the person.

use leptos::prelude::*;

use crate::api::Api;
use crate::effect::spawn;
use crate::model::wire::PageConfig;

/// Context of the settings.
#[derive(Clone, Copy)]
pub struct Settings {
    /// Configuration of the operator.
    pub config: RwSignal<PageConfig>,
    /// Theme chosen on this device; none follows the system.
    pub theme: RwSignal<Option<String>>,
}

impl Settings {
    /// Returns settings with the default configuration.
    #[must_use]
    pub fn new(theme: Option<String>) -> Self {
        Self { config: RwSignal::new(PageConfig::default()), theme: RwSignal::new(theme) }
    }

    /// Loads the configuration of the operator. The default one stays where the API does not answer.
    pub fn load(self, api: &dyn Api) {
        let loading = api.config();
        spawn(async move {
            if let Ok(config) = loading.await {
                self.config.set(config);
            }
        });
    }
}
