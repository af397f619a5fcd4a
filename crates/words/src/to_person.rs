//! Mails that are written for one address: to people who take part in a request, or are asked to.

use habilitation_model::Text;
use habilitation_model::lifecycle::{Mail, Part};

use crate::facts::address;
use crate::paragraphs::{Paragraphs, line};
use crate::personal::{Personal, of_participant, with_organisation};
use crate::{Letter, dates, recovery, sign};

/// Writes a mail to one person.
#[must_use]
pub fn personal(mail: Mail, personal: &Personal<'_>) -> Letter {
    let mut text = Paragraphs::new();
    text.say("Bonjour,");
    let (subject, reason) = match mail {
        Mail::Invitation => invitation(&mut text, personal),
        Mail::InvitationToConfirm => to_confirm(&mut text, personal),
        Mail::HandOverOffered => offered(&mut text, personal),
        Mail::HandedOver => handed_over(&mut text, personal),
        Mail::SubjectLinked => subject_linked(&mut text, personal),
        Mail::FormerAccount => former_account(&mut text, personal),
        Mail::AddressChanged => address_changed(&mut text, personal),
        Mail::Card => recovery::card(&mut text, personal),
        Mail::CardAnswered => recovery::card_answered(&mut text, personal),
        Mail::RecoveryAsked => recovery::asked(&mut text, personal),
        Mail::RecoveryTold => recovery::told(&mut text, personal),
        Mail::RecoveryRefused => recovery::refused(&mut text, personal),
        Mail::RecoveryGranted => recovery::granted(&mut text, personal),
        Mail::Recovered => recovery::recovered(&mut text, personal),
        Mail::RecoveredTold => recovery::recovered_told(&mut text, personal),
        Mail::RecoveryContested => recovery::contested(&mut text, personal),
        Mail::RecoveryUndone => recovery::undone(&mut text, personal),
        Mail::Reassigned => recovery::reassigned(&mut text, personal),
        Mail::RecoveryToDecide => recovery::to_decide(&mut text, personal),
        _ => new_owner(&mut text, personal),
    };
    let to = address(&Text::from(personal.facts.to.as_str()));
    sign(&mut text, &reason, &to, personal.service);
    let subject = match personal.shown_number(mail) {
        Some(number) => ["[", number, "] ", subject].concat(),
        None => subject.to_owned(),
    };
    Letter { to, subject: line(&subject), body: text.wrapped() }
}

/// Reason for which people get a mail about their account, to follow « parce que ».
fn of_account() -> String {
    "c’est celle d’un compte de ce service".to_owned()
}

fn invitation(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    text.say(&[&personal.by(), " vous invite à participer à ", &personal.request(), "."].concat());
    text.say(match personal.facts.role {
        Some(Part::Editor) => {
            "Vous pourrez lire la demande, modifier ses réponses et écrire à l’équipe FranceConnect. Seule la personne titulaire de la \
             demande peut l’envoyer."
        }
        _ => "Vous pourrez lire la demande, ses documents et ses messages, sans rien modifier.",
    });
    let link = [&personal.service.page, "?invitation=", personal.token.unwrap_or_default()].concat();
    text.say(&["Pour participer, suivez ce lien, puis identifiez-vous\u{a0}:\n", &link].concat());
    text.say(
        &[
            "Ce lien est pour vous seulement, et sert une fois.",
            &personal.until(" Il est valable jusqu’au ", "."),
            " Si vous ne savez pas de quoi il s’agit, ne le suivez pas\u{a0}: rien ne se passera.",
        ]
        .concat(),
    );
    let reason = [&line(&personal.facts.by), " l’a donnée pour vous inviter"].concat();
    ("Invitation à participer à une demande", reason)
}

fn to_confirm(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            &with_organisation(&facts.person, &facts.person_organisation),
            " a suivi l’invitation à participer à ",
            &personal.request(),
            " que vous avez envoyée à ",
            &line(&facts.invited),
            ".",
        ]
        .concat(),
    );
    text.say(
        &[
            "Cette personne s’est identifiée avec une autre adresse, ",
            &line(&facts.person_email),
            ". Elle n’a pas accès à la demande tant que vous n’avez pas confirmé que c’est bien elle que vous invitez.",
            &personal.until(" Sans réponse de votre part, l’invitation prend fin le ", "."),
        ]
        .concat(),
    );
    personal.see(text, "Pour confirmer ou refuser\u{a0}:");
    ("Une invitation à confirmer", of_participant())
}

fn offered(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    text.say(&[&personal.by(), " vous propose de devenir titulaire de ", &personal.request(), "."].concat());
    personal.words(text);
    text.say(
        &[
            "Si vous acceptez, c’est vous qui enverrez la demande, répondrez à l’équipe FranceConnect et choisirez qui y participe.",
            &personal.until(" Vous pouvez accepter jusqu’au ", "."),
        ]
        .concat(),
    );
    personal.see(text, "Pour voir la demande et accepter\u{a0}:");
    ("Une demande vous est confiée", of_participant())
}

fn handed_over(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            &with_organisation(&facts.person, &facts.person_organisation),
            " a accepté de reprendre ",
            &personal.request(),
            " que vous lui avez confiée, et en est titulaire",
            &facts.on.map(|day| [" depuis le ", &dates::day(day)].concat()).unwrap_or_default(),
            ".",
        ]
        .concat(),
    );
    text.say("Tant que vous y participez, vous pouvez lire la demande, sans la modifier.");
    personal.see(text, "Pour lire la demande\u{a0}:");
    ("Votre demande a une nouvelle personne titulaire", of_participant())
}

fn new_owner(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            "Vous êtes titulaire de ",
            &personal.request(),
            &facts.on.map(|day| [" depuis le ", &dates::day(day)].concat()).unwrap_or_default(),
            ", à la suite de ",
            &personal.by(),
            ".",
        ]
        .concat(),
    );
    text.say("C’est à vous d’envoyer la demande, de répondre à l’équipe FranceConnect et de choisir qui y participe.");
    personal.see(text, "Pour ouvrir la demande\u{a0}:");
    ("Vous êtes titulaire d’une demande", of_participant())
}

fn subject_linked(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let on = personal.facts.on.map(|day| ["Le ", &dates::day(day), ", "].concat()).unwrap_or_default();
    text.say(
        &[
            &on,
            "ProConnect a ouvert votre compte avec une nouvelle façon de vous identifier\u{a0}: même adresse, même nom, même \
             organisation, mais un autre identifiant. C’est ce qui arrive quand votre organisation change de fournisseur d’identité.",
        ]
        .concat(),
    );
    text.say("Si c’est bien vous, il n’y a rien à faire.");
    let link = ["Ce n’est pas moi\u{a0}:\n", &personal.account_link()].concat();
    text.say(
        "Sinon, suivez ce lien\u{a0}: cette façon de s’identifier n’ouvrira plus votre compte, et ses sessions seront fermées. Il sert \
         une fois, pendant 30\u{a0}jours.",
    );
    text.say(&link);
    ("Nouvelle façon de vous identifier", of_account())
}

fn former_account(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            &line(&facts.by),
            ", qui s’est identifié avec l’adresse ",
            &line(&facts.by_email),
            ", demande à retrouver les demandes du compte de cette adresse-ci.",
        ]
        .concat(),
    );
    text.say(
        "Si c’est vous, suivez ce lien dans le navigateur où vous êtes connecté. Il sert une fois, pendant 24\u{a0}heures. Votre nouvelle \
         façon de vous identifier ouvrira alors votre ancien compte, avec ses demandes.",
    );
    text.say(&["Retrouver mes demandes\u{a0}:\n", &personal.account_link()].concat());
    text.say(
        "Si ce n’est pas vous, ne suivez pas ce lien et ne le transmettez à personne\u{a0}: rien ne change sans lui.",
    );
    ("Retrouver vos demandes", of_account())
}

fn address_changed(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            "D’après ProConnect, votre adresse n’est plus ",
            &line(&facts.invited),
            " mais ",
            &line(&facts.person_email),
            ". Les courriels sur vos demandes iront désormais à cette nouvelle adresse\u{a0}; celles que vous avez écrites dans vos \
             demandes ne changent pas.",
        ]
        .concat(),
    );
    text.say("Si ce changement n’est pas de votre fait, répondez à ce message.");
    ("Votre adresse a changé", of_account())
}
