import { join } from 'node:path';
import { isLeftOut } from '../e2e/optional.ts';
import { hasPython, pythonVenv } from '../e2e/python-program.ts';
import { type Outcome, outcomeOf } from './terraform.ts';

/** Folder of the SAM template, its events and its variables. */
export const samFolder = new URL('../../infra/sam/', import.meta.url).pathname;

export function isSamLeftOut(): boolean {
  return isLeftOut('cfn-lint', hasPython());
}

/** Writes the CloudFormation that AWS would make of a template. Code lies where `sam package` would have put it. */
const translate = `
import json, sys
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

class NoManagedPolicies:
    def load(self):
        return {}

template = yaml_parse(open(sys.argv[1]).read())
for resource in template['Resources'].values():
    if resource['Type'] == 'AWS::Serverless::Function':
        resource['Properties']['CodeUri'] = 's3://packaged/' + resource['Properties']['CodeUri'].split('/')[-1]
json.dump(transform(template, {}, NoManagedPolicies()), open(sys.argv[2], 'w'))
`;

/** Installed at the first call. */
export function samVenv(): Promise<string> {
  return pythonVenv({ venv: 'cfn-lint', packages: ['cfn-lint==1.58.0', 'aws-sam-translator==1.110.0'] });
}

/** SAM's own translation of `template.yaml` in a folder into `cloudformation.json` there, and what cfn-lint finds in that. */
export async function checkSam(folder: string): Promise<Outcome> {
  const venv = await samVenv();
  const [template, result] = [join(folder, 'template.yaml'), join(folder, 'cloudformation.json')];
  const translated = await outcomeOf(
    'env',
    ['AWS_DEFAULT_REGION=eu-central-1', join(venv, 'bin/python3'), '-c', translate, template, result],
    folder,
  );
  return translated.code === 0 ? outcomeOf(join(venv, 'bin/cfn-lint'), [result], folder) : translated;
}
