import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { messageTableModule } from './message-table.ts';

/** Files that only define options (validation rules, versioning notes): nothing at run time reads them. */
const annotations = /^(?:validate|udpa\/annotations|xds\/annotations|envoy\/annotations|google\/api\/(?:annotations|http))\b/;
const wellKnown = /^google\/protobuf\//;
/** JavaScript with declarations: Node loads it twice as fast as TypeScript, whose types it must strip at every start. */
const options = 'target=js+dts,import_extension=js';
const maxBytes = 256 << 20;

/**
 * Compiles a tree of .proto files and returns the generated modules by path. Options and comments are dropped first: they triple the size of the
 * embedded descriptors, which every importer parses at start.
 */
export function generateFiles(protoRoot: string, bin: string): ReadonlyMap<string, string> {
  writeFileSync(join(protoRoot, 'buf.yaml'), 'version: v2\n');
  const image = join(protoRoot, 'image.binpb');
  execFileSync(join(bin, 'buf'), ['build', '--exclude-source-info', '-o', image], {
    cwd: protoRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const compiled = fromBinary(FileDescriptorSetSchema, readFileSync(image));
  const messageTable = messageTableModule(compiled);
  const files = compiled.file.filter(({ name }) => !annotations.test(name)).map(withoutOptions);
  const request = create(CodeGeneratorRequestSchema, {
    parameter: options,
    fileToGenerate: files.map(({ name }) => name).filter((name) => !wellKnown.test(name)),
    protoFile: files,
  });
  const output = execFileSync(join(bin, 'protoc-gen-es'), { input: toBinary(CodeGeneratorRequestSchema, request), maxBuffer: maxBytes });
  const response = fromBinary(CodeGeneratorResponseSchema, output);
  if (response.error !== '') throw new Error(response.error);
  const modules = response.file.map(({ name, content }): [string, string] => [name, content]);
  return new Map([...modules, ['message-table.ts', messageTable]]);
}

function withoutOptions(file: FileDescriptorProto): FileDescriptorProto {
  const { options: _, ...rest } = file;
  const dependency = file.dependency.filter((name) => !annotations.test(name));
  const kept = dependency.map((name) => file.dependency.indexOf(name));
  const publicDependency = file.publicDependency.map((index) => kept.indexOf(index)).filter((index) => index >= 0);
  for (const message of file.messageType) stripMessage(message);
  for (const { value } of file.enumType) for (const entry of value) delete entry.options;
  for (const service of file.service) {
    delete service.options;
    for (const method of service.method) delete method.options;
  }
  return { ...rest, dependency, publicDependency, extension: [] };
}

/** Removes options in place. `map_entry` stays: it makes a field a map. */
function stripMessage(message: DescriptorProto): void {
  if (message.options?.mapEntry !== true) delete message.options;
  for (const field of message.field) delete field.options;
  for (const oneof of message.oneofDecl) delete oneof.options;
  for (const { value } of message.enumType) for (const entry of value) delete entry.options;
  for (const nested of message.nestedType) stripMessage(nested);
}
