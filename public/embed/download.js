// Downloads of documents by a token, which no link can carry.

/** Milliseconds for which the browser may read the bytes. */
const LIFETIME = 600_000;

/**
 * Downloads a document under a name. Resolves with the reason of a failure, in French, if there is one.
 * @param {string} address
 * @param {string} name
 * @param {string | undefined} token
 * @returns {Promise<string | undefined>}
 */
export async function download(address, name, token) {
  try {
    const response = await fetch(address, { credentials: 'omit', headers: { Authorization: `Bearer ${token}` } });
    if (response.status === 401) return 'Votre session est terminée : reconnectez-vous, puis réessayez.';
    // A gateway may answer with a page, whatever its status.
    const isDocument = /^(application\/pdf|image\/)/.test(response.headers.get('Content-Type') ?? '');
    if (!response.ok || !isDocument) return 'Réessayez dans un instant.';
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), LIFETIME);
    return undefined;
  } catch {
    return 'Vérifiez votre accès à internet, puis réessayez.';
  }
}
