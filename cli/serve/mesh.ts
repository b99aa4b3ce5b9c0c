import { ControlPlaneError } from '../../shared/lib/error.ts';
import type { Logger } from '../../shared/observe/log.ts';
import type { Metrics } from '../../shared/observe/metrics.ts';
import { keepLastGood, type MeshFiles, meshObjects, readMeshFiles } from '../../shared/sources/files/read.ts';
import { follow, type Live, type Loaded } from './live.ts';

export interface MeshSource {
  /** Folder or file. */
  readonly path: string;
  readonly onChange: () => void;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The Kubernetes objects of a folder or file; follows it. A file that breaks keeps its last good objects, the others are taken over. */
export async function followMesh({ path, onChange, log, metrics }: MeshSource): Promise<Live<MeshFiles>> {
  return follow({ what: 'mesh files', paths: [path], load: (last) => loadMesh(path, last), onChange, log, metrics });
}

async function loadMesh(path: string, last: MeshFiles | undefined): Promise<Loaded<MeshFiles>> {
  try {
    const files = await readMeshFiles(path);
    const problems = files.flatMap((file) => file.problems);
    return { value: last === undefined ? files : keepLastGood(last, files), problems };
  } catch (caught) {
    const error = ControlPlaneError.from(caught);
    throw new ControlPlaneError(error.code, `${error.message}; give a folder or a file of Kubernetes YAML with --from`, { cause: caught });
  }
}

/** What there is, by kind: `4 Deployment, 4 Service`. */
export function meshSummary(files: MeshFiles): string {
  const kinds = meshObjects(files).map(({ kind }) => kind);
  const counts = [...new Set(kinds)].sort().map((kind) => `${kinds.filter((other) => other === kind).length} ${kind}`);
  return counts.length === 0 ? 'no objects' : counts.join(', ');
}
