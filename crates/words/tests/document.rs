//! All mails, told of one made-up request: `docs/mails.md` shows them, and these tests read them.
//!
//! `cargo xtask mails` writes the document anew.

#![cfg(test)]

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use habilitation_fixtures::{Fixture, id, ready};
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::lifecycle::keeping::Prospect;
use habilitation_model::lifecycle::mail::{PersonalFacts, earlier_submission, mails_of};
use habilitation_model::lifecycle::{
    Act, By, Event, Examiner, Ground, History, Kind, Mail, Part, Recipient, Remark, Reply, Side, Stamp, SubmissionBody,
    deadline,
};
use habilitation_model::{ClosedList, Date, Document, Draft, Field, field};
use habilitation_words::{Facts, Letter, Outlook, Personal, SILENCE_NOTICE, Service, letter, outlook, personal};

const NUMBER: &str = "FC-2027-000123";

fn service() -> Service {
    Service {
        name: "Équipe FranceConnect – DINUM".to_owned(),
        postal_address: "20 avenue de l’Exemple\n75007 Paris".to_owned(),
        phone: "01 99 00 45 00".to_owned(),
        email: "support@equipe.example".to_owned(),
        team_email: "habilitations@equipe.example".to_owned(),
        operator_email: "exploitation@equipe.example".to_owned(),
        keeping: Keeping::default(),
        court: "tribunal administratif de Paris".to_owned(),
        silence_notice: SILENCE_NOTICE.to_owned(),
        page: "https://habilitation.example/".to_owned(),
        partner_space: "https://partenaires.franceconnect.gouv.fr".to_owned(),
    }
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The life of a request, told by its mails.
struct Story {
    service: Service,
    events: Vec<Event>,
    drafts: Vec<Draft>,
    told: Vec<(Mail, Recipient, Letter)>,
}

impl Story {
    fn begin() -> Self {
        Self { service: service(), events: Vec::new(), drafts: Vec::new(), told: Vec::new() }
    }

    fn stamp(&self, side: Side, on: &str) -> Stamp {
        let (name, job_title) = match side {
            Side::Applicant => ("Noémie Lœb", "Cheffe de projet"),
            Side::Examiner => ("Claire Marchand", "Chargée des habilitations"),
            Side::Clock | Side::Operator => ("", ""),
        };
        let by = By { side, name: name.to_owned(), job_title: job_title.to_owned() };
        let number = u8::try_from(self.events.len()).unwrap();
        Stamp { id: id(100 + number), at: format!("{on}T10:00:00.000Z"), on: day(on), by }
    }

    fn history(&self) -> History {
        History::of(&self.events)
    }

    fn sends(mut self, on: &str, draft: Draft, words: &SubmissionBody) -> Self {
        self.drafts.push(draft);
        let event = words.event(self.stamp(Side::Applicant, on), &self.history());
        self.tell(event);
        self
    }

    fn acts(mut self, side: Side, on: &str, act: &Act) -> Self {
        let idris = Examiner {
            id: Some("idris".to_owned()),
            name: "Idris Benali".to_owned(),
            job_title: "Chargé des habilitations".to_owned(),
        };
        let examiner = (act.kind == Kind::Assignment).then_some(idris);
        let event = act.event(self.stamp(side, on), &self.history(), NUMBER, examiner);
        self.tell(event);
        self
    }

    fn reminds(mut self, on: &str) -> Self {
        let history = self.history();
        let days = deadline::due_reminder(&history, day(on)).unwrap();
        let event = deadline::reminder(self.stamp(Side::Clock, on), &history, days);
        self.tell(event);
        self
    }

    /// Writes a mail on coming days, of a draft that was saved last on a day.
    fn looks_ahead(mut self, mail: Mail, draft: &Draft, touched_on: &str, on: &str) -> Self {
        let history = self.history();
        let (keeping, touched_on) = (Keeping::default(), day(touched_on));
        let prospect = Prospect::of(&history, touched_on, keeping);
        let habilitation = history.active().map(|active| format!("{NUMBER}-{}", active.rank));
        let recipient = if prospect.is_some() { Recipient::Applicant } else { Recipient::Owner };
        let to = if prospect.is_some() {
            draft.organisation.applicant.email.trimmed()
        } else {
            "noemie.loeb@compte.example"
        };
        let number = prospect.is_some().then_some(NUMBER);
        let prospect = prospect.unwrap_or_else(|| Prospect::of_draft(touched_on, keeping));
        let facts = Outlook {
            service: &self.service,
            request: &id(1),
            number,
            habilitation: habilitation.as_deref(),
            draft,
            arrived: &[],
            to,
            since: history.closed_on.unwrap_or(touched_on),
            loss: prospect.loss,
            on: prospect.day_told_on(day(on)),
        };
        self.told.push((mail, recipient, outlook(mail, &facts)));
        self
    }

    /// Writes that the partner does not take the notice of the last event.
    fn webhook_fails(mut self) -> Self {
        let event = self.events.pop().unwrap();
        let before = self.history();
        self.events.push(event.clone());
        let facts = Facts {
            service: &self.service,
            request: &id(1),
            number: NUMBER,
            event: &event,
            before: &before,
            history: &self.history(),
            messages: &[],
            sent: self.drafts.last().unwrap(),
            earlier: None,
        };
        let letter = letter(Mail::WebhookFailing, Recipient::Operator, &facts);
        self.told.push((Mail::WebhookFailing, Recipient::Operator, letter));
        self
    }

    /// Writes a mail to one person.
    fn writes(mut self, mail: Mail, facts: &PersonalFacts, token: Option<&str>) -> Self {
        let number = (!self.events.is_empty()).then_some(NUMBER);
        let facts = Personal { service: &self.service, request: Some(&id(1)), number, facts, token };
        self.told.push((mail, Recipient::Named, personal(mail, &facts)));
        self
    }

    /// Adds an event, and writes the mails that it sends.
    fn tell(&mut self, event: Event) {
        let before = self.history();
        self.events.push(event.clone());
        let history = self.history();
        let draft = |n: u32| &self.drafts[usize::try_from(n).unwrap() - 1];
        let sent = draft(history.last_submission());
        let earlier = earlier_submission(&event, &before).map(draft);
        let addresses = |draft: &Draft| {
            let people = &draft.people;
            [&people.controller.email, &people.dpo.email, &people.technical.email]
                .map(|email| email.trimmed().to_owned())
        };
        let replaced = earlier.map(|earlier| (addresses(earlier), addresses(sent)));
        let facts = Facts {
            service: &self.service,
            request: &id(1),
            number: NUMBER,
            event: &event,
            before: &before,
            history: &history,
            messages: std::slice::from_ref(&event),
            sent,
            earlier,
        };
        let postings = mails_of(&event, &before, replaced.as_ref().map(|(were, are)| (were, are)));
        let letters: Vec<_> = postings
            .into_iter()
            .map(|posting| (posting.mail, posting.recipient, letter(posting.mail, posting.recipient, &facts)))
            .collect();
        self.told.extend(letters);
    }
}

fn act(kind: Kind, text: &str) -> Act {
    Act { text: text.into(), ..Act::new(kind) }
}

fn draft() -> Draft {
    Fixture::named("town-hall")
}

fn with(mut draft: Draft, field: Field, text: &str) -> Draft {
    field.set(&mut draft, field::Value::Text(text));
    draft
}

/// Tells a request through all that may happen to it.
fn story() -> Story {
    let pointer = Field::Description.pointer();
    let remark = Remark { pointer: pointer.clone(), text: "Quelles démarches, exactement ?".into() };
    let recipients =
        Remark { pointer: Field::Recipients.pointer(), text: "Quel service recevra les données ?".into() };
    let ask = Act {
        remarks: vec![remark, recipients],
        answer_by: Some(day("2027-03-25")),
        ..act(Kind::ChangesRequested, "Merci pour votre demande.\nDeux points restent à préciser.")
    };
    let reply = Reply { pointer, text: "Celles de l’état civil, et les inscriptions scolaires.".into() };
    let replies = SubmissionBody { replies: vec![reply], ..SubmissionBody::default() };
    let completed = with(draft(), Field::Recipients, "Les agents du service de l’état civil.");
    let renamed = with(completed.clone(), Field::TechnicalEmail, "ines.roche@vallon-les-pres.example");
    let plan = Document {
        id: id(9),
        name: "Plan du guichet.pdf".to_owned(),
        size: 12_000,
        media_type: "application/pdf".to_owned(),
    };
    let message = Act { documents: vec![plan], ..act(Kind::Message, "Voici le plan du guichet.") };
    let revoke = Act {
        ground: Some(Ground::ConditionLapsed),
        heard_on: Some(day("2027-09-10")),
        ..act(Kind::Revoked, "Le service n’existe plus.")
    };
    let none = SubmissionBody::default();
    let refuse =
        act(Kind::Refused, "Le nouveau nom n’est pas celui du service.\n\nVoyez l’article 3 des conditions générales.");
    let begun = with(Draft::default(), Field::ProjectName, "Guichet citoyen");
    let facts = PersonalFacts {
        to: "ines.roche@vallon-les-pres.example".to_owned(),
        project: "Guichet citoyen".to_owned(),
        by: "Noémie Lœb".to_owned(),
        by_organisation: "Commune de Vallon-les-Prés".to_owned(),
        ..PersonalFacts::default()
    };
    let invitation = PersonalFacts { role: Some(Part::Editor), until: Some(day("2027-01-18")), ..facts.clone() };
    let newcomer = PersonalFacts {
        to: "noemie.loeb@vallon-les-pres.example".to_owned(),
        invited: facts.to.clone(),
        person: "Inès Roche".to_owned(),
        person_email: "ines@atelier.example".to_owned(),
        person_organisation: "Atelier des Prés".to_owned(),
        ..invitation.clone()
    };
    let offer = PersonalFacts { text: "Je change de service en novembre.".into(), ..invitation.clone() };
    let taken = PersonalFacts { on: Some(day("2027-07-12")), ..facts };
    let given = PersonalFacts { to: newcomer.to.clone(), person: newcomer.person.clone(), ..taken.clone() };
    let account = PersonalFacts {
        to: "noemie.loeb@vallon-les-pres.example".to_owned(),
        by: "Noémie Lœb".to_owned(),
        by_email: "n.loeb@marais-bleu.example".to_owned(),
        invited: "noemie.loeb@vallon-les-pres.example".to_owned(),
        person_email: "n.loeb@marais-bleu.example".to_owned(),
        on: Some(day("2026-12-20")),
        ..PersonalFacts::default()
    };
    let card = PersonalFacts {
        by_email: "noemie.loeb@vallon-les-pres.example".to_owned(),
        contact: Some(Recipient::Dpo),
        until: Some(day("2027-01-18")),
        ..taken.clone()
    };
    let answered = PersonalFacts { to: newcomer.to.clone(), person: newcomer.person.clone(), ..card.clone() };
    let declined = PersonalFacts { text: "Je ne suis plus déléguée depuis mars.".into(), ..answered.clone() };
    let recovery = PersonalFacts {
        by: "Karim Saïdi".to_owned(),
        person: "Noémie Lœb".to_owned(),
        text: "Noémie Lœb a quitté la commune.".into(),
        until: Some(day("2027-07-27")),
        ..taken.clone()
    };
    let decided = PersonalFacts { text: "La commune confirme son départ.".into(), ..recovery.clone() };
    let closed = PersonalFacts { until: None, ..decided.clone() };
    let for_operator = PersonalFacts { to: "exploitant@service.example".to_owned(), ..PersonalFacts::default() };
    let for_team = PersonalFacts { to: "equipe@service.example".to_owned(), ..closed.clone() };
    Story::begin()
        .looks_ahead(Mail::DraftReminder, &begun, "2026-12-20", "2027-01-04")
        .writes(Mail::Invitation, &invitation, Some("tQ6s7Yw3dVxJmN4bR1kZc8hPfUeL0oGyTiAq2vBnM5X"))
        .writes(Mail::InvitationToConfirm, &newcomer, None)
        .writes(Mail::Card, &card, Some("tQ6s7Yw3dVxJmN4bR1kZc8hPfUeL0oGyTiAq2vBnM5X"))
        .looks_ahead(Mail::Erasure, &begun, "2026-12-20", "2027-11-20")
        .writes(Mail::SubjectLinked, &account, Some("tQ6s7Yw3dVxJmN4bR1kZc8hPfUeL0oGyTiAq2vBnM5X"))
        .writes(Mail::FormerAccount, &account, Some("tQ6s7Yw3dVxJmN4bR1kZc8hPfUeL0oGyTiAq2vBnM5X"))
        .writes(Mail::AddressChanged, &account, None)
        .writes(Mail::RecoveryToDecide, &for_operator, None)
        .sends("2027-01-14", draft(), &none)
        .acts(Side::Examiner, "2027-01-15", &Act { examiner: Some("idris".to_owned()), ..Act::new(Kind::Assignment) })
        .acts(Side::Examiner, "2027-01-25", &ask)
        .acts(Side::Applicant, "2027-01-26", &message)
        .acts(Side::Examiner, "2027-01-27", &act(Kind::Message, "Merci, c’est plus clair.\nhttps://docs.example/guide"))
        .sends("2027-02-04", completed, &replies)
        .reminds("2027-03-21")
        .acts(Side::Examiner, "2027-03-22", &act(Kind::Accepted, "Bonne mise en service !"))
        .webhook_fails()
        .acts(Side::Applicant, "2027-06-01", &Act::new(Kind::Reopened))
        .looks_ahead(Mail::Erasure, &draft(), "2027-06-01", "2027-11-01")
        .sends("2027-06-02", renamed, &none)
        .acts(Side::Examiner, "2027-06-03", &Act::new(Kind::Accepted))
        .acts(Side::Applicant, "2027-07-01", &Act::new(Kind::Reopened))
        .sends("2027-07-02", with(draft(), Field::ProjectName, "Le grand guichet"), &none)
        .acts(Side::Examiner, "2027-07-05", &refuse)
        .writes(Mail::HandOverOffered, &offer, None)
        .writes(Mail::HandedOver, &given, None)
        .writes(Mail::NewOwner, &taken, None)
        .writes(Mail::CardAnswered, &answered, None)
        .writes(Mail::CardAnswered, &declined, None)
        .writes(Mail::RecoveryAsked, &recovery, None)
        .writes(Mail::RecoveryTold, &recovery, None)
        .writes(Mail::RecoveryRefused, &closed, None)
        .writes(Mail::RecoveryGranted, &decided, None)
        .writes(Mail::Recovered, &decided, None)
        .writes(Mail::RecoveredTold, &decided, None)
        .writes(Mail::RecoveryContested, &recovery, None)
        .writes(Mail::RecoveryUndone, &closed, None)
        .writes(Mail::Reassigned, &closed, None)
        .writes(Mail::RecoveryToDecide, &for_team, None)
        .acts(Side::Applicant, "2027-08-01", &Act::new(Kind::Reopened))
        .sends("2027-08-02", with(draft(), Field::ProjectName, "Le petit guichet"), &none)
        .acts(Side::Examiner, "2027-08-03", &act(Kind::ChangesRequested, "Pourquoi ce nom ?"))
        .acts(Side::Clock, "2027-10-04", &Act::new(Kind::Resumed))
        .acts(Side::Applicant, "2027-10-05", &Act::new(Kind::Withdrawn))
        .acts(Side::Examiner, "2027-10-11", &revoke)
        .acts(Side::Applicant, "2028-01-12", &Act::new(Kind::Archived))
        .looks_ahead(Mail::Erasure, &draft(), "2028-01-12", "2030-09-11")
}

fn document(story: &Story) -> String {
    let mut text = "# Mails\n\nEach mail once, written of one made-up request by the program that sends them: `cargo xtask mails`.\n".to_owned();
    let mut shown = Vec::new();
    for (mail, recipient, letter) in &story.told {
        // What differs by the course of the request has another subject.
        let is_known = shown.contains(&(mail, recipient, &letter.subject));
        if !is_known {
            shown.push((mail, recipient, &letter.subject));
            let (mail, to) = (mail.as_str(), recipient.as_str());
            write!(
                text,
                "\n## {mail}, to {to}\n\nTo: {}  \nSubject: {}\n\n```text\n{}```\n",
                letter.to, letter.subject, letter.body
            )
            .unwrap();
        }
    }
    text
}

#[test]
fn the_document_shows_each_mail_as_it_is_written_today() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mails.md");
    let written = document(&story());
    if env::var_os("HABILITATION_WRITE_MAILS").is_some() {
        fs::write(&path, &written).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == written, "docs/mails.md is of another day: `cargo xtask mails` writes it anew");
}

#[test]
fn each_mail_is_told_and_well_set() {
    let told = story().told;
    for mail in Mail::ALL.iter().copied() {
        let mut letters = told.iter().filter(|(told, ..)| *told == mail).peekable();
        assert!(letters.peek().is_some(), "{}", mail.as_str());
        for (_, recipient, Letter { to, subject, body }) in letters {
            let name = format!("{} to {}", mail.as_str(), recipient.as_str());
            // What never was sent has no number.
            let is_numbered = subject.starts_with(&format!("[{NUMBER}] "));
            let is_unsent = *recipient == Recipient::Owner
                || matches!(mail, Mail::Invitation | Mail::InvitationToConfirm | Mail::Card)
                || matches!(mail, Mail::SubjectLinked | Mail::FormerAccount | Mail::AddressChanged)
                || (mail == Mail::RecoveryToDecide && to.starts_with("exploitant@"));
            assert!(is_numbered != is_unsent && !subject.contains('\n'), "{name}: {subject}");
            assert!(subject.chars().count() <= 130, "{name}: {subject}");
            assert!(to.contains('@') && body.contains(to), "{name}: {to}");
            assert!(body.contains("Vous recevez ce courriel à l’adresse"), "{name}");
            for line in body.lines() {
                let is_one_word = !line.trim_start_matches(['>', '-', ' ']).contains(' ');
                assert!(line.chars().count() <= 76 || is_one_word, "{name}: {line}");
                let is_ours = !line.starts_with(['>', '-', ' ']) && !line.contains("://");
                let marks = [" :", " ;", " !", " ?", " »", "« ", "'"];
                assert!(!is_ours || marks.iter().all(|mark| !line.contains(mark)), "{name}: {line}");
            }
        }
    }
}

/// Body of the first mail of a kind to a recipient, on one line.
fn body(story: &Story, mail: Mail, recipient: Recipient) -> String {
    let found = story.told.iter().find(|(told, to, _)| (*told, *to) == (mail, recipient)).unwrap();
    found.2.body.split_whitespace().filter(|word| *word != ">").collect::<Vec<_>>().join(" ")
}

#[test]
fn every_mail_of_an_event_has_a_subject_and_words_of_its_own() {
    let story = story();
    for mail in Mail::ALL.iter().copied().filter(|mail| mail.tells_of_event()) {
        let told: Vec<_> = story.told.iter().filter(|(told, ..)| *told == mail).collect();
        assert!(!told.is_empty(), "{mail:?} is not in the story");
        for (.., Letter { subject, body, .. }) in told {
            assert!(subject.split_once("] ").is_some_and(|(_, words)| !words.is_empty()), "{mail:?}: {subject}");
            assert!(
                body.split_once("-- ").is_some_and(|(words, _)| words.trim().lines().count() > 3),
                "{mail:?}: {body}"
            );
        }
    }
}

#[test]
fn an_acknowledgement_names_the_service_the_day_and_the_appeals() {
    let ack = body(&story(), Mail::Ack, Recipient::Applicant);
    for part in [
        NUMBER,
        "14 janvier 2027",
        "20 avenue de l’Exemple",
        "01 99 00 45 00",
        "support@equipe.example",
        "jusqu’au 14 mars 2027",
        "votre demande sera considérée comme rejetée",
        "L. 231-4",
        "tribunal administratif de Paris",
        "https://habilitation.example/?demande=",
    ] {
        assert!(ack.contains(part), "{part}: {ack}");
    }
    let again = body(&story(), Mail::AckAgain, Recipient::Applicant);
    assert!(again.contains("24 mars 2027"), "ten days later: {again}");
}

#[test]
fn a_request_for_changes_names_each_field_in_french_with_its_remark() {
    let changes = body(&story(), Mail::Changes, Recipient::Applicant);
    for part in [
        "Description du projet :",
        "Quelles démarches, exactement ?",
        "Destinataires des données :",
        "Répondez au plus tard le 25 mars 2027.",
        "Message de l’équipe : Merci pour votre demande.",
        "suspendu",
        "confiée à Idris Benali (Chargé des habilitations)",
    ] {
        assert!(changes.contains(part), "{part}: {changes}");
    }
    let completed = body(&story(), Mail::Completed, Recipient::Team);
    assert!(completed.contains("- Destinataires des données") && completed.contains("Celles de l’état civil"));
}

#[test]
fn a_refusal_gives_its_reasons_in_full_and_the_appeals() {
    let refused = body(&story(), Mail::Refused, Recipient::Applicant);
    for part in [
        "Le nouveau nom n’est pas celui du service.",
        "article 3",
        "R. 421-1",
        "FC-2027-000123-2 reste valable",
        "prise par Claire Marchand (Chargée des habilitations), Équipe FranceConnect – DINUM.",
    ] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
}

#[test]
fn a_modification_is_told_as_one_and_the_habilitation_stays_valid_meanwhile() {
    let story = story();
    let of_modification = |mail: Mail| {
        let last = story.told.iter().rev().find(|(told, to, _)| (*told, *to) == (mail, Recipient::Applicant));
        last.unwrap().2.body.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for mail in [Mail::Ack, Mail::Changes, Mail::ChangesReminder14, Mail::Resumed, Mail::Refused] {
        let body = of_modification(mail);
        assert!(body.contains("votre modification de la demande «") || body.contains("Votre modification"), "{body}");
        assert!(mail.days_left().is_some() || body.contains("FC-2027-000123-2 reste valable"), "{body}");
    }
    let silence = of_modification(Mail::Resumed);
    assert!(silence.contains("votre modification sera considérée comme rejetée"), "{silence}");
    let revoked = of_modification(Mail::Revoked);
    assert!(revoked.contains("FC-2027-000123-2, pour « Guichet citoyen de Vallon-les-Prés »"), "{revoked}");
}

#[test]
fn a_modification_that_nobody_touched_is_given_up_and_a_message_before_speaks_of_none() {
    let story = Story::begin()
        .sends("2027-01-14", draft(), &SubmissionBody::default())
        .acts(Side::Examiner, "2027-01-20", &Act::new(Kind::Accepted))
        .acts(Side::Applicant, "2027-02-01", &act(Kind::Message, "Merci."))
        .acts(Side::Applicant, "2027-03-01", &Act::new(Kind::Reopened))
        .acts(Side::Clock, "2027-09-01", &Act::new(Kind::Withdrawn));
    let message = body(&story, Mail::Message, Recipient::Team);
    assert!(message.contains("au sujet de la demande «"), "{message}");
    let team = body(&story, Mail::Completed, Recipient::Team);
    let given_up = "est abandonnée : rien n’a changé depuis 6 mois. L’habilitation FC-2027-000123-1 reste en vigueur.";
    assert!(team.contains("La modification de la demande «") && team.contains(given_up), "{team}");
    let applicant = body(&story, Mail::Withdrawn, Recipient::Applicant);
    let is_examined = applicant.contains("ne l’examine plus");
    assert!(applicant.contains("est abandonnée") && !is_examined, "no draft is: {applicant}");
}

#[test]
fn contacts_are_told_who_named_them_which_data_are_kept_and_for_how_long() {
    let story = story();
    for (mail, recipient) in [
        (Mail::Controller, Recipient::Controller),
        (Mail::Dpo, Recipient::Dpo),
        (Mail::Technical, Recipient::Technical),
        (Mail::NoLongerNamed, Recipient::Technical),
        (Mail::Revoked, Recipient::Dpo),
    ] {
        let body = body(&story, mail, recipient);
        for part in ["article 14 du RGPD", "36 mois", "CNIL", "support@equipe.example"] {
            assert!(body.contains(part), "{} {part}: {body}", mail.as_str());
        }
    }
    let technical = body(&story, Mail::Technical, Recipient::Technical);
    assert!(
        technical.contains("openid") && technical.contains("indésirables") && technical.contains("••"),
        "{technical}"
    );
    let passed_on = "transmises à l’espace partenaires";
    assert!(technical.contains(passed_on) && !body(&story, Mail::Dpo, Recipient::Dpo).contains(passed_on));
    let controller = body(&story, Mail::Controller, Recipient::Controller);
    assert!(controller.contains("le nom de votre organisation") && !controller.contains("votre fonction"));
    for (mail, day) in [(Mail::NoLongerNamed, "3 juin 2027"), (Mail::Revoked, "11 octobre 2027")] {
        let ended = body(&story, mail, Recipient::Technical);
        assert!(ended.contains(&format!("36 mois à partir du {day}")), "{ended}");
    }
    let gone = story.told.iter().find(|(mail, ..)| *mail == Mail::NoLongerNamed).unwrap();
    assert_ne!(gone.2.to, "ines.roche@vallon-les-pres.example", "it goes to whoever was named before");
}

#[test]
fn nothing_that_somebody_typed_makes_a_line_of_ours_or_a_header() {
    let name = "Guichet\r\nBcc: tous@organisme.example\u{2028}-- ";
    let refuse = act(Kind::Refused, "Bonjour,\n-- \nÉquipe FranceConnect\r\nSubject: autre");
    let none = SubmissionBody::default();
    let told = Story::begin()
        .sends("2027-01-14", with(draft(), Field::ProjectName, name), &none)
        .acts(Side::Examiner, "2027-01-25", &refuse)
        .acts(Side::Examiner, "2027-01-26", &act(Kind::Resumed, "a"))
        .acts(Side::Examiner, "2027-01-27", &Act::new(Kind::Accepted))
        .told;
    for (mail, _, Letter { to, subject, body }) in told {
        assert!(!subject.contains(['\r', '\n', '\u{2028}']) && !to.contains(['\r', '\n']), "{subject}");
        assert_eq!(body.lines().filter(|line| line.trim_end() == "--").count(), 1, "{}: {body}", mail.as_str());
        assert!(body.lines().all(|line| !line.starts_with("Bcc:") && !line.starts_with("Subject:")), "{body}");
    }
}

#[test]
fn a_reminder_names_what_is_left_and_the_day_on_which_the_draft_goes() {
    let reminder = body(&story(), Mail::DraftReminder, Recipient::Owner);
    for part in [
        "« Guichet citoyen » n’a pas changé depuis le 20 décembre 2026",
        "Il reste à compléter",
        "autres réponses",
        "sera supprimé le 20 décembre 2027",
        "https://habilitation.example/?demande=",
    ] {
        assert!(reminder.contains(part), "{part}: {reminder}");
    }
    let complete = Story::begin().looks_ahead(Mail::DraftReminder, &ready(), "2026-12-20", "2027-01-04");
    let reminder = body(&complete, Mail::DraftReminder, Recipient::Owner);
    assert!(reminder.contains("il reste à l’envoyer"), "{reminder}");
}

#[test]
fn whoever_is_about_to_lose_something_is_told_what_when_and_how_to_keep_it() {
    let told: Vec<(String, String)> = story()
        .told
        .iter()
        .filter(|(mail, ..)| *mail == Mail::Erasure)
        .map(|(.., letter)| (letter.subject.clone(), letter.body.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect();
    let [deletion, withdrawal, erasure] = &told[..] else { panic!("{told:?}") };
    assert!(deletion.0.ends_with("sera supprimé le 20\u{a0}décembre\u{a0}2027"), "{}", deletion.0);
    assert!(
        withdrawal.0.ends_with("Votre modification sera abandonnée le 1er\u{a0}décembre\u{a0}2027"),
        "{}",
        withdrawal.0
    );
    assert!(withdrawal.1.contains("FC-2027-000123-1 restera valable"), "{}", withdrawal.1);
    assert!(erasure.0.ends_with("Votre demande sera effacée le 11\u{a0}octobre\u{a0}2030"), "{}", erasure.0);
    assert!(
        erasure.1.contains("terminée depuis le 11 octobre 2027") && erasure.1.contains("imprimez-la"),
        "{}",
        erasure.1
    );
}

#[test]
fn terms_are_told_as_the_operator_sets_them() {
    let mut story = Story::begin();
    story.service.keeping = Keeping { people_months: 24, reopened_months: 9, ..Keeping::default() };
    let story = story
        .sends("2027-01-14", draft(), &SubmissionBody::default())
        .acts(Side::Examiner, "2027-01-20", &Act::new(Kind::Accepted))
        .acts(Side::Applicant, "2027-03-01", &Act::new(Kind::Reopened))
        .acts(Side::Clock, "2027-12-01", &Act::new(Kind::Withdrawn));
    assert!(body(&story, Mail::Dpo, Recipient::Dpo).contains("puis 24 mois"));
    assert!(body(&story, Mail::Withdrawn, Recipient::Applicant).contains("Sans changement depuis 9 mois"));
    assert!(body(&story, Mail::Completed, Recipient::Team).contains("depuis 9 mois"));

    for (people_months, archived_months, longest) in [(24, 48, 48), (48, 24, 48)] {
        let mut revoked = Story::begin();
        revoked.service.keeping = Keeping { people_months, archived_months, ..Keeping::default() };
        let revoked = revoked
            .sends("2027-01-14", draft(), &SubmissionBody::default())
            .acts(Side::Examiner, "2027-01-20", &Act::new(Kind::Accepted))
            .acts(Side::Examiner, "2027-10-11", &act(Kind::Revoked, "Le service n’existe plus."));
        let told = body(&revoked, Mail::Revoked, Recipient::Dpo);
        assert!(
            told.contains(&format!("{longest} mois à partir du 11 octobre 2027")),
            "what was sent last stays: {told}"
        );
    }
}

#[test]
fn an_invitation_has_its_link_and_nothing_that_was_typed_makes_a_line_of_ours() {
    let facts = PersonalFacts {
        to: "ines@atelier.example".to_owned(),
        project: "Guichet\r\nBcc: tous@organisme.example".to_owned(),
        by: "Noémie\n-- \nLœb".to_owned(),
        by_organisation: "Commune\u{2028}Subject: autre".to_owned(),
        text: "Bonjour\n-- \nSubject: autre".into(),
        ..PersonalFacts::default()
    };
    let token = "tQ6s7Yw3dVxJmN4bR1kZc8hPfUeL0oGyTiAq2vBnM5X";
    for mail in Mail::ALL.iter().copied().filter(|mail| mail.is_personal()) {
        let told = Story::begin().writes(mail, &facts, Some(token)).told;
        let (_, _, Letter { to, subject, body }) = &told[0];
        assert_eq!(to, &facts.to);
        assert!(!subject.contains(['\r', '\n', '\u{2028}']), "{subject}");
        assert_eq!(body.lines().filter(|line| line.trim_end() == "--").count(), 1, "{body}");
        for (parameter, of) in [("invitation", Mail::Invitation), ("card", Mail::Card)] {
            let link = format!("https://habilitation.example/?{parameter}={token}");
            assert_eq!(body.lines().any(|line| line == link), mail == of, "{body}");
        }
    }
}
