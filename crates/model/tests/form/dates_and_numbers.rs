//! The launch date, the yearly volume and the retention.

use habilitation_model::{Circumstances, Date, Draft, Field};
use serde_json::{Value, json};

use crate::complete::{draft, error, error_with, findings, findings_in, typed, warning};

const NOTHING: [Value; 0] = [];

fn launched(text: &str) -> Draft {
    typed(Field::LaunchDate, text)
}

fn not_a_date() -> Value {
    error_with("/project/launch_date", "not_a_date", json!({"example": "01/09/2027"}))
}

fn year_out_of_range() -> Value {
    error_with("/project/launch_date", "out_of_range", json!({"min": 2018, "max": 2100}))
}

fn past() -> Value {
    warning("/project/launch_date", "past_date")
}

#[test]
fn a_day_of_the_calendar_is_read_however_it_is_written() {
    for text in [
        "01/09/2027",
        "2027-09-01",
        "29/02/2028",
        "2028-02-29",
        "31/12/2099",
        "  01/09/2027 ",
        "1/9/2027",
        "1/09/2027",
        "01-09-2027",
        "01.09.2027",
        "01 09 2027",
        "2027-9-1",
        "1er septembre 2027",
        "1ER AOUT 2027",
        "3 févr. 2027",
        "\u{200b}01/\u{ad}09/2027\u{feff}",
    ] {
        assert_eq!(findings(&launched(text)), NOTHING, "{text:?}");
    }
}

#[test]
fn what_is_no_day_of_the_calendar_is_not_a_date() {
    for text in [
        "29/02/2027",
        "30/02/2028",
        "31/04/2027",
        "00/09/2027",
        "32/01/2027",
        "01/00/2027",
        "01/13/2027",
        "2027-02-29",
        "2027-13-01",
        "2027-09-00",
        "1er février 20270",
        "31 septembre 2027",
        "2er septembre 2027",
        "01/09/27",
        "2027/09/01",
        "01/09-2027",
        "01/09/2027 10:00",
        "septembre 2027",
        "2027",
        "20270901",
        "2027-09-01T00:00:00Z",
        "01/09/2027/",
        "+1/09/2027",
        "01/09/12027",
        "٠١/٠٩/٢٠٢٧",
    ] {
        assert_eq!(findings(&launched(text)), [not_a_date()], "{text:?}");
    }
}

#[test]
fn every_month_has_its_last_day_and_no_day_after() {
    for (month, last) in [
        ("01/2027", 31),
        ("02/2027", 28),
        ("02/2028", 29),
        ("02/2100", 28),
        ("03/2027", 31),
        ("04/2027", 30),
        ("05/2027", 31),
        ("06/2027", 30),
        ("07/2027", 31),
        ("08/2027", 31),
        ("09/2027", 30),
        ("10/2027", 31),
        ("11/2027", 30),
        ("12/2027", 31),
    ] {
        assert_eq!(findings(&launched(&format!("{last}/{month}"))), NOTHING, "{last}/{month}");
        let after = last + 1;
        assert_eq!(findings(&launched(&format!("{after}/{month}"))), [not_a_date()], "{after}/{month}");
    }
}

#[test]
fn the_year_is_2018_to_2100() {
    assert_eq!(findings(&launched("31/12/2017")), [year_out_of_range(), past()]);
    assert_eq!(findings(&launched("01/01/2018")), [past()]);
    assert_eq!(findings(&launched("31/12/2100")), NOTHING);
    assert_eq!(findings(&launched("01/01/2101")), [year_out_of_range()]);
    assert_eq!(findings(&launched("0000-01-01")), [year_out_of_range(), past()]);
    assert_eq!(findings(&launched("9999-12-31")), [year_out_of_range()]);
}

#[test]
fn a_launch_before_today_gives_a_warning_and_today_does_not() {
    assert_eq!(findings(&launched("14/06/2026")), [past()]);
    assert_eq!(findings(&launched("15/06/2026")), NOTHING);
    assert_eq!(findings(&launched("16/06/2026")), NOTHING);
}

#[test]
fn today_is_the_day_that_is_given() {
    let on = |day| findings_in(&launched("31/12/2026"), &Circumstances::on(Date::parse(day).unwrap()));
    assert_eq!(on("2026-12-31"), NOTHING);
    assert_eq!(on("2027-01-01"), [past()]);
}

#[test]
fn a_yearly_volume_is_1_to_a_billion() {
    let out = || error_with("/project/yearly_volume", "out_of_range", json!({"min": 1, "max": 1_000_000_000}));
    for text in ["4.200", "4'200", "4’200", "12.000", "\u{200b}4\u{ad}200"] {
        assert_eq!(findings(&typed(Field::YearlyVolume, text)), NOTHING, "{text:?}");
    }
    for text in ["1", "01", "4200", "4 200", "4\u{a0}200", "4\u{202f}200", " 36 500 ", "1000000000", "1 000 000 000"] {
        assert_eq!(findings(&typed(Field::YearlyVolume, text)), NOTHING, "{text:?}");
    }
    let endless = "9".repeat(400);
    for text in ["0", "00", "-1", "-4 200", "1000000001", "1 000 000 001", "99999999999999999999", endless.as_str()] {
        assert_eq!(findings(&typed(Field::YearlyVolume, text)), [out()], "{text:?}");
    }
}

#[test]
fn a_volume_that_is_no_whole_number_is_of_the_wrong_form() {
    let wrong = || error_with("/project/yearly_volume", "format", json!({"example": "4 200"}));
    for text in [
        "environ 4200",
        "4200 par an",
        "4,5",
        "4.5",
        "4.20",
        "4'20",
        "0.500",
        "4200 mois",
        "4,200",
        "1e3",
        "0x10",
        "+4",
        "-",
        "4 20 0",
        "42 00",
        "1234 567",
        "٤٢",
        "½",
    ] {
        assert_eq!(findings(&typed(Field::YearlyVolume, text)), [wrong()], "{text:?}");
    }
    let control = error("/project/yearly_volume", "control_character");
    assert_eq!(findings(&typed(Field::YearlyVolume, "4\t200")), [control, wrong()]);
}

fn kept_for(months: &str) -> Draft {
    draft(|d| {
        d.data.retention_months = months.into();
        d.data.retention_reason = "Durée de validité du titre.".into();
    })
}

#[test]
fn a_retention_is_1_to_1200_months() {
    let out = || error_with("/data/retention_months", "out_of_range", json!({"min": 1, "max": 1_200}));
    for text in ["1", "012", "36", "37", " 1200 ", "36 mois", "24 MOIS", "37\u{a0}mois", "1.200 mois"] {
        assert_eq!(findings(&kept_for(text)), NOTHING, "{text:?}");
    }
    for text in ["0", "-1", "1201", "1201 mois", "-1 mois", "99999999999999999999999"] {
        assert_eq!(findings(&kept_for(text)), [out()], "{text:?}");
    }
}

#[test]
fn a_retention_that_is_no_whole_number_is_of_the_wrong_form() {
    let wrong = || error_with("/data/retention_months", "format", json!({"example": "24"}));
    for text in ["2 ans", "mois", "24 m", "12,5 mois", "12,5", "12.5", "douze", "∞"] {
        assert_eq!(findings(&kept_for(text)), [wrong()], "{text:?}");
    }
}

#[test]
fn a_reason_is_needed_over_36_months_only() {
    let without_reason = |months: &str| draft(|d| d.data.retention_months = months.into());
    let missing = || error("/data/retention_reason", "required");
    assert_eq!(findings(&without_reason("35")), NOTHING);
    assert_eq!(findings(&without_reason("36")), NOTHING);
    assert_eq!(findings(&without_reason("37")), [missing()]);
    assert_eq!(findings(&without_reason("1200")), [missing()]);
    assert_eq!(findings(&without_reason("36 mois")), NOTHING);
    assert_eq!(findings(&without_reason("37 mois")), [missing()]);
    assert!(!Field::RetentionReason.is_shown(&without_reason("")));
    assert!(!Field::RetentionReason.is_shown(&without_reason("trente-sept")));
}
