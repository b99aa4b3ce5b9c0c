import { Command, Option } from 'commander';
import { type ObjectSchemas, objectSchemas } from '../shared/kube/crd/definitions.ts';
import { ControlPlaneError } from '../shared/lib/error.ts';
import type { JsonObject } from '../shared/lib/json.ts';
import type { Problem } from '../shared/lib/problem.ts';
import { exitCode } from './exit-code.ts';
import { checkObject, istioRules } from './validate/check.ts';
import { type Documents, readDocuments } from './validate/documents.ts';
import { meshSettingsRules } from './validate/mesh-settings.ts';
import { inFileOrder, jsonReport, textReport } from './validate/report.ts';

interface ValidateFlags {
  readonly filename: readonly string[];
  readonly crds?: string;
  readonly output: 'text' | 'json';
}

const examples = `
Examples:
  # Everything below manifests/
  pilotless validate -f manifests/

  # Also by schema and rules of Istio's CRDs, as kubectl apply would
  kubectl get crds -o yaml > crds.yaml
  pilotless validate -f manifests/ --crds crds.yaml

  # What a chart makes; exit code 1 if anything is invalid
  helm template ./chart | pilotless validate -f - -o json`;

/** `pilotless validate`: what the webhook would say of manifests, and with CRDs what an API server says before it asks. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('check Istio objects in Kubernetes manifests, as istioctl validate does')
    .requiredOption('-f, --filename <PATH>', 'a file, a folder of *.yaml and *.json, or - for standard input; may be repeated', appended)
    .option('--crds <PATH>', 'CustomResourceDefinitions, a file or a folder: their schema and rules are checked too')
    .addOption(new Option('-o, --output <FORMAT>', 'how to print what is found').choices(['text', 'json']).default('text'))
    .addHelpText('after', examples)
    .action(async (flags: ValidateFlags) => {
      process.exitCode = await validate(flags);
    });
}

function appended(path: string, before: readonly string[] = []): readonly string[] {
  return [...before, path];
}

async function validate({ filename, crds, output }: ValidateFlags): Promise<number> {
  const schemas = crds === undefined ? undefined : await readSchemas(crds);
  if (schemas === undefined) process.stderr.write(withoutSchemas);
  const documents = joined(await Promise.all(filename.map(readDocuments)));
  const results = documents.objects.map((object) => checkObject(object, { schemas: schemas?.check, fields: allRules }));
  const problems = inFileOrder([...documents.problems, ...results.flatMap((found) => found ?? [])]);
  const checked = results.filter((found) => found !== undefined).length;
  process.stdout.write(output === 'json' ? jsonReport(problems) : textReport(problems, { checked, passedOver: results.length - checked }));
  return problems.some(({ severity }) => severity === 'error') ? exitCode.no : exitCode.fine;
}

function allRules(object: JsonObject): readonly Problem[] | undefined {
  return istioRules(object) ?? meshSettingsRules(object);
}

const withoutSchemas = "pilotless: the schema of Istio's CRDs is not checked: give them with --crds (kubectl get crds -o yaml)\n";

function joined(all: readonly Documents[]): Documents {
  return { objects: all.flatMap(({ objects }) => objects), problems: all.flatMap(({ problems }) => problems) };
}

/** @throws ControlPlaneError for a path that holds no definition, or none that can be read */
async function readSchemas(path: string): Promise<ObjectSchemas> {
  const { objects, problems } = await readDocuments(path);
  const [problem] = problems;
  if (problem) throw new ControlPlaneError('unreadable', `${problem.file}:${problem.line}: ${problem.message}`);
  const schemas = objectSchemas(objects.map(({ content }) => content));
  if (schemas.kinds === 0)
    throw new ControlPlaneError('unreadable', `${path} holds no CustomResourceDefinition; give those of Istio with --crds`);
  return schemas;
}
