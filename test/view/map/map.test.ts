import { describe, expect, test } from 'vitest';
import type { Instant } from '../../../src/base/time.ts';
import { visitable } from '../../../src/view/geometry/cast.ts';
import { layout } from '../../../src/view/geometry/layout/layouts.ts';
import { copyIn } from '../../../src/view/geometry/map/copies.ts';
import { paneOf, railInk } from '../../../src/view/geometry/map/hops.ts';
import { ledger, timeLeft } from '../../../src/view/geometry/map/ledger.ts';
import { pointAt } from '../../../src/view/geometry/map/rails.ts';
import { drawnZones, handOvers } from '../../../src/view/geometry/map/terraces.ts';
import { nameWalk } from '../../../src/view/geometry/map/walk.ts';
import { nextWords, triesOf } from '../../../src/view/geometry/moment.ts';
import { flyingSlips } from '../../../src/view/geometry/slips/flying.ts';
import { lyingSlips } from '../../../src/view/geometry/slips/lying.ts';
import { placesOf } from '../../../src/view/geometry/slips/slips.ts';
import { momentOf, played } from '../runs.ts';

const place = layout('wide', 1068, 576);
const GLIDING = { print: 2_400, stepped: false };
const first = played('first-visit');
const later = played('five-minutes-later');
const typo = played('no-such-name');
const loss = played('packet-loss');

function slipsAt(trace: typeof first, ms: number, manner = GLIDING) {
  const { scene, cast, stories } = momentOf(trace, ms);
  return [
    ...lyingSlips(trace, scene, cast, place, stories),
    ...flyingSlips(trace, scene, cast, place, stories, placesOf(scene, scene.position.at, manner)),
  ];
}

describe('slips', () => {
  test('a slip’s point is on its rail exactly where the trace puts the packet', () => {
    const [slip] = slipsAt(first, 48.6);
    const at = pointAt(place.tracks.zones[1].middle, 1 - (48.6 - 39) / 12);
    expect(slip?.x).toBeCloseTo(at.x, 6);
    expect(slip?.y).toBe(at.y);
    expect(slip?.kind).toBe('referral');
  });

  test('it is named by kind, sender, receiver and size', () => {
    expect(slipsAt(first, 48.6)[0]?.title).toBe('Referral, .com server to resolver, 199 bytes');
  });

  test('its body is printed out of a slit at the sender and fed into one at the receiver', () => {
    expect(slipsAt(first, 28)[0]?.slit).toMatchObject({ x: place.hub.x + 37 });
    expect(slipsAt(first, 34.5)[0]?.slit).toBeUndefined();
    expect(slipsAt(first, 38.6)[0]?.slit).toMatchObject({ x: place.gaps.zones.to - 1 });
  });

  test('a question follows its rail on a slant, a response stays level', () => {
    expect(slipsAt(first, 10)[0]?.turn).toBeCloseTo(-45, 0);
    expect(slipsAt(first, 22)[0]?.turn).toBe(0);
  });

  test('a referral tells for which server an address is enclosed', () => {
    const dots = slipsAt(first, 48.6)[0]?.shape.lines.flatMap((line) => line.dot?.filled ?? []);
    expect(dots).toEqual([true, false, false, false]);
  });

  test('only the zone’s own answer bears the seal, the resolver’s copy does not', () => {
    expect(slipsAt(first, 75)[0]?.shape.seal).toBeDefined();
    expect(slipsAt(first, 86)[0]).toMatchObject({ kind: 'answer' });
    expect(slipsAt(first, 86)[0]?.shape.seal).toBeUndefined();
  });

  test('on the short way to the browser a no still says for how long it may be repeated', () => {
    const [no] = slipsAt(typo, 300_010);
    expect(no?.shape.lines.map((line) => line.text)).toEqual([
      'No such name',
      'wwww.example.com A ?',
      'repeat it for 600 s.',
      '113 B',
    ]);
  });

  test('HTTP travels along the bottom, from the browser to the web server', () => {
    expect(slipsAt(first, 141.3)[0]).toMatchObject({ kind: 'http', hop: 'web', y: 525 });
  });

  test.each([
    ['wide', 1068, 576],
    ['wide', 1068, 404],
    ['tablet', 1024, 404],
    ['tablet', 820, 404],
    ['presenter', 1920, 790],
  ] as const)('HTTP passes under the cache and stays on the map, %s %i × %i', (form, width, height) => {
    const room = layout(form, width, height);
    // On a wall the cache has one row while a page is on its way.
    const bottom = room.ledger.y + (form === 'presenter' ? room.ledger.head + room.ledger.row : room.ledger.height);
    for (let ms = 125; ms < 175; ms += 0.5) {
      const { scene, cast, stories } = momentOf(first, ms);
      for (const { shape, x, y, hop } of flyingSlips(
        first,
        scene,
        cast,
        room,
        stories,
        placesOf(scene, scene.position.at, GLIDING),
      )) {
        if (hop !== 'web' || x + shape.left + shape.width < room.ledger.x || x + shape.left > room.ledger.x + room.ledger.width)
          continue;
        expect(y + shape.top).toBeGreaterThanOrEqual(bottom + 2);
        expect(y + shape.top + shape.height).toBeLessThanOrEqual(height - 2);
      }
    }
  });

  test('what was lost lies off its rail, tied to the cross where it died', () => {
    const lying = slipsAt(loss, 200).find((slip) => slip.tied);
    expect(lying).toMatchObject({ kind: 'error', hop: 'zone1', tied: { crossed: true, y: 255 } });
    expect(Math.abs((lying?.y ?? 0) - 255)).toBeGreaterThan(40);
  });

  test('what was lost is put away when the reply to a further try has come', () => {
    const lies = (ms: number) => slipsAt(loss, ms).some((slip) => slip.tied);
    const { stories } = momentOf(loss, 1_000);
    const come = (stories.zone1.reply?.due ?? 0) / 1000;
    expect(come).toBeGreaterThan(200);
    expect([lies(come - 1), lies(come)]).toEqual([true, false]);
  });

  test('a message in two segments has one slip', () => {
    const long = played('truncated-then-tcp');
    const whole = long.messages.find(({ packets }) => packets.length > 1);
    if (!whole) throw new Error('no message of this lesson takes two segments');
    const arrival = long.packets[whole.packets.at(-1) ?? -1]?.fate.at ?? 0;
    const flying = slipsAt(long, (whole.sentAt + arrival) / 2000).filter(({ packet }) => packet.message === whole.id);
    expect(flying.map(({ packet }) => packet.id)).toEqual([whole.packets[0]]);
  });

  test('two at the same place lie one below the other', () => {
    const [upper, lower, ...others] = slipsAt(played('ipv6'), 3);
    if (!upper || !lower) throw new Error('two questions leave at once');
    expect(others).toEqual([]);
    expect([lower.x, lower.y]).toEqual([upper.x, upper.y]);
    expect(lower.shape.top).toBeGreaterThan(upper.shape.top + upper.shape.height);
  });

  test('in steps a slip stands whole beside its station', () => {
    const [standing] = slipsAt(first, 30, { ...GLIDING, stepped: true });
    expect(standing?.cuts).toEqual([]);
    expect(standing && standing.x + standing.shape.left).toBeGreaterThanOrEqual(place.hub.x + 36);
  });
});

describe('rails', () => {
  test('the ink behind ends 6 px short of the point, over pencil that reaches to the end', () => {
    const { stories } = momentOf(first, 33.1);
    const [pencil, ink] = railInk(place, stories.zone1, () => 0.55);
    expect(pencil).toMatchObject({ hue: 'todo', d: ink?.d });
    if (!ink?.behind) throw new Error('nothing is on its way');
    const pane = paneOf(ink.behind, 0.55, place.width, place.height);
    expect(pane).toEqual({ x: expect.closeTo(488 + 296 * 0.55 - 6 - place.width, 0), y: 0 });
  });

  test('a pane shows every point of a rail behind the packet and none ahead, on every form of the map', () => {
    for (const form of ['wide', 'tablet', 'phone', 'presenter'] as const) {
      const map = form === 'phone' ? layout(form, 390, 540) : layout(form, 1068, 576);
      for (const { ask: line } of [map.tracks.stub, map.tracks.web, ...map.tracks.zones])
        for (const back of [false, true]) {
          const pane = paneOf({ packet: 0, line, back }, 0.6, map.width, map.height);
          const shows = (place: number): boolean => {
            const { x, y } = pointAt(line, back ? 1 - place : place);
            return x >= pane.x && x <= pane.x + map.width && y >= pane.y && y <= pane.y + map.height;
          };
          expect([0, 0.2, 0.4, 0.45].map(shows)).toEqual([true, true, true, true]);
          expect([0.7, 0.8, 1].map(shows)).toEqual([false, false, false]);
        }
    }
  });

  test('a pane never cuts into the breadth of a line, not of HTTP’s on a wall', () => {
    const wall = layout('presenter', 1920, 790);
    const { ask: line } = wall.tracks.web;
    const pane = paneOf({ packet: 0, line, back: false }, 0.6, wall.width, wall.height);
    expect(pane.y + wall.height).toBeGreaterThanOrEqual(pointAt(line, 0.6).y + 6.75);
  });

  test('a hop that is skipped is one phantom line, one not reached two pencilled ones', () => {
    const { stories } = momentOf(later, 300_215);
    expect(railInk(place, stories.zone0, () => undefined).map((line) => line.hue)).toEqual(['skip']);
    expect(railInk(place, stories.web, () => undefined).map((line) => line.hue)).toEqual(['todo', 'todo']);
  });
});

describe('the resolver’s cache', () => {
  const rowsAt = (trace: typeof first, ms: number) => {
    const { scene, cast, stories } = momentOf(trace, ms);
    return ledger(trace, scene, cast, stories, scene.position.at, 6, 12).rows;
  };

  test('gathers the servers’ addresses and pencils what is on its way', () => {
    expect(rowsAt(first, 48.6).map(({ name, type, left, state }) => [name, type, left, state])).toEqual([
      ['.', 'NS 13', 'built in', 'kept'],
      ['com.', 'NS 13', '47 h 59 m', 'kept'],
      ['a to m.gtld…', 'A 13', '47 h 59 m', 'kept'],
      ['example.com.', 'NS 4', 'arriving', 'arriving'],
    ]);
  });

  test('shows what the step goes by where there is no room for all', () => {
    const { scene, cast, stories } = momentOf(first, 56);
    const { rows, hidden } = ledger(first, scene, cast, stories, scene.position.at, 2, 20);
    expect(rows.map(({ full, type }) => `${full} ${type}`)).toEqual(['example.com. NS 4', 'ns-2048.awsdns-64.com. A 1']);
    expect(hidden).toBe(3);
  });

  test('strikes what ran out and washes what the step goes by', () => {
    const rows = rowsAt(later, 300_215);
    expect(rows.find((row) => row.full === 'www.example.com.')).toMatchObject({ state: 'gone', left: 'ran out' });
    expect(rows.filter((row) => row.used).map((row) => row.type)).toEqual(['NS 4', 'A 1']);
  });

  test('keeps a no in its own form', () => {
    expect(rowsAt(typo, 300_010).find((row) => row.negative)).toMatchObject({ type: 'none', left: '10 m 0 s', used: true });
  });

  test('never promises more than is left', () => {
    expect(timeLeft(299_999_999)).toBe('4 m 59 s');
    expect(timeLeft(172_799_999_999)).toBe('47 h 59 m');
    expect(timeLeft(999_999)).toBe('0 s');
  });
});

describe('copies that somebody still holds', () => {
  const failover = played('failover');
  const held = (ms: number) => {
    const { scene, cast } = momentOf(failover, ms);
    return [cast.resolver?.id, `${cast.client.id}/browser`].map((cache) =>
      copyIn(failover, scene, cache, cast.name, (ms * 1000) as Instant),
    );
  };

  test('are old as soon as the zone gives something else, until they run out', () => {
    expect(held(29_000).map((copy) => copy?.old)).toEqual([false, false]);
    expect(held(50_000)).toMatchObject([
      { old: true, short: '.60', left: '10 s' },
      { old: true, short: '.60', left: '55 s' },
    ]);
    expect(held(76_000).map((copy) => copy?.old)).toEqual([false, false]);
  });

  test('are told of over the name', () => {
    const { scene, cast, stories } = momentOf(failover, 50_000);
    const said = (old: boolean) => nameWalk(scene, cast, stories, 28, 34, 12.5, old)[0];
    expect(said(true)).toMatchObject({ text: 'api.', label: 'kept, old', tone: 'old' });
    expect(said(false)).toMatchObject({ text: 'api.', label: 'from cache' });
  });
});

describe('the name, read from the right', () => {
  const toldAt = (trace: typeof first, ms: number) => {
    const { scene, cast, stories } = momentOf(trace, ms);
    return nameWalk(scene, cast, stories, 28, 34, 12.5).map((piece) => `${piece.text} ${piece.label} (${piece.tone})`);
  };

  test('says of each piece how far the search has come', () => {
    expect(toldAt(first, 12)).toEqual(['www. still to ask (todo)', 'example. still to ask (todo)', 'com. asking root (query)']);
    expect(toldAt(first, 48.6)).toEqual([
      'www. still to ask (todo)',
      'example. arriving now: who runs it (referral)',
      'com. learned from root (known)',
    ]);
    expect(toldAt(first, 100)[0]).toBe('www. 192.0.2.44 (known)');
  });

  test('tells what came from the cache without being asked', () => {
    expect(toldAt(later, 300_215).slice(1)).toEqual(['example. from cache (skip)', 'com. from cache (skip)']);
    expect(toldAt(typo, 300_010)).toEqual([
      'wwww. a “no”, kept (negative)',
      'example. not asked (skip)',
      'com. not asked (skip)',
    ]);
  });
});

describe('where nobody was asked, though no cache had it', () => {
  const at = (name: string, ms: number) => {
    const trace = played(name);
    const { scene, cast, stories } = momentOf(trace, ms);
    return {
      labels: nameWalk(scene, cast, stories, 28, 34, 12.5).map((piece) => piece.label),
      tags: drawnZones(trace, scene, cast, stories, false).map((zone) => zone.tag?.text),
      handed: handOvers(scene, cast, stories).map(({ state }) => state),
    };
  };

  test('a question handed on is not answered from a cache, and nothing was handed over earlier', () => {
    const { labels, tags, handed } = at('hybrid-rules', 15);
    expect(labels).toEqual(['handed on', 'not asked', 'not asked']);
    expect(new Set(tags)).toEqual(new Set(['the question was handed on']));
    expect(handed).toEqual(['none', 'none']);
  });

  test('a house’s own zone is known to its resolver', () => {
    const { labels, tags } = at('private-zone', 20_010);
    expect(labels).toEqual(['known here', 'not asked', 'not asked']);
    expect(new Set(tags)).toEqual(new Set(['the resolver has the zone']));
  });

  test('behind a “no” of .com lies no zone that was handed over, behind one of the zone’s own there does', () => {
    expect(at('register-and-wait', 390_010).handed).toEqual(['earlier', 'none']);
    expect(at('no-such-name', 300_010).handed).toEqual(['earlier', 'earlier']);
  });

  test('a forgery that nobody believes is no answer on its way', () => {
    expect(at('spoofed-answers', 60).labels[0]).toBe('asking now');
  });

  test('a server that is asked past the resolver is not one still to ask', () => {
    const trace = played('weighted');
    const { scene, cast, stories } = momentOf(trace, 31_000);
    expect(nameWalk(scene, cast, stories, 28, 34, 12.5)[0]?.label).toMatch(/^ask(ed|ing)( directly)?$/);
    expect(drawnZones(trace, scene, cast, stories, false)[2]?.foot).toBe('asked past the resolver');
  });

  test('a reason fits into its box', () => {
    expect(at('second-visit', 30_010).tags).toContain('the browser has the address');
    expect(at('weighted', 30_010).tags).toContain('The server itself was asked.');
  });
});

describe('tries', () => {
  const at = (name: string, ms: number) => {
    const trace = played(name);
    const { scene, stories } = momentOf(trace, ms);
    return triesOf(trace, scene, stories, scene.position.at).map(({ text, lost }) => `${text}${lost ? ', in vain' : ''}`);
  };

  test('of one that was lost the timer ran out; one that failed was answered', () => {
    expect(at('packet-loss', 405)).toMatchObject(['ran out, in vain', expect.stringMatching(/^\d+ ms left$/)]);
    expect(at('dnssec-bogus', 170)).toEqual(['SERVFAIL, in vain', 'waiting']);
  });

  test('the last of a resolver that gave up was not answered', () => {
    expect(at('moving-dns-wrongly', 605_010).at(-1)).not.toMatch(/answered/);
  });
});

describe('the zones', () => {
  test('the servers of a zone are unknown until a referral has named them', () => {
    const { scene, cast, stories } = momentOf(first, 48.6);
    const zones = drawnZones(first, scene, cast, stories, false);
    expect(zones.map((zone) => zone.marks.map((mark) => mark.text).join(''))).toEqual(['abcdefghijklm', 'abcdefghijklm', '????']);
    expect(zones[1]?.marks.find((mark) => mark.state === 'chosen')?.text).toBe('d');
  });

  test('a skipped zone says why', () => {
    const { scene, cast, stories } = momentOf(later, 300_215);
    const [root, com] = drawnZones(later, scene, cast, stories, false);
    expect(root?.tag?.text).toBe('no need: the cache has example.com.');
    expect(com?.tag?.text).toBe('answered from cache, 47 h 54 m left');
  });

  test('each referral hands over to the next zone', () => {
    const { scene, cast, stories } = momentOf(first, 48.6);
    expect(handOvers(scene, cast, stories).map((step) => step.state)).toEqual(['done', 'arriving']);
  });

  test('names that can be visited are hosts, not name servers', () => {
    expect(visitable(first)).toEqual(expect.arrayContaining(['www.example.com.', 'shop.example.com.']));
    expect(visitable(first).some((name) => /gtld|root-servers|awsdns|nic\.uk/.test(name))).toBe(false);
  });
});

describe('the name in hand', () => {
  const at = (lesson: string, ms: number) => momentOf(played(lesson), ms).cast;

  test('is the whole name while a zone above reads only what it must know', () => {
    const cast = at('qname-minimisation', 12);
    expect(cast.name).toBe('www.example.com.');
    expect(cast.zones.map(({ zone }) => zone)).toEqual(['.', 'com.', 'example.com.']);
  });

  test('stays while the keys of the zones above are fetched for its sake', () => {
    expect(at('dnssec-secure', 90).name).toBe('www.example.com.');
  });

  test('is an alias’s target as soon as that is asked for', () => {
    expect(at('cname-to-another-zone', 100).name).toBe('store.example.net.');
  });

  test('is a name server’s while its address is looked up', () => {
    expect(at('missing-glue', 60).name).toMatch(/^ns-20\d\d\.awsdns-\d\d\./);
  });
});

test('what comes next says so when it is only the keys of a zone that are asked for', () => {
  const next = (lesson: string, ms: number): string | undefined => {
    const { scene, cast } = momentOf(played(lesson), ms);
    return nextWords(played(lesson), scene, cast);
  };
  expect(next('first-visit', 40)).toBe('the resolver notes the names, then asks ns\u2060-\u20602048.');
  expect(next('dnssec-secure', 90)).toBe('the resolver checks the keys, then asks a .com server for its keys.');
});

test('of a flood of forgeries one slip is shown, called forged and without the seal, beside the true answer', () => {
  const trace = played('spoofed-answers');
  expect(momentOf(trace, 75).scene.flights.length).toBeGreaterThan(10);
  expect(slipsAt(trace, 75).map(({ kind }) => kind)).toEqual(['error', 'answer']);
});
