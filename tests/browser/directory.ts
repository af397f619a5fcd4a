import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Establishments that the stand-in knows. */
export const OPEN = '13990011200026';
export const CLOSED = '99901244600012';
/** Number about which it answers that it is broken. */
export const BROKEN = '99900173800031';

/** A stand-in for the public directory of establishments. */
export interface Directory {
  address: string;
  stop(): Promise<unknown>;
}

function establishment(siret: string): Record<string, unknown> {
  const isClosed = siret === CLOSED;
  return {
    siren: siret.slice(0, 9),
    nom_complet: isClosed ? 'LES SENTIERS (SENT)' : 'MINISTERE DES CHEMINS CREUX (MCC)',
    nom_raison_sociale: isClosed ? 'LES SENTIERS' : 'MINISTERE DES CHEMINS CREUX',
    etat_administratif: 'A',
    nature_juridique: isClosed ? '9220' : '7112',
    complements: { est_administration: !isClosed, est_association: isClosed, collectivite_territoriale: null },
    matching_etablissements: [
      {
        siret,
        etat_administratif: isClosed ? 'F' : 'A',
        libelle_commune: 'VALLON-LES-PRES',
        liste_enseignes: null,
        date_fermeture: isClosed ? '2024-03-12' : null,
      },
    ],
  };
}

/** Starts the stand-in. */
export async function directory(): Promise<Directory> {
  const http = createServer((request, answer) => {
    const siret = new URL(request.url ?? '/', 'http://directory').searchParams.get('q') ?? '';
    if (siret === BROKEN) return answer.writeHead(500, { 'content-type': 'text/html' }).end('<p>Panne');
    const results = [OPEN, CLOSED].includes(siret) ? [establishment(siret)] : [];
    return answer
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ results, total_results: results.length, page: 1, per_page: 1 }));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}/search`;
  return { address, stop: () => new Promise((resolve) => http.close(resolve)) };
}
