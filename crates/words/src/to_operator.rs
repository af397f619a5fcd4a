//! Mails to the operator of the program.

use habilitation_model::lifecycle::Kind;

use crate::facts::Facts;
use crate::paragraphs::Paragraphs;

pub(crate) fn webhook_failing(text: &mut Paragraphs, facts: &Facts<'_>) {
    let habilitation = facts.event.habilitation.as_deref().unwrap_or_default();
    let notice = if facts.event.kind == Kind::Revoked { " est révoquée" } else { " est acceptée" };
    text.say(
        &[
            "Le programme du partenaire n’a pas pris l’avis selon lequel l’habilitation ",
            habilitation,
            notice,
            "\u{a0}; cinq tentatives au moins ont échoué. D’autres avis peuvent attendre aussi.",
        ]
        .concat(),
    );
    text.say(
        "D’autres tentatives ont lieu pendant trois jours, de plus en plus espacées. Vérifiez l’adresse du partenaire et les réponses \
         de son programme. L’équipe qui examine les demandes voit chaque tentative parmi les envois, et peut rejouer un avis.",
    );
}
