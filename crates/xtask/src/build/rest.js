const NAME = {
  // What the first part calls to have the rest, which stands beside this file and shares the memory and the table of the
  // first. Called back with whether it is there.
  __wasm_split_load_rest: async (callback, data) => {
    const address = import.meta.url.replace(/\.js(?=$|\?)/, '_rest.wasm');
    const loading = fetch(address).then((response) => __wbg_load(response, { __wasm_split: wasm }));
    const there = await loading.then(() => 1, () => 0);
    wasm.__indirect_function_table.get(callback)(data, there);
  },
};
