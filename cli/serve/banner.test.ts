import { describe, expect, it } from 'vitest';
import { banner } from './banner.ts';

describe('banner', () => {
  const content = {
    version: '1.2.3',
    webhookUrl: 'https://127.0.0.1:1',
    xdsAddress: '127.0.0.1:3',
    monitoringUrl: 'http://127.0.0.1:2',
    meshPath: '/work/cli/demo/mesh',
    meshContent: '4 Service',
    authorityPath: '.pilotless/ca/root-cert.pem',
    reviewPath: '/work/cli/demo/review.json',
    manifestPath: '/other/my files/app.yaml',
    workingDirectory: '/work',
  };

  it('shows paths below the current folder short and others whole', () => {
    const text = banner(content);

    expect(text).toContain('mesh        cli/demo/mesh: 4 Service');
    expect(text).toContain('--cacert .pilotless/ca/root-cert.pem ');
    expect(text).toContain('--data-binary @cli/demo/review.json https://127.0.0.1:1/inject');
  });

  it('quotes paths that a shell would take apart', () => {
    expect(banner(content)).toContain("inject -f '/other/my files/app.yaml'");
    expect(banner({ ...content, manifestPath: "/it's/app.yaml" })).toContain("inject -f '/it'\\''s/app.yaml'");
  });
});
