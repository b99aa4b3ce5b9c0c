import { describe, expect, it } from 'vitest';
import { checkLayout, type Finding } from './layout-rules.ts';

/** Findings for files given as path and text. */
function check(files: Readonly<Record<string, string>>): readonly Finding[] {
  return checkLayout(Object.entries(files).map(([path, text]) => ({ path, text })));
}

describe('checkLayout', () => {
  const allowed = [
    ['shared/kube/pod.ts', '../lib/json.ts'],
    ['shared/kube/pod.ts', './schema.ts'],
    ['shared/inject/config.ts', '../config/mesh/mesh-config.ts'],
    ['shared/inject/template/index.ts', '../../kube/pod.ts'],
    ['functions/inject/app.ts', '../../shared/inject/index.ts'],
    ['functions/inject/handler.ts', './app.ts'],
    ['cli/serve.ts', '../functions/inject/app.ts'],
    ['cli/version.ts', '../package.json'],
    ['shared/inject/merge.test.ts', '../../test/fixtures/pods.ts'],
    ['shared/kube/pod.ts', 'yaml'],
    ['vitest.config.ts', './shared/lib/json.ts'],
  ] as const;
  it.each(allowed)('lets %s import %s', (path, target) => {
    expect(check({ [path]: `import { x } from '${target}';\n` })).toEqual([]);
  });

  const forbidden = [
    ['shared/lib/json.ts', '../kube/pod.ts', 'shared/lib may import nothing else'],
    ['shared/inject/config.ts', '../config/networking/virtual-service.ts', 'the injection bundle stays small'],
    ['shared/inject/config.ts', '../observe/log.ts', 'shared/inject may import only shared/lib, shared/kube, shared/config/mesh'],
    ['shared/xds/cluster.ts', '../kube/service.ts', 'Envoy resources are built from the mesh alone'],
    ['shared/kube/pod.ts', '../../functions/inject/app.ts', 'Kubernetes objects know nothing of meshes'],
    ['functions/inject/app.ts', '../validate/app.ts', 'move what both need to shared/'],
    ['functions/inject/app.ts', '../../cli/build.ts', 'a function is deployed alone'],
    ['shared/inject/merge.ts', '../../test/fixtures/pods.ts', 'the injection bundle stays small'],
    ['shared/other/x.ts', './y.ts', 'add it to scripts/layout-rules.ts'],
  ] as const;
  it.each(forbidden)('does not let %s import %s and says why', (path, target, why) => {
    expect(check({ [path]: `\nimport { x } from '${target}';\n` })).toEqual([
      { severity: 'error', place: `${path}:2`, message: expect.stringContaining(why) },
    ]);
  });

  const forms = [
    "import type { X } from '../kube/pod.ts';",
    "import '../kube/pod.ts';",
    "export * from '../kube/pod.ts';",
    "export { x } from '../kube/pod.ts';",
    "export type { X } from '../kube/pod.ts';",
    "const x = await import('../kube/pod.ts');",
  ];
  it.each(forms)('sees %s', (text) => {
    expect(check({ 'shared/lib/x.ts': text })).toHaveLength(1);
  });

  it('does not take a text or a comment for an import', () => {
    expect(check({ 'shared/lib/x.ts': "// import '../kube/pod.ts'\nconst x = \"import '../kube/pod.ts'\";\n" })).toEqual([]);
  });

  it('finds import cycles and shows the way round', () => {
    const files = {
      'shared/lib/a.ts': "import './b.ts';",
      'shared/lib/b.ts': "import './c.ts';",
      'shared/lib/c.ts': "import './b.ts';",
      'shared/lib/d.ts': "import './a.ts';",
    };

    expect(check(files)).toEqual([
      {
        severity: 'error',
        place: 'shared/lib/b.ts',
        message: expect.stringContaining('shared/lib/b.ts → shared/lib/c.ts → shared/lib/b.ts'),
      },
    ]);
  });

  const lengths = [
    [300, undefined],
    [301, 'warning'],
    [400, 'warning'],
    [401, 'error'],
  ] as const;
  it.each(lengths)('judges a file of %i lines: %s', (lines, severity) => {
    const findings = check({ 'shared/lib/x.ts': '\n'.repeat(lines) });

    expect(findings.map((finding) => finding.severity)).toEqual(severity === undefined ? [] : [severity]);
  });
});
