//! Messages of findings: what to do, with an example, without blame.

use crate::clock;
use crate::lazy::deferred;
use crate::model::{Code, Field, Finding, Level, Step};
use crate::texts::{dates, fields, isolated, number, size};

/// Returns the sentence of a finding.
#[must_use]
pub fn of(finding: &Finding) -> String {
    let Params { example, max, .. } = Params::of(finding);
    match finding.code {
        Code::Required | Code::NotAccepted => fields::of(finding.field).missing.to_owned(),
        Code::TooLong if !is_list_of_files(finding.field) => format!("Raccourcissez ce texte : {} caractères au plus.", number(max)),
        Code::ControlCharacter => "Ce texte contient un caractère qui ne s’affiche pas. Effacez ce texte, puis saisissez-le de nouveau.".to_owned(),
        Code::Format if finding.field.step() == Step::Organisation => format_of_first_step(finding.field, &example),
        Code::UnknownValue => "Cette réponse n’est plus proposée. Choisissez-en une autre.".to_owned(),
        Code::MaybeNotEligible => {
            "FranceConnect est ouvert aux organisations privées dans les deux premiers cas. Vous pouvez continuer : la DINUM décidera en examinant la demande.".to_owned()
        }
        // Found at the steps after the first, whose part has the words.
        _ => further(finding.clone()).now().unwrap_or_default(),
    }
}

/// Values that a sentence names.
struct Params {
    min: u64,
    max: u64,
    example: String,
}

impl Params {
    fn of(finding: &Finding) -> Self {
        let params = &finding.params;
        // A number stays on one line.
        let example = params.example.as_deref().unwrap_or_default().replace(' ', "\u{a0}");
        Self { min: params.min.unwrap_or_default(), max: params.max.unwrap_or_default(), example }
    }
}

deferred! {
    /// Returns the sentence of a finding that the first step cannot have.
    fn further(finding: Finding) -> String {
        of_further_step(&finding)
    }
}

fn of_further_step(finding: &Finding) -> String {
    let Params { min, max, example } = Params::of(finding);
    match finding.code {
        Code::OneOf => "Indiquez l’adresse du texte, ou joignez-le en fichier.".to_owned(),
        Code::TooLong => {
            format!("Le nom d’un fichier dépasse {max} caractères. Raccourcissez-le, puis ajoutez-le à nouveau.")
        }
        Code::NotADate => format!("Indiquez une date qui existe, écrite comme {example}."),
        Code::OutOfRange if finding.field == Field::LaunchDate => {
            format!("Vérifiez l’année : elle doit être comprise entre {min} et {max}.")
        }
        Code::OutOfRange => format!("Indiquez un nombre entre {} et {}.", number(min), number(max)),
        Code::Needs => "Cochez aussi le nom de naissance : le nom d’usage n’existe pas pour tout le monde.".to_owned(),
        Code::MustBe => "Pour un passage à FranceConnect v2, choisissez FranceConnect – eIDAS 1.".to_owned(),
        Code::SamePerson if finding.level == Level::Error => {
            "Le délégué à la protection des données ne peut pas être aussi le responsable du traitement. Indiquez une autre personne.".to_owned()
        }
        Code::SamePerson => {
            "Cette personne est aussi le contact technique. Si elle traite les données pour votre compte, le délégué doit être quelqu’un d’autre.".to_owned()
        }
        Code::NotMobile => format!("Ce numéro n’est pas celui d’un portable. Indiquez un numéro comme {example}."),
        Code::FileType => "Un fichier n’est pas un document PDF, PNG ou JPEG. Retirez-le, puis ajoutez-le dans l’un de ces formats.".to_owned(),
        Code::FileTooLarge => format!("Un fichier dépasse {}. Retirez-le, puis ajoutez-en une version plus légère.", mebibytes(max)),
        Code::TooMany => format!("Gardez {max} fichiers au plus."),
        Code::MissingFile => "Un fichier n’est pas arrivé. Retirez-le ; vous pourrez ensuite le choisir à nouveau.".to_owned(),
        Code::PastDate => format!("Cette date est passée : nous sommes le {}. Vous pouvez la laisser si elle est juste.", dates::day(clock::today())),
        Code::MayBeBilled => "Votre organisation est privée : avec FranceConnect+, les fournisseurs d’identité peuvent facturer leur service.".to_owned(),
        Code::OtherDomain => "Cette adresse et la vôtre ne se terminent pas de la même façon. Vérifiez que le responsable du traitement fait partie de votre organisation.".to_owned(),
        Code::NotAlwaysAvailable => {
            "Certaines personnes n’ont pas de nom d’usage, et l’adresse électronique n’est pas toujours transmise : votre service doit pouvoir s’en passer.".to_owned()
        }
        Code::OverAsking => "Vous demandez toutes les données. Gardez seulement celles dont la démarche a besoin.".to_owned(),
        // Said of acts, not of fields: what a submission lacks as a whole has its words beside the button that sends it.
        Code::FutureDate | Code::TooLate | Code::Unchanged | Code::Unanswered | Code::NotAsked => {
            "Cette réponse n’est pas possible ici. Modifiez-la, puis réessayez.".to_owned()
        }
        Code::Format => format(finding.field, &example),
        Code::Required | Code::NotAccepted | Code::ControlCharacter | Code::UnknownValue | Code::MaybeNotEligible => {
            String::new()
        }
    }
}

fn is_list_of_files(field: Field) -> bool {
    matches!(field, Field::Mockups | Field::LegalDocuments)
}

fn format_of_first_step(field: Field, example: &str) -> String {
    match field {
        Field::Siret => format!(
            "Vérifiez chaque chiffre de ce numéro : un SIRET a 14 chiffres, comme {example}. Il se trouve sur l’avis de situation de l’Insee."
        ),
        field if field.path().ends_with("email") => {
            format!("Vérifiez cette adresse. Elle doit ressembler à {example}.")
        }
        field if field.path().ends_with("phone") => format!(
            "Vérifiez ce numéro. Indiquez un numéro comme {example}, sans numéro de poste : celui-ci se note à la suite de la fonction."
        ),
        _ => format!("Indiquez une réponse comme {example}."),
    }
}

fn format(field: Field, example: &str) -> String {
    match field {
        Field::LegalUrl => {
            format!("Indiquez une adresse complète, comme {example}, sans nom d’utilisateur ni mot de passe.")
        }
        Field::YearlyVolume | Field::RetentionMonths => {
            format!("Indiquez un nombre entier, en chiffres, comme {example}.")
        }
        Field::ControllerPhone => format!(
            "Vérifiez ce numéro. Indiquez un numéro comme {example}, sans numéro de poste : celui-ci se note à la suite de la fonction, ou du nom de l’organisation."
        ),
        field => format_of_first_step(field, example),
    }
}

/// Returns the reason for which a file was rejected before anything was sent.
#[must_use]
pub fn rejection(name: &str, code: Code, most: u64) -> String {
    let name = isolated(name);
    use crate::model::document::{MAX_NAME, MAX_SIZE};
    match code {
        Code::TooMany => format!("« {name} » n’a pas été ajouté : {most} fichiers au plus."),
        Code::FileTooLarge => format!("« {name} » n’a pas été ajouté : il dépasse {}.", mebibytes(MAX_SIZE)),
        Code::TooLong => format!("Un fichier n’a pas été ajouté : son nom dépasse {MAX_NAME} caractères."),
        Code::FileType => format!("« {name} » n’a pas été ajouté : ce n’est pas un document PDF, PNG ou JPEG."),
        Code::Required => format!("« {name} » n’a pas été ajouté : il est vide."),
        _ => format!("« {name} » n’a pas pu être lu. Choisissez-le à nouveau."),
    }
}

/// Returns a number of mebibytes in words, by the name that people know: `10 Mo`.
#[must_use]
pub fn mebibytes(bytes: u64) -> String {
    let mebi = 1024 * 1024;
    if bytes >= mebi { format!("{} Mo", bytes / mebi) } else { size(bytes) }
}
