//! Whether one's organisation may ask: a help, never a wall.

use leptos::prelude::*;

use super::sheet;
use crate::app::App;
use crate::model::ClosedList;
use crate::model::draft::PrivateBasis;
use crate::model::eligibility::{Asker, Eligibility, of};
use crate::navigation::{Place, href};
use crate::texts::fields;

/// The eligibility check.
pub fn eligibility() -> AnyView {
    let asker = RwSignal::new(None::<Asker>);
    let basis = RwSignal::new(None::<PrivateBasis>);
    let asker_option = move |value: &Asker| {
        let value = *value;
        let (name, help) = asker_words(value);
        choice("asker", value.as_str(), name, help, move || asker.set(Some(value)))
    };
    let basis_option = move |value: &PrivateBasis| {
        let value = *value;
        let (name, _) = fields::option(crate::model::Field::PrivateBasis, value.as_str());
        choice("basis", value.as_str(), name, "", move || basis.set(Some(value)))
    };
    let basis_question = move || {
        (asker.get() == Some(Asker::PrivateBody)).then(|| {
            view! {
                <fieldset class="field">
                    <legend>{"Votre service propose…"}</legend>
                    <div class="choices">{PrivateBasis::ALL.iter().map(basis_option).collect_view()}</div>
                </fieldset>
            }
        })
    };
    let answer = move || asker.get().map(|asker| verdict(of(asker, basis.get())));
    let content = view! {
        <p class="lead">
            {"Répondez à une ou deux questions. Ce test vous aide à vous situer : la DINUM décide en examinant la demande."}
        </p>
        <fieldset class="field">
            <legend>{"Vous êtes…"}</legend>
            <div class="choices">{Asker::ALL.iter().map(asker_option).collect_view()}</div>
        </fieldset>
        {basis_question}
        <div role="status">{answer}</div>
    };
    sheet("Mon organisation peut-elle faire une demande ?", content.into_any())
}

fn asker_words(asker: Asker) -> (&'static str, &'static str) {
    match asker {
        Asker::Individual => ("Un particulier", ""),
        Asker::Administration => (
            "Une administration",
            "État, collectivité, établissement public… ou organisme privé chargé d’un service public.",
        ),
        Asker::PrivateBody => ("Une entreprise ou une association", ""),
    }
}

fn choice(
    name: &'static str,
    value: &'static str,
    words: &'static str,
    help: &'static str,
    chosen: impl Fn() + 'static,
) -> AnyView {
    let help = (!help.is_empty()).then(|| view! { <span class="hint">{help}</span> });
    view! {
        <label class="choice">
            <input type="radio" name=name value=value on:change=move |_| chosen() />
            <span class="name">{words}</span>
            {help}
        </label>
    }
    .into_any()
}

fn verdict(eligibility: Eligibility) -> AnyView {
    let contacts = App::get().config().with(|config| config.contacts.clone());
    let begin = || {
        view! {
            <p class="actions">
                <a class="button main" href=href(&Place::NewRequest)>{"Commencer une demande"}</a>
            </p>
        }
    };
    match eligibility {
        Eligibility::NeedsBasis => ().into_any(),
        Eligibility::Eligible => {
            view! {
                <div class="good">
                    <h2>{"Votre organisation peut faire une demande"}</h2>
                    <p>{"Comptez une demi-heure si vous avez tout sous la main. Vous pourrez vous arrêter et reprendre."}</p>
                    {begin()}
                </div>
            }
            .into_any()
        }
        Eligibility::ProbablyNot => {
            view! {
                <div class="note">
                    <h2>{"Votre organisation n’est probablement pas éligible"}</h2>
                    <p>
                        {"L’arrêté du 8 novembre 2018 ouvre FranceConnect aux organisations privées dans deux cas : des services liés au changement d’adresse, ou l’obligation de vérifier l’identité de leurs utilisateurs."}
                    </p>
                    <p>
                        {"Si vous pensez que votre cas en relève, faites la demande, ou écrivez à "}
                        {mail(&contacts.support_email)}
                        {"."}
                    </p>
                    {begin()}
                </div>
            }
            .into_any()
        }
        Eligibility::Not => {
            view! {
                <div class="note">
                    <h2>{"Les particuliers ne font pas de demande"}</h2>
                    <p>
                        {"Pour vous connecter à un service avec FranceConnect, il n’y a rien à demander : utilisez le bouton FranceConnect du service."}
                    </p>
                    <p>
                        <a href="https://franceconnect.gouv.fr/" rel="external noopener">{"En savoir plus sur franceconnect.gouv.fr"}</a>
                    </p>
                </div>
            }
            .into_any()
        }
    }
}

/// An e-mail address as a link.
pub(super) fn mail(address: &str) -> AnyView {
    let link = format!("mailto:{address}");
    view! { <a href=link rel="external">{address.to_owned()}</a> }.into_any()
}
