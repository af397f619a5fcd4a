// Writes FILE.br and FILE.gz beside each file of a folder, where they are smaller.  usage: node compress.mjs FOLDER
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = process.argv[2] ?? '.';
for (const name of readdirSync(folder, { encoding: 'utf8', recursive: true }).sort()) {
  const file = path.join(folder, name);
  if (/\.(br|gz)$/.test(name) || !statSync(file).isFile()) continue;
  const content = readFileSync(file);
  const brotli = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  writeIfSmaller(`${file}.br`, brotli, content.length);
  writeIfSmaller(`${file}.gz`, gzipSync(content, { level: 9 }), content.length);
}

/**
 * Writes a compressed copy that is smaller than the original, or removes the one of an earlier build.
 * @param {string} file
 * @param {Buffer} compressed
 * @param {number} original bytes of the original
 */
function writeIfSmaller(file, compressed, original) {
  if (compressed.length < original) writeFileSync(file, compressed);
  else rmSync(file, { force: true });
}
