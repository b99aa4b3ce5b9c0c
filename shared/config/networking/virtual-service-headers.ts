import { at, errorIf, type Findings, memberPath } from '../../lib/finding.ts';
import { changedHeaderNameProblem, requestHeaderNameProblem } from '../../lib/header-name.ts';
import { headerValueProblem } from '../../lib/header-value.ts';
import { type InferMessage, list, map, message, string } from '../../lib/message.ts';

const headers = 'istio.networking.v1alpha3.Headers';

const headerOperations = message(`${headers}.HeaderOperations`, { set: map(string), add: map(string), remove: list(string) });
export type HeaderOperations = InferMessage<typeof headerOperations>;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers */
export const httpHeaders = message(headers, { request: headerOperations, response: headerOperations });
export type HttpHeaders = InferMessage<typeof httpHeaders>;

type NameProblem = (name: string) => string | undefined;

/** Rules of what is done to the headers of requests and responses. */
export function* checkHeaders({ request, response }: HttpHeaders): Findings {
  if (request) yield* at('request', checkOperations(request, requestHeaderNameProblem));
  if (response) yield* at('response', checkOperations(response, changedHeaderNameProblem));
}

/** @param nameProblem of headers that are given; those that are removed have rules of their own. */
function* checkOperations({ add = {}, set = {}, remove = [] }: HeaderOperations, nameProblem: NameProblem): Findings {
  for (const [field, given] of [['add', add] as const, ['set', set] as const]) {
    for (const [name, value] of Object.entries(given)) {
      yield* errorIf('header-name', memberPath(field, name), nameProblem(name));
      yield* errorIf('header-value', memberPath(field, name), headerValueProblem(value));
    }
  }
  for (const [index, name] of remove.entries()) yield* errorIf('header-name', `remove[${index}]`, changedHeaderNameProblem(name));
}
