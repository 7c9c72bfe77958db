/** Whatever its settings and whatever its servers' moods: what a resolver says is what the zones hold, or that it has failed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/base/time.ts';
import { type Message, response } from '../../../src/dns/message.ts';
import { isSubdomain, key, labelCount, type Name, name, parent } from '../../../src/dns/name.ts';
import { recordText } from '../../../src/dns/presentation.ts';
import type { RecordType } from '../../../src/dns/record.ts';
import type { ResolverSettings } from '../../../src/dns/resolve/settings.ts';
import type { Responder } from '../../../src/dns/responder.ts';
import { find } from '../../../src/dns/zone/find.ts';
import { zoneResponder } from '../../../src/dns/zone/respond.ts';
import type { Zone } from '../../../src/dns/zone/zone.ts';
import { asked, planted, tree } from './forest.ts';
import { type Ask, run, type ServerSpec } from './world.ts';

interface Said {
  readonly rcode: string;
  readonly answer: readonly string[];
}

/** Records without their TTLs, which count down, in any order. */
const texts = (records: Message['answer']): string[] => [...new Set(records.map((r) => recordText({ ...r, ttl: 0 })))].sort();

/** What the zones hold of a name: RFC 1034 §4.3.2 in the deepest zone, and again for each alias. */
function truth(zones: readonly Zone[], wanted: Name, type: RecordType): Said | undefined {
  const answer: Message['answer'][number][] = [];
  const seen = new Set<string>();
  for (let at = wanted; !seen.has(key(at)); ) {
    seen.add(key(at));
    const home = type === 'DS' && at !== '.' ? parent(at) : at;
    const holding = zones.filter(({ origin }) => isSubdomain(home, origin));
    const zone = holding.sort((a, b) => labelCount(b.origin) - labelCount(a.origin))[0] as Zone;
    const { value: found } = find(zone, at, type);
    if ('rrset' in found) answer.push(...found.rrset.records);
    if (found.kind === 'dname' && found.target !== undefined)
      answer.push({ name: at, type: 'CNAME', class: 'IN', ttl: 0, data: { target: found.target } });
    if (found.kind === 'answer' || found.kind === 'nodata' || (found.kind === 'dname' && type === 'CNAME'))
      return { rcode: 'NOERROR', answer: texts(answer) };
    if (found.kind === 'nxdomain') return { rcode: 'NXDOMAIN', answer: texts(answer) };
    if ((found.kind !== 'cname' && found.kind !== 'dname') || found.target === undefined) return undefined;
    at = found.target;
  }
  // Aliases in a circle have no end.
  return undefined;
}

const settings: fc.Arbitrary<Partial<ResolverSettings>> = fc.record({
  minimisation: fc.constantFrom('off', 'relaxed', 'strict'),
  minimisationType: fc.constantFrom('A', 'NS'),
  believeChains: fc.boolean(),
  minimalResponses: fc.boolean(),
  randomCase: fc.boolean(),
  cookies: fc.boolean(),
  nxdomainCut: fc.constantFrom('off', 'validated', 'always'),
  scrubPromiscuous: fc.boolean(),
  prefetch: fc.boolean(),
  priming: fc.boolean(),
  hardenReferralPath: fc.boolean(),
  hardenUnverifiedGlue: fc.boolean(),
});

const TYPES = ['A', 'AAAA', 'TXT', 'MX', 'CNAME', 'DNAME', 'NS', 'SOA', 'DS', 'DNSKEY'] as const;
const asks: fc.Arbitrary<Ask[]> = fc
  .array(fc.tuple(asked, fc.constantFrom<RecordType>(...TYPES), fc.constantFrom(0, 1, 60, 301, 901, 3601), fc.boolean()), {
    minLength: 1,
    maxLength: 6,
  })
  .map((all) => {
    let at = 0;
    return all.map(([owner, type, wait, wantsSignatures]) => {
      at += wait;
      return { at, name: owner, type, edns: { do: wantsSignatures } };
    });
  });

/** A server that is out of sorts every so often, by a list of moods that begins again at its end. */
type Mood = 'well' | 'refuses' | 'fails' | 'knows no EDNS' | 'cuts short';
const moods = fc.array(fc.constantFrom<Mood>('well', 'well', 'well', 'refuses', 'fails', 'knows no EDNS', 'cuts short'), {
  minLength: 7,
  maxLength: 13,
});

function moody(servers: Record<string, ServerSpec>, list: readonly Mood[]): Record<string, ServerSpec> {
  let turn = 0;
  const inMood =
    (own: Responder): Responder =>
    (query, asking) => {
      const said = own(query, asking);
      const mood = list[turn++ % list.length];
      if (mood === 'refuses') return { ...said, value: response(query, { rcode: 'REFUSED' }) };
      if (mood === 'fails') return { ...said, value: response(query, { rcode: 'SERVFAIL' }) };
      if (mood === 'knows no EDNS' && query.edns) return { ...said, value: response(query, { rcode: 'FORMERR' }) };
      if (mood === 'cuts short') return { ...said, value: { ...said.value, flags: { ...said.value.flags, tc: true } } };
      return said;
    };
  return Object.fromEntries(
    Object.entries(servers).map(([id, spec]) => [
      id,
      { address: spec.address, responder: inMood(zoneResponder('zone' in spec ? [spec.zone] : [])) },
    ]),
  );
}

const saidBy = (message: Message | undefined): Said | undefined =>
  message && {
    rcode: message.rcode,
    answer: texts(message.answer.filter(({ type }) => type !== 'RRSIG')),
  };

describe('a resolver', () => {
  test.each([
    ['of healthy servers says what their zones hold', false],
    ['of moody servers says the same, or that it has failed', true],
  ])('%s', (_, areMoody) => {
    fc.assert(
      fc.property(tree, settings, asks, moods, (grown, change, questions, list) => {
        const { servers, validation } = planted(grown);
        const zones = Object.values(servers).flatMap((spec) => ('zone' in spec ? [spec.zone] : []));
        const { responses } = run({
          servers: areMoody ? moody(servers, list) : servers,
          settings: { ...change, validation, patience: seconds(20) },
          asks: questions,
        });
        for (const [i, ask] of questions.entries()) {
          const wanted = truth(zones, name(ask.name), ask.type);
          const said = saidBy(responses[i]);
          expect(said, `${ask.name} ${ask.type}`).toBeDefined();
          if (wanted === undefined || (areMoody && said?.rcode === 'SERVFAIL')) continue;
          expect(said, `${ask.name} ${ask.type} at ${ask.at} s`).toEqual(wanted);
        }
      }),
      { numRuns: 20, seed: 11 },
    );
  });
});
