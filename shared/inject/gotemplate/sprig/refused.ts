import { type GoFunction, variadic } from '../function.ts';
import { GoFailure } from '../value.ts';

/** Why a function of sprig's answers with an error: a rendering depends on its input alone. */
const refusals: Readonly<Record<string, readonly string[]>> = {
  'templates have no access to the environment': ['env', 'expandenv'],
  'templates have no access to the network': ['getHostByName'],
  'templates make no keys or certificates': [
    'genPrivateKey',
    'derivePassword',
    'buildCustomCert',
    'genCA',
    'genCAWithKey',
    'genSelfSignedCert',
    'genSelfSignedCertWithKey',
    'genSignedCert',
    'genSignedCertWithKey',
    'bcrypt',
    'htpasswd',
    'encryptAES',
    'decryptAES',
  ],
  'templates use no random values': ['randAlphaNum', 'randAlpha', 'randAscii', 'randNumeric', 'randInt', 'randBytes', 'shuffle', 'uuidv4'],
};

/** They exist, so that a template that names them still compiles; the error comes when one is called. */
export const refusedFunctions: readonly (readonly [string, GoFunction])[] = Object.entries(refusals).flatMap(([reason, names]) =>
  names.map((name) => [name, refusal(name, reason)] as const),
);

function refusal(name: string, reason: string): GoFunction {
  return variadic([], 'any', () => {
    throw new GoFailure(`${name} is not available: ${reason}`);
  });
}
