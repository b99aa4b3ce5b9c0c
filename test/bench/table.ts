import type { Figure } from './bench.ts';

const headings = ['', 'ours', 'beside', 'ratio', 'difference', 'promised'] as const;

/** The figures of one bench as aligned text. The column of promises is there if there is a promise. */
export function figureTable(figures: readonly Figure[]): string {
  const shown = figures.some(({ atMost }) => atMost !== undefined) ? headings : headings.slice(0, -1);
  const rows = [shown, ...figures.map(row)];
  const widths = shown.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      widths
        .map((width, column) => (column === 0 ? (cells[0] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row({ what, unit, value, beside, atMost }: Figure): readonly string[] {
  const withUnit = (amount: number): string => `${number(amount)} ${unit}`.trimEnd();
  const promised = atMost === undefined ? '' : `≤ ${withUnit(atMost)}: ${value <= atMost ? 'kept' : 'BROKEN'}`;
  if (beside === undefined) return [what, withUnit(value), '', '', '', promised];
  const ratio = beside === 0 ? '' : (value / beside).toFixed(2);
  return [what, withUnit(value), withUnit(beside), ratio, `${value < beside ? '' : '+'}${withUnit(value - beside)}`, promised];
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 1 ? 2 : Math.abs(value) < 100 ? 1 : 0 });
}
