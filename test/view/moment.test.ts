import { describe, expect, test } from 'vitest';
import { instant } from '../../src/base/time.ts';
import { sceneAt } from '../../src/trace/scene.ts';
import { castOf } from '../../src/view/geometry/cast.ts';
import { nextWords, plainTelling } from '../../src/view/geometry/moment.ts';
import { traceOf } from '../scenario/library.ts';

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
