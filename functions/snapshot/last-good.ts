import type { Memo } from '../../shared/compile/build-chunk.ts';
import { type CompileResult, compile } from '../../shared/compile/compile.ts';
import type { GoodObjects } from '../../shared/compile/stored-world.ts';
import { nameOf, type World } from '../../shared/compile/world.ts';
import type { JsonObject } from '../../shared/lib/json.ts';
import type { Problem } from '../../shared/lib/problem.ts';
import { canonicalJson } from '../../shared/snapshot/canonical-json.ts';

export interface KeptCompile extends CompileResult {
  /** What is wrong in the world as it is, also where an object's last good content was taken instead. */
  readonly problems: readonly Problem[];
  /** For the next compile. */
  readonly good: GoodObjects;
}

export interface Before {
  readonly memo: Memo;
  readonly good: GoodObjects;
}

/** Compiles; an object that has an error is compiled as it last had none, so that a mistake in it changes nothing for proxies. One that never was right is left out. */
export function compileKeepingGood(world: World, nodes: readonly JsonObject[], { memo, good }: Before): KeptCompile {
  const first = compile(world, nodes, memo);
  const broken = namesWithErrors(first.snapshot.problems);
  const kept = {
    ...world,
    objects: world.objects.map((object) => (broken.has(nameOf(object)) ? (good.get(nameOf(object)) ?? object) : object)),
  };
  const isSame = kept.objects.every((object, index) => object === world.objects[index]);
  const last = isSame ? first : compile(kept, nodes, first.memo);
  return {
    ...last,
    problems: distinct([...first.snapshot.problems, ...last.snapshot.problems]),
    good: goodOf(kept, last.snapshot.problems),
  };
}

function goodOf({ objects }: World, problems: readonly Problem[]): GoodObjects {
  const broken = namesWithErrors(problems);
  return new Map(objects.map((object) => [nameOf(object), object] as const).filter(([name]) => !broken.has(name)));
}

function namesWithErrors(problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.filter(({ severity }) => severity === 'error').map(({ object }) => object));
}

/** Each problem once. */
export function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [canonicalJson(problem), problem])).values()];
}
