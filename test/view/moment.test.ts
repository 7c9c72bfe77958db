import { describe, expect, test } from 'vitest';
import { instant } from '../../src/base/time.ts';
import { run } from '../../src/scenario/run.ts';
import { sceneAt } from '../../src/trace/scene.ts';
import { visitsOf } from '../../src/trace/visits.ts';
import { castOf } from '../../src/view/geometry/cast.ts';
import { messageOfMoment, momentMessage, nextWords, plainTelling, timeSaved } from '../../src/view/geometry/moment.ts';
import { scenarioFrom, traceOf } from '../scenario/library.ts';
import { momentOf } from './runs.ts';

const at = (name: string, ms: number) => {
  const trace = traceOf(name);
  const scene = sceneAt(trace, { at: instant(Math.round(ms * 1000)) });
  return { trace, scene, cast: castOf(trace, scene.visit, scene.visit?.name as never) };
};
const next = (name: string, ms: number) => {
  const { trace, scene, cast } = at(name, ms);
  return nextWords(trace, scene, cast)?.replaceAll('\u2060', '');
};
const plain = (name: string, ms: number) => {
  const { trace, scene, cast } = at(name, ms);
  return plainTelling(trace, scene, cast)?.headline;
};

describe('what comes next', () => {
  test('a server goes by one name, whether it is asked or looks in its zone', () => {
    expect(next('lame-delegation', 45)).toBe('the resolver notes the names, then asks ns1.');
    expect(next('lame-delegation', 55)).toBe('ns1 looks in its zone.');
    expect(next('alias-beside-cname', 10_070)).toBe('the AWS name server looks in its zone.');
  });

  test('a server asked past the resolver is asked by whoever wants the record', () => {
    expect(next('weighted', 30_000.5)).toBe('the browser asks ns-2048 itself.');
  });
});

describe('what is told between the lines', () => {
  test('a question for keys, and one for the root servers, are not the name’s question again', () => {
    expect(plain('dnssec-bogus', 105)).toBe('The resolver asks a .com server for its keys.');
    expect(plain('first-visit', 30)).toBe('The resolver asks a .com server.');
  });
});

describe('the message of the moment', () => {
  const messageAt = (ms: number) => {
    const trace = traceOf('first-visit');
    const id = messageOfMoment(trace, momentOf(trace, ms).sent);
    return id === undefined ? undefined : momentMessage(trace, id);
  };
  const sectionsAt = (ms: number) => messageAt(ms)?.sections.map(({ name, count, text }) => `${name} ${count}: ${text}`);

  test('says of each section how much is in it and what that means', () => {
    expect(sectionsAt(10)?.slice(1)).toEqual([
      'Answer 0: empty',
      'Authority 0: empty',
      'Additional 1: OPT: “I take 1232 over UDP”',
    ]);
    expect(sectionsAt(48.6)?.slice(1)).toEqual([
      'Answer 0: empty, so this is not the answer',
      'Authority 4: NS: ask one of these',
      'Additional 2: A: glue for ns-2048, OPT',
    ]);
    expect(sectionsAt(75)?.slice(1, 3)).toEqual([
      'Answer 1: A: 192.0.2.44, for 300 s',
      'Authority 4: NS: the zone’s own servers',
    ]);
  });

  test('shows the sixteen bits behind the ID, and names those that are set', () => {
    const { bits = [], spoken } = messageAt(75) ?? {};
    expect(bits.map(({ set }) => Number(set)).join('')).toBe('1000010000000000');
    expect(bits.flatMap(({ label }) => label ?? []).join(' ')).toBe('QR opcode AA TC RD RA Z AD CD rcode');
    expect(spoken).toContain('Header bits set: QR, AA. Response code NOERROR.');
  });
});

describe('the time that a kept answer saves', () => {
  const lines = ['0, visit: www.example.com', '1 min, visit: www.example.net', '6 min, visit: www.example.com'];
  const trace = run(scenarioFrom(`title: t\nseed: 437\nstimuli:\n${lines.map((line) => `  - { at: ${line} }\n`).join('')}`));
  const savedAt = (ms: number) => {
    const { scene, position } = momentOf(trace, ms);
    return timeSaved(visitsOf(trace), scene, position.at, 260);
  };

  test('is measured against the last visit to the same name that asked more, to one scale', () => {
    const saved = savedAt(360_030);
    expect(saved?.firstLabel).toBe('First visit');
    expect(saved?.first.at(-1)?.right).toBeCloseTo(260, 6);
    expect(saved?.here.filter(({ state }) => state === 'skipped').map(({ step }) => step)).toEqual([3, 4]);
    expect(saved?.skipped).toBe('45.0 ms skipped');
  });

  test('is not told where nothing was saved', () => {
    expect(savedAt(50)).toBeUndefined();
  });
});
