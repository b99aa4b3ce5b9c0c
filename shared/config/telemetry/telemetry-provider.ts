import { error, type Findings } from '../../lib/finding.ts';
import { enumeration, type InferMessage, message, string } from '../../lib/message.ts';

/** An extension provider of MeshConfig. */
export const providerRef = message('istio.telemetry.v1alpha1.ProviderRef', { name: string });
type ProviderRef = InferMessage<typeof providerRef>;

/** Which side of a connection tells. */
export const workloadMode = enumeration('istio.telemetry.v1alpha1.WorkloadMode', ['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);

/** Only the first problem is told. Paths from the message that has the providers. */
export function* checkProviders(providers: readonly ProviderRef[] = []): Findings {
  const index = providers.findIndex(({ name = '' }) => name === '');
  if (index >= 0) yield error('provider-name', `providers[${index}].name`, 'providers.name may not be empty');
}
