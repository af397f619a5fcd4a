PRAGMA user_version = 10;
CREATE TABLE requests (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    number TEXT UNIQUE,
    schema INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    -- What the list shows and searches, taken from the draft at each save.
    errors INTEGER NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    search TEXT NOT NULL,
    -- As typed, then as submitted: JSON of the model's `Draft` and `Request`.
    draft TEXT NOT NULL,
    portal TEXT, earlier TEXT NOT NULL DEFAULT '', siren TEXT) STRICT;
CREATE TABLE deleted (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    deleted_at INTEGER NOT NULL
, portal TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE numbers (
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
CREATE TABLE documents (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- Since when the draft does not list it; null while it does.
    unlisted_since INTEGER, is_sent INTEGER NOT NULL DEFAULT 0, sender TEXT,
    PRIMARY KEY (request, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
    key BLOB PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    -- JSON of the model's `User` and `Organisation`.
    user TEXT NOT NULL,
    organisation TEXT NOT NULL
, portal TEXT, given_by BLOB, person TEXT NOT NULL DEFAULT '', browser TEXT, system TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE grants (
    challenge BLOB PRIMARY KEY,
    code BLOB,
    portal TEXT NOT NULL,
    given_by BLOB NOT NULL,
    given_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE kept (
    owner TEXT NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE submissions (
    -- A request that was ever submitted is never deleted.
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE RESTRICT,
    -- Its rank in its request, from 1.
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- The day in Europe/Paris, as `2026-11-22`.
    day TEXT NOT NULL,
    schema INTEGER NOT NULL,
    contacts_only INTEGER NOT NULL,
    -- As typed and as submitted: JSON of the model's `Draft` and `Request`.
    draft TEXT NOT NULL,
    request_json TEXT NOT NULL, has_people INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (request, n)
) STRICT;
CREATE TABLE events (
    -- Made by whoever acts, so it is theirs alone within one request: elsewhere it may stand for something else.
    id TEXT NOT NULL,
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE RESTRICT,
    -- Its rank in the history of its request, from 1.
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- The day in Europe/Paris.
    day TEXT NOT NULL,
    -- JSON of the model's `By`.
    author TEXT NOT NULL,
    -- JSON of all other members of the model's `Event`.
    body TEXT NOT NULL,
    PRIMARY KEY (request, seq),
    UNIQUE (request, id)
) STRICT;
CREATE TABLE seen (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL, looked_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (request, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE queue (
    -- By which the index of words names it.
    place INTEGER PRIMARY KEY,
    request TEXT NOT NULL UNIQUE REFERENCES requests (id) ON DELETE RESTRICT,
    number TEXT NOT NULL UNIQUE,
    -- Of the last submission.
    submission INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    organisation_kind TEXT NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    siret TEXT NOT NULL,
    siren TEXT NOT NULL,
    warnings INTEGER NOT NULL,
    -- Of the history. Without a state, the line is not counted: the event of its first submission gives it one.
    state TEXT NOT NULL DEFAULT '',
    -- The day of the legal clock; where there is none, one that comes after all others.
    due_on TEXT NOT NULL DEFAULT '9999-12-31',
    -- While the clock is stopped: the day on which it goes on by itself, and the day that is due then.
    goes_on TEXT,
    due_then TEXT,
    -- Whose it is in the team; empty for nobody's.
    examiner TEXT NOT NULL DEFAULT '',
    examiner_name TEXT NOT NULL DEFAULT '',
    examiner_title TEXT NOT NULL DEFAULT '',
    awaiting_reply INTEGER NOT NULL DEFAULT 0,
    last_event INTEGER NOT NULL DEFAULT 0,
    activity INTEGER NOT NULL DEFAULT 0,
    -- The active habilitation.
    rank INTEGER,
    accepted_submission INTEGER,
    accepted_at TEXT,
    -- Events that are news to each side, and that nobody there has read.
    unread_by_team INTEGER NOT NULL DEFAULT 0,
    unread_by_applicant INTEGER NOT NULL DEFAULT 0,
    -- What is searched, in its normal form.
    words TEXT NOT NULL
) STRICT;
CREATE TABLE queue_counts (
    state TEXT NOT NULL,
    due_on TEXT NOT NULL,
    examiner TEXT NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    organisation_kind TEXT NOT NULL,
    awaiting_reply INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply)
) STRICT, WITHOUT ROWID;
CREATE TABLE habilitations (
    -- By which the index of words names it.
    place INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE RESTRICT,
    rank INTEGER NOT NULL,
    submission INTEGER NOT NULL,
    -- `active`, `replaced` or `revoked`, and the day of the end in Europe/Paris.
    state TEXT NOT NULL,
    ended_on TEXT,
    accepted_at INTEGER NOT NULL,
    accepted_on TEXT NOT NULL,
    siret TEXT NOT NULL,
    organisation TEXT NOT NULL,
    organisation_kind TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    -- A JSON array.
    scopes TEXT NOT NULL,
    basis TEXT NOT NULL,
    url TEXT,
    -- What is searched, in its normal form.
    words TEXT NOT NULL,
    UNIQUE (request, rank)
) STRICT;
CREATE TABLE public_changes (n INTEGER NOT NULL) STRICT;
CREATE TABLE templates (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    purpose TEXT NOT NULL,
    revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE unqueued (
    request TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE reads (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    side TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (request, side, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
    -- Made of the other columns, and the identifier of the message at each attempt.
    id TEXT PRIMARY KEY NOT NULL,
    -- None for a notice that tries the way.
    request TEXT REFERENCES requests (id) ON DELETE RESTRICT,
    -- The event in the history of the request.
    event TEXT,
    -- `mail`, which goes through the relay, or `webhook`.
    channel TEXT NOT NULL,
    -- The mail, or the notice.
    mail TEXT NOT NULL,
    -- Part of the recipient in the request; `partner` of a notice.
    recipient TEXT NOT NULL,
    -- `waiting`, `sent`, `failed` or `bounced`.
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Time of the first attempt.
    due_at INTEGER NOT NULL,
    -- Time of the next attempt; of the last one, where none is left.
    next_at INTEGER NOT NULL,
    -- Time until which an attempt goes on, if one does.
    leased_until INTEGER,
    UNIQUE (request, event, channel, mail, recipient)
) STRICT;
CREATE TABLE attempts (
    delivery TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    code INTEGER
) STRICT;
CREATE TABLE channels (name TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE erased (
    request TEXT PRIMARY KEY NOT NULL,
    -- Hash of the request and its owner, who is told that it was erased. Nobody else is.
    owner TEXT NOT NULL,
    portal TEXT,
    number TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    siret TEXT NOT NULL,
    organisation TEXT NOT NULL,
    level TEXT NOT NULL,
    -- A JSON array.
    scopes TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE erased_events (
    request TEXT NOT NULL REFERENCES erased (request) ON DELETE RESTRICT,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (request, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE forewarnings (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    -- Day of the term that the mail told of.
    term TEXT NOT NULL,
    -- Day on which it was written, in Europe/Paris, and the time.
    day TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (request, mail)
) STRICT, WITHOUT ROWID;
CREATE TABLE mail_addresses (
    person TEXT PRIMARY KEY NOT NULL,
    email TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery_counts (
    -- The month of the last attempt, in UTC, as `2027-01`.
    month TEXT NOT NULL,
    channel TEXT NOT NULL,
    mail TEXT NOT NULL,
    state TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (month, channel, mail, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE statistics (
    -- `2026-11`, in Europe/Paris.
    month TEXT NOT NULL,
    measure TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (month, measure)
) STRICT, WITHOUT ROWID;
CREATE TABLE first_answers (
    -- `2026-11-22`, in Europe/Paris.
    day TEXT NOT NULL PRIMARY KEY,
    counts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE uncounted (
    request TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    -- As they were told last.
    email TEXT NOT NULL,
    given_name TEXT NOT NULL,
    usual_name TEXT NOT NULL,
    siren TEXT NOT NULL,
    -- Whether all of that was told with a verified tie to the organisation.
    is_tie_verified INTEGER NOT NULL,
    -- The address as addresses are compared.
    folded_email TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE account_subjects (
    iss TEXT NOT NULL,
    sub TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (iss, sub)
) STRICT, WITHOUT ROWID;
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7101-8101-010101010101', 'demonstration:noemie', 'draft', NULL, 1, 1, 1795348800000, 1795348800000, NULL, 1, 'Mes autorisations d''itinéraire', 'Agence nationale des sentiers et des belvédères', 'mes autorisations d''itineraire
agence nationale des sentiers et des belvederes
', '{"organisation":{"siret":"13990011200026","name":"Agence nationale des sentiers et des belvédères","kind":"administration","private_basis":null,"member":true,"applicant":{"given_name":"Jean-Baptiste","family_name":"N''Diaye","job_title":"Responsable du pôle services numériques","email":"jean-baptiste.ndiaye@sentiers.example","phone":"+33 1 99 00 78 21"}},"project":{"name":"Mes autorisations d''itinéraire","description":"Le téléservice permet aux organisateurs de randonnées de demander une autorisation de passage dans une réserve, de suivre l''instruction et de retrouver leurs autorisations.\nIl utilise FranceConnect depuis 2022 ; cette demande accompagne son passage à FranceConnect v2, sans changement des données demandées.","migration":true,"former_number":"DP-48213","mockups":[],"launch_date":"2031-03-17","yearly_volume":"185000"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les instructeurs des délégations régionales de l''agence et le service juridique en cas de recours.","retention_months":"60","retention_reason":"Une autorisation vaut cinq ans : le dossier est conservé jusqu''à son échéance pour répondre aux contrôles sur place et aux recours."},"assurance":{"level":"eidas2"},"legal":{"basis":"Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d''information et de communication de l''Etat","url":"https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479","documents":[]},"people":{"controller":{"kind":"person","legal_name":"","given_name":"Marie-Astrid","family_name":"de La Bruyère","job_title":"Directrice générale","email":"direction@sentiers.example","phone":"01 99 00 78 00"},"dpo":{"given_name":"Éloïse","family_name":"Ferrand","job_title":"Déléguée à la protection des données","email":"dpd@sentiers.example","phone":"01 99 00 78 45"},"technical":{"given_name":"Þór","family_name":"Guðmundsson","job_title":"Ingénieur d''exploitation","email":"thor.gudmundsson@sentiers.example","phone":"(+33) 6 39 98 22 07"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', NULL, '', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7202-8202-020202020202', 'demonstration:noemie', 'draft', NULL, 1, 1, 1795348800000, 1795348800000, NULL, 3, 'Guichet citoyen de Vallon-les-Prés', 'Commune de Vallon-les-Prés', 'guichet citoyen de vallon-les-pres
commune de vallon-les-pres
', '{"organisation":{"siret":"219 900 420 00015","name":"Commune de Vallon-les-Prés","kind":"administration","private_basis":null,"member":true,"applicant":{"given_name":"Noémie","family_name":"Lœb","job_title":"Cheffe de projet relation aux usagers","email":"noemie.loeb@vallon-les-pres.example","phone":"01 99 00 12 34"}},"project":{"name":"Guichet citoyen de Vallon-les-Prés","description":"Les habitants inscrivent leurs enfants à la cantine, au périscolaire et à l''accueil de loisirs, demandent un acte d''état civil ou signalent un changement de situation.\n\nL''identité transmise par FranceConnect remplace la création d''un compte local : elle sert à retrouver le dossier de la famille et à préremplir le nom, les prénoms et la date de naissance.","migration":false,"former_number":"","mockups":[{"id":"019ab3f0-7c01-7a51-9e01-5b0d6c4e0001","name":"Écran d''accueil – guichet.pdf","size":48213,"type":"application/pdf"}],"launch_date":"01/09/2031","yearly_volume":"4 200"},"data":{"scopes":["given_name","preferred_username"],"recipients":"","retention_months":"48","retention_reason":""},"assurance":{"level":"eidas1"},"legal":{"basis":"Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d''information et de communication de l''Etat","url":"https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Commune de Vallon-les-Prés, représentée par son maire","given_name":"","family_name":"","job_title":"","email":"mairie@vallon-les-pres.example","phone":"01 99 00 12 00"},"dpo":{"given_name":"Anne-Lise","family_name":"Quéméner","job_title":"Déléguée à la protection des données mutualisée","email":"dpd@centre-de-gestion-du-vallon.example","phone":"01 99 00 45 60"},"technical":{"given_name":"Yannick","family_name":"D''Hérouville","job_title":"Directeur technique chez l''éditeur du guichet","email":"y.dherouville@guichets-et-cie.example","phone":"06 39 98 12 34"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', NULL, '', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7303-8303-030303030303', 'demonstration:noemie', 'draft', NULL, 1, 1, 1795348800000, 1795348800000, NULL, 2, 'Ouverture de compte en ligne', 'Caisse de crédit du Marais bleu', 'ouverture de compte en ligne
caisse de credit du marais bleu
', '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33 (0)1 99 00 88 10"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":"","mockups":[],"launch_date":"04/05/2031","yearly_volume":"12 000"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":"60","retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"","url":"https//www.legifrance.gouv.fr/codes","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","given_name":"","family_name":"","job_title":"","email":"protection-des-donnees@marais-bleu.example","phone":"01 99 00 88 00"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"01 99 00 88 72"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33 6 39 98 70 15"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', NULL, '', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7404-8404-040404040404', 'demonstration:noemie', 'draft', NULL, 1, 1, 1795348800000, 1795348800000, NULL, 5, 'Je déménage, je préviens', 'Nouvelle Adresse – l''entraide du déménagement', 'je demenage, je previens
nouvelle adresse – l''entraide du demenagement
', '{"organisation":{"siret":"999 012 446 00013","name":"Nouvelle Adresse – l''entraide du déménagement","kind":"association","private_basis":null,"member":false,"applicant":{"given_name":"Lucie","family_name":"Payet","job_title":"   ","email":"lucie.payet@nouvelle-adresse.example","phone":"06 39 98 26 1"}},"project":{"name":"Je déménage, je préviens","description":"Une personne qui change d''adresse prévient en une fois ses fournisseurs et les organismes qu''elle choisit. L''identité évite qu''un tiers fasse suivre le courrier d''une autre personne.","migration":false,"former_number":"","mockups":[{"id":"019ab3f0-7c05-7a51-9e05-5b0d6c4e0005","name":"maquette-demenagement.pdf","size":30111,"type":"application/pdf"}],"launch_date":"02/11/2031","yearly_volume":"800"},"data":{"scopes":["family_name","given_name","birthdate","birthplace"],"recipients":"Les deux salariées chargées du service et le bénévole qui traite les réclamations.","retention_months":"12","retention_reason":""},"assurance":{"level":"eidas1"},"legal":{"basis":"Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d''information et de communication de l''Etat","url":"","documents":[{"id":"019ab3f0-7c06-7a51-9e06-5b0d6c4e0006","name":"statuts de l''association.pdf","size":51002,"type":"application/pdf"}]},"people":{"controller":{"kind":"organisation","legal_name":"Association Nouvelle Adresse","given_name":"","family_name":"","job_title":"","email":"bureau@nouvelle-adresse.example","phone":"01 99 00 26 00"},"dpo":{"given_name":"Karim","family_name":"Aït-Ouarab","job_title":"Délégué à la protection des données, cabinet externe","email":"karim@donnees-sereines.example","phone":"+33 1 99 00 54 54"},"technical":{"given_name":"Zoé","family_name":"Grondin","job_title":"Développeuse bénévole","email":"zoe.grondin@nouvelle-adresse.example","phone":"06 39 98 26 44"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', NULL, '', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7505-8505-050505050505', 'demonstration:noemie', 'draft', NULL, 1, 1, 1795348800000, 1795348800000, NULL, 5, 'Carnet de télésuivi', 'Groupement d''intérêt public Télésuivi des Deux-Rives', 'carnet de telesuivi
groupement d''interet public telesuivi des deux-rives
', '{"organisation":{"siret":"139 900 583 00010","name":"Groupement d''intérêt public Télésuivi des Deux-Rives","kind":"administration","private_basis":null,"member":true,"applicant":{"given_name":"Aïcha","family_name":"Benhaddou","job_title":"Directrice des usages","email":"aicha.benhaddou@telesuivi-deux-rives.example","phone":"06.39.98.30.11"}},"project":{"name":"Carnet de télésuivi","description":"Les patients suivis à domicile pour une maladie chronique y saisissent leurs mesures (tension, glycémie, poids), lisent les consignes de l''équipe de soins et prennent rendez-vous pour une téléconsultation.\n\nL''identité sert à rattacher le patient à son dossier avec une certitude suffisante avant de montrer une donnée de santé.","migration":false,"former_number":"","mockups":[{"id":"019ab3f0-7c02-7a51-9e02-5b0d6c4e0002","name":"parcours-patient.png","size":20480,"type":"image/png"},{"id":"019ab3f0-7c03-7a51-9e03-5b0d6c4e0003","name":"saisie d''une mesure.jpg","size":15360,"type":"image/jpeg"}],"launch_date":"15/01/2032","yearly_volume":"36 500"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender","preferred_username"],"recipients":"Les professionnels de santé de l''équipe de soins du patient. Le service d''assistance n''accède qu''au nom et au prénom.","retention_months":"36","retention_reason":""},"assurance":{"level":"eidas2"},"legal":{"basis":"Arrêté du 28 mars 2022 portant approbation du référentiel relatif à l''identification électronique des acteurs des secteurs sanitaire, médico-social et social, personnes physiques et morales, et à l''identification électronique des usagers des services numériques en santé","url":"https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000045457991","documents":[{"id":"019ab3f0-7c04-7a51-9e04-5b0d6c4e0004","name":"convention-constitutive.pdf","size":73112,"type":"application/pdf"}]},"people":{"controller":{"kind":"person","legal_name":"","given_name":"Hervé","family_name":"Le Goff-Martin","job_title":"Directeur du groupement","email":"herve.legoff@ailleurs.example","phone":""},"dpo":{"given_name":"HERVE","family_name":"Le Goff Martin","job_title":"","email":"dpd@telesuivi-deux-rives.example","phone":"01 99 00 63 18"},"technical":{"given_name":"Mamadou","family_name":"Sow","job_title":"Architecte logiciel","email":"mamadou.sow@","phone":"01 99 00 44 55"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', NULL, '', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7606-8606-060606060606', 'demonstration:noemie', 'draft', NULL, 1, 1, 1795348800000, 1795348800000, NULL, 5, '', 'Commune de Vallon-les-Prés', '
commune de vallon-les-pres
', '{"organisation":{"siret":"219 900 420 00015","name":"Commune de Vallon-les-Prés","kind":"administration","private_basis":null,"member":true,"applicant":{"given_name":"Noémie","family_name":"Lœb","job_title":"Cheffe de projet relation aux usagers","email":"noemie.loeb@vallon-les-pres.example","phone":"01 99 00 12 34"}},"project":{"name":"","description":"","migration":null,"former_number":"","mockups":[],"launch_date":"31/02/2031","yearly_volume":"0"},"data":{"scopes":["family_name","given_name","birthdate","email"],"recipients":"Les agents du service des affaires scolaires et du service de l''état civil, pour l''instruction des demandes ; l''administrateur du guichet, pour l''assistance.","retention_months":"24","retention_reason":""},"assurance":{"level":"eidas1"},"legal":{"basis":"Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d''information et de communication de l''Etat","url":"https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Commune de Vallon-les-Prés, représentée par son maire","given_name":"","family_name":"","job_title":"","email":"mairie@vallon-les-pres.example","phone":"01 99 00 12 00"},"dpo":{"given_name":"Anne-Lise","family_name":"Quéméner","job_title":"Déléguée à la protection des données mutualisée","email":"dpd@centre-de-gestion-du-vallon.example","phone":"01 99 00 45 60"},"technical":{"given_name":"Yannick","family_name":"D''Hérouville","job_title":"Directeur technique chez l''éditeur du guichet","email":"y.dherouville@guichets-et-cie.example","phone":"06 39 98 12 34"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', NULL, '', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7707-8707-070707070707', 'demonstration:noemie', 'draft', NULL, 1, 1, 1795348800000, 1795348800000, NULL, 20, 'Mes autorisations d''itinéraire', 'Agence nationale des sentiers et des belvédères', 'mes autorisations d''itineraire
agence nationale des sentiers et des belvederes
', '{"organisation":{"siret":"13990011200026","name":"Agence nationale des sentiers et des belvédères","kind":"administration","private_basis":null,"member":true,"applicant":{"given_name":"Jean-Baptiste","family_name":"N''Diaye","job_title":"Responsable du pôle services numériques","email":"jean-baptiste.ndiaye@sentiers.example","phone":"+33 1 99 00 78 21"}},"project":{"name":"Mes autorisations d''itinéraire","description":"Le téléservice permet aux organisateurs de randonnées de demander une autorisation de passage dans une réserve, de suivre l''instruction et de retrouver leurs autorisations.\nIl utilise FranceConnect depuis 2022 ; cette demande accompagne son passage à FranceConnect v2, sans changement des données demandées.","migration":true,"former_number":"DP-48213","mockups":[],"launch_date":"15/03/2019","yearly_volume":"185000"},"data":{"scopes":[],"recipients":"","retention_months":"","retention_reason":""},"assurance":{"level":null},"legal":{"basis":"","url":"","documents":[]},"people":{"controller":{"kind":null,"legal_name":"","given_name":"","family_name":"","job_title":"","email":"","phone":""},"dpo":{"given_name":"","family_name":"","job_title":"","email":"","phone":""},"technical":{"given_name":"","family_name":"","job_title":"","email":"","phone":""}},"terms":{"accepted":false,"dpo_informed":false,"alternative_offered":false}}', NULL, '', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7808-8808-080808080808', 'demonstration:noemie', 'draft', NULL, 1, 1, 1795348800000, 1795348800000, NULL, 2, 'Ouverture de compte en ligne', 'Caisse de crédit du Marais bleu', 'ouverture de compte en ligne
caisse de credit du marais bleu
', '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33 (0)1 99 00 88 10"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":"","mockups":[],"launch_date":"04/05/2031","yearly_volume":"12 000"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":"60","retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","given_name":"","family_name":"","job_title":"","email":"protection-des-donnees@marais-bleu.example","phone":"01 99 00 88 00"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"01 99 00 88 72"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33 6 39 98 70 15"}},"terms":{"accepted":true,"dpo_informed":false,"alternative_offered":false}}', NULL, '', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7414-9414-141414141414', 'demonstration:noemie', 'submitted', 'FC-2026-000001', 1, 3, 1795348800000, 1795348800000, 1795348800000, 0, 'Ouverture de compte en ligne', 'Caisse de crédit du Marais bleu', 'ouverture de compte en ligne
caisse de credit du marais bleu
fc-2026-000001', '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33 (0)1 99 00 88 10"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":"","mockups":[],"launch_date":"04/05/2031","yearly_volume":"12 000"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":"60","retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","given_name":"","family_name":"","job_title":"","email":"protection-des-donnees@marais-bleu.example","phone":"01 99 00 88 00"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"01 99 00 88 72"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33 6 39 98 70 15"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', NULL, '1795348800000 1795348800000 ', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7515-9515-151515151515', 'demonstration:noemie', 'submitted', 'FC-2026-000002', 1, 2, 1795348800000, 1795348800000, 1795348800000, 0, 'Guichet citoyen de Vallon-les-Prés', 'Commune de Vallon-les-Prés', 'guichet citoyen de vallon-les-pres
commune de vallon-les-pres
fc-2026-000002', '{"organisation":{"siret":"219 900 420 00015","name":"Commune de Vallon-les-Prés","kind":"administration","private_basis":null,"member":true,"applicant":{"given_name":"Noémie","family_name":"Lœb","job_title":"Cheffe de projet relation aux usagers","email":"noemie.loeb@vallon-les-pres.example","phone":"01 99 00 12 34"}},"project":{"name":"Guichet citoyen de Vallon-les-Prés","description":"Les habitants inscrivent leurs enfants à la cantine, au périscolaire et à l''accueil de loisirs, demandent un acte d''état civil ou signalent un changement de situation.\n\nL''identité transmise par FranceConnect remplace la création d''un compte local : elle sert à retrouver le dossier de la famille et à préremplir le nom, les prénoms et la date de naissance.","migration":false,"former_number":"","mockups":[{"id":"019ab3f0-7c01-7a51-9e01-5b0d6c4e0001","name":"Écran d''accueil – guichet.pdf","size":48213,"type":"application/pdf"}],"launch_date":"01/09/2031","yearly_volume":"4 200"},"data":{"scopes":["family_name","given_name","birthdate","email"],"recipients":"Les agents du service des affaires scolaires et du service de l''état civil, pour l''instruction des demandes ; l''administrateur du guichet, pour l''assistance.","retention_months":"24","retention_reason":""},"assurance":{"level":"eidas1"},"legal":{"basis":"Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d''information et de communication de l''Etat","url":"https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Commune de Vallon-les-Prés, représentée par son maire","given_name":"","family_name":"","job_title":"","email":"mairie@vallon-les-pres.example","phone":"01 99 00 12 00"},"dpo":{"given_name":"Anne-Lise","family_name":"Quéméner","job_title":"Déléguée à la protection des données mutualisée","email":"dpd@centre-de-gestion-du-vallon.example","phone":"01 99 00 45 60"},"technical":{"given_name":"Yannick","family_name":"D''Hérouville","job_title":"Directeur technique chez l''éditeur du guichet","email":"y.dherouville@guichets-et-cie.example","phone":"06 39 98 12 34"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', 'https://portail.example', '1795348800000 ', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7616-9616-161616161616', 'demonstration:noemie', 'changes_requested', 'FC-2026-000003', 1, 4, 1795348800000, 1795348800000, 1795348800000, 33, 'Not sent', '', 'not sent

fc-2026-000003', '{"organisation":{"siret":"","name":"","kind":null,"private_basis":null,"member":false,"applicant":{"given_name":"","family_name":"","job_title":"","email":"","phone":""}},"project":{"name":"Not sent","description":"","migration":null,"former_number":"","mockups":[],"launch_date":"","yearly_volume":""},"data":{"scopes":[],"recipients":"","retention_months":"","retention_reason":""},"assurance":{"level":null},"legal":{"basis":"","url":"","documents":[]},"people":{"controller":{"kind":null,"legal_name":"","given_name":"","family_name":"","job_title":"","email":"","phone":""},"dpo":{"given_name":"","family_name":"","job_title":"","email":"","phone":""},"technical":{"given_name":"","family_name":"","job_title":"","email":"","phone":""}},"terms":{"accepted":false,"dpo_informed":false,"alternative_offered":false}}', NULL, '1795348800000 1795348800000 1795348800000 ', '219900420');
INSERT INTO requests (id, owner, state, number, schema, revision, created_at, updated_at, submitted_at, errors, name, organisation, search, draft, portal, earlier, siren) VALUES ('018bcfe5-6800-7717-9717-171717171717', 'demonstration:noemie', 'accepted', 'FC-2026-000004', 1, 3, 1795348800000, 1795348800000, 1795348800000, 0, 'Ouverture de compte en ligne', 'Caisse de crédit du Marais bleu', 'ouverture de compte en ligne
caisse de credit du marais bleu
fc-2026-000004', '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33 (0)1 99 00 88 10"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":"","mockups":[],"launch_date":"04/05/2031","yearly_volume":"12 000"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":"60","retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","given_name":"","family_name":"","job_title":"","email":"protection-des-donnees@marais-bleu.example","phone":"01 99 00 88 00"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"01 99 00 88 72"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33 6 39 98 70 15"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', NULL, '1795348800000 1795348800000 ', '219900420');
INSERT INTO deleted (id, owner, deleted_at, portal) VALUES ('018bcfe5-6800-7e1e-9e1e-1e1e1e1e1e1e', 'demonstration:noemie', 1795348800000, NULL);
INSERT INTO numbers (year, last) VALUES (2026, 4);
INSERT INTO documents (request, id, owner, file, type, size, unlisted_since, is_sent, sender) VALUES ('018bcfe5-6800-7202-8202-020202020202', '019ab3f0-7c01-7a51-9e01-5b0d6c4e0001', 'demonstration:noemie', '3b385ed88378a3b83703176024121b9a', 'application/pdf', 13, NULL, 0, NULL);
INSERT INTO documents (request, id, owner, file, type, size, unlisted_since, is_sent, sender) VALUES ('018bcfe5-6800-7404-8404-040404040404', '019ab3f0-7c05-7a51-9e05-5b0d6c4e0005', 'demonstration:noemie', '326c83e0877ca277647e5c1c3e72c980', 'application/pdf', 13, NULL, 0, NULL);
INSERT INTO documents (request, id, owner, file, type, size, unlisted_since, is_sent, sender) VALUES ('018bcfe5-6800-7404-8404-040404040404', '019ab3f0-7c06-7a51-9e06-5b0d6c4e0006', 'demonstration:noemie', '70aaf21025109a9a0ca1a88dfef9ea17', 'application/pdf', 13, NULL, 0, NULL);
INSERT INTO documents (request, id, owner, file, type, size, unlisted_since, is_sent, sender) VALUES ('018bcfe5-6800-7505-8505-050505050505', '019ab3f0-7c02-7a51-9e02-5b0d6c4e0002', 'demonstration:noemie', '9a23efe83232f42b97df8d631efa828f', 'application/pdf', 13, NULL, 0, NULL);
INSERT INTO documents (request, id, owner, file, type, size, unlisted_since, is_sent, sender) VALUES ('018bcfe5-6800-7505-8505-050505050505', '019ab3f0-7c03-7a51-9e03-5b0d6c4e0003', 'demonstration:noemie', '5d1f1cfd03a9ffc9a53ed2656b6672f7', 'application/pdf', 13, NULL, 0, NULL);
INSERT INTO documents (request, id, owner, file, type, size, unlisted_since, is_sent, sender) VALUES ('018bcfe5-6800-7505-8505-050505050505', '019ab3f0-7c04-7a51-9e04-5b0d6c4e0004', 'demonstration:noemie', '80a4f586526612ae93e156751b2d9515', 'application/pdf', 13, NULL, 0, NULL);
INSERT INTO documents (request, id, owner, file, type, size, unlisted_since, is_sent, sender) VALUES ('018bcfe5-6800-7515-9515-151515151515', '019ab3f0-7c01-7a51-9e01-5b0d6c4e0001', 'demonstration:noemie', '8e7e413e52269a0fe2f3bb62d105c935', 'application/pdf', 13, NULL, 1, NULL);
INSERT INTO sessions (key, opened_at, seen_at, user, organisation, portal, given_by, person, browser, system) VALUES (X'59C16272BF2E314B36526D565032C83FEED1854C48D0AD0781F34B749051A29B', 1795348800000, 1795348800000, '{"id":"demonstration:noemie","given_name":"Noémie","family_name":"Lœb","email":"noemie.loeb@vallon-les-pres.example","phone":"01 99 00 12 34","job_title":"Cheffe de projet relation aux usagers"}', '{"siret":"21990042000015","name":"Commune de Vallon-les-Prés","kind":"administration"}', NULL, NULL, 'demonstration:noemie', NULL, NULL);
INSERT INTO sessions (key, opened_at, seen_at, user, organisation, portal, given_by, person, browser, system) VALUES (X'8A0CFC16A8AF3E029B651310DA21043C33259874C71D94EB49385AE50033DDCF', 1795348800000, 1795348800000, '{"id":"demonstration:noemie","given_name":"Noémie","family_name":"Lœb","email":"noemie.loeb@vallon-les-pres.example","phone":"01 99 00 12 34","job_title":"Cheffe de projet relation aux usagers"}', '{"siret":"21990042000015","name":"Commune de Vallon-les-Prés","kind":"administration"}', 'https://portail.example', X'59C16272BF2E314B36526D565032C83FEED1854C48D0AD0781F34B749051A29B', 'demonstration:noemie', NULL, NULL);
INSERT INTO sessions (key, opened_at, seen_at, user, organisation, portal, given_by, person, browser, system) VALUES (X'939C5FD0DCE9A7CE28CCA64DBC9895CF74445F6F85F3EA2BC87F94211F8C0E77', 1795348800000, 1795348800000, '{"id":"demonstration:claire","given_name":"Claire","family_name":"Marchand","email":"claire.marchand@equipe.example","phone":"01 99 00 45 01","job_title":"Chargée des habilitations"}', '{"siret":"13002526500013","name":"Direction interministérielle du numérique","kind":"administration"}', NULL, NULL, 'demonstration:claire', NULL, NULL);
INSERT INTO grants (challenge, code, portal, given_by, given_at) VALUES (X'DC4BF80C77473D130FA0DE86BA4018FE98BB214005E6A5891D12BA91446F9E81', NULL, 'https://portail.example', X'59C16272BF2E314B36526D565032C83FEED1854C48D0AD0781F34B749051A29B', 1795348800000);
INSERT INTO kept (owner, bytes) VALUES ('demonstration:noemie', 40892);
INSERT INTO submissions (request, n, at, day, schema, contacts_only, draft, request_json, has_people) VALUES ('018bcfe5-6800-7414-9414-141414141414', 1, 1795348800000, '2026-11-22', 1, 0, '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33 (0)1 99 00 88 10"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":"","mockups":[],"launch_date":"04/05/2031","yearly_volume":"12 000"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":"60","retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","given_name":"","family_name":"","job_title":"","email":"protection-des-donnees@marais-bleu.example","phone":"01 99 00 88 00"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"01 99 00 88 72"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33 6 39 98 70 15"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33199008810"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":null,"mockups":[],"launch_date":"2031-05-04","yearly_volume":12000},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":60,"retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","email":"protection-des-donnees@marais-bleu.example","phone":"+33199008800"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"+33199008872"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33639987015"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', 1);
INSERT INTO submissions (request, n, at, day, schema, contacts_only, draft, request_json, has_people) VALUES ('018bcfe5-6800-7515-9515-151515151515', 1, 1795348800000, '2026-11-22', 1, 0, '{"organisation":{"siret":"219 900 420 00015","name":"Commune de Vallon-les-Prés","kind":"administration","private_basis":null,"member":true,"applicant":{"given_name":"Noémie","family_name":"Lœb","job_title":"Cheffe de projet relation aux usagers","email":"noemie.loeb@vallon-les-pres.example","phone":"01 99 00 12 34"}},"project":{"name":"Guichet citoyen de Vallon-les-Prés","description":"Les habitants inscrivent leurs enfants à la cantine, au périscolaire et à l''accueil de loisirs, demandent un acte d''état civil ou signalent un changement de situation.\n\nL''identité transmise par FranceConnect remplace la création d''un compte local : elle sert à retrouver le dossier de la famille et à préremplir le nom, les prénoms et la date de naissance.","migration":false,"former_number":"","mockups":[{"id":"019ab3f0-7c01-7a51-9e01-5b0d6c4e0001","name":"Écran d''accueil – guichet.pdf","size":48213,"type":"application/pdf"}],"launch_date":"01/09/2031","yearly_volume":"4 200"},"data":{"scopes":["family_name","given_name","birthdate","email"],"recipients":"Les agents du service des affaires scolaires et du service de l''état civil, pour l''instruction des demandes ; l''administrateur du guichet, pour l''assistance.","retention_months":"24","retention_reason":""},"assurance":{"level":"eidas1"},"legal":{"basis":"Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d''information et de communication de l''Etat","url":"https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Commune de Vallon-les-Prés, représentée par son maire","given_name":"","family_name":"","job_title":"","email":"mairie@vallon-les-pres.example","phone":"01 99 00 12 00"},"dpo":{"given_name":"Anne-Lise","family_name":"Quéméner","job_title":"Déléguée à la protection des données mutualisée","email":"dpd@centre-de-gestion-du-vallon.example","phone":"01 99 00 45 60"},"technical":{"given_name":"Yannick","family_name":"D''Hérouville","job_title":"Directeur technique chez l''éditeur du guichet","email":"y.dherouville@guichets-et-cie.example","phone":"06 39 98 12 34"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', '{"organisation":{"siret":"21990042000015","name":"Commune de Vallon-les-Prés","kind":"administration","private_basis":null,"member":true,"applicant":{"given_name":"Noémie","family_name":"Lœb","job_title":"Cheffe de projet relation aux usagers","email":"noemie.loeb@vallon-les-pres.example","phone":"+33199001234"}},"project":{"name":"Guichet citoyen de Vallon-les-Prés","description":"Les habitants inscrivent leurs enfants à la cantine, au périscolaire et à l''accueil de loisirs, demandent un acte d''état civil ou signalent un changement de situation.\n\nL''identité transmise par FranceConnect remplace la création d''un compte local : elle sert à retrouver le dossier de la famille et à préremplir le nom, les prénoms et la date de naissance.","migration":false,"former_number":null,"mockups":[{"id":"019ab3f0-7c01-7a51-9e01-5b0d6c4e0001","name":"Écran d''accueil – guichet.pdf","size":13,"type":"application/pdf"}],"launch_date":"2031-09-01","yearly_volume":4200},"data":{"scopes":["family_name","given_name","birthdate","email"],"recipients":"Les agents du service des affaires scolaires et du service de l''état civil, pour l''instruction des demandes ; l''administrateur du guichet, pour l''assistance.","retention_months":24,"retention_reason":null},"assurance":{"level":"eidas1"},"legal":{"basis":"Arrêté du 8 novembre 2018 relatif au téléservice dénommé « FranceConnect » créé par la direction interministérielle du numérique et du système d''information et de communication de l''Etat","url":"https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Commune de Vallon-les-Prés, représentée par son maire","email":"mairie@vallon-les-pres.example","phone":"+33199001200"},"dpo":{"given_name":"Anne-Lise","family_name":"Quéméner","job_title":"Déléguée à la protection des données mutualisée","email":"dpd@centre-de-gestion-du-vallon.example","phone":"+33199004560"},"technical":{"given_name":"Yannick","family_name":"D''Hérouville","job_title":"Directeur technique chez l''éditeur du guichet","email":"y.dherouville@guichets-et-cie.example","phone":"+33639981234"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', 1);
INSERT INTO submissions (request, n, at, day, schema, contacts_only, draft, request_json, has_people) VALUES ('018bcfe5-6800-7616-9616-161616161616', 1, 1795348800000, '2026-11-22', 1, 0, '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33 (0)1 99 00 88 10"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":"","mockups":[],"launch_date":"04/05/2031","yearly_volume":"12 000"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":"60","retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","given_name":"","family_name":"","job_title":"","email":"protection-des-donnees@marais-bleu.example","phone":"01 99 00 88 00"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"01 99 00 88 72"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33 6 39 98 70 15"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33199008810"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":null,"mockups":[],"launch_date":"2031-05-04","yearly_volume":12000},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":60,"retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","email":"protection-des-donnees@marais-bleu.example","phone":"+33199008800"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"+33199008872"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33639987015"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', 1);
INSERT INTO submissions (request, n, at, day, schema, contacts_only, draft, request_json, has_people) VALUES ('018bcfe5-6800-7717-9717-171717171717', 1, 1795348800000, '2026-11-22', 1, 0, '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33 (0)1 99 00 88 10"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":"","mockups":[],"launch_date":"04/05/2031","yearly_volume":"12 000"},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":"60","retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","given_name":"","family_name":"","job_title":"","email":"protection-des-donnees@marais-bleu.example","phone":"01 99 00 88 00"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"01 99 00 88 72"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33 6 39 98 70 15"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', '{"organisation":{"siret":"99900173800031","name":"Caisse de crédit du Marais bleu","kind":"company","private_basis":"identity_verification","member":true,"applicant":{"given_name":"Stéphane","family_name":"Müller","job_title":"Responsable de l''entrée en relation","email":"stephane.muller@marais-bleu.example","phone":"+33199008810"}},"project":{"name":"Ouverture de compte en ligne","description":"Une personne ouvre un compte de dépôt à distance. Avant toute opération, la banque doit connaître son identité : FranceConnect+ remplace l''envoi d''une copie de pièce d''identité et l''attente d''une vérification par un conseiller.","migration":false,"former_number":null,"mockups":[],"launch_date":"2031-05-04","yearly_volume":12000},"data":{"scopes":["family_name","given_name","birthdate","birthplace","birthcountry","gender"],"recipients":"Les chargés d''ouverture de compte et le service de la conformité, seuls habilités au dossier d''entrée en relation.","retention_months":60,"retention_reason":"L''article L. 561-12 du code monétaire et financier impose de conserver les éléments d''identification pendant cinq ans après la fin de la relation d''affaires."},"assurance":{"level":"eidas3"},"legal":{"basis":"Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.","url":"https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/","documents":[]},"people":{"controller":{"kind":"organisation","legal_name":"Caisse de crédit du Marais bleu","email":"protection-des-donnees@marais-bleu.example","phone":"+33199008800"},"dpo":{"given_name":"Gaëlle","family_name":"O''Connor","job_title":"Déléguée à la protection des données","email":"dpo@marais-bleu.example","phone":"+33199008872"},"technical":{"given_name":"Thị Hương","family_name":"Nguyễn","job_title":"Responsable de l''identité numérique","email":"huong.nguyen@marais-bleu.example","phone":"+33639987015"}},"terms":{"accepted":true,"dpo_informed":true,"alternative_offered":true}}', 1);
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('01a20320-a200-798e-a082-781ba9024e61', '018bcfe5-6800-7414-9414-141414141414', 1, 'submitted', 1795348800000, '2026-11-22', '{"side":"applicant","name":"Noémie Lœb","job_title":"Cheffe de projet relation aux usagers"}', '{"submission":1}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('01a20320-a200-772a-b154-2c486310650b', '018bcfe5-6800-7515-9515-151515151515', 1, 'submitted', 1795348800000, '2026-11-22', '{"side":"applicant","name":"Noémie Lœb","job_title":"Cheffe de projet relation aux usagers"}', '{"submission":1}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('01a20320-a200-7184-b06f-1faff5ed4e59', '018bcfe5-6800-7616-9616-161616161616', 1, 'submitted', 1795348800000, '2026-11-22', '{"side":"applicant","name":"Noémie Lœb","job_title":"Cheffe de projet relation aux usagers"}', '{"submission":1}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('01a20320-a200-7351-8fe3-21f29d56b334', '018bcfe5-6800-7717-9717-171717171717', 1, 'submitted', 1795348800000, '2026-11-22', '{"side":"applicant","name":"Noémie Lœb","job_title":"Cheffe de projet relation aux usagers"}', '{"submission":1}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('018bcfe5-6800-7565-a565-656565656565', '018bcfe5-6800-7616-9616-161616161616', 2, 'changes_requested', 1795348800000, '2026-11-22', '{"side":"examiner","name":"Claire Marchand","job_title":"Chargée des habilitations"}', '{"answer_by":"2027-01-22","remarks":[{"pointer":"/project/description","text":"Quelles démarches, exactement ?"}],"submission":1,"text":"Un point."}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('018bcfe5-6800-7666-a666-666666666666', '018bcfe5-6800-7717-9717-171717171717', 2, 'assignment', 1795348800000, '2026-11-22', '{"side":"examiner","name":"Claire Marchand","job_title":"Chargée des habilitations"}', '{"examiner":{"id":"demonstration:claire","job_title":"Chargée des habilitations","name":"Claire Marchand"}}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('018bcfe5-6800-7767-a767-676767676767', '018bcfe5-6800-7717-9717-171717171717', 3, 'note', 1795348800000, '2026-11-22', '{"side":"examiner","name":"Claire Marchand","job_title":"Chargée des habilitations"}', '{"text":"À suivre."}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('018bcfe5-6800-7868-a868-686868686868', '018bcfe5-6800-7717-9717-171717171717', 4, 'message', 1795348800000, '2026-11-22', '{"side":"applicant","name":"Noémie Lœb","job_title":"Cheffe de projet relation aux usagers"}', '{"text":"Bonjour."}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('018bcfe5-6800-7969-a969-696969696969', '018bcfe5-6800-7717-9717-171717171717', 5, 'accepted', 1795348800000, '2026-11-22', '{"side":"examiner","name":"Claire Marchand","job_title":"Chargée des habilitations"}', '{"habilitation":"FC-2026-000004-1","submission":1}');
INSERT INTO events (id, request, seq, kind, at, day, author, body) VALUES ('018bcfe5-6800-7a6a-aa6a-6a6a6a6a6a6a', '018bcfe5-6800-7515-9515-151515151515', 2, 'message', 1795348800000, '2026-11-22', '{"side":"applicant","name":"Noémie Lœb","job_title":"Cheffe de projet relation aux usagers"}', '{"text":"Y a-t-il du nouveau ?"}');
INSERT INTO seen (request, person, seq, at, looked_at) VALUES ('018bcfe5-6800-7616-9616-161616161616', 'demonstration:claire', 1, 1795348800000, 1795348800000);
INSERT INTO seen (request, person, seq, at, looked_at) VALUES ('018bcfe5-6800-7717-9717-171717171717', 'demonstration:claire', 4, 1795348800000, 1795348800000);
INSERT INTO seen (request, person, seq, at, looked_at) VALUES ('018bcfe5-6800-7717-9717-171717171717', 'demonstration:noemie', 5, 1795348800000, 1795348800000);
INSERT INTO queue (place, request, number, submission, submitted_at, kind, level, organisation_kind, name, organisation, siret, siren, warnings, state, due_on, goes_on, due_then, examiner, examiner_name, examiner_title, awaiting_reply, last_event, activity, rank, accepted_submission, accepted_at, unread_by_team, unread_by_applicant, words) VALUES (1, '018bcfe5-6800-7414-9414-141414141414', 'FC-2026-000001', 1, 1795348800000, 'first', 'eidas3', 'company', 'Ouverture de compte en ligne', 'Caisse de crédit du Marais bleu', '99900173800031', '999001738', 1, 'submitted', '2027-01-22', NULL, NULL, '', '', '', 0, 1, 1795348800000, NULL, NULL, NULL, 1, 0, 'ouverture de compte en ligne caisse de credit du marais bleu 99900173800031 999001738
fc-2026-000001');
INSERT INTO queue (place, request, number, submission, submitted_at, kind, level, organisation_kind, name, organisation, siret, siren, warnings, state, due_on, goes_on, due_then, examiner, examiner_name, examiner_title, awaiting_reply, last_event, activity, rank, accepted_submission, accepted_at, unread_by_team, unread_by_applicant, words) VALUES (2, '018bcfe5-6800-7515-9515-151515151515', 'FC-2026-000002', 1, 1795348800000, 'first', 'eidas1', 'administration', 'Guichet citoyen de Vallon-les-Prés', 'Commune de Vallon-les-Prés', '21990042000015', '219900420', 1, 'submitted', '2027-01-22', NULL, NULL, '', '', '', 1, 2, 1795348800000, NULL, NULL, NULL, 2, 0, 'guichet citoyen de vallon-les-pres commune de vallon-les-pres 21990042000015 219900420
fc-2026-000002');
INSERT INTO queue (place, request, number, submission, submitted_at, kind, level, organisation_kind, name, organisation, siret, siren, warnings, state, due_on, goes_on, due_then, examiner, examiner_name, examiner_title, awaiting_reply, last_event, activity, rank, accepted_submission, accepted_at, unread_by_team, unread_by_applicant, words) VALUES (3, '018bcfe5-6800-7616-9616-161616161616', 'FC-2026-000003', 1, 1795348800000, 'first', 'eidas3', 'company', 'Ouverture de compte en ligne', 'Caisse de crédit du Marais bleu', '99900173800031', '999001738', 1, 'changes_requested', '9999-12-31', '2027-01-22', '2027-03-24', '', '', '', 0, 2, 1795348800000, NULL, NULL, NULL, 0, 1, 'ouverture de compte en ligne caisse de credit du marais bleu 99900173800031 999001738
fc-2026-000003');
INSERT INTO queue (place, request, number, submission, submitted_at, kind, level, organisation_kind, name, organisation, siret, siren, warnings, state, due_on, goes_on, due_then, examiner, examiner_name, examiner_title, awaiting_reply, last_event, activity, rank, accepted_submission, accepted_at, unread_by_team, unread_by_applicant, words) VALUES (4, '018bcfe5-6800-7717-9717-171717171717', 'FC-2026-000004', 1, 1795348800000, 'first', 'eidas3', 'company', 'Ouverture de compte en ligne', 'Caisse de crédit du Marais bleu', '99900173800031', '999001738', 1, 'accepted', '9999-12-31', NULL, NULL, 'demonstration:claire', 'Claire Marchand', 'Chargée des habilitations', 0, 5, 1795348800000, 1, 1, '2026-11-22T12:00:00.000Z', 0, 0, 'ouverture de compte en ligne caisse de credit du marais bleu 99900173800031 999001738
fc-2026-000004');
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('*', '*', '*', '*', '*', '*', 0, 3);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('*', '*', '*', '*', '*', '*', 1, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('accepted', '*', '*', '*', '*', '*', -1, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('accepted', '*', 'demonstration:claire', 'first', 'eidas3', 'company', 0, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('accepted', '*9999-12-31', '*', '*', '*', '*', -1, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('accepted', '9999-12-31', 'demonstration:claire', 'first', 'eidas3', 'company', 0, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('changes_requested', '*', '', 'first', 'eidas3', 'company', 0, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('changes_requested', '*', '*', '*', '*', '*', -1, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('changes_requested', '*9999-12-31', '*', '*', '*', '*', -1, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('changes_requested', '9999-12-31', '', 'first', 'eidas3', 'company', 0, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('submitted', '*', '', 'first', 'eidas1', 'administration', 1, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('submitted', '*', '', 'first', 'eidas3', 'company', 0, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('submitted', '*', '*', '*', '*', '*', -1, 2);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('submitted', '*2027-01-22', '*', '*', '*', '*', -1, 2);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('submitted', '2027-01-22', '', 'first', 'eidas1', 'administration', 1, 1);
INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n) VALUES ('submitted', '2027-01-22', '', 'first', 'eidas3', 'company', 0, 1);
INSERT INTO habilitations (place, number, request, rank, submission, state, ended_on, accepted_at, accepted_on, siret, organisation, organisation_kind, name, level, scopes, basis, url, words) VALUES (1, 'FC-2026-000004-1', '018bcfe5-6800-7717-9717-171717171717', 1, 1, 'active', NULL, 1795348800000, '2026-11-22', '99900173800031', 'Caisse de crédit du Marais bleu', 'company', 'Ouverture de compte en ligne', 'eidas3', '["family_name","given_name","birthdate","birthplace","birthcountry","gender"]', 'Articles L. 561-5 et R. 561-5-1 du code monétaire et financier : identification du client et vérification de son identité avant l''entrée en relation d''affaires.', 'https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072026/', 'ouverture de compte en ligne caisse de credit du marais bleu 99900173800031 fc-2026-000004-1');
INSERT INTO public_changes (n) VALUES (1);
INSERT INTO reads (request, side, seq, at) VALUES ('018bcfe5-6800-7616-9616-161616161616', 'examiner', 1, 1795348800000);
INSERT INTO reads (request, side, seq, at) VALUES ('018bcfe5-6800-7717-9717-171717171717', 'applicant', 5, 1795348800000);
INSERT INTO reads (request, side, seq, at) VALUES ('018bcfe5-6800-7717-9717-171717171717', 'examiner', 4, 1795348800000);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7ea3-af39-d5dbee32fafd', '018bcfe5-6800-7414-9414-141414141414', '01a20320-a200-798e-a082-781ba9024e61', 'mail', 'ack', 'applicant', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-771c-b98f-e84cafd8ed9f', '018bcfe5-6800-7414-9414-141414141414', '01a20320-a200-798e-a082-781ba9024e61', 'mail', 'new-request', 'team', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7a77-a4d3-b5d9f03857c0', '018bcfe5-6800-7515-9515-151515151515', '01a20320-a200-772a-b154-2c486310650b', 'mail', 'ack', 'applicant', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-757e-ac1d-ee3bf973bbd3', '018bcfe5-6800-7515-9515-151515151515', '01a20320-a200-772a-b154-2c486310650b', 'mail', 'new-request', 'team', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7b48-adcf-a0d1a62b4f2d', '018bcfe5-6800-7616-9616-161616161616', '01a20320-a200-7184-b06f-1faff5ed4e59', 'mail', 'ack', 'applicant', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-734d-9ae0-2dc440370132', '018bcfe5-6800-7616-9616-161616161616', '01a20320-a200-7184-b06f-1faff5ed4e59', 'mail', 'new-request', 'team', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7fbf-a4be-bd98a4ceadd7', '018bcfe5-6800-7717-9717-171717171717', '01a20320-a200-7351-8fe3-21f29d56b334', 'mail', 'ack', 'applicant', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7e7e-bf69-5613fc8e207e', '018bcfe5-6800-7717-9717-171717171717', '01a20320-a200-7351-8fe3-21f29d56b334', 'mail', 'new-request', 'team', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-792a-aa9f-b17c48b095d0', '018bcfe5-6800-7616-9616-161616161616', '018bcfe5-6800-7565-a565-656565656565', 'mail', 'changes', 'applicant', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7ba7-9353-b8b170662653', '018bcfe5-6800-7616-9616-161616161616', '018bcfe5-6800-7565-a565-656565656565', 'mail', 'changes-reminder-14', 'applicant', 'waiting', 0, 1799391600000, 1799391600000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7add-b0c7-8a0e06822fa5', '018bcfe5-6800-7616-9616-161616161616', '018bcfe5-6800-7565-a565-656565656565', 'mail', 'changes-reminder-3', 'applicant', 'waiting', 0, 1800342000000, 1800342000000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-703e-b4ce-362a67362fcb', '018bcfe5-6800-7717-9717-171717171717', '018bcfe5-6800-7868-a868-686868686868', 'mail', 'message', 'team', 'waiting', 0, 1795349100000, 1795349100000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-701f-ba9c-37d6979e271f', '018bcfe5-6800-7717-9717-171717171717', '018bcfe5-6800-7969-a969-696969696969', 'mail', 'accepted', 'applicant', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7da5-8cbf-b1792cd31685', '018bcfe5-6800-7717-9717-171717171717', '018bcfe5-6800-7969-a969-696969696969', 'mail', 'controller', 'controller', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-75b9-aefb-3bcf527c4fc0', '018bcfe5-6800-7717-9717-171717171717', '018bcfe5-6800-7969-a969-696969696969', 'mail', 'dpo', 'dpo', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-7aab-b764-fc0687393da2', '018bcfe5-6800-7717-9717-171717171717', '018bcfe5-6800-7969-a969-696969696969', 'mail', 'technical', 'technical', 'waiting', 0, 1795348800000, 1795348800000, NULL);
INSERT INTO outbox (id, request, event, channel, mail, recipient, state, attempts, due_at, next_at, leased_until) VALUES ('01a20320-a200-725a-80ae-d131d71ddf90', '018bcfe5-6800-7515-9515-151515151515', '018bcfe5-6800-7a6a-aa6a-6a6a6a6a6a6a', 'mail', 'message', 'team', 'waiting', 0, 1795349100000, 1795349100000, NULL);
INSERT INTO mail_addresses (person, email) VALUES ('demonstration:claire', 'claire.marchand@equipe.example');
INSERT INTO mail_addresses (person, email) VALUES ('demonstration:noemie', 'noemie.loeb@vallon-les-pres.example');
INSERT INTO statistics (month, measure, counts) VALUES ('2026-11', 'accepted', '[1]');
INSERT INTO statistics (month, measure, counts) VALUES ('2026-11', 'decision', '[1]');
INSERT INTO statistics (month, measure, counts) VALUES ('2026-11', 'first_answer', '[2]');
INSERT INTO statistics (month, measure, counts) VALUES ('2026-11', 'received', '[4]');
INSERT INTO first_answers (day, counts) VALUES ('2026-11-22', '[2]');
CREATE VIRTUAL TABLE habilitation_words USING fts5
    (words, content = 'habilitations', content_rowid = 'place', detail = 'none',
     tokenize = 'unicode61 remove_diacritics 0', prefix = '3 4 5 6 7 8');
INSERT INTO habilitation_words (habilitation_words) VALUES ('rebuild');
CREATE VIRTUAL TABLE queue_words USING fts5
    (words, content = 'queue', content_rowid = 'place', detail = 'none', tokenize = 'unicode61 remove_diacritics 0', prefix = '3 4 5 6 7 8');
INSERT INTO queue_words (queue_words) VALUES ('rebuild');
CREATE INDEX requests_in_order ON requests (owner, updated_at DESC, id DESC);
CREATE INDEX requests_of_state_in_order ON requests (owner, state, updated_at DESC, id DESC);
CREATE INDEX drafts_by_age ON requests (updated_at) WHERE state = 'draft';
CREATE INDEX deleted_by_age ON deleted (deleted_at);
CREATE INDEX documents_unlisted ON documents (unlisted_since) WHERE unlisted_since IS NOT NULL;
CREATE INDEX sessions_by_opening ON sessions (opened_at);
CREATE INDEX sessions_by_sight ON sessions (seen_at);
CREATE INDEX requests_of_portal_in_order ON requests (owner, portal, updated_at DESC, id DESC) WHERE portal IS NOT NULL;
CREATE INDEX sessions_by_giver ON sessions (given_by) WHERE given_by IS NOT NULL;
CREATE INDEX grants_by_giver ON grants (given_by);
CREATE INDEX grants_by_age ON grants (given_at);
CREATE INDEX deleted_by_owner ON deleted (owner);
CREATE INDEX sessions_by_person ON sessions (person, seen_at DESC);
CREATE TRIGGER kept_more AFTER INSERT ON requests BEGIN
    INSERT INTO kept (owner, bytes) VALUES (new.owner, octet_length(new.draft))
        ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER kept_otherwise AFTER UPDATE OF draft ON requests BEGIN
    UPDATE kept SET bytes = bytes + octet_length(new.draft) - octet_length(old.draft) WHERE owner = new.owner;
END;
CREATE TRIGGER kept_less AFTER DELETE ON requests BEGIN
    UPDATE kept SET bytes = bytes - octet_length(old.draft) WHERE owner = old.owner;
    DELETE FROM kept WHERE owner = old.owner AND bytes <= 0;
END;
CREATE TRIGGER kept_sent AFTER INSERT ON submissions BEGIN
    UPDATE kept SET bytes = bytes + octet_length(new.draft) + octet_length(new.request_json)
        WHERE owner = (SELECT owner FROM requests WHERE id = new.request);
END;
CREATE INDEX queue_by_due_day ON queue
    (state, due_on, number, examiner, kind, level, organisation_kind, awaiting_reply);
CREATE INDEX queue_by_submission ON queue
    (state, submitted_at, number, examiner, kind, level, organisation_kind, awaiting_reply, due_on);
CREATE INDEX queue_by_activity ON queue
    (state, activity, number, examiner, kind, level, organisation_kind, awaiting_reply, due_on);
CREATE INDEX queue_of_examiner_by_due_day ON queue
    (examiner, state, due_on, number, kind, level, organisation_kind, awaiting_reply);
CREATE INDEX queue_of_examiner_by_submission ON queue
    (examiner, state, submitted_at, number, kind, level, organisation_kind, awaiting_reply, due_on);
CREATE INDEX queue_of_examiner_by_activity ON queue
    (examiner, state, activity, number, kind, level, organisation_kind, awaiting_reply, due_on);
CREATE INDEX queue_of_organisation ON queue (siren, activity DESC);
CREATE TRIGGER queue_words_more AFTER INSERT ON queue BEGIN
    INSERT INTO queue_words (rowid, words) VALUES (new.place, new.words);
END;
CREATE TRIGGER queue_words_otherwise AFTER UPDATE OF words ON queue WHEN old.words <> new.words BEGIN
    INSERT INTO queue_words (queue_words, rowid, words) VALUES ('delete', old.place, old.words);
    INSERT INTO queue_words (rowid, words) VALUES (new.place, new.words);
END;
CREATE TRIGGER queue_counted_less
    AFTER UPDATE OF state, due_on, examiner, kind, level, organisation_kind, awaiting_reply ON queue
    WHEN old.state <> '' AND (old.state, old.due_on, old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply)
        <> (new.state, new.due_on, new.examiner, new.kind, new.level, new.organisation_kind, new.awaiting_reply)
BEGIN
    INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n)
        VALUES
            (old.state, '*', '*', '*', '*', '*', -1, 1),
            (old.state, '*' || old.due_on, '*', '*', '*', '*', -1, 1),
            (old.state, '*', old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply, 1),
            (old.state, old.due_on, old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply, 1),
            ('*', '*', '*', '*', '*', '*', old.awaiting_reply, 1)
        ON CONFLICT DO UPDATE SET n = n - 1;
END;
CREATE TRIGGER queue_counted_more
    AFTER UPDATE OF state, due_on, examiner, kind, level, organisation_kind, awaiting_reply ON queue
    WHEN (old.state, old.due_on, old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply)
        <> (new.state, new.due_on, new.examiner, new.kind, new.level, new.organisation_kind, new.awaiting_reply)
BEGIN
    INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n)
        VALUES
            (new.state, '*', '*', '*', '*', '*', -1, 1),
            (new.state, '*' || new.due_on, '*', '*', '*', '*', -1, 1),
            (new.state, '*', new.examiner, new.kind, new.level, new.organisation_kind, new.awaiting_reply, 1),
            (new.state, new.due_on, new.examiner, new.kind, new.level, new.organisation_kind, new.awaiting_reply, 1),
            ('*', '*', '*', '*', '*', '*', new.awaiting_reply, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER queue_counts_none AFTER UPDATE OF n ON queue_counts WHEN new.n = 0 BEGIN
    DELETE FROM queue_counts
        WHERE state = new.state AND due_on = new.due_on AND examiner = new.examiner AND kind = new.kind AND level = new.level
            AND organisation_kind = new.organisation_kind AND awaiting_reply = new.awaiting_reply;
END;
CREATE INDEX habilitations_in_force ON habilitations (accepted_at DESC, number DESC) WHERE state = 'active';
CREATE TRIGGER habilitation_words_more AFTER INSERT ON habilitations BEGIN
    INSERT INTO habilitation_words (rowid, words) VALUES (new.place, new.words);
END;
CREATE TRIGGER public_list_grows AFTER INSERT ON habilitations BEGIN
    UPDATE public_changes SET n = n + 1;
END;
CREATE TRIGGER public_list_changes AFTER UPDATE OF state ON habilitations BEGIN
    UPDATE public_changes SET n = n + 1;
END;
CREATE INDEX documents_by_owner ON documents (owner, size) WHERE sender IS NULL;
CREATE INDEX documents_by_sender ON documents (sender, size) WHERE sender IS NOT NULL;
CREATE INDEX outbox_by_state ON outbox (state, next_at, id);
CREATE INDEX outbox_by_time ON outbox (next_at, id);
CREATE INDEX attempts_of_delivery ON attempts (delivery, at);
CREATE INDEX attempts_by_time ON attempts (at);
CREATE INDEX submissions_with_people ON submissions (at) WHERE has_people = 1;
CREATE INDEX drafts_by_owner ON requests (owner) WHERE state = 'draft' AND number IS NULL;
CREATE TRIGGER kept_sent_otherwise AFTER UPDATE OF draft, request_json ON submissions BEGIN
    UPDATE kept
        SET bytes = bytes + octet_length(new.draft) + octet_length(new.request_json)
                          - octet_length(old.draft) - octet_length(old.request_json)
        WHERE owner = (SELECT owner FROM requests WHERE id = new.request);
END;
CREATE TRIGGER kept_sent_less AFTER DELETE ON submissions BEGIN
    UPDATE kept SET bytes = bytes - octet_length(old.draft) - octet_length(old.request_json)
        WHERE owner = (SELECT owner FROM requests WHERE id = old.request);
END;
CREATE TRIGGER queue_words_less AFTER DELETE ON queue BEGIN
    INSERT INTO queue_words (queue_words, rowid, words) VALUES ('delete', old.place, old.words);
END;
CREATE TRIGGER habilitation_words_less AFTER DELETE ON habilitations BEGIN
    INSERT INTO habilitation_words (habilitation_words, rowid, words) VALUES ('delete', old.place, old.words);
END;
CREATE TRIGGER queue_counted_no_more AFTER DELETE ON queue WHEN old.state <> '' BEGIN
    INSERT INTO queue_counts (state, due_on, examiner, kind, level, organisation_kind, awaiting_reply, n)
        VALUES
            (old.state, '*', '*', '*', '*', '*', -1, 1),
            (old.state, '*' || old.due_on, '*', '*', '*', '*', -1, 1),
            (old.state, '*', old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply, 1),
            (old.state, old.due_on, old.examiner, old.kind, old.level, old.organisation_kind, old.awaiting_reply, 1),
            ('*', '*', '*', '*', '*', '*', old.awaiting_reply, 1)
        ON CONFLICT DO UPDATE SET n = n - 1;
END;
CREATE INDEX outbox_by_next ON outbox (channel, next_at) WHERE state = 'waiting';
CREATE INDEX accounts_by_email ON accounts (folded_email);
CREATE INDEX accounts_by_sight ON accounts (seen_at);
CREATE INDEX subjects_of_account ON account_subjects (account);
