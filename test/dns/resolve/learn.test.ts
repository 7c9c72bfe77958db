import { describe, expect, it } from 'vitest';
import type { Message, Question } from '../../../src/dns/message.ts';
import { name } from '../../../src/dns/name.ts';
import { type Cache, makeCache, RANK, type Rank, secondsLeft } from '../../../src/dns/resolve/cache.ts';
import {
  failureKey,
  type Learned,
  learnAnswer,
  learnFailure,
  learnNegative,
  learnReferral,
} from '../../../src/dns/resolve/learn.ts';
import { type Found, lookUp } from '../../../src/dns/resolve/lookup.ts';
import { negativeTtl } from '../../../src/dns/resolve/negative.ts';
import { type Scrubbed, scrub } from '../../../src/dns/resolve/scrub.ts';
import type { ResolverSettings } from '../../../src/dns/resolve/settings.ts';
import { ask, at, cacheOf, label, lesson, reply, set, settingsWith } from './given.ts';

const WWW = ask('www.example.com.', 'A');
const SOA = 'example.com. 900 SOA ns.example.com. h.example.com. 1 2 3 4 86400';
const full = { minimalResponses: false };

function believed(message: Message, question: Question, zone = 'example.com.'): Scrubbed {
  const result = scrub(message, question, { zone: name(zone), forwarder: false }, settingsWith({}));
  if (!('message' in result)) throw new Error(result.text);
  return result;
}

function remember(cache: Cache, learned: Learned): Learned {
  for (const item of [...learned.sets, ...learned.beside, ...(learned.message ? [learned.message] : [])]) cache.remember(item);
  return learned;
}

/** Learns the reply to a question at an instant. */
function learn(
  cache: Cache,
  question: Question,
  parts: Parameters<typeof reply>[1],
  seconds = 0,
  change: Partial<ResolverSettings> = {},
): Learned {
  const scrubbed = believed(reply(question, parts), question);
  const what = lesson(seconds, change);
  const { rcode } = scrubbed.message;
  if (rcode === 'NXDOMAIN') return remember(cache, learnNegative(cache.view, scrubbed, question, 'nxdomain', what));
  if (scrubbed.answer.length === 0) return remember(cache, learnNegative(cache.view, scrubbed, question, 'nodata', what));
  const kind = scrubbed.answer.some((one) => one.type === 'CNAME') ? 'cname' : 'answer';
  return remember(cache, learnAnswer(cache.view, scrubbed, question, kind, what));
}

const look = (cache: Cache, question: Question, seconds: number, change: Partial<ResolverSettings> = {}): Found =>
  lookUp(cache.view, question, at(seconds), settingsWith(change)).value;

/** The found message's sections as "owner type ttl". */
function shownAt(found: Found, seconds: number): string[] {
  if (found.kind !== 'message') return [found.kind];
  return [...found.answer, ...found.authority, ...found.additional].map(
    (one) => `${label(one)} ${secondsLeft(one, at(seconds))}`,
  );
}

describe('an answer', () => {
  const parts = {
    answer: 'www.example.com. 300 A 192.0.2.44',
    authority: 'example.com. 3600 NS ns.example.com.',
    additional: 'ns.example.com. 3600 A 192.0.2.53',
  };

  it('answers the same question from the cache until it runs out, with the TTL that is left', () => {
    const cache = makeCache(100);
    learn(cache, WWW, parts);
    expect(shownAt(look(cache, WWW, 120), 120)).toEqual(['www.example.com. A 180']);
    expect(look(cache, WWW, 300).kind).toBe('miss');
    expect(look(cache, ask('WWW.example.COM.', 'A'), 120).kind).toBe('message');
    expect(look(cache, ask('www.example.com.', 'AAAA'), 120).kind).toBe('miss');
  });

  it('carries the other sections along only when responses are not minimal, and then lasts no longer than they do', () => {
    const cache = makeCache(100);
    learn(cache, WWW, { ...parts, additional: 'ns.example.com. 50 A 192.0.2.53' }, 0, full);
    expect(shownAt(look(cache, WWW, 0), 0)).toEqual(['www.example.com. A 300', 'example.com. NS 3600', 'ns.example.com. A 50']);
    expect(look(cache, WWW, 50).kind).toBe('miss');
  });

  it('shows a set as it stands now, also when a later message has changed it', () => {
    const cache = makeCache(100);
    learn(cache, WWW, parts, 0, full);
    const both = 'example.com. 3600 NS ns.example.com.\nexample.com. 3600 NS ns2.example.com.';
    learn(cache, ask('mail.example.com.', 'A'), { answer: 'mail.example.com. 300 A 192.0.2.25', authority: both }, 10, full);
    const found = look(cache, WWW, 10);
    expect(found.kind === 'message' && found.authority[0]?.records).toHaveLength(2);
  });

  it('of TTL 0 serves its own question and no other', () => {
    const cache = makeCache(100);
    const { answer } = learn(cache, WWW, { answer: 'www.example.com. 0 A 192.0.2.44' });
    expect(answer.map(label)).toEqual(['www.example.com. A']);
    expect(look(cache, WWW, 0).kind).toBe('miss');
  });

  it('is given out only when it was an answer: glue never is', () => {
    const cache = makeCache(100);
    const referral = believed(
      reply(WWW, { authority: 'example.com. 300 NS www.example.com.', additional: 'www.example.com. 300 A 192.0.2.1' }),
      WWW,
      'com.',
    );
    remember(cache, learnReferral(cache.view, referral, lesson(0)));
    expect(cache.view.set(set('www.example.com. 300 A 192.0.2.1').key)?.rank).toBe(RANK.glue);
    expect(look(cache, WWW, 0).kind).toBe('miss');
  });

  it('to a question for all types is made of the common ones that are known', () => {
    const cache = makeCache(100);
    learn(cache, WWW, parts);
    expect(shownAt(look(cache, ask('www.example.com.', 'ANY'), 0), 0)).toEqual(['www.example.com. A 300']);
  });

  it('is worth renewing in the last tenth of its life', () => {
    const cache = makeCache(100);
    learn(cache, WWW, parts);
    const renewBefore = (seconds: number) => {
      const found = look(cache, WWW, seconds);
      return found.kind === 'message' ? found.renewBefore : undefined;
    };
    expect(renewBefore(269)).toBeUndefined();
    expect(renewBefore(270)).toBe(at(300));
  });
});

describe('an alias', () => {
  it('is found for every type but its own, and says where to go on', () => {
    const cache = makeCache(100);
    learn(cache, WWW, { answer: 'www.example.com. 60 CNAME web.example.net.' });
    expect(look(cache, WWW, 0)).toMatchObject({ kind: 'alias', target: 'web.example.net.' });
    expect(look(cache, ask('www.example.com.', 'MX'), 0)).toMatchObject({ kind: 'alias' });
    expect(look(cache, ask('www.example.com.', 'DS'), 0).kind).toBe('miss');
    expect(look(cache, WWW, 60).kind).toBe('miss');
  });

  it('leads on only when it came as an answer, a DNAME too', () => {
    const dname = 'example.com. 300 DNAME example.net.';
    const cname = 'www.example.com. 300 CNAME www.example.net.';
    const typesOf = (aliasRank: Rank, dnameRank: Rank) => {
      const found = look(cacheOf({ text: cname, rank: aliasRank }, { text: dname, rank: dnameRank }), WWW, 0);
      return found.kind === 'alias' ? found.sets.map((one) => one.type) : found.kind;
    };
    expect(typesOf(RANK.answer, RANK.answer)).toEqual(['DNAME', 'CNAME']);
    expect(typesOf(RANK.answer, RANK.additional)).toEqual(['CNAME']);
    expect(typesOf(RANK.additional, RANK.additional)).toBe('miss');
  });
});

describe('a no', () => {
  it('is kept for the smaller of the SOA record’s TTL and its last field (RFC 2308 §5), within bounds', () => {
    const ttl = (soaTtl: number, minimum: number, change: Partial<ResolverSettings> = {}) =>
      negativeTtl(set(`example.com. ${soaTtl} SOA a. b. 1 2 3 4 ${minimum}`), settingsWith(change));
    expect(ttl(900, 86_400)).toBe(900);
    expect(ttl(86_400, 60)).toBe(60);
    expect(ttl(86_400, 86_400)).toBe(10_800);
    expect(ttl(1, 1, { minNegativeTtl: 30 })).toBe(30);
    expect(negativeTtl(undefined, settingsWith({}))).toBe(5);
  });

  it('of the name holds for every type; of the type only for that', () => {
    const cache = makeCache(100);
    learn(cache, ask('gone.example.com.', 'A'), { rcode: 'NXDOMAIN', authority: SOA });
    learn(cache, ask('www.example.com.', 'AAAA'), { authority: SOA });
    expect(look(cache, ask('gone.example.com.', 'MX'), 0).kind).toBe('message');
    expect(look(cache, ask('www.example.com.', 'AAAA'), 0).kind).toBe('message');
    expect(look(cache, WWW, 0).kind).toBe('miss');
  });

  it('shows its SOA record with the time that is left to it', () => {
    const cache = makeCache(100);
    const question = ask('gone.example.com.', 'A');
    learn(cache, question, { rcode: 'NXDOMAIN', authority: SOA });
    expect(shownAt(look(cache, question, 300), 300)).toEqual(['example.com. SOA 600']);
    expect(look(cache, question, 900).kind).toBe('miss');
  });

  it('of one name does not lengthen that of another, nor is its SOA record taken for data', () => {
    const cache = makeCache(100);
    const first = ask('gone.example.com.', 'A');
    learn(cache, first, { rcode: 'NXDOMAIN', authority: SOA });
    learn(cache, ask('lost.example.com.', 'A'), { rcode: 'NXDOMAIN', authority: SOA }, 300);
    expect(shownAt(look(cache, first, 300), 300)).toEqual(['example.com. SOA 600']);
    expect(look(cache, ask('example.com.', 'SOA'), 300).kind).toBe('miss');
  });

  it('shows the zone’s present SOA record when that has changed', () => {
    const cache = makeCache(100);
    const first = ask('gone.example.com.', 'A');
    learn(cache, first, { rcode: 'NXDOMAIN', authority: SOA });
    const changed = SOA.replace(' 1 2 ', ' 99 2 ');
    learn(cache, ask('lost.example.com.', 'A'), { rcode: 'NXDOMAIN', authority: changed }, 300);
    const found = look(cache, first, 300);
    expect(found.kind === 'message' && found.authority[0]?.records[0]?.data).toMatchObject({ serial: 99 });
    expect(look(cache, first, 900).kind).toBe('miss');
  });

  it('without an SOA record is kept for seconds only', () => {
    const cache = makeCache(100);
    learn(cache, WWW, {});
    expect(look(cache, WWW, 4).kind).toBe('message');
    expect(look(cache, WWW, 5).kind).toBe('miss');
  });

  it('of a name cuts off all names below it, if so set (RFC 8020)', () => {
    const cache = makeCache(100);
    learn(cache, ask('gone.example.com.', 'A'), { rcode: 'NXDOMAIN', authority: SOA });
    const below = ask('a.b.gone.example.com.', 'A');
    expect(look(cache, below, 0, { nxdomainCut: 'always' })).toMatchObject({ kind: 'message', message: { rcode: 'NXDOMAIN' } });
    expect(look(cache, below, 0, { nxdomainCut: 'validated' }).kind).toBe('miss');
    expect(look(cache, below, 0, { nxdomainCut: 'off' }).kind).toBe('miss');
  });
});

describe('a failure', () => {
  const fail = (cache: Cache, seconds: number) => cache.remember(learnFailure(cache.view, WWW, lesson(seconds), []));

  it('is kept for a few seconds, and twice as long each time that it repeats (RFC 9520 §3.2)', () => {
    const cache = makeCache(100);
    const lasting: number[] = [];
    for (let now = 0, i = 0; i < 8; i++) {
      fail(cache, now);
      const ttl = cache.view.message(failureKey(WWW))?.ttl as number;
      lasting.push(ttl);
      now += ttl;
    }
    expect(lasting).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('is found for its own question, but never instead of an answer that is still good', () => {
    const cache = makeCache(100);
    fail(cache, 0);
    expect(look(cache, WWW, 4).kind).toBe('failure');
    expect(look(cache, ask('www.example.com.', 'MX'), 4).kind).toBe('miss');
    expect(look(cache, WWW, 5).kind).toBe('miss');
    learn(cache, WWW, { answer: 'www.example.com. 300 A 192.0.2.44' }, 1);
    expect(look(cache, WWW, 2).kind).toBe('message');
  });
});
