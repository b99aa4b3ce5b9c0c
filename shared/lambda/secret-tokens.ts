import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ControlPlaneError } from '../lib/error.ts';
import { type Setting, textSetting } from '../lib/setting.ts';
import type { ReadTokens } from './held-tokens.ts';

/** `PILOTLESS_TOKEN_SECRET`: without it no path needs a token. */
export const tokenSecretSetting: Setting<string> = {
  ...textSetting('name or ARN of a secret in Secrets Manager', ''),
  example: 'pilotless/webhook-token',
};

/** Versions of a secret that are valid: Secrets Manager moves these names when a new value is put. */
const stages = ['AWSCURRENT', 'AWSPREVIOUS'] as const;

const connectMs = 1_000;
const attempts = 2;

/** Reads tokens from a secret of Secrets Manager, given by name or ARN. The SDK is loaded at the first call. */
export function secretTokens(secretId: string): ReadTokens {
  let client: SecretsManagerClient | undefined;
  return async (signal) => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    client ??= new SecretsManagerClient({ maxAttempts: attempts, requestHandler: { connectionTimeout: connectMs } });
    const connected = client;
    const read = async (stage: (typeof stages)[number]): Promise<string> => {
      const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
      return (await connected.send(command, { abortSignal: signal })).SecretString?.trim() ?? '';
    };
    return Promise.all(stages.map((stage) => read(stage).catch((caught: unknown) => absentValue(caught, stage, secretId))));
  };
}

/** A secret that never was rotated has no previous value; anything else is trouble. */
function absentValue(cause: unknown, stage: string, secretId: string): string {
  const isMissing = cause instanceof Error && cause.name === 'ResourceNotFoundException';
  if (isMissing && stage === 'AWSPREVIOUS') return '';
  const { message } = ControlPlaneError.from(cause);
  throw new ControlPlaneError('unavailable', `secret ${secretId} (${stage}): ${message}`, { cause, retryable: true });
}
