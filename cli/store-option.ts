import { InvalidArgumentError, Option } from 'commander';
import { openStore, storeForm } from '../shared/store/open.ts';
import type { Store } from '../shared/store/store.ts';

/** `--store PLACE`, for verbs that write what functions and gateways read. */
export function storeOption(): Option {
  return new Option('--store <PLACE>', 'store that the functions read, for example file:/var/lib/pilotless')
    .makeOptionMandatory()
    .argParser(parseStore);
}

function parseStore(place: string): Store {
  const store = openStore(place);
  if (!store) throw new InvalidArgumentError(`give ${storeForm}`);
  return store;
}
