import { fail, type Result } from '../lib/result.ts';
import type { Template } from './template/index.ts';
export function textTemplate(name: string, _text: string): Result<Template> {
  return fail(`${name} not yet`);
}
