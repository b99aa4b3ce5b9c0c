import { Command, InvalidArgumentError } from 'commander';
import { ask, type Reply } from './check/ask.ts';
import { findings } from './check/findings.ts';
import { exitCode } from './exit-code.ts';
import { readText } from './inject-files.ts';

const examples = `
Examples:
  # Would an API server be served? The URLs are those of pilotless install, with token and path
  pilotless check https://abc.lambda-url.eu-central-1.on.aws/t/$TOKEN/inject https://def.lambda-url.eu-central-1.on.aws/t/$TOKEN/validate`;

/** `pilotless check`: says in words what is wrong with the endpoints of webhooks. */
export function checkCommand(): Command {
  return new Command('check')
    .description('call webhooks as an API server does, and say what is wrong: DNS, TLS, grants, token, clock, slow answers')
    .argument('<URL...>', 'webhook URLs; one without a path is asked at /inject', collectUrl)
    .option('--ca-file <FILE>', 'certificates to trust, PEM (default: those of the system)')
    .addHelpText('after', examples)
    .action(check);
}

async function check(urls: readonly URL[], { caFile }: { readonly caFile?: string }): Promise<void> {
  const caPem = caFile === undefined ? undefined : await readText('--ca-file', caFile);
  let isWrong = false;
  for (const url of urls) {
    const { lines, hasErrors } = await checkOne(url, caPem);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    isWrong ||= hasErrors;
  }
  process.exitCode = isWrong ? exitCode.no : exitCode.fine;
}

const uid = '00000000-0000-4000-8000-000000000001';

/** Nothing is changed by it: nobody creates the pod. */
const review = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid,
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'default',
    operation: 'CREATE',
    dryRun: true,
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pilotless-check' }, spec: { containers: [{ name: 'app', image: 'app' }] } },
  },
});

async function checkOne(url: URL, caPem: string | undefined): Promise<{ readonly lines: readonly string[]; readonly hasErrors: boolean }> {
  const question = { url, body: review, now: () => performance.now(), ...(caPem !== undefined && { caPem }) };
  const first = await ask(question);
  const second: Reply | undefined = first.kind === 'answered' ? await ask(question) : undefined;
  const found = findings({ host: url.host, uid, first, second, nowMs: Date.now() });
  const shown = shownUrl(url);
  if (found.length === 0 && second?.kind === 'answered')
    return { lines: [`ok       ${shown}: answers in ${Math.round(second.ms)} ms`], hasErrors: false };
  const lines = found.map(({ severity, message }) => `${severity.padEnd(8)} ${shown}: ${message}`);
  return { lines, hasErrors: found.some(({ severity }) => severity === 'error') };
}

/** Without the token, which need not stand in every terminal. */
function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname.replace(tokenPart, '/t/…/')}`;
}

const tokenPart = /^\/t\/[^/]*\//;

function collectUrl(text: string, before: readonly URL[] = []): readonly URL[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') throw new InvalidArgumentError('give https URLs: API servers call nothing else.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('API servers take no URL with user, query or fragment.');
  }
  if (url.pathname === '/') url.pathname = '/inject';
  return [...before, url];
}
