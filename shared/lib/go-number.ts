/** The number as Go's `%v` writes it: below a ten-thousandth with an exponent of two digits. */
export function goNumberText(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(shortExponent, 'e-0$1');
}

const shortExponent = /e-(\d)$/;
