import { describe, expect, it } from 'vitest';
import { annotated, fixedTemplate, pod } from '../../test/fixtures/inject.ts';
import { chooseTemplates, type TemplateSettings } from './template-choice.ts';

const sidecar = fixedTemplate({});
const gateway = fixedTemplate({});
const team = fixedTemplate({});

const settings = (partial: Partial<TemplateSettings> = {}): TemplateSettings => ({
  templates: new Map([
    ['sidecar', sidecar],
    ['gateway', gateway],
    ['team', team],
  ]),
  aliases: {},
  defaultTemplates: [],
  ...partial,
});

const asking = (templates: string) => annotated({ 'inject.istio.io/templates': templates });

describe('chooseTemplates', () => {
  it('takes the sidecar where nothing is configured', () => {
    expect(chooseTemplates(pod(), settings())).toEqual({ ok: true, value: [sidecar] });
  });

  it('takes the configured ones in their order', () => {
    expect(chooseTemplates(pod(), settings({ defaultTemplates: ['team', 'sidecar'] }))).toEqual({ ok: true, value: [team, sidecar] });
  });

  it('prefers those of the annotation, and trims their names', () => {
    const chosen = chooseTemplates(asking(' gateway , team'), settings({ defaultTemplates: ['sidecar'] }));

    expect(chosen).toEqual({ ok: true, value: [gateway, team] });
  });

  it('follows an alias, once', () => {
    const aliases = { both: ['sidecar', 'team'], team: ['gateway'] };

    expect(chooseTemplates(asking('both'), settings({ aliases }))).toEqual({ ok: true, value: [sidecar, team] });
    expect(chooseTemplates(asking('team'), settings({ aliases }))).toEqual({ ok: true, value: [gateway] });
  });

  it('takes nothing for an alias of nothing', () => {
    expect(chooseTemplates(asking('none'), settings({ aliases: { none: [] } }))).toEqual({ ok: true, value: [] });
  });

  it.each(['', 'x', 'gateway,', 'Gateway', 'constructor', '__proto__'])('refuses %j and says what there is', (asked) => {
    const missing = asked === 'gateway,' ? '' : asked;

    expect(chooseTemplates(asking(asked), settings())).toEqual({
      ok: false,
      error: `requested template "${missing}" not found; have gateway, sidecar, team`,
    });
  });
});
