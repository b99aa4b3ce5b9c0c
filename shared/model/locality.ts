/** Where something runs. Empty texts for what is unknown. */
export interface Locality {
  readonly region: string;
  readonly zone: string;
  readonly subZone: string;
}

export const noLocality: Locality = { region: '', zone: '', subZone: '' };

/** `region/zone/subZone` without the parts that are missing at the end. */
export function localityText({ region, zone, subZone }: Locality): string {
  return [region, zone, subZone].join('/').replace(slashesAtEnd, '');
}

const slashesAtEnd = /\/+$/;

/** Reads `region/zone/subZone`; what is missing at the end is unknown. */
export function parseLocality(text: string): Locality {
  const [region = '', zone = '', subZone = ''] = text.split('/');
  return { region, zone, subZone };
}
