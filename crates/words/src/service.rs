//! Sentences in the name of the service that answers requests.

use habilitation_model::Date;
use habilitation_model::wire::Service;

use crate::dates;

/// Sentences of every acknowledgement: by when an answer comes, and what silence means.
///
/// `{jour}` stands for the day, `{demande}` for « demande » or « modification », and `{tribunal}` for the court. An
/// acknowledgement has to say so (CRPA R. 112-5); silence rejects by CRPA L. 231-4, an exception to L. 231-1.
pub const SILENCE_NOTICE: &str = "L’équipe a jusqu’au {jour} pour vous répondre, par courriel. Sans réponse ce jour-là, votre {demande} \
sera considérée comme rejetée (article L.\u{a0}231-4, 2°, du code des relations entre le public et l’administration, par exception à \
l’article L.\u{a0}231-1)\u{a0}; l’équipe pourra encore l’accepter ensuite.

Dans les deux mois qui suivraient ce rejet, vous pourriez demander à l’équipe de revoir sa position (article L.\u{a0}411-2 du même \
code)\u{a0}: vous auriez ensuite de nouveau deux mois, après sa réponse ou deux mois de silence, pour saisir le tribunal. Ou vous \
pourriez saisir directement le {tribunal}, y compris sur www.telerecours.fr (articles R.\u{a0}421-1 et R.\u{a0}421-2 du code de justice \
administrative).";

/// Means of redress against a decision; `{tribunal}` stands for the court.
const APPEALS: &str = "Vous pouvez contester cette décision dans les deux mois qui suivent le jour où vous avez reçu ce courriel. \
Demandez à l’équipe de la revoir (article L.\u{a0}411-2 du code des relations entre le public et l’administration)\u{a0}: vous aurez \
ensuite de nouveau deux mois, après sa réponse ou deux mois de silence, pour saisir le tribunal. Ou saisissez directement le \
{tribunal}, y compris sur www.telerecours.fr (article R.\u{a0}421-1 du code de justice administrative).";

/// Returns the time after which a reopened draft is withdrawn, to follow « depuis ».
pub(crate) fn untouched_of(service: &Service) -> String {
    dates::months(service.keeping.reopened_months)
}

/// Returns the sentences on silence, with its day and the word for what was sent.
pub(crate) fn silence_of(service: &Service, due_on: Date, sent: &str) -> String {
    let notice = service.silence_notice.replace("{jour}", &dates::day(due_on)).replace("{demande}", sent);
    notice.replace("{tribunal}", &service.court)
}

/// Returns the means of redress against a decision.
pub(crate) fn appeals(service: &Service) -> String {
    APPEALS.replace("{tribunal}", &service.court)
}
