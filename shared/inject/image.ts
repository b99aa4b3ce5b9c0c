/** Where an image comes from: `hub/name:tag`. */
export interface ImageSource {
  readonly hub: string;
  readonly name: string;
  readonly tag: string;
}

/** Kinds of image that Istio publishes as a suffix of the tag, in the order in which they are looked for. */
const knownTypes = ['distroless', 'debug'];

/**
 * The image with the wanted type. An empty type leaves the tag alone, `default` takes a known suffix away, any other becomes the suffix.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarProxyImageType
 */
export function imageOf({ hub, name, tag }: ImageSource, type: string): string {
  return `${hub}/${name}:${typedTag(tag, type)}`;
}

function typedTag(tag: string, type: string): string {
  if (type === '') return tag;
  const known = knownTypes.find((candidate) => tag.endsWith(`-${candidate}`));
  const base = known === undefined ? tag : tag.slice(0, -known.length - 1);
  return type === 'default' ? base : `${base}-${type}`;
}
