import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolverHost } from '../../src/actors/resolver/host.ts';
import { address } from '../../src/base/address.ts';
import { milliseconds } from '../../src/base/time.ts';
import { parseRequirements, runFile, totals, unmet } from '../../src/conformance/report.ts';
import type { MakeResolver } from '../../src/conformance/runner.ts';
import { story } from '../../src/conformance/story.ts';
import { rootwalk } from '../cli/io.ts';
import { REPLAY } from './example.ts';

const ours: MakeResolver = (settings) =>
  resolverHost({
    id: 'resolver',
    title: 'resolver',
    addresses: [address('127.0.0.1')],
    place: 'here',
    settings,
    primed: false,
    thinking: milliseconds(0),
  });

describe('playing a replay file', () => {
  test('a file whose expectations are met passes in full', () => {
    expect(runFile('tier9/unbound/walk.rpl', REPLAY, ours)).toMatchObject({
      tier: 'tier9',
      full: true,
      core: true,
      unanswered: 0,
    });
  });

  test('a TTL that does not count down is the first difference, and is told with its step', () => {
    const { core, difference } = runFile('tier9/unbound/walk.rpl', REPLAY.replace('200 IN A', '300 IN A'), ours);
    expect(core).toBe(false);
    expect(difference).toMatch(
      /^step 40 \(www\.example\.com\. A\): answer: expected www\.example\.com\. 300 IN A 192\.0\.2\.44, got www\.example\.com\. 200/,
    );
  });

  test('a difference in the additional section alone leaves the core right', () => {
    const text = REPLAY.replace(
      'SECTION ANSWER\nwww.example.com. 200 IN A 192.0.2.44',
      '$&\nSECTION ADDITIONAL\nns.example.com. 3500 IN A 192.0.2.2',
    );
    expect(runFile('tier9/unbound/walk.rpl', text, ours)).toMatchObject({ full: false, core: true });
  });

  test('a server that stays silent ends in SERVFAIL, not in a hang', () => {
    const silent = REPLAY.replace('ADDRESS 192.0.2.2', 'ADDRESS 192.0.2.3');
    expect(runFile('tier9/unbound/walk.rpl', silent, ours).difference).toMatch(
      /^step 10 .*rcode: expected NOERROR, got SERVFAIL/,
    );
  });

  test('a file that cannot be read is a failure with its line', () => {
    expect(runFile('tier9/unbound/walk.rpl', REPLAY.replace('REPLY RD', 'REPLY XX'), ours).difference).toMatch(
      /walk\.rpl:\d+:1: found "XX"/,
    );
  });

  test('a question for every class is one for the Internet’s, and comes back as it was asked', () => {
    const everyClass = REPLAY.replaceAll(
      'STEP 1 QUERY\nENTRY_BEGIN\nREPLY RD\nSECTION QUESTION\nwww.example.com. IN A',
      'STEP 1 QUERY\nENTRY_BEGIN\nREPLY RD\nSECTION QUESTION\nwww.example.com. ANY A',
    ).replace(
      'REPLY QR RD RA NOERROR\nSECTION QUESTION\nwww.example.com. IN A',
      'REPLY QR RD RA NOERROR\nSECTION QUESTION\nwww.example.com. ANY A',
    );
    expect(everyClass).not.toBe(REPLAY);
    expect(runFile('tier9/unbound/walk.rpl', everyClass, ours)).toMatchObject({ full: true });
  });

  test('a file that breaks the run off is a failure too, and says so', () => {
    const broken: MakeResolver = () => {
      throw new Error('a wire is loose');
    };
    expect(runFile('tier9/unbound/walk.rpl', REPLAY, broken)).toMatchObject({
      full: false,
      difference: 'the run broke off: a wire is loose',
    });
  });

  test('its story tells every message and decision in order', () => {
    const { trace } = runFile('tier9/unbound/walk.rpl', REPLAY, ours);
    const told = trace ? story(trace) : '';
    expect(told).toMatch(
      /resolver\/q1: cache: not in the cache[\s\S]*192\.0\.2\.1:53[\s\S]*classify: referral[\s\S]*192\.0\.2\.2:53[\s\S]*classify: the answer/,
    );
  });
});

describe('totals and what is required of them', () => {
  const result = (tier: string, full: boolean, core: boolean) => ({ file: 'x', tier, full, core, unanswered: 0 });
  const sums = totals([result('tier1', true, true), result('tier1', false, true), result('tier2', false, false)]);

  test('are counted by tier', () =>
    expect(sums).toEqual([
      { tier: 'tier1', files: 2, full: 1, core: 2 },
      { tier: 'tier2', files: 1, full: 0, core: 0 },
    ]));

  test('fail below a required count, and say which', () => {
    const wanted = parseRequirements('full:tier1=1,core:tier2=1');
    expect(wanted.ok ? unmet(wanted.value, sums) : []).toEqual(['tier2: 0 files are right in core, 1 are required']);
  });

  test('a requirement in another form is refused with what was found', () =>
    expect(parseRequirements('tier1=12')).toEqual({ ok: false, found: 'tier1=12' }));
});

describe('the command', () => {
  const octets = (text: string) => new TextEncoder().encode(text);
  const files = {
    'rpl/tier1/unbound/a.rpl': octets(REPLAY.replace('REPLY RD', 'REPLY XX')),
    'rpl/tier1/unbound/b.rpl': octets(REPLAY),
  };

  test('plays the others when a file cannot be read, and gives the line', () => {
    const { exit, out } = rootwalk(['conformance', 'rpl'], { files });
    expect(exit).toBe(0);
    expect(out).toMatch(
      /fail {2}rpl\/tier1\/unbound\/a\.rpl\n.*a\.rpl:\d+:1: found "XX"[\s\S]*pass {2}rpl\/tier1\/unbound\/b\.rpl/,
    );
  });

  test('has a row for the unreadable file in JSON as well', () => {
    const { out } = rootwalk(['conformance', 'rpl', '--json'], { files });
    expect(JSON.parse(out)).toMatchObject({
      files: [
        { full: false, difference: expect.stringMatching(/a\.rpl:\d+/) },
        { full: true, core: true },
      ],
      totals: [{ tier: 'tier1', files: 2, full: 1, core: 1 }],
    });
  });

  test('tells one file without being given a folder', () => {
    const { exit, out } = rootwalk(['conformance', '--trace', 'rpl/tier1/unbound/b.rpl'], { files });
    expect(exit).toBe(0);
    expect(out).toMatch(/classify: referral[\s\S]*pass {2}rpl/);
  });

  test('asks for a folder when there is nothing to do', () => {
    const { exit, err } = rootwalk(['conformance'], { files });
    expect(exit).toBe(2);
    expect(err).toMatch(/found no folder, expected folders or files/);
  });
});

const suites = resolve(import.meta.dirname, '../../../shared/conformance/rpl');

// The suites' files are data that stand beside the project, not in it: without them there is nothing to play.
describe.skipIf(!existsSync(suites))('the replay files of Unbound and Deckard', () => {
  test('pass in the numbers that are required', () => {
    const paths = (readdirSync(suites, { recursive: true }) as string[]).filter((path) => path.endsWith('.rpl'));
    const files = Object.fromEntries(paths.map((path) => [`rpl/${path}`, new Uint8Array(readFileSync(join(suites, path)))]));
    const { exit, err } = rootwalk(
      ['conformance', 'rpl', '--require', 'full:tier1=12,full:tier2=18,full:tier3=25,full:tier4=25,full:tier5=32'],
      { files },
    );
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
  });
});
