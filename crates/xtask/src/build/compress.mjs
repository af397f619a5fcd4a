// Writes FILE.br and FILE.gz beside each file of the folder given, where they are smaller.
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [folder] = process.argv.slice(2);
for (const name of readdirSync(folder, { recursive: true }).sort()) {
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
  for (const [extension, compressed] of [['br', brotli], ['gz', gzipSync(content, { level: 9 })]]) {
    if (compressed.length < content.length) writeFileSync(`${file}.${extension}`, compressed);
    else rmSync(`${file}.${extension}`, { force: true });
  }
}
