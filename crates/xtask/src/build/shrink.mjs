// Shrinks the parts of the program and their loader in place: removes code that no browser runs, and writes the rest so that
// it compresses well.  usage: node shrink.mjs FOLDER_OF_PACKAGES PARTS.json LOADER.js FIRST.wasm DEFERRED.wasm...
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

const [packages, partsList, loader, first, ...deferred] = process.argv.slice(2);
if (!packages || !partsList || !loader || !first || deferred.length === 0) {
  throw new Error('usage: node shrink.mjs FOLDER_OF_PACKAGES PARTS.json LOADER.js FIRST.wasm DEFERRED.wasm...');
}
/**
 * Files of each part, by their names without the extension.
 * @type {Record<string, string[]>}
 */
const parts = JSON.parse(readFileSync(partsList, 'utf8'));
/** @type {{ default: any }} */
const { default: binaryen } = await import(
  pathToFileURL(createRequire(path.join(packages, '/')).resolve('binaryen')).href
);

/** Functions of Rust's library, and of two crates, that only report a panic, by their names in the name section. */
const REPORTS_A_PANIC = [
  /\bpanicking::(panic|assert_failed|begin_panic)/,
  /\b(rust_begin_unwind|rust_panic|handle_alloc_error|capacity_overflow|borrow_fail)\b/,
  /\b(option|result)::(unwrap_failed|expect_failed)\b/,
  /\b(slice_error_fail|slice_error_fail_rt|slice_index_fail|panic_access_error|panic_already(_mutably)?_borrowed)\b/,
  /\braw_vec::handle_error\b/,
  /::assert_failed\b/,
];

/** Functions that print a value for such a report. Nothing else in the page prints values that way. */
const PRINTS_A_VALUE = /\bfmt::Debug>::fmt\b/;

/**
 * Parts of Leptos that are linked and never called: events are not delegated (the feature `delegation` is off), and no attribute is
 * spread over a view of unknown type. And parts of Rust's library that print what nobody asks it to print.
 */
const NEVER_CALLED =
  /\bPadAdapter as .*fmt::Write>::|\bio::error::Error as .*fmt::Display>::fmt|\bDom::add_event_listener_delegated\b|\bIntoAnyAttribute>::into_any_attr::clone\b|\bany_view::elements\b|\bMountable>::elements\b/;

/**
 * Paths of source files, which reports of a panic would print. A slash before one of ours is none of its own: it may end the number that
 * tells the length of what follows.
 */
const SOURCE_FILE = /(?:\/(?!src\/|crates\/)(?:[\w.+-]+\/)+|\b(?:src|crates)\/(?:[\w-]+\/)*)[\w-]+\.rs/g;

/**
 * Reports of a panic, and errors of Rust's library and of crates, that nothing prints. A report that is missing here costs some bytes
 * and nothing else.
 */
const UNPRINTED = [
  'Value is None because the `ssr` feature is active. When `ssr` is enabled, tachys skips creating client-side values (event handlers, directives, properties) to avoid cross-thread panics on multithreaded servers. If you are building a client-side (CSR or hydrate) target, this means the `ssr` feature is being activated unintentionally via Cargo feature unification; another dependency in your workspace is enabling it. Run `cargo tree -e features -i tachys` to identify the source.',
  'cannot recursively acquire mutex',
  'internal error: entered unreachable code: JsValue passed is not an Error type -- this is a bug',
  "internal error: entered unreachable code: The JS binding should only ever produce a valid value or the specific 'invalid' value",
  'internal error: entered unreachable code',
  'Tried to access a reactive value that has already been disposed.',
  'finish: callbacks should be Some',
  'finish: result should be None',
  'placeholder parent should be Element',
  'could not find parent element',
  'RefCell already mutably borrowed',
  'RefCell already borrowed',
  'Hash table capacity overflow',
  'Dropped SendWrapper<T> variable from a thread different to the one it has been created with.',
  'Dereferenced SendWrapper<T> variable from a thread different to the one it has been created with.',
  "Executor::spawn called, but no global 'spawn' function is configured.",
  "Executor::spawn_local called, but no global 'spawn_local' function is configured.",
  'inner is None only in drop',
  'the guard should always be in place until the Drop implementation',
  'Attempt to add field validation to a non-Field ValidationErrorsKind instance',
  'Attempt to replace non-empty ValidationErrors entry',
  'Map must not be polled after it returned `Poll::Ready`',
  'polled Feed after completion',
  '`Ready` polled after completion',
  'Polled future after completion',
  '`async fn` resumed after completion',
  'QueueHead dropped without a waker list',
  'Got a QuickInitGuard in slow init',
  'No guard available even without polling',
  'Attempted to initialize thread-local while it is being dropped',
  'Once instance has previously been poisoned',
  'Lazy instance has previously been poisoned',
  'LazyCell instance has previously been poisoned',
  'one-time initialization may not be performed recursively',
  'reentrant init',
  'Tried to shrink to a larger capacity',
  'assertion failed: psize >= size + min_overhead',
  'assertion failed: psize <= size + max_overhead',
  'assertion failed: edge.height == self.height - 1',
  'assertion failed: edge.height == self.node.height - 1',
  'assertion failed: src.len() == dst.len()',
  'assertion failed: idx < CAPACITY',
  'a formatting trait implementation returned an error when the underlying stream did not',
  'a Display implementation returned an error unexpectedly',
  'cannot access a Thread Local Storage value during or after destruction',
  "use of std::thread::current() is not possible after the thread's local data has been destroyed",
  'failed to generate unique thread ID: bitspace exhausted',
  'thread name may not contain interior null bytes',
  'called `Option::unwrap()` on a `None` value',
  'called `Option::unwrap_throw()` on a `None` value',
  'called `Result::unwrap()` on an `Err` value',
  'called `Result::unwrap_throw()` on an `Err` value',
  'attempt to join into collection with len > usize::MAX',
  'attempt to divide by zero',
  'attempted to take ownership of Rust value while it was borrowed',
  'recursive use of an object detected which would lead to unsafe aliasing in rust',
  'branch is not hit for types that cannot fit 999 (u8)',
  'branch is not hit for types that cannot fit 1E4 (u8)',
  'serialize_value called before serialize_key',
  'unexpected end of hex escape',
  'recursion limit exceeded',
  'EOF while parsing an object',
  'EOF while parsing a string',
  'EOF while parsing a value',
  'expected `,` or `]`',
  'expected `,` or `}`',
  'invalid unicode code point',
  'control character (\\u0000-\\u001F) found while parsing a string',
  'key must be a string',
  'invalid value: expected key to be a number in quotes',
  'float key must be finite (got NaN or +/-inf)',
  'lone leading surrogate in hex escape',
  'trailing characters',
  'connection aborted',
  'no storage space',
  'executable file busy',
  'permission denied',
  'connection refused',
  'connection reset',
  'host unreachable',
  'network unreachable',
  'address in use',
  'address not available',
  'entity already exists',
  'operation would block',
  'directory not empty',
  'read-only filesystem or storage medium',
  'filesystem loop or indirection limit (e.g. symlink loop)',
  'stale network file handle',
  'invalid input parameter',
  'seek on unseekable file',
  'cross-device link or rename',
  'argument list too long',
  'operation interrupted',
  'unexpected end of file',
  'uncategorized error',
];

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

const program = read(first);
// A program without a name section would stay heavy without a word.
const silenced = silencePanics(program);
if (silenced < 10) throw new Error(`only ${silenced} functions that report a panic were found in ${first}`);
removeUnusedExports(program);
optimise(program);
writeFileSync(loader, shrinkLoader(readFileSync(loader, 'utf8'), program));
writeFileSync(first, program.emitBinary());

for (const file of deferred) {
  const part = read(file);
  silencePanics(part);
  optimise(part);
  writeFileSync(file, part.emitBinary());
}

/**
 * Reads a part of the program, without the paths of its source files and reports of a panic.
 * @param {string} file
 * @returns {Module}
 */
function read(file) {
  // Latin-1 maps each byte to one character. A text that nothing prints becomes as many zeros.
  const zeros = (/** @type {string} */ text) => '\0'.repeat(text.length);
  let bytes = readFileSync(file, 'latin1').replace(SOURCE_FILE, zeros);
  for (const report of UNPRINTED) bytes = bytes.replaceAll(report, zeros);
  const module = binaryen.readBinary(Buffer.from(bytes, 'latin1'));
  module.setFeatures(FEATURES);
  return module;
}

/**
 * Replaces each function that only reports a panic by the trap that it ends with, and with it what only such functions call. The
 * program prints no report: a panic ends it at once (`panic = "abort"`), and no hook is set.
 * @param {Module} module
 * @returns {number} how many were replaced
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
 * @returns {string} the loader, shorter
 */
function shrinkLoader(text, module) {
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
    throw new Error(`the imports were not found in ${loader}`);
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
