import { join } from 'node:path';
import { hostPortProblem } from '../../../shared/config/mesh/host-port.ts';
import { localitiesProblem } from '../../../shared/config/mesh/locality-overlap.ts';
import { gatewayHostProblem } from '../../../shared/config/networking/virtual-service-hosts.ts';
import { domainNameProblem, wildcardDomainProblem } from '../../../shared/lib/dns-name.ts';
import { durationProblem } from '../../../shared/lib/duration-problem.ts';
import { strictHeaderNameProblem } from '../../../shared/lib/header-name.ts';
import { httpStatusProblem } from '../../../shared/lib/http-status.ts';
import { subnetProblem } from '../../../shared/lib/ip-address.ts';
import { portNameProblem, portProblem } from '../../../shared/lib/port.ts';
import type { Row } from '../suite.ts';
import { readLines } from './cases.ts';
import { meshHelpers } from './mesh-helpers.ts';
import { type Messages, messagesDifference } from './messages.ts';
import { networkingHelpers } from './networking-helpers.ts';

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
  ...meshHelpers,
  ...networkingHelpers,
  ValidateDuration: text(durationProblem),
  ValidateProxyAddress: text(hostPortProblem),
  ValidateStrictHTTPHeaderName: text(strictHeaderNameProblem),
  validateHTTPStatus: text(httpStatusProblem),
  validateLocalities: text(localitiesProblem),
  ValidateWildcardDomainForVirtualServiceBoundToGateway: (hasSni: boolean, host: string) =>
    text(() => gatewayHostProblem(host, hasSni))(undefined),
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
