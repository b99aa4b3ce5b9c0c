import { inflateSync } from 'node:zlib';
import { compressedMessageTable } from '../../gen/message-table.ts';
import { structValue } from '../../lib/message.ts';
import { type MessageTable, messageTable } from '../../lib/message-table.ts';

let table: MessageTable | undefined;

/** All messages of Envoy's API, version 3; read when the first EnvoyFilter comes. */
export function envoyTypes(): MessageTable {
  table ??= messageTable(inflateSync(Buffer.from(compressedMessageTable, 'base64')).toString(), (name) =>
    isContributed(name) ? structValue : undefined,
  );
  return table;
}

const thirdVersion = /^envoy\..*\.v3(?:alpha)?\.\w+$/;

/** Whether the name may be that of a type which is built into some Envoys only: nobody should be refused it because we lack its description. */
export function isContributed(name: string): boolean {
  return thirdVersion.test(name);
}
