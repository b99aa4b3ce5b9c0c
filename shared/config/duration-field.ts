import { durationProblem } from '../lib/duration-problem.ts';
import { errorIf, type Findings } from '../lib/finding.ts';

/** Rule of a field that may be absent, and is whole milliseconds otherwise. */
export function checkDuration(path: string, duration: string | undefined): Findings {
  return errorIf('duration', path, durationProblem(duration));
}
