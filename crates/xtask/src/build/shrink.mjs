// Makes the two parts of the program and their loader small, in place: takes out what no browser ever runs, and writes what
// stays so that it compresses well.  usage: node shrink.mjs FIRST.wasm REST.wasm LOADER.js FOLDER_OF_PACKAGES
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [first, rest, loader, packages] = process.argv.slice(2);
const { default: binaryen } = await import(
  pathToFileURL(createRequire(path.join(packages, '/')).resolve('binaryen'))
);

/** Functions of Rust's library, and of two crates, that only report a panic. Their names are those of the name section. */
const REPORTS_A_PANIC = [
  /\bpanicking::(panic|assert_failed|begin_panic)/,
  /\b(rust_begin_unwind|rust_panic|handle_alloc_error|capacity_overflow|borrow_fail)\b/,
  /\b(option|result)::(unwrap_failed|expect_failed)\b/,
  /\b(slice_error_fail|slice_error_fail_rt|slice_index_fail|panic_access_error|panic_already(_mutably)?_borrowed)\b/,
  /\braw_vec::handle_error\b/,
  /::assert_failed\b/,
];

/** What they would print of the values that they are about: nothing else in the page prints values that way. */
const PRINTS_A_VALUE = /\bfmt::Debug>::fmt\b/;

/**
 * Parts of Leptos that are linked and never called: events are heard where they happen (the feature `delegation` is off),
 * and no attribute is spread over a view of a type that is not known.
 */
const NEVER_CALLED =
  /\bDom::add_event_listener_delegated\b|\bIntoAnyAttribute>::into_any_attr::clone\b|\bany_view::elements\b|\bMountable>::elements\b/;

/** The places in source files that they would tell. */
const SOURCE_FILE = /(?:\/(?:[\w.+-]+\/)+|\b(?:src|crates)\/(?:[\w-]+\/)*)[\w-]+\.rs/g;

/** Streams of server functions, which Leptos links and the page has none of; and what only the linker needs. */
const UNUSED_EXPORT = /intounderlying|_WASM_SPLIT_MARKER|^__(heap_base|data_end)$/;

/** The same in the loader: each class with the two statements around it. */
const UNUSED_CLASS = /^(?:export class IntoUnderlying\w+ \{\n[\s\S]*?^\}\n|if \(Symbol\.dispose\) IntoUnderlying.*\n|const IntoUnderlying\w+ = [\s\S]*?;\n)/gm;

/** Passes that make the program smaller before it is compressed and larger after. */
const AGAINST_COMPRESSION = ['local-cse', 'merge-similar-functions'];

/** Where the loader imports what fetches the rest: that is made a part of it. */
const FETCHES = /^import \* as (\w+) from "\.\/__wasm_split\.js"$/m;

const { Features } = binaryen;
/** Those that the compiler uses, and every browser that the page is made for has. */
const FEATURES =
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.Multivalue |
  Features.MutableGlobals |
  Features.NontrappingFPToInt |
  Features.ReferenceTypes |
  Features.SignExt;

const program = read(first);
// Without names nothing is found, and the program would be heavier without a word.
const silenced = silencePanics(program);
if (silenced < 10) throw new Error(`only ${silenced} functions that report a panic were found in ${first}`);
removeUnusedExports(program);
optimise(program);
writeLoader(program);
writeFileSync(first, program.emitBinary());

const other = read(rest);
silencePanics(other);
optimise(other);
writeFileSync(rest, other.emitBinary());

/** A part of the program, without the places in its source files. */
function read(file) {
  // Latin-1 is one character for each byte; a path that nothing prints becomes as many zeros.
  const bytes = readFileSync(file, 'latin1').replace(SOURCE_FILE, (name) => '\0'.repeat(name.length));
  const module = binaryen.readBinary(Buffer.from(bytes, 'latin1'));
  module.setFeatures(FEATURES);
  return module;
}

/**
 * A panic ends the program at once (`panic = "abort"`, and no hook is set), so the words that it would say are made for
 * nobody: each function that only reports one becomes the trap that it ends with, and so does what only they call. How
 * many did.
 */
function silencePanics(module) {
  let silenced = 0;
  for (const { reference, name, results } of functions(module).filter(({ module: origin }) => !origin)) {
    const reports = results === binaryen.none && REPORTS_A_PANIC.some((pattern) => pattern.test(name));
    if (!reports && !PRINTS_A_VALUE.test(name) && !NEVER_CALLED.test(name)) continue;
    new binaryen.Function(reference).setBody(module.unreachable());
    silenced += 1;
  }
  return silenced;
}

function removeUnusedExports(module) {
  const count = module.getNumExports();
  const names = Array.from({ length: count }, (_, place) => binaryen.getExportInfo(module.getExportByIndex(place)).name);
  names.filter((name) => UNUSED_EXPORT.test(name)).forEach((name) => module.removeExport(name));
}

/** Code that is alike compresses to next to nothing as long as it stays alike; small functions number their locals shortly. */
function optimise(module) {
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  binaryen.setLowMemoryUnused(true);
  binaryen.setAlwaysInlineMaxSize(1);
  binaryen.setOneCallerInlineMaxSize(10);
  AGAINST_COMPRESSION.forEach((pass) => binaryen.addPassToSkip(pass));
  for (let size = Number.POSITIVE_INFINITY; ; ) {
    module.optimize();
    const now = module.emitBinary().length;
    if (now >= size) break;
    size = now;
  }
  module.runPasses(['strip-producers', 'strip-target-features']);
}

/** Each imported function has a name that ends with a hash, in the program and in the loader: two letters do. */
function writeLoader(module) {
  const fetches = readFileSync(new URL('rest.js', import.meta.url), 'utf8');
  const text = readFileSync(loader, 'utf8')
    .replace(UNUSED_CLASS, '')
    .replace(FETCHES, (_, name) => fetches.replaceAll('NAME', name));
  const used = functions(module).filter(({ module: origin }) => origin);
  const short = new Map(used.map(({ base }, place) => [base, `_${place.toString(36)}`]));
  const [before, list, after] = text.split(/(?<=const import0 = \{\n)([\s\S]*?)(?=^ {4}\};\n)/m);
  if (after === undefined) throw new Error(`the imports were not found in ${loader}`);
  const entries = list.split(/^ {8}(?=\w+: )/m).map((entry) => {
    const [, name, value] = /^(\w+)(: [\s\S]*)$/.exec(entry) ?? [];
    return name === '__proto__' || name === undefined ? entry : short.has(name) ? short.get(name) + value : '';
  });
  for (const { name, module: origin, base, params, results } of used) {
    module.removeFunction(name);
    module.addFunctionImport(name, origin, short.get(base), params, results);
  }
  // What fetches the rest stands before the list.
  const named = before.replace(/\b__wasm_split_load_\w+(?=\()/, (name) => short.get(name));
  writeFileSync(loader, [named, ...entries, after].join(''));
}

function functions(module) {
  return Array.from({ length: module.getNumFunctions() }, (_, place) => {
    const reference = module.getFunctionByIndex(place);
    return { reference, ...binaryen.getFunctionInfo(reference) };
  });
}
