// Proof key for code exchange (RFC 7636).

/**
 * Makes a verifier and its challenge. Fails outside secure contexts, which have no `crypto.subtle`.
 * @returns {Promise<{ verifier: string, challenge: string }>}
 */
export async function makeProofKey() {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64url(new Uint8Array(digest)) };
}

/**
 * Encodes bytes without padding (RFC 4648, section 5).
 * @param {Uint8Array} bytes
 */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
