/** The public conformance files: genuine signatures of 2003 to 2018, by six algorithms. They stand outside the project. */
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/conformance/entry.ts';
import { serialDistance } from '../../../src/dns/dnssec/checkSet.ts';
import { keyTag } from '../../../src/dns/dnssec/keys.ts';
import { memo, signatureHolds } from '../../../src/dns/dnssec/memo.ts';
import { key, sameName } from '../../../src/dns/name.ts';
import type { PublicKey } from '../../../src/dns/record.ts';
import { dataOf } from '../../../src/dns/record.ts';
import { signedSections } from './asking.ts';
import type { ReplayFile } from './replay.ts';
import { isScripted, play, replayFiles } from './replay.ts';

/** Every signature of the canned responses that covers a set of its message: whether a key of the file fits it. */
function outcomes({ replay }: ReplayFile): Map<string, 'holds' | 'broken' | 'no key'> {
  const all = replay.ranges.flatMap((range) => range.entries.map((entry) => entry.message));
  const keys = all.flatMap((m) =>
    [...m.answer, ...m.authority, ...m.additional].flatMap((r) => {
      const data = dataOf(r, 'DNSKEY');
      return data ? [{ zone: r.name, data, tag: keyTag(data) }] : [];
    }),
  );
  const known = memo<boolean>();
  const found = new Map<string, 'holds' | 'broken' | 'no key'>();
  for (const sections of all.map(signedSections))
    for (const set of [...sections.answer, ...sections.authority, ...sections.additional])
      for (const signature of set.signatures.flatMap((r) => dataOf(r, 'RRSIG') ?? [])) {
        const candidates = keys.filter((k) => sameName(k.zone, signature.signer) && k.tag === signature.keyTag);
        const holds = candidates.some((k: { data: PublicKey }) => signatureHolds(set, signature, k.data, known));
        const id = `${key(set.name)} ${set.type} ${signature.keyTag} ${serialDistance(0, signature.inception)} ${set.records.length}`;
        found.set(id, candidates.length === 0 ? 'no key' : holds ? 'holds' : 'broken');
      }
  return found;
}

interface Asked {
  readonly file: ReplayFile;
  readonly query: Entry;
  readonly expected: Entry;
}

/** The client queries with what is expected of them. What only a cache can answer is left to the resolver's own run. */
const queries: readonly Asked[] = replayFiles.flatMap((file) =>
  file.replay.steps.flatMap((step, i) => {
    const check = file.replay.steps.slice(i).find((s) => s.type === 'CHECK_ANSWER');
    return step.type === 'QUERY' && check?.type === 'CHECK_ANSWER' ? [{ file, query: step.entry, expected: check.entry }] : [];
  }),
);
const ALIAS_LOOP = 'unbound/val_cname_loop1';
const answerable = queries.filter(({ file, query }) => {
  const [question] = query.message.question;
  return (
    file.file !== ALIAS_LOOP && question !== undefined && isScripted(file, question) && play(file, question).status !== 'no reply'
  );
});

describe.runIf(replayFiles.length > 0)('the conformance files, where their folder is there', () => {
  test('of all their signatures one is broken: the one whose test is about that', () => {
    const all = replayFiles.flatMap((file) => [...outcomes(file)].map(([id, outcome]) => ({ file: file.file, id, outcome })));
    expect(all.filter((one) => one.outcome === 'holds').length).toBeGreaterThan(200);
    expect(all.filter((one) => one.outcome === 'broken').map((one) => one.file)).toEqual([
      'deckard/val_minimal_badrrsigsignature',
    ]);
  });

  test.each(
    answerable.map(
      (one) => [`${one.file.file}: ${one.query.message.question[0]?.name} ${one.query.message.question[0]?.type}`, one] as const,
    ),
  )('%s ends as expected', (_, { file, query, expected }) => {
    const question = query.message.question[0];
    if (!question) throw new Error('no question');
    const { status, verdicts } = play(file, question);
    const { rcode, flags } = expected.message;
    const wanted = expected.match.find((word) => word.startsWith('ede='))?.slice(4);
    if (rcode === 'SERVFAIL') expect(status).toBe('bogus');
    else if (flags.ad) expect(status).toBe('secure');
    else if (query.message.edns?.do) expect(['insecure', 'indeterminate']).toContain(status);
    else expect(status).not.toBe('bogus');
    if (wanted !== undefined) expect(verdicts.at(-1)?.error?.code).toBe(Number(wanted));
  });
});
