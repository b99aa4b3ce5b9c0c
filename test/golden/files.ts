import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GoldenStage, goldenStages } from './stages.ts';

/** One golden file and what it should hold. */
export interface Golden {
  readonly path: string;
  readonly expected: () => string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const inputEnding = '.input.yaml';
const goldenEnding = '.golden.yaml';

export function goldens(): readonly Golden[] {
  return goldenStages.flatMap((stage) => namesOf(stage, inputEnding).map((name) => golden(stage, name)));
}

/** Golden files whose input is gone. */
export function staleGoldens(): readonly string[] {
  return goldenStages.flatMap((stage) => {
    const inputs = new Set(namesOf(stage, inputEnding));
    const stale = namesOf(stage, goldenEnding).filter((name) => !inputs.has(name));
    return stale.map((name) => join(root, stage.folder, `${name}${goldenEnding}`));
  });
}

function golden({ folder, render }: GoldenStage, name: string): Golden {
  const input = join(root, folder, `${name}${inputEnding}`);
  return { path: join(root, folder, `${name}${goldenEnding}`), expected: () => render(readFileSync(input, 'utf8')) };
}

function namesOf({ folder }: GoldenStage, ending: string): readonly string[] {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(ending));
  return files.sort().map((file) => file.slice(0, -ending.length));
}
