import { describe, expect, it } from 'vitest';
import { drawnZones } from '../../../src/view/geometry/map/terraces.ts';
import { momentOf, played } from '../runs.ts';

/** What stands under the terraces of zones that this Internet does not have, once somebody has asked for a name. */
function feet(name: string): string[] {
  const trace = played('first-visit', [{ at: '20 s', ask: `${name} A` }]);
  const { scene, cast, stories } = momentOf(trace, 26_000);
  return drawnZones(trace, scene, cast, stories, false)
    .filter(({ state }) => state === 'absent')
    .map(({ foot }) => foot);
}

describe('a zone that is not asked', () => {
  it.each(['www.unregistered.com', 'example.museum'])(
    'since the one above has said that there is no %s, is not in a cache',
    (name) => {
      const trace = played('first-visit', [{ at: '20 s', ask: `${name} A` }]);
      const { scene, cast, stories } = momentOf(trace, 26_000);
      const tags = drawnZones(trace, scene, cast, stories, false).flatMap(({ state, tag }) =>
        state === 'absent' && tag ? [tag.text] : [],
      );
      expect(tags.length).toBeGreaterThan(0);
      expect(new Set(tags)).toEqual(new Set(['no such name, says the one above']));
    },
  );

  it('since the cache has the “no”, says so', () => {
    const trace = played('no-such-name');
    const { scene, cast, stories } = momentOf(trace, 301_000);
    expect(drawnZones(trace, scene, cast, stories, false).map(({ tag }) => tag?.text)).toEqual([
      'no need: the cache has the “no”',
      'answered from cache, 10 min 0 s left',
      'answered from cache, 10 min 0 s left',
    ]);
  });
});

describe('where a name has no zone', () => {
  it.each<[string, string, string[]]>([
    ['one could be registered', 'www.unregistered.com', ['nobody has registered it']],
    ['nobody can register it: it is a special-use name (RFC 6761)', 'a.invalid', Array(2).fill('set apart, never delegated')],
    ['the same holds for localhost and what lies below', 'www.localhost', Array(2).fill('set apart, never delegated')],
    ['the zone above it is not here either', 'example.museum', Array(2).fill('not in this small Internet')],
    ['reverse names have no registrar', '44.2.0.192.in-addr.arpa', Array(2).fill('not in this small Internet')],
    ['the name itself is a top-level domain', 'com', ['not needed for this name']],
  ])('%s', (_, name, told) => {
    expect(feet(name)).toEqual(told);
  });
});
