import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import {
  type ListenerFilter,
  type ListenerFilterChainMatchPredicate,
  ListenerFilterChainMatchPredicateSchema,
  ListenerFilterSchema,
} from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { HttpInspectorSchema } from '../../gen/envoy/extensions/filters/listener/http_inspector/v3/http_inspector_pb.js';
import { OriginalDstSchema } from '../../gen/envoy/extensions/filters/listener/original_dst/v3/original_dst_pb.js';
import { OriginalSrcSchema } from '../../gen/envoy/extensions/filters/listener/original_src/v3/original_src_pb.js';
import { ProxyProtocolSchema } from '../../gen/envoy/extensions/filters/listener/proxy_protocol/v3/proxy_protocol_pb.js';
import { TlsInspectorSchema } from '../../gen/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb.js';
import { pack } from '../../lib/protobuf.ts';

/** Mark of connections that Envoy opens with the caller's address: the iptables rules of TPROXY know it. */
const tproxyMark = 1337;
/** Bytes that Envoy sets aside for a client hello before it needs more. */
const clientHelloBytes = 512;

/** Finds the address that the caller meant before iptables redirected it. */
export function originalDst(): ListenerFilter {
  return listenerFilter('envoy.filters.listener.original_dst', OriginalDstSchema, {});
}

/** Keeps the caller's address towards the application (TPROXY). */
export function originalSrc(): ListenerFilter {
  return listenerFilter('envoy.filters.listener.original_src', OriginalSrcSchema, { mark: tproxyMark });
}

/** Reads server name and ALPN of a TLS client hello. */
export function tlsInspector(filterDisabled?: ListenerFilterChainMatchPredicate): ListenerFilter {
  return listenerFilter(
    'envoy.filters.listener.tls_inspector',
    TlsInspectorSchema,
    { initialReadBufferSize: clientHelloBytes },
    filterDisabled,
  );
}

/** Reads who calls from the PROXY protocol's header, which a load balancer before the gateway writes. */
export function proxyProtocol(): ListenerFilter {
  return listenerFilter('envoy.filters.listener.proxy_protocol', ProxyProtocolSchema, {});
}

/** Tells HTTP from other first bytes. */
export function httpInspector(filterDisabled?: ListenerFilterChainMatchPredicate): ListenerFilter {
  return listenerFilter('envoy.filters.listener.http_inspector', HttpInspectorSchema, {}, filterDisabled);
}

/** Any of the destination ports; undefined for none at all. */
export function anyPortOf(ports: readonly number[]): ListenerFilterChainMatchPredicate | undefined {
  const [first, ...others] = ports.map(portPredicate);
  if (first === undefined || others.length === 0) return first;
  return predicate({ case: 'orMatch', value: { rules: [first, ...others] } });
}

export function not(inner: ListenerFilterChainMatchPredicate): ListenerFilterChainMatchPredicate {
  return predicate({ case: 'notMatch', value: inner });
}

function portPredicate(port: number): ListenerFilterChainMatchPredicate {
  return predicate({ case: 'destinationPortRange', value: { start: port, end: port + 1 } });
}

type Rule = NonNullable<MessageInitShape<typeof ListenerFilterChainMatchPredicateSchema>['rule']>;

function predicate(rule: Rule): ListenerFilterChainMatchPredicate {
  return create(ListenerFilterChainMatchPredicateSchema, { rule });
}

function listenerFilter<Desc extends DescMessage>(
  name: string,
  schema: Desc,
  settings: MessageInitShape<Desc>,
  filterDisabled?: ListenerFilterChainMatchPredicate,
): ListenerFilter {
  const value = pack(schema, create(schema, settings) as MessageShape<Desc>);
  return create(ListenerFilterSchema, { name, configType: { case: 'typedConfig', value }, ...(filterDisabled && { filterDisabled }) });
}
