import type { HeaderOperations, HttpHeaders } from '../../config/networking/virtual-service-headers.ts';
import {
  HeaderValueOption_HeaderAppendAction as AppendAction,
  type HeaderValueOptionSchema,
} from '../../gen/envoy/config/core/v3/base_pb.js';
import { compareText } from '../../lib/compare-text.ts';
import type { Init } from '../init.ts';

type HeaderValueOption = Init<typeof HeaderValueOptionSchema>;

/** Header operations in the fields that routes and weighted clusters share. */
export interface HeaderFields {
  readonly requestHeadersToAdd: HeaderValueOption[];
  readonly requestHeadersToRemove: string[];
  readonly responseHeadersToAdd: HeaderValueOption[];
  readonly responseHeadersToRemove: string[];
}

/** Header operations: what is set goes before what is added, each by name. Pseudo headers and `host` cannot be changed this way. */
export function headerFields({ request = {}, response = {} }: HttpHeaders): HeaderFields {
  return {
    requestHeadersToAdd: additions(request),
    requestHeadersToRemove: (request.remove ?? []).filter(isOrdinary),
    responseHeadersToAdd: additions(response),
    responseHeadersToRemove: (response.remove ?? []).filter(isOrdinary),
  };
}

/** Both operations, the first ones first. */
export function joinHeaderFields(first: HeaderFields, second: HeaderFields): HeaderFields {
  return {
    requestHeadersToAdd: [...first.requestHeadersToAdd, ...second.requestHeadersToAdd],
    requestHeadersToRemove: [...first.requestHeadersToRemove, ...second.requestHeadersToRemove],
    responseHeadersToAdd: [...first.responseHeadersToAdd, ...second.responseHeadersToAdd],
    responseHeadersToRemove: [...first.responseHeadersToRemove, ...second.responseHeadersToRemove],
  };
}

/** The host that operations on `host` or `:authority` of the request ask for; what is set outranks what is added. */
export function newAuthority({ request = {} }: HttpHeaders): string | undefined {
  return authorityIn(request.set) || authorityIn(request.add) || undefined;
}

function authorityIn(values: HeaderOperations['set']): string | undefined {
  return Object.entries(values ?? {}).find(([name]) => authorityNames.has(name.toLowerCase()))?.[1];
}

const authorityNames: ReadonlySet<string> = new Set(['host', ':authority']);

function additions({ set, add }: HeaderOperations): HeaderValueOption[] {
  return [...values(set, AppendAction.OVERWRITE_IF_EXISTS_OR_ADD), ...values(add, AppendAction.APPEND_IF_EXISTS_OR_ADD)];
}

function values(headers: HeaderOperations['set'], appendAction: AppendAction): readonly HeaderValueOption[] {
  return Object.entries(headers ?? {})
    .filter(([name]) => isOrdinary(name))
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => ({ header: { key, value }, appendAction }));
}

function isOrdinary(name: string): boolean {
  return !name.startsWith(':') && name.toLowerCase() !== 'host';
}
