import { compareText } from '../../lib/compare-text.ts';
import { error, type Findings, memberPath } from '../../lib/finding.ts';
import { quoted } from '../../lib/go-quote.ts';

/** Labels of a selector are compared whole, so no name may be empty, and neither name nor value a pattern. */
export function* checkSelectorLabels(field: string, labels: Readonly<Record<string, string>> = {}): Findings {
  for (const [key, value] of Object.entries(labels).sort(([left], [right]) => compareText(left, right))) {
    const path = memberPath(field, key);
    const text = quoted(`${key}=${value}`);
    if (key === '') yield error('selector-empty-key', path, `empty key is not supported in selector: ${text}`);
    if (text.includes('*')) yield error('selector-wildcard', path, `wildcard is not supported in selector: ${text}`);
  }
}
