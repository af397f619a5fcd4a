//! Appeals against a decision of the team, or against its silence.

/// Title of the appeals.
pub const TITLE: &str = "Vos recours";

/// Appeals, each with its name and the way to it.
///
/// Of the code of relations between the public and the administration (CRPA), and that of administrative justice (CJA).
pub const APPEALS: [(&str, &str); 2] = [
    (
        "Recours gracieux",
        "Demandez à l’équipe FranceConnect de revoir sa décision, dans les deux mois\u{a0}: par un message sur cette page ou par courrier, en disant pourquoi. Le délai du recours devant le tribunal ne recommence alors qu’après sa réponse (article L. 411-2 du code des relations entre le public et l’administration).",
    ),
    (
        "Recours devant le tribunal administratif",
        "Saisissez le tribunal administratif dans les deux mois qui suivent le jour où vous avez reçu la décision, le jour où votre demande a été considérée comme rejetée, ou la réponse à votre recours gracieux (articles R. 421-1 et R. 421-2 du code de justice administrative). Sans réponse à un recours gracieux pendant deux mois, il est considéré comme rejeté. La requête se dépose en ligne sur www.telerecours.fr. C’est obligatoire pour un organisme public, sauf une commune de moins de 3\u{202f}500 habitants, et pour un organisme privé chargé d’un service public (article R. 414-1 du code de justice administrative).",
    ),
];

/// Address at which a court is seized online.
pub const COURT_ADDRESS: &str = "https://www.telerecours.fr/";

/// Words of the link to [`COURT_ADDRESS`].
pub const COURT: &str = "Déposer une requête sur Télérecours";
