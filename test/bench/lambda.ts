import { join } from 'node:path';
import { type LambdaFunction, startFunction, startHandler } from '../e2e/aws/lambda-function.ts';
import { isLambdaLeftOut } from '../e2e/aws/lambda-runtime.ts';
import { isMotoLeftOut } from '../e2e/aws/moto.ts';
import { samEvent } from '../e2e/aws/sam-files.ts';
import { type Bench, type Figure, LeftOut, median } from './bench.ts';
import { root } from './inputs.ts';

const coldStarts = 7;
const warmCalls = 300;

/** The functions whose work is the same whatever lies around them; what a snapshot costs is the compile bench's. */
const measured = ['inject', 'validate'] as const;

export const lambdaBench: Bench = {
  name: 'lambda',
  about: `functions under Lambda's runtime client and emulator: median of ${coldStarts} first answers, of ${warmCalls} later ones; beside express alone`,
  run: async (say) => {
    if ([isMotoLeftOut(), isLambdaLeftOut()].includes(true)) throw new LeftOut("Lambda's runtime cannot be installed here");
    say(`starting 3 functions, ${coldStarts} times each`);
    const empty = await measure(() => startHandler({ entry: join(root, 'test/bench/echo-handler.ts') }), await samEvent('inject'));
    const figures: Figure[] = [];
    for (const name of measured) {
      const ours = await measure(() => startFunction(name), await samEvent(name));
      figures.push(
        { what: `${name}, cold`, unit: 'ms', value: ours.coldMs, beside: empty.coldMs, atMost: 2 * empty.coldMs + allowanceMs },
        { what: `${name}, warm p50`, unit: 'ms', value: ours.warmMs, beside: empty.warmMs },
        { what: `${name}, warm p50, above the empty handler`, unit: 'ms', value: ours.warmMs - empty.warmMs, atMost: warmMs },
      );
    }
    return figures;
  },
};

/** What a cold start may take beyond twice the empty handler's. */
const allowanceMs = 100;
const warmMs = 3;

interface Times {
  readonly coldMs: number;
  readonly warmMs: number;
}

/** From the event to the answer, with what emulator and client take. */
async function measure(start: () => Promise<LambdaFunction>, event: object): Promise<Times> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 0; run < coldStarts; run += 1) {
    const started = await start();
    try {
      cold.push(await timed(() => started.invoke(event)));
      const isLast = run === coldStarts - 1;
      for (let call = 0; isLast && call < warmCalls; call += 1) warm.push(await timed(() => started.invoke(event)));
    } finally {
      await started.stop();
    }
  }
  return { coldMs: median(cold), warmMs: median(warm) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
