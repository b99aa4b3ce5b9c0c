/** Several messages in one text, in the form that Istio's users know: a count, and one line for each. */
export function errorListText(messages: readonly string[]): string {
  const title = messages.length === 1 ? '1 error' : `${messages.length} errors`;
  return `${title} occurred:\n${messages.map((message) => `\t* ${message}\n`).join('')}\n`;
}
