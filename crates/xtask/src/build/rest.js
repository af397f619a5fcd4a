const __IMPORTS__ = {
  // Imports of the program's first part that fetch the second, which stands beside this file and shares its memory and table.
  // The callback is told whether the second part is loaded: at once where it is already.
  loading: undefined,
  isLoaded: false,
  __wasm_split_load_rest(callback, data) {
    const tell = (isLoaded) => wasm.__indirect_function_table.get(callback)(data, isLoaded);
    if (__IMPORTS__.isLoaded) return tell(1);
    const address = import.meta.url.replace(/\.js(?=$|\?)/, '_rest.wasm');
    __IMPORTS__.loading ??= fetch(address).then((response) => __wbg_load(response, { __wasm_split: wasm }));
    __IMPORTS__.loading.then(
      () => {
        __IMPORTS__.isLoaded = true;
        tell(1);
      },
      () => {
        __IMPORTS__.loading = undefined;
        tell(0);
      },
    );
  },
};
