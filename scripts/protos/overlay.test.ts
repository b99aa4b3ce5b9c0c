import { describe, expect, it } from 'vitest';
import { mergeOverlay } from './overlay.ts';

const base = [
  'syntax = "proto3";',
  'package a;',
  'import "x.proto";',
  'message Outer {',
  '  // a brace { in a comment',
  '  message Inner {',
  '    oneof kind { string text = 1 [(rule).pattern = "}"]; }',
  '  }',
  '}',
  'message Other {}',
];

function overlaid(...overlay: string[]): readonly string[] {
  return mergeOverlay(base.join('\r\n'), ['syntax = "proto3";', 'package a;', ...overlay].join('\n')).split('\n');
}

describe('mergeOverlay', () => {
  it('adds a field to a nested message', () => {
    expect(overlaid('message Outer {', '  message Inner {', '    bool on = 2;', '  }', '}')).toEqual(
      base.toSpliced(6, 0, '    bool on = 2;'),
    );
  });

  it('adds a message or an enum that is new, whole', () => {
    const kind = ['  enum Kind {', '    A = 0;', '  }'];

    expect(overlaid('message Outer {', ...kind, '}', 'message New {', '  bool on = 1;', '}')).toEqual(
      base.toSpliced(4, 0, ...kind).toSpliced(2, 0, 'message New {', '  bool on = 1;', '}'),
    );
  });

  it('adds a value to an enum behind those that are there', () => {
    const kind = ['enum Kind {', '  A = 0;', '}'];
    const merged = mergeOverlay([...base, ...kind].join('\n'), 'package a;\nenum Kind {\n  B = 1;\n}');

    expect(merged.split('\n')).toEqual([...base, 'enum Kind {', '  A = 0;', '  B = 1;', '}']);
  });

  it('adds an import once', () => {
    expect(overlaid('import "x.proto";', 'import "y.proto";')).toEqual(base.toSpliced(2, 0, 'import "y.proto";'));
  });
});
