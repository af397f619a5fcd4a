/** Addresses of the pages that are no request, and what their heading says. */
export const PAGES: Record<string, string> = {
  start: '',
  help: '?page=aide',
  eligibility: '?page=eligibilite',
  'sign-in': '?page=connexion',
  requests: '?page=demandes',
  accessibility: '?page=accessibilite',
  'legal-notice': '?page=mentions-legales',
  'personal-data': '?page=donnees-personnelles',
  display: '?page=affichage',
  'not-found': '?page=nulle-part',
};
