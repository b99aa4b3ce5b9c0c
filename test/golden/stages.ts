import { renderInjection } from './inject.ts';

/** A stage with golden files: `NAME.input.yaml` in its folder gives `NAME.golden.yaml` beside it. */
export interface GoldenStage {
  readonly folder: string;
  /** Text in, text out; throws what must not happen. */
  readonly render: (input: string) => string;
}

export const goldenStages: readonly GoldenStage[] = [{ folder: 'shared/inject/golden', render: renderInjection }];
