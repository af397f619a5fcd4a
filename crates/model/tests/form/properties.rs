//! Properties of every draft, however right or wrong.

use habilitation_model::field;
use habilitation_model::{Circumstances, ClosedList, Code, Draft, Field, Finding, Level, Request, Step};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::arbitrary::{arrivals, drafts, edits};
use crate::complete::{complete, draft_that_shows, json_value, today};

/// The members of `params` that go with a code.
fn params_of(code: Code) -> &'static [&'static str] {
    match code {
        Code::TooLong | Code::FileTooLarge | Code::TooMany => &["max"],
        Code::OutOfRange => &["max", "min"],
        Code::Format | Code::NotADate | Code::NotMobile => &["example"],
        Code::Needs | Code::MustBe => &["value"],
        Code::SamePerson => &["path"],
        Code::OneOf => &["paths"],
        Code::Required
        | Code::ControlCharacter
        | Code::UnknownValue
        | Code::NotAccepted
        | Code::FileType
        | Code::MissingFile
        | Code::PastDate
        | Code::MayBeBilled
        | Code::OtherDomain
        | Code::NotAlwaysAvailable
        | Code::OverAsking
        | Code::MaybeNotEligible => &[],
        // Said of acts, never of a draft.
        Code::FutureDate | Code::TooLate | Code::Unchanged | Code::Unanswered | Code::NotAsked => {
            unreachable!("{code:?}")
        }
    }
}

/// The levels at which a code may be said.
fn levels_of(code: Code) -> &'static [Level] {
    match code {
        Code::SamePerson => &[Level::Error, Level::Warning],
        Code::PastDate
        | Code::MayBeBilled
        | Code::OtherDomain
        | Code::NotAlwaysAvailable
        | Code::OverAsking
        | Code::MaybeNotEligible => &[Level::Warning],
        _ => &[Level::Error],
    }
}

/// Fields whose texts are read: numbers, dates and addresses.
const READ: [Field; 11] = [
    Field::Siret,
    Field::ApplicantEmail,
    Field::ApplicantPhone,
    Field::LaunchDate,
    Field::YearlyVolume,
    Field::RetentionMonths,
    Field::LegalUrl,
    Field::ControllerEmail,
    Field::DpoEmail,
    Field::TechnicalEmail,
    Field::TechnicalPhone,
];

/// Texts to read, right for one field and wrong for the others.
fn read() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&[
            "219 900 420 00015", "217-501-267-00017", "dpd@roc.example", "<mailto:a@préfecture.example>", "a@", "01 99 00 12 34",
            "+33 06 39 98 12 34", "tel:+508 0508 55 12 34", "01 99 00 12 34 poste 5", "1er septembre 2031", "3 févr. 2031", "2031-9-1",
            "31/02/2031", "36 mois", "12.000", "12'000", "1.5", "www.texte.example/a", "https://nom:secret@texte.example", "",
        ][..]).prop_map(str::to_owned),
        1 => "[0-9 /.+-]{1,16}",
    ]
}

/// Invisible characters, and where in a text they stand.
fn invisible() -> impl Strategy<Value = Vec<(usize, char)>> {
    let characters: Vec<char> = "\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202c}\
        \u{202e}\u{2060}\u{2064}\u{2066}\u{2069}\u{2800}\u{3164}\u{fe00}\u{fe0d}\u{fe0f}\u{feff}\u{ffa0}\u{e0041}\u{e0100}"
        .chars()
        .collect();
    prop::collection::vec((0_usize..40, select(characters)), 1..6)
}

fn strewn_with(text: &str, invisible: &[(usize, char)]) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for (place, sign) in invisible {
        signs.insert(place % (signs.len() + 1), *sign);
    }
    signs.into_iter().collect()
}

fn place(finding: &Finding) -> (usize, Level) {
    let field = Field::ALL.iter().position(|field| *field == finding.field).unwrap();
    (field, finding.level)
}

proptest! {
    #[test]
    fn checking_never_panics_and_speaks_only_of_what_is_shown_in_the_order_of_the_form(draft in drafts(), arrived in arrivals()) {
        let findings = draft.findings(&Circumstances { today: today(), arrived: arrived.as_deref() });
        prop_assert!(findings.iter().all(|finding| finding.field.is_shown(&draft)));
        prop_assert!(findings.is_sorted_by_key(place));
        prop_assert!(findings.windows(2).all(|pair| pair[0] != pair[1]), "nothing is said twice");
    }

    #[test]
    fn every_finding_carries_what_its_code_refers_to_and_nothing_else(draft in drafts(), arrived in arrivals()) {
        for finding in draft.findings(&Circumstances { today: today(), arrived: arrived.as_deref() }) {
            prop_assert!(levels_of(finding.code).contains(&finding.level), "{finding:?}");
            let json = serde_json::to_value(&finding).unwrap();
            let params: Vec<&str> = json["params"].as_object().unwrap().keys().map(String::as_str).collect();
            prop_assert_eq!(params, params_of(finding.code), "{:?}", finding);
            prop_assert_eq!(json_value::<Finding>(json), finding);
        }
    }

    #[test]
    fn no_other_answer_decides_whether_a_field_is_shown(draft in drafts(), (field, answer) in edits()) {
        prop_assume!(!Field::SHOWING_OTHERS.contains(&field));
        let mut json = serde_json::to_value(&draft).unwrap();
        *json.pointer_mut(&field.pointer()).unwrap() = answer;
        let edited: Draft = json_value(json);
        for shown in Field::ALL {
            prop_assert_eq!(shown.is_shown(&draft), shown.is_shown(&edited), "{} by {}", shown.path(), field.path());
        }
    }

    #[test]
    fn the_findings_of_a_step_are_its_part_of_all_findings(draft in drafts(), arrived in arrivals()) {
        let circumstances = Circumstances { today: today(), arrived: arrived.as_deref() };
        let all = draft.findings(&circumstances);
        for step in Step::ALL {
            let part: Vec<Finding> = all.iter().filter(|finding| finding.field.step() == *step).cloned().collect();
            prop_assert_eq!(draft.findings_of(*step, &circumstances), part);
        }
    }

    #[test]
    fn a_step_hears_of_no_other_field_than_its_own_and_those_it_depends_on(draft in drafts(), other in drafts(), arrived in arrivals()) {
        let circumstances = Circumstances { today: today(), arrived: arrived.as_deref() };
        for step in Step::ALL {
            let mut elsewhere_otherwise = draft.clone();
            for field in Field::ALL {
                if field.step() != *step && !Draft::depends_on(*step).contains(field) {
                    field.set(&mut elsewhere_otherwise, field.value(&other));
                }
            }
            prop_assert_eq!(draft.findings_of(*step, &circumstances), elsewhere_otherwise.findings_of(*step, &circumstances));
        }
    }

    #[test]
    fn the_example_that_a_finding_shows_mends_it(draft in drafts()) {
        for finding in draft.findings(&Circumstances::on(today())) {
            if let Some(example) = &finding.params.example {
                let mut mended = draft.clone();
                finding.field.set(&mut mended, field::Value::Text(example));
                let left = mended.findings(&Circumstances::on(today()));
                prop_assert!(left.iter().all(|other| (other.field, other.code) != (finding.field, finding.code)), "{finding:?}");
            }
        }
    }

    #[test]
    fn a_draft_survives_being_written_and_read_again(draft in drafts()) {
        let text = serde_json::to_string(&draft).unwrap();
        let read: Draft = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &draft);
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn an_answer_set_in_a_draft_is_the_one_that_stands_in_its_json((field, answer) in edits()) {
        let mut json = serde_json::to_value(complete()).unwrap();
        *json.pointer_mut(&field.pointer()).unwrap() = answer;
        let expected: Draft = json_value(json);
        let mut draft = complete();
        field.set(&mut draft, field.value(&expected));
        prop_assert_eq!(draft, expected);
    }

    #[test]
    fn a_clean_answer_has_no_control_character((field, answer) in edits()) {
        if let Some(arrived) = answer.as_str().filter(|_| matches!(field.value(&complete()), field::Value::Text(_))) {
            let mut draft = draft_that_shows(field);
            field.set(&mut draft, field::Value::Text(&field.clean(arrived)));
            prop_assert!(draft.findings(&Circumstances::on(today())).iter().all(|finding| finding.code != Code::ControlCharacter));
        }
    }

    #[test]
    fn invisible_characters_change_nothing_in_what_is_read(field in select(&READ[..]), text in read(), invisible in invisible()) {
        let mut draft = draft_that_shows(field);
        field.set(&mut draft, field::Value::Text(&text));
        let mut strewn = draft.clone();
        field.set(&mut strewn, field::Value::Text(&strewn_with(&text, &invisible)));
        let circumstances = Circumstances::on(today());
        prop_assert_eq!(strewn.findings(&circumstances), draft.findings(&circumstances));
        prop_assert_eq!(Request::new(&strewn, &[]), Request::new(&draft, &[]));
    }

    #[test]
    fn a_request_is_made_exactly_when_there_is_no_error(draft in drafts(), arrived in arrivals()) {
        let arrived = arrived.unwrap_or_default();
        let findings = draft.findings(&Circumstances { today: today(), arrived: Some(&arrived) });
        let errors: Vec<Finding> = findings.into_iter().filter(Finding::is_error).collect();
        match Request::new(&draft, &arrived) {
            Ok(request) => {
                prop_assert_eq!(errors, []);
                prop_assert!(matches!(serde_json::to_value(&request), Ok(Value::Object(_))));
            }
            Err(told) => {
                prop_assert!(!told.is_empty());
                prop_assert_eq!(told, errors);
            }
        }
    }
}

#[test]
fn every_dependency_between_steps_is_one() {
    let dependencies: Vec<(Step, &[Field])> = Step::ALL.iter().map(|step| (*step, Draft::depends_on(*step))).collect();
    assert_eq!(
        dependencies,
        [
            (Step::Organisation, &[][..]),
            (Step::Project, &[]),
            (Step::Data, &[]),
            (Step::Assurance, &[Field::OrganisationKind, Field::Migration]),
            (Step::Legal, &[]),
            (Step::People, &[Field::ApplicantEmail]),
            (Step::Terms, &[]),
            (Step::Review, &[]),
        ]
    );
}
