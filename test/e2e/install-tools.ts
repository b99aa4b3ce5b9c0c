// Installs the programs of others that tests run beside us into the project's cache, where a test would do it at its first use: for .ci/run, which does it beside
// other work. With the word `python` only those that need no compiler.
import { checkovVenv } from '../infra/checkov.ts';
import { samVenv } from '../infra/sam.ts';
import { isLambdaLeftOut, lambdaRuntime } from './aws/lambda-runtime.ts';
import { motoPackages } from './aws/moto.ts';
import { canHaveEnvoy, envoyBinary } from './mesh/envoy-binary.ts';
import { hasPython, pythonVenv } from './python-program.ts';

if (hasPython()) {
  await pythonVenv(motoPackages);
  await samVenv();
  await checkovVenv();
}
if (canHaveEnvoy()) await envoyBinary();
if (!process.argv.includes('python') && !isLambdaLeftOut()) await lambdaRuntime();
