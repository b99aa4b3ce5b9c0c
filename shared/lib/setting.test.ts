import { describe, expect, it } from 'vitest';
import { choiceSetting, decodeSettings, portSetting, textSetting, wholeNumberSetting } from './setting.ts';

const table = {
  PILOTLESS_COLOUR: choiceSetting(['red', 'blue'], 'red'),
  PILOTLESS_PORT: portSetting(15017),
  PILOTLESS_PLACE: textSetting('a folder', '.here'),
  PILOTLESS_SECONDS: wholeNumberSetting('whole seconds', 10),
  PLATFORM: choiceSetting(['openshift'], 'openshift'),
};

describe('decodeSettings', () => {
  it('takes the defaults where nothing or an empty text is set', () => {
    const { values, problems } = decodeSettings(table, { PILOTLESS_COLOUR: '', HOME: '/root' });

    expect(problems).toEqual([]);
    expect(values).toEqual({
      PILOTLESS_COLOUR: 'red',
      PILOTLESS_PORT: 15017,
      PILOTLESS_PLACE: '.here',
      PILOTLESS_SECONDS: 10,
      PLATFORM: 'openshift',
    });
  });

  it('reads each form', () => {
    const { values } = decodeSettings(table, {
      PILOTLESS_COLOUR: 'blue',
      PILOTLESS_PORT: '0',
      PILOTLESS_PLACE: '/x',
      PILOTLESS_SECONDS: '3',
    });

    expect(values).toMatchObject({ PILOTLESS_COLOUR: 'blue', PILOTLESS_PORT: 0, PILOTLESS_PLACE: '/x', PILOTLESS_SECONDS: 3 });
  });

  const wrong = [
    ['PILOTLESS_COLOUR', 'green', 'PILOTLESS_COLOUR=green is wrong: give red or blue, for example PILOTLESS_COLOUR=red'],
    ['PILOTLESS_PORT', '65536', 'PILOTLESS_PORT=65536 is wrong: give a port, 0 (any free one) to 65535, for example PILOTLESS_PORT=15017'],
    ['PILOTLESS_PORT', '-1', 'PILOTLESS_PORT=-1 is wrong: give a port, 0 (any free one) to 65535, for example PILOTLESS_PORT=15017'],
    ['PILOTLESS_SECONDS', '1.5', 'PILOTLESS_SECONDS=1.5 is wrong: give whole seconds, for example PILOTLESS_SECONDS=10'],
    ['PLATFORM', 'nomad', 'PLATFORM=nomad is wrong: give openshift, for example PLATFORM=openshift'],
  ] as const;
  it.each(wrong)('refuses %s=%s with name, form and example', (name, text, problem) => {
    expect(decodeSettings(table, { [name]: text }).problems).toEqual([problem]);
  });

  it('refuses an unknown variable of ours with the nearest that exists', () => {
    expect(decodeSettings(table, { PILOTLESS_COLOR: 'red' }).problems).toEqual([
      'PILOTLESS_COLOR is no setting: did you mean PILOTLESS_COLOUR, red or blue, for example PILOTLESS_COLOUR=red?',
    ]);
  });

  it('refuses a variable of ours where there are none', () => {
    expect(decodeSettings({}, { PILOTLESS_X: '1' }).problems).toEqual(['PILOTLESS_X is no setting: remove it']);
  });
});
