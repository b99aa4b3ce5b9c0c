/** What every object that a user writes carries around its spec, whatever registry it came from. */
export interface ConfigObject<Spec> {
  /** `VirtualService`, `DestinationRule`, … */
  readonly kind: string;
  /** `networking.istio.io/v1`: the version that the object was stored in. */
  readonly apiVersion: string;
  readonly name: string;
  readonly namespace: string;
  /** RFC 3339 in UTC and whole seconds, so that texts compare as times do; empty if unknown. */
  readonly created: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: Spec;
}

/** On objects that were made of Kubernetes' own kinds (`ingress`, `gateway`): their rules are read as Kubernetes means them. */
export const routeSemanticsAnnotation = 'internal.istio.io/route-semantics';

/** Label or annotation keys and their values. */
export type Labels = Readonly<Record<string, string>>;

/** Labels that an object must have; an empty one picks everything that it is asked about. */
export type Selector = Labels;

/** Whether all of the selector's labels are there with these values. */
export function hasLabels(labels: Labels, selector: Selector): boolean {
  return Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

type ObjectId = Pick<ConfigObject<unknown>, 'kind' | 'namespace' | 'name'>;

const kindWords = /([a-z0-9])([A-Z])/g;

/** The path by which Envoy metadata names the object: `/apis/networking.istio.io/v1/namespaces/shop/virtual-service/web`. */
export function configPath({ kind, apiVersion, namespace, name }: ObjectId & Pick<ConfigObject<unknown>, 'apiVersion'>): string {
  return `/apis/${apiVersion}/namespaces/${namespace}/${kind.replace(kindWords, '$1-$2').toLowerCase()}/${name}`;
}

/** How problems name the object. */
export function objectName({ kind, namespace, name }: ObjectId): string {
  return `${kind} ${namespace}/${name}`;
}
