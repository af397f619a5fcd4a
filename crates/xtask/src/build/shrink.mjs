// Shrinks the parts of the program and their loader in place, so that they compress well.
// usage: node shrink.mjs FOLDER_OF_PACKAGES first FIRST.wasm LOADER.js PARTS.json
//        node shrink.mjs FOLDER_OF_PACKAGES deferred DEFERRED.wasm...
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Module of binaryen, whose package lies in the cache and not beside this file.
 * @typedef {any} Module
 */

/**
 * Function of a module, with what `getFunctionInfo` tells of it. `module` and `base` name what an import comes from.
 * @typedef {{ reference: number, name: string, module: string, base: string, params: number, results: number }} Func
 */

const USAGE = 'usage: node shrink.mjs FOLDER_OF_PACKAGES first|deferred FILES...';
const [packages, kind, ...files] = process.argv.slice(2);
if (!packages || (kind !== 'first' && kind !== 'deferred')) throw new Error(USAGE);
/** @type {{ default: any }} */
const { default: binaryen } = await import(
  pathToFileURL(createRequire(path.join(packages, '/')).resolve('binaryen')).href
);

/** Exports for streams of server functions, which Leptos links and the page has none of; and exports for the linker alone. */
const UNUSED_EXPORT = /intounderlying|_WASM_SPLIT_MARKER|^__(heap_base|data_end)$/;

/** Classes of the loader for the same streams, each with the two statements around it. */
const UNUSED_CLASS =
  /^(?:export class IntoUnderlying\w+ \{\n[\s\S]*?^\}\n|if \(Symbol\.dispose\) IntoUnderlying.*\n|const IntoUnderlying\w+ = [\s\S]*?;\n)/gm;

/** Passes that make the program smaller before it is compressed and larger after. */
const AGAINST_COMPRESSION = ['local-cse', 'merge-similar-functions'];

/** Imports of the script that fetches the other parts, one for each of them; `deferred.js` takes their place. */
const IMPORT_OF_LOADERS = /^import \* as (\w+) from "\.\/__wasm_split\.js"$/gm;

const { Features } = binaryen;
/** Features that the compiler uses, and every browser that the page is made for has. */
const FEATURES =
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.Multivalue |
  Features.MutableGlobals |
  Features.NontrappingFPToInt |
  Features.ReferenceTypes |
  Features.SignExt;

if (kind === 'first') {
  const [first, loader, partsList] = files;
  if (!first || !loader || !partsList) throw new Error(USAGE);
  const program = read(first);
  removeUnusedExports(program);
  optimise(program);
  const parts = JSON.parse(readFileSync(partsList, 'utf8'));
  writeFileSync(loader, shrinkLoader(readFileSync(loader, 'utf8'), program, parts));
  writeFileSync(first, program.emitBinary());
} else {
  for (const file of files) {
    const part = read(file);
    optimise(part);
    writeFileSync(file, part.emitBinary());
  }
}

/**
 * Reads a part of the program.
 * @param {string} file
 * @returns {Module}
 */
function read(file) {
  const module = binaryen.readBinary(readFileSync(file));
  module.setFeatures(FEATURES);
  return module;
}

/** @param {Module} module */
function removeUnusedExports(module) {
  const count = module.getNumExports();
  const names = Array.from(
    { length: count },
    (_, place) => binaryen.getExportInfo(module.getExportByIndex(place)).name,
  );
  for (const name of names) if (UNUSED_EXPORT.test(name)) module.removeExport(name);
}

/**
 * Optimises for the compressed size. Code that is alike compresses to next to nothing as long as it stays alike, so that functions
 * are hardly inlined.
 * @param {Module} module
 */
function optimise(module) {
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  binaryen.setLowMemoryUnused(true);
  binaryen.setAlwaysInlineMaxSize(1);
  binaryen.setOneCallerInlineMaxSize(10);
  for (const pass of AGAINST_COMPRESSION) binaryen.addPassToSkip(pass);
  for (let size = Number.POSITIVE_INFINITY; ; ) {
    module.optimize();
    const now = module.emitBinary().length;
    if (now >= size) break;
    size = now;
  }
  module.runPasses(['strip-producers', 'strip-target-features']);
}

/**
 * Shortens the names of imports, which end with a hash, in the program and in the loader; drops those that the program has no use for.
 * @param {string} text the loader
 * @param {Module} module
 * @param {Record<string, string[]>} parts the files of each part, by their names without the extension
 * @returns {string} the loader, shorter
 */
function shrinkLoader(text, module, parts) {
  const loaders = readFileSync(new URL('deferred.js', import.meta.url), 'utf8');
  const [[, imports] = []] = text.matchAll(IMPORT_OF_LOADERS);
  const whole = text
    .replace(UNUSED_CLASS, '')
    .replace(IMPORT_OF_LOADERS, (_, name) =>
      name === imports ? loaders.replaceAll('__IMPORTS__', name) : `const ${name} = ${imports};`,
    );
  const used = functions(module).filter(({ module: origin }) => origin);
  const short = new Map(used.map(({ base }, place) => [base, `_${place.toString(36)}`]));
  const [before, list, after] = whole.split(/(?<=const import0 = \{\n)([\s\S]*?)(?=^ {4}\};\n)/m);
  if (before === undefined || list === undefined || after === undefined) {
    throw new Error('the imports were not found in the loader');
  }
  const entries = list.split(/^ {8}(?=\w+: )/m).map((entry) => {
    const [, name, value] = /^(\w+)(: [\s\S]*)$/.exec(entry) ?? [];
    if (name === undefined || name === '__proto__') return entry;
    const shorter = short.get(name);
    return shorter ? shorter + value : '';
  });
  for (const { name, module: origin, base, params, results } of used) {
    module.removeFunction(name);
    module.addFunctionImport(name, origin, short.get(base), params, results);
  }
  // The imports that fetch the other parts stand before the list, which names the files of each.
  const files = Object.entries(parts).map(([part, names]) => [short.get(`__wasm_split_load_${part}`), names]);
  const named = before.replace('__PARTS__', () => JSON.stringify(Object.fromEntries(files)));
  return [named, ...entries, after].join('');
}

/**
 * Lists the functions of a module, imports included.
 * @param {Module} module
 * @returns {Func[]}
 */
function functions(module) {
  return Array.from({ length: module.getNumFunctions() }, (_, place) => {
    const reference = module.getFunctionByIndex(place);
    return { reference, ...binaryen.getFunctionInfo(reference) };
  });
}
