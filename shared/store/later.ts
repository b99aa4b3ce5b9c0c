import type { SealingStore, Store, StoreWatch } from './store.ts';

/** A store whose adapter is loaded at the first call, so that programs with another store never read its code. */
export function laterStore(load: () => Promise<Store>): Store {
  let loaded: Promise<Store> | undefined;
  const store = (): Promise<Store> => {
    loaded ??= load();
    return loaded;
  };
  return {
    read: async (key, options) => (await store()).read(key, options),
    putIfAbsent: async (key, bytes) => (await store()).putIfAbsent(key, bytes),
    compareAndSwap: async (key, expected, bytes) => (await store()).compareAndSwap(key, expected, bytes),
    list: async (prefix) => (await store()).list(prefix),
    watch: (key, onChange) => laterWatch(store(), (opened) => opened.watch(key, onChange)),
  };
}

/** {@link laterStore} of an adapter that has a key for secrets. */
export function laterSealingStore(load: () => Promise<SealingStore>): SealingStore {
  let loaded: Promise<SealingStore> | undefined;
  const once = (): Promise<SealingStore> => {
    loaded ??= load();
    return loaded;
  };
  return { ...laterStore(once), secretBox: async () => (await once()).secretBox() };
}

function laterWatch(store: Promise<Store>, open: (store: Store) => StoreWatch): StoreWatch {
  const closed = new AbortController();
  void store.then((opened) => {
    if (closed.signal.aborted) return;
    const watch = open(opened);
    closed.signal.addEventListener('abort', () => watch.close());
  });
  return { close: () => closed.abort() };
}
