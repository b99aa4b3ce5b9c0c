import { join } from 'node:path';
import { domainNameProblem, wildcardDomainProblem } from '../../../shared/lib/dns-name.ts';
import { subnetProblem } from '../../../shared/lib/ip-address.ts';
import { portNameProblem, portProblem } from '../../../shared/lib/port.ts';
import type { Row } from '../suite.ts';
import { readLines } from './cases.ts';
import { type Messages, messagesDifference } from './messages.ts';

interface Fragment extends Messages {
  readonly id: string;
  /** Of Istio's helper. */
  readonly fn: string;
  readonly args: readonly unknown[];
}

type Helper = (...args: readonly never[]) => Messages;

/** Calls of Istio's single helpers, by the name that they have there. */
export function fragmentRows(folder: string): readonly Row[] {
  return readLines<Fragment>(join(folder, 'fragments.jsonl')).map((recorded) => ({
    id: `${recorded.fn}/${recorded.id}`,
    tags: ['helpers'],
    compare: async () => compare(recorded),
  }));
}

function compare(recorded: Fragment): string | undefined {
  const helper = helpers[recorded.fn];
  return helper ? messagesDifference(recorded, helper(...(recorded.args as readonly never[]))) : 'we have no such helper';
}

const helpers: Readonly<Record<string, Helper>> = {
  ValidateFQDN: text(domainNameProblem),
  ValidateWildcardDomain: text(wildcardDomainProblem),
  ValidateIPSubnet: text(subnetProblem),
  ValidatePort: text(portProblem),
  ValidatePortName: text(portNameProblem),
};

/** A helper that answers with one message or none. */
function text<A>(check: (arg: A) => string | undefined): (arg: A) => Messages {
  return (arg) => ({ errors: [check(arg)].filter((message) => message !== undefined), warnings: [] });
}
