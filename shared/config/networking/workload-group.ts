/** `WorkloadGroup`: what WorkloadEntries have in common that register themselves. Fields in the order of the .proto file. */

import { errorListText } from '../../lib/error-list.ts';
import { at, error, type Findings } from '../../lib/finding.ts';
import { checkLabels } from '../../lib/label-map.ts';
import { type InferMessage, map, message, string } from '../../lib/message.ts';
import type { ConfigKind } from '../kind.ts';
import { workloadEntry } from './workload-entry.ts';
import { checkProbe, readinessProbe } from './workload-group-probe.ts';

const name = 'istio.networking.v1alpha3.WorkloadGroup';

const workloadGroup = message(name, {
  metadata: message(`${name}.ObjectMeta`, { labels: map(string), annotations: map(string) }),
  template: workloadEntry,
  probe: readinessProbe,
});
type WorkloadGroup = InferMessage<typeof workloadGroup>;

export const workloadGroupKind: ConfigKind<WorkloadGroup> = {
  group: 'networking.istio.io',
  kind: 'WorkloadGroup',
  schema: workloadGroup,
  checkSpec: checkWorkloadGroup,
};

function* checkWorkloadGroup({ metadata, template, probe }: WorkloadGroup): Findings {
  if (template === undefined) {
    yield error('template', 'template', 'template is required');
    return;
  }
  const labels = [...checkLabels('labels', metadata?.labels)].map(({ message }) => message);
  if (labels.length > 0) {
    yield error('labels', 'metadata.labels', `invalid labels: ${errorListText(labels)}`);
    return;
  }
  if (probe) yield* at('probe', checkProbe(probe));
}
