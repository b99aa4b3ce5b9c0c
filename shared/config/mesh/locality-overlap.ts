/** Lists of localities, `region/zone/subzone` or less, in which no two may mean the same place. */

/** The first problem of the list, in its order; undefined for a good one. */
export function localitiesProblem(localities: readonly string[]): string | undefined {
  const taken = new Set<string>();
  for (const locality of localities) {
    const problem = wildcardProblem(locality) ?? placeProblem(locality, taken);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function wildcardProblem(locality: string): string | undefined {
  const first = locality.indexOf('*');
  const isGood = first === -1 || first === locality.length - 1;
  return isGood ? undefined : `locality ${locality} wildcard '*' number can not exceed 1 and must be in the end`;
}

/** @param taken what localities before this one name, on each level; its own is added. */
function placeProblem(locality: string, taken: Set<string>): string | undefined {
  const overlap = `locality ${locality} overlap with previous specified ones`;
  if (taken.has('*')) return overlap;
  const [region = '', zone, ...rest] = locality.split('/');
  const subzone = rest.length === 0 ? undefined : rest.join('/');
  if (region === '' || zone === '' || subzone === '') return `locality ${locality} must not contain empty region/zone/subzone info`;
  if (overlaps({ region, zone, subzone }, taken)) return overlap;
  // All of a region is all of its zones: what is not said is a wildcard.
  taken.add(region).add(`${region}/${zone ?? '*'}`);
  taken.add(`${region}/${zone ?? '*'}/${subzone ?? '*'}`);
  return undefined;
}

interface Place {
  readonly region: string;
  readonly zone: string | undefined;
  readonly subzone: string | undefined;
}

/** Istio compatibility: a wildcard after a place that it covers is not noticed. */
function overlaps({ region, zone, subzone }: Place, taken: ReadonlySet<string>): boolean {
  if (zone === undefined) return taken.has(region);
  if (taken.has(`${region}/*`)) return true;
  if (subzone === undefined) return taken.has(`${region}/${zone}`);
  return taken.has(`${region}/${zone}/*`) || taken.has(`${region}/${zone}/${subzone}`);
}
