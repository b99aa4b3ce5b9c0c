/** Breaks lines at blanks so that none is longer than `width`, if it can; longer words are split or left. */
export function wrap(text: string, options: { readonly width: number; readonly separator: string; readonly splitsWords: boolean }): string {
  const width = Math.max(options.width, 1);
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    if (rest.startsWith(' ')) {
      rest = rest.slice(1);
      continue;
    }
    const [line, next] = lineEnd(rest, width, options.splitsWords);
    if (line === rest.length) break;
    lines.push(rest.slice(0, line));
    rest = rest.slice(next);
  }
  lines.push(rest);
  return lines.join(options.separator);
}

/** Where the first line ends and the next one begins. */
function lineEnd(text: string, width: number, splitsWords: boolean): readonly [number, number] {
  const blank = text.lastIndexOf(' ', width);
  if (blank > 0) return [blank, blank + 1];
  if (splitsWords) return [width, width];
  const later = text.indexOf(' ', width);
  return later === -1 ? [text.length, text.length] : [later, later + 1];
}
