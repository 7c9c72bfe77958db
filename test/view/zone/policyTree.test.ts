import { describe, expect, test } from 'vitest';
import { name } from '../../../src/dns/name.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import type { Position } from '../../../src/trace/scene.ts';
import {
  NEW_DOCUMENT,
  offsetOf,
  policiesIn,
  policyAccountAt,
  readDocumentText,
} from '../../../src/view/geometry/console/policies.ts';
import { lastAnswer } from '../../../src/view/geometry/zone/answer.ts';
import { policyTree, treeLines } from '../../../src/view/geometry/zone/policyTree.ts';
import { shownZones, zoneOfName } from '../../../src/view/geometry/zone/records.ts';
import { scenarioNamed } from '../../scenario/library.ts';
import { played } from '../runs.ts';

const scenario: Scenario = scenarioNamed('traffic-policy');
const trace = played('traffic-policy');
const account = policyAccountAt(trace, scenario, trace.end);
const [shown] = policiesIn(account);
const document = shown?.policy.versions.get(1)?.document;
if (!document) throw new Error('the lesson has a policy');

const decisionAt = (seconds: number) => {
  const zones = shownZones(trace, trace.end);
  const zone = zoneOfName(zones, name('app.example.com.'));
  return zone && lastAnswer(trace, { at: seconds * 1_000_000 } as Position, zone)?.decision;
};

describe('the tree of a traffic policy', () => {
  test('has a node for each rule and endpoint that a way leads to, the deeper ones further right', () => {
    const { nodes, edges } = policyTree(document);
    expect(nodes.map(({ id, kind, name: called }) => `${id} ${kind} ${called}`).sort()).toEqual([
      '0 rule by-region',
      '0.0 rule us-pair',
      '0.0.0 endpoint us-a',
      '0.0.1 endpoint us-b',
      '0.1 endpoint eu',
    ]);
    expect(edges.map(({ id, label }) => `${id} ${label}`).sort()).toEqual([
      '0.0 us-east-1',
      '0.0.0 primary',
      '0.0.1 secondary',
      '0.1 eu-west-1',
    ]);
    const x = (id: string): number => nodes.find((node) => node.id === id)?.x ?? -1;
    expect(x('0')).toBeLessThan(x('0.0'));
    expect(x('0.0')).toBeLessThan(x('0.0.0'));
    expect(x('0.0')).toBe(x('0.1'));
  });

  test('lets no node lie over another, and keeps all of them inside the picture', () => {
    const { nodes, width, height } = policyTree(document);
    for (const a of nodes) {
      expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true);
      for (const b of nodes)
        if (a !== b)
          expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
    }
  });

  test('is lit along the way of the last answer, and of no other', () => {
    const lit = (seconds: number): string[] =>
      policyTree(document, decisionAt(seconds))
        .nodes.filter((node) => node.lit)
        .map(({ id }) => id)
        .sort();
    // Ashburn at first: the pair in America, its primary; then Dublin; then the secondary; at last Europe for Ashburn, too.
    expect([1, 11, 101, 201].map(lit)).toEqual([
      ['0', '0.0', '0.0.0'],
      ['0', '0.1'],
      ['0', '0.0', '0.0.1'],
      ['0', '0.1'],
    ]);
    const failing = policyTree(document, decisionAt(101)).edges.find(({ id }) => id === '0.0.0');
    expect(failing).toMatchObject({ standing: 'out', healthy: false });
  });

  test('is told in words, each branch below its rule', () => {
    const lines = treeLines(policyTree(document));
    expect(lines.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`)).toEqual([
      'rule by-region, by latency',
      '  us-east-1: rule us-pair, by failover',
      '    primary: endpoint us-a, 192.0.2.10',
      '    secondary: endpoint us-b, 192.0.2.11',
      '  eu-west-1: endpoint eu, 198.51.100.20',
    ]);
  });
});

describe('policies at an instant', () => {
  test('know the versions that lines have added, the one in use, and the names', () => {
    const { json } = readDocumentText(NEW_DOCUMENT);
    if (!json) throw new Error('the document that a new policy begins with is right');
    const changed = played('traffic-policy', [
      { at: '210 s', policy: 'by-region', document: json, version: 1 },
      { at: '220 s', policy: 'by-region', version: 2 },
      { at: '230 s', policy: 'mine', document: json },
      { at: '240 s', policy: 'mine', bind: [{ name: 'mine.example.com' }] },
    ]);
    const at = (seconds: number) =>
      policiesIn(policyAccountAt(changed, scenario, (seconds * 1_000_000) as never)).map(
        ({ policy, versions, used, records }) =>
          `${policy.id} ${versions.join(' ')}, ${used} at ${records.map((one) => one.name).join(' ')}`,
      );
    expect(at(205)).toEqual(['by-region 1, 1 at app.example.com.']);
    expect(at(215)).toEqual(['by-region 1 2, 1 at app.example.com.']);
    expect(at(225)).toEqual(['by-region 1 2, 2 at app.example.com.']);
    expect(at(245)).toEqual(['by-region 1 2, 2 at app.example.com.', 'mine 1, 1 at mine.example.com.']);
  });
});

describe('a document in the editor', () => {
  test('has every fault named by its line and column, which is a place in the text', () => {
    const text = NEW_DOCUMENT.replace('192.0.2.45', '192.0.2.450').replace('"weighted"', '"heavy"');
    const { mistakes, json } = readDocumentText(text);
    expect(json).toBeUndefined();
    expect(mistakes.map(({ path }) => path)).toEqual(['Endpoints.other.Value', 'Rules.by-weight.RuleType']);
    for (const mistake of mistakes) expect(text.slice(offsetOf(text, mistake))).toMatch(/^"(192\.0\.2\.450|heavy)"/);
  });

  test('keeps fields that are not known here, and names them', () => {
    const { unknown, json } = readDocumentText(NEW_DOCUMENT.replace('"RecordType"', '"Note": "mine", "RecordType"'));
    expect(unknown).toEqual(['Note']);
    expect(json?.Note).toBe('mine');
  });
});
