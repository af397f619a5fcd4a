// Takes out of a WebAssembly module what no browser ever runs, in place.
//
// A panic ends the program at once (`panic = "abort"`, and no hook is set), so the words it would say are made for nobody:
// each function that only reports one becomes the trap that it ends with. What wasm-bindgen exports for crates that the
// page links and never calls goes too, and with it everything that only they need. wasm-opt then finds the rest unused.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [file, tools] = process.argv.slice(2);
const binaryen = await import(pathToFileURL(createRequire(path.join(tools, '/')).resolve('binaryen')));
const { Features, Function: WasmFunction, getExportInfo, getFunctionInfo, none, readBinary } = binaryen.default;

/** Functions of Rust's library, and of two crates, that only report a panic. Their names are those of the name section. */
const REPORTS_A_PANIC = [
  /\bpanicking::(panic|assert_failed|begin_panic)/,
  /\b(rust_begin_unwind|rust_panic|handle_alloc_error|capacity_overflow|borrow_fail)\b/,
  /\b(option|result)::(unwrap_failed|expect_failed)\b/,
  /\b(slice_error_fail|slice_error_fail_rt|slice_index_fail|panic_access_error|panic_already(_mutably)?_borrowed)\b/,
  /\braw_vec::handle_error\b/,
  /::assert_failed\b/,
];

/** Streams of server functions, which Leptos links and the page has none of; and the mark of a tool that is not used. */
const UNUSED_EXPORT = /intounderlying|_WASM_SPLIT_MARKER/;

const module = readBinary(readFileSync(file));
// Those that wasm-bindgen's output uses, and every browser that the page is made for has.
module.setFeatures(
  Features.BulkMemory |
    Features.BulkMemoryOpt |
    Features.Multivalue |
    Features.MutableGlobals |
    Features.NontrappingFPToInt |
    Features.ReferenceTypes |
    Features.SignExt,
);

const exported = Array.from({ length: module.getNumExports() }, (_, place) => getExportInfo(module.getExportByIndex(place)).name);
exported.filter((name) => UNUSED_EXPORT.test(name)).forEach((name) => module.removeExport(name));

let silenced = 0;
for (let place = 0; place < module.getNumFunctions(); place += 1) {
  const reference = module.getFunctionByIndex(place);
  const { name, module: importedFrom, results } = getFunctionInfo(reference);
  if (importedFrom || results !== none || !REPORTS_A_PANIC.some((pattern) => pattern.test(name))) continue;
  new WasmFunction(reference).setBody(module.unreachable());
  silenced += 1;
}
// Without names nothing is found, and the page would silently be heavier.
if (silenced < 10) throw new Error(`only ${silenced} functions that report a panic were found in ${file}`);
writeFileSync(file, module.emitBinary());
