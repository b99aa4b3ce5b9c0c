import { apps } from './apps.ts';
import type { Bench, Figure } from './bench.ts';
import { cpuBesideEcho } from './cpu.ts';
import { podSizes, reviewBody } from './inputs.ts';

const effort = { warmUpRequests: 4_000, rounds: 9, requestsPerRound: 300 };

/** CPU of injection per request, through the whole function. */
export const injectCpu: Bench = {
  name: 'inject-cpu',
  about: 'CPU per request in process, beside an echo handler on the same express + serverless-http',
  run: async (say) => {
    const figures: Figure[] = [];
    for (const size of podSizes) {
      const body = await reviewBody(size);
      say(`${size} pod: ${effort.rounds} rounds of ${effort.requestsPerRound} requests for each handler`);
      const { ours, echo } = await cpuBesideEcho('inject', { app: apps.inject(), body, effort });
      figures.push({
        what: `${size} pod (${body.length.toLocaleString('en')} bytes), CPU per request`,
        unit: 'µs',
        value: ours,
        beside: echo,
      });
    }
    return figures;
  },
};
