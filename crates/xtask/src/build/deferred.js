// Imports of the program's first part that fetch the others, one import for each part. The files of a part stand beside this one,
// and share the memory and the table of the first part. A callback is told whether the part is loaded: at once where it is
// already.
const __IMPORTS__ = ((parts) => {
  const loading = new Map();
  const load = (file) => {
    const address = import.meta.url.replace(/\.js(?=$|\?)/, `_${file}.wasm`);
    if (!loading.has(file)) {
      const loaded = fetch(address).then((response) => __wbg_load(response, { __wasm_split: wasm }));
      loading.set(file, loaded);
      // The next call fetches again what failed.
      loaded.catch(() => loading.delete(file));
    }
    return loading.get(file);
  };
  const importOf = (files) => {
    let isLoaded = false;
    return (callback, data) => {
      const tell = () => wasm.__indirect_function_table.get(callback)(data, Number(isLoaded));
      if (isLoaded) return tell();
      Promise.all(files.map(load))
        .then(() => (isLoaded = true))
        .catch(() => {})
        .then(tell);
    };
  };
  return Object.fromEntries(Object.entries(parts).map(([name, files]) => [name, importOf(files)]));
})(__PARTS__);
