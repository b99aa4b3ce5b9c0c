import { fn, type GoFunction } from '../function.ts';

/** Work per character. */
const charCost = 16;

/** A function of one text that takes its time with every character. */
export function slow(change: (text: string) => string): GoFunction {
  return fn(['string'], (text, meter) => {
    meter.spend(text.length * charCost);
    return change(text);
  });
}
