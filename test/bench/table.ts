import type { Figure } from './bench.ts';

const headings = ['', 'ours', 'beside', 'ratio', 'difference'] as const;

/** The figures of one bench as aligned text. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = [headings, ...figures.map(row)];
  const widths = headings.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row({ what, unit, value, beside }: Figure): readonly string[] {
  const withUnit = (amount: number): string => `${number(amount)} ${unit}`.trimEnd();
  const ours = withUnit(value);
  if (beside === undefined) return [what, ours, '', '', ''];
  return [
    what,
    ours,
    withUnit(beside),
    beside === 0 ? '' : (value / beside).toFixed(2),
    `${value < beside ? '' : '+'}${withUnit(value - beside)}`,
  ];
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 });
}
