import { gateway } from './gateway.ts';
import { grpcAgent } from './grpc-agent.ts';
import { grpcSimple } from './grpc-simple.ts';
import type { Template } from './input.ts';
import { sidecar } from './sidecar.ts';
import { spire } from './spire.ts';

/** The templates that are here without any configuration; a configured one of the same name takes the place. */
export const stockTemplates: ReadonlyMap<string, Template> = new Map([
  ['sidecar', sidecar],
  ['gateway', gateway],
  ['grpc-agent', grpcAgent],
  ['grpc-simple', grpcSimple],
  ['spire', spire],
]);

export type { PodOverlay, Template, TemplateInput } from './input.ts';
