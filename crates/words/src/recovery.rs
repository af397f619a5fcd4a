//! Mails about contacts who give their own details, and about requests whose owner does not answer for them.

use habilitation_model::lifecycle::Recipient;
use habilitation_model::place::team::TeamPlace;

use crate::contacts::part;
use crate::paragraphs::{Paragraphs, line};
use crate::personal::{Personal, of_participant, with_organisation};

/// Subject of a mail, and the reason for which its recipient gets it.
type Frame = (&'static str, String);

impl Personal<'_> {
    /// Returns the part that the contact has in the request.
    fn part(&self) -> &'static str {
        part(self.facts.contact.unwrap_or(Recipient::Technical))
    }

    /// Adds a text that somebody wrote, after what it is.
    fn quote(&self, text: &mut Paragraphs, what: &str) {
        if !self.facts.text.is_empty() {
            text.say(&[what, "\u{a0}:"].concat());
            text.quote(&self.facts.text.lines());
        }
    }
}

/// Reason for which others than the people of a request get a mail.
fn of_data_controller() -> String {
    "la demande, ou son dernier envoi, donne cette adresse".to_owned()
}

/// Reason for which the person who asked gets a mail.
fn of_asker() -> String {
    "vous avez demandé à reprendre cette demande".to_owned()
}

pub(crate) fn card(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    let name = line(&personal.facts.by);
    let email = line(&personal.facts.by_email);
    let address = if email.is_empty() { String::new() } else { [", ", &email].concat() };
    text.say(
        &[
            &personal.by(),
            &address,
            " prépare ",
            &personal.request(),
            " et vous y désigne comme ",
            personal.part(),
            ".",
        ]
        .concat(),
    );
    text.say("Cette personne vous demande de vérifier ou de compléter vos coordonnées\u{a0}: prénom, nom, adresse électronique, téléphone et fonction. Il n’y a pas de compte à créer.");
    let link = [&personal.service.page, "?card=", personal.token.unwrap_or_default()].concat();
    text.say(&["Pour voir vos coordonnées, les corriger ou refuser d’être désigné\u{a0}:\n", &link].concat());
    text.say(
        &[
            "Ce lien est pour vous seulement, et sert une fois.",
            &personal.until(" Il est valable jusqu’au ", "."),
            " Vos coordonnées sont gardées dans la demande\u{a0}; l’équipe FranceConnect les reçoit si elle est envoyée, pour vous joindre \
             au sujet du service. Pour les faire rectifier ou effacer, écrivez à l’adresse ci-dessous.",
        ]
        .concat(),
    );
    ("Vos coordonnées dans une demande FranceConnect", [&name, " l’a donnée pour le ", personal.part()].concat())
}

pub(crate) fn card_answered(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    let person = line(&personal.facts.person);
    let part = personal.part();
    if personal.facts.text.is_empty() {
        text.say(&[&person, " a vérifié ses coordonnées de ", part, " dans ", &personal.request(), "."].concat());
        text.say("Elles sont dans votre brouillon. Rien d’autre n’y a changé.");
        personal.see(text, "Pour les lire\u{a0}:");
        return ("Un contact a vérifié ses coordonnées", of_participant());
    }
    text.say(&[&person, " ne souhaite pas figurer comme ", part, " dans ", &personal.request(), "."].concat());
    personal.quote(text, "Sa réponse");
    text.say("Rien n’a changé dans votre brouillon. Désignez une autre personne, ou prenez contact avec celle-ci.");
    personal.see(text, "Pour ouvrir la demande\u{a0}:");
    ("Une personne ne souhaite pas figurer comme contact", of_participant())
}

pub(crate) fn asked(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    text.say(&[&personal.by(), " demande à reprendre ", &personal.request(), ", dont vous êtes titulaire."].concat());
    personal.quote(text, "Sa raison");
    text.say(
        &[
            "Vous pouvez accepter ou refuser.",
            &personal.until(
                " Sans réponse de votre part jusqu’au ",
                ", une autre personne décidera\u{a0}: l’équipe FranceConnect, ou l’exploitant du service si la demande n’a jamais été \
                 envoyée.",
            ),
        ]
        .concat(),
    );
    personal.see(text, "Pour répondre, identifiez-vous\u{a0}:");
    ("Un collègue demande à reprendre votre demande", of_participant())
}

pub(crate) fn told(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    text.say(
        &[
            &personal.by(),
            " demande à reprendre ",
            &personal.request(),
            ", dont ",
            &titular(personal),
            " est titulaire.",
        ]
        .concat(),
    );
    personal.quote(text, "Sa raison");
    text.say(
        &[
            "La personne titulaire est prévenue, et peut accepter ou refuser",
            &personal.until(" jusqu’au ", ""),
            ". Si cette reprise vous étonne, prévenez-la, ou écrivez-nous à l’adresse ci-dessous.",
        ]
        .concat(),
    );
    ("Un collègue demande à reprendre une demande", of_data_controller())
}

/// Returns the owner, by name where it is known.
fn titular(personal: &Personal<'_>) -> String {
    let name = line(&personal.facts.person);
    if name.is_empty() { "une autre personne".to_owned() } else { name }
}

pub(crate) fn refused(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    text.say(&["Vous ne reprenez pas ", &personal.request(), "."].concat());
    personal.quote(text, "Motif");
    text.say("La demande reste à la personne qui en est titulaire.");
    ("Reprise refusée", of_asker())
}

pub(crate) fn granted(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    text.say(&["Vous êtes titulaire de ", &personal.request(), ", que vous avez demandé à reprendre."].concat());
    personal.quote(text, "Motif");
    let until = personal.until(
        "La personne qui était titulaire peut contester cette reprise jusqu’au ",
        ". D’ici là, vous pouvez modifier et envoyer la demande, mais ni l’abandonner, ni l’archiver, ni la confier à quelqu’un d’autre.",
    );
    if !until.is_empty() {
        text.say(&until);
    }
    personal.see(text, "Pour ouvrir la demande\u{a0}:");
    ("La demande est à vous", of_asker())
}

pub(crate) fn recovered(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    text.say(&[&personal.by(), " est désormais titulaire de ", &personal.request(), ", qui était à vous."].concat());
    personal.quote(text, "Motif");
    let until = personal.until(
        "Si vous n’êtes pas d’accord, vous pouvez contester cette reprise jusqu’au ",
        ", en vous identifiant. Jusqu’à cette date, la demande ne peut être ni abandonnée, ni archivée, ni confiée à quelqu’un d’autre.",
    );
    if !until.is_empty() {
        text.say(&until);
        text.say(&["Pour contester, identifiez-vous\u{a0}:\n", &personal.service.page].concat());
    }
    ("Votre demande a été reprise", "vous étiez titulaire de cette demande".to_owned())
}

pub(crate) fn recovered_told(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    text.say(
        &[
            &personal.by(),
            " est désormais titulaire de ",
            &personal.request(),
            ", à la suite de ",
            &titular(personal),
            ".",
        ]
        .concat(),
    );
    text.say("Vous n’avez rien à faire. Si cela vous étonne, écrivez-nous à l’adresse ci-dessous.");
    ("Une demande a une nouvelle personne titulaire", of_data_controller())
}

pub(crate) fn contested(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    text.say(&[&titular(personal), " conteste que vous ayez repris ", &personal.request(), "."].concat());
    text.say(
        "Vous en restez titulaire jusqu’à la décision de l’équipe FranceConnect, ou de l’exploitant du service si la demande n’a jamais \
         été envoyée. D’ici là, vous pouvez modifier et envoyer la demande, mais ni l’abandonner, ni l’archiver, ni la confier à \
         quelqu’un d’autre.",
    );
    personal.see(text, "Pour ouvrir la demande\u{a0}:");
    ("Votre reprise est contestée", of_asker())
}

pub(crate) fn undone(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    text.say(
        &[
            "Vous êtes de nouveau titulaire de ",
            &personal.request(),
            "\u{a0}: sa reprise par ",
            &personal.by(),
            " est annulée.",
        ]
        .concat(),
    );
    personal.quote(text, "Motif");
    personal.see(text, "Pour ouvrir la demande\u{a0}:");
    ("La demande est de nouveau à vous", of_participant())
}

pub(crate) fn reassigned(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    let facts = personal.facts;
    let person = with_organisation(&facts.person, &facts.person_organisation);
    let what = if person.is_empty() {
        [" a rattaché ", &personal.request(), " à une autre organisation."].concat()
    } else {
        [" a attribué ", &personal.request(), " à ", &person, ", qui en est désormais titulaire."].concat()
    };
    text.say(&["L’exploitant du service", &what].concat());
    personal.quote(text, "Motif");
    text.say("Cette décision est inscrite dans l’historique de la demande. Si elle vous étonne, écrivez-nous à l’adresse ci-dessous.");
    ("Votre demande a été attribuée par l’exploitant du service", "la demande est, ou était, à vous".to_owned())
}

/// Writes to the team about a request, or to the operator about a draft, of which nothing is told.
pub(crate) fn to_decide(text: &mut Paragraphs, personal: &Personal<'_>) -> Frame {
    let subject = "Une reprise attend une décision";
    let why = "La personne titulaire n’a pas répondu dans le délai, les courriels ne lui parviennent pas, ou elle conteste une reprise.";
    if personal.number.is_none() {
        text.say("Une personne demande à reprendre un brouillon de son organisation, qui n’a jamais été envoyé.");
        text.say(
            &[why, " L’équipe ne voit pas les brouillons\u{a0}: la décision revient à l’exploitant du service."]
                .concat(),
        );
        text.say("Pour lire ce qui attend, sur la machine du serveur\u{a0}:\nhabilitation-server list-recoveries");
        text.say("Pour décider\u{a0}:\nhabilitation-server decide-recovery");
        return (subject, "cette adresse est celle de l’exploitant du service".to_owned());
    }
    let titular = titular(personal);
    let asks =
        [&personal.by(), " demande à reprendre ", &personal.request(), ", dont ", &titular, " est ou était titulaire."];
    text.say(&asks.concat());
    text.say(&[why, " La décision revient à l’équipe."].concat());
    let query = TeamPlace::Recoveries.query();
    text.say(&["Pour décider\u{a0}:\n", &personal.service.page, "?", &query].concat());
    (subject, "cette adresse est celle de l’équipe qui examine les demandes".to_owned())
}
