import type { VirtualService } from '../../config/networking/virtual-service.ts';
import { type DelegateProblem, type DelegateReference, mergeDelegates } from '../../config/networking/virtual-service-delegate.ts';
import type { Problem } from '../../lib/problem.ts';
import { type ConfigObject, decodeExportTo, isVisibleTo, objectName } from '../../model/index.ts';
import { untranslatable } from './untranslatable.ts';

type Rule = ConfigObject<VirtualService>;

/**
 * The VirtualServices that traffic is routed by: those that have hosts, with their delegates merged in, and without those that Envoy could not do.
 * Delegates are no rules of their own; a root finds only those that are exported to its namespace.
 * @param objects with full host names.
 * @param defaultExportTo of the mesh, for delegates that say nothing.
 */
export function usableVirtualServices(
  objects: readonly Rule[],
  defaultExportTo: readonly string[],
): { readonly value: readonly Rule[]; readonly problems: readonly Problem[] } {
  const isDelegate = ({ spec }: Rule): boolean => (spec.hosts ?? []).length === 0;
  const delegates = new Map(objects.filter(isDelegate).map((object) => [`${object.namespace}/${object.name}`, object]));
  const merged = objects
    .filter((object) => !isDelegate(object))
    .map((root) => {
      const find = ({ namespace, name }: DelegateReference): VirtualService | undefined => {
        const delegate = delegates.get(`${namespace}/${name}`);
        const visibility = delegate && decodeExportTo(delegate.spec.exportTo ?? [], delegate.namespace, defaultExportTo);
        return visibility && isVisibleTo(visibility, root.namespace) ? delegate?.spec : undefined;
      };
      const { value, problems } = mergeDelegates(root.spec, root.namespace, find);
      return { value: { ...root, spec: value }, problems: problems.map((problem) => explained(problem, root)) };
    });
  const judged = merged.map(({ value, problems }) => ({ value, problems, broken: untranslatable(value) }));
  return {
    value: judged.filter(({ broken }) => broken.length === 0).map(({ value }) => value),
    problems: judged.flatMap(({ problems, broken }) => [...problems, ...broken]),
  };
}

function explained({ index, delegateIndex, reference: { namespace, name } }: DelegateProblem, root: Rule): Problem {
  const reason =
    delegateIndex === undefined
      ? 'does not exist, or is not exported to this namespace; its routes are left out'
      : `cannot be used: the matches of its spec.http[${delegateIndex}] do not fit into those of this route; that one is left out`;
  return {
    code: delegateIndex === undefined ? 'missing-delegate' : 'conflicting-delegate',
    severity: 'warning',
    object: objectName(root),
    path: `spec.http[${index}].delegate`,
    message: `the delegate VirtualService ${namespace}/${name} ${reason}`,
  };
}
