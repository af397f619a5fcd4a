const NAME = {
  // What the first part calls to have the rest, which stands beside this file and shares the memory and the table of the
  // first. Called back with whether it is there: at once where it is.
  loading: undefined,
  there: false,
  __wasm_split_load_rest(callback, data) {
    const tell = (there) => wasm.__indirect_function_table.get(callback)(data, there);
    if (NAME.there) return tell(1);
    const address = import.meta.url.replace(/\.js(?=$|\?)/, '_rest.wasm');
    NAME.loading ??= fetch(address).then((response) => __wbg_load(response, { __wasm_split: wasm }));
    NAME.loading.then(
      () => {
        NAME.there = true;
        tell(1);
      },
      () => {
        NAME.loading = undefined;
        tell(0);
      },
    );
  },
};
