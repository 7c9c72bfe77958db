/** The chain of trust as a picture: zones as terraces, keys as boxes in the order in which they are checked, signatures as marks. */
import type { TrustRecord } from '../../../actors/resolver/validate.ts';
import { hexText } from '../../../base/octets.ts';
import type { ChainLink } from '../../../dns/dnssec/chain.ts';
import type { SignatureFinding } from '../../../dns/dnssec/checkSet.ts';
import { type Check, zoneChecks } from '../../../dns/dnssec/checks.ts';
import type { KeyLine } from '../../../dns/dnssec/zoneKeys.ts';
import { causesOf } from '../../../trace/causes.ts';
import { hostOf } from '../../../trace/describe.ts';
import type { Visit } from '../../../trace/steps.ts';
import type { HostRecord, Trace, Turn, TurnId } from '../../../trace/trace.ts';

/** How a check stands: it holds, it is broken, or nothing trusted leads to it. */
export type Mark = 'holds' | 'broken' | 'open';

export interface TrustBox {
  readonly x: number;
  readonly width: number;
  readonly mark: Mark;
  /** Title, particulars, and what it is in plain words. */
  readonly lines: readonly [string, string, string];
  /** The same for a wall: which it is, and what makes it count. */
  readonly brief: readonly [string, string];
}

export interface TrustZone {
  readonly name: string;
  readonly about: string;
  readonly wash: 'root' | 'tld' | 'auth';
  /** Upper edge of the terrace. */
  readonly y: number;
  readonly height: number;
  readonly boxes: readonly TrustBox[];
  /** The signatures between the boxes, from left to right. */
  readonly signatures: readonly Mark[];
  /** The DS that leads down to the next zone: whether its key fits, and in words. */
  readonly down?: { readonly mark: Mark; readonly words: readonly string[] };
}

export interface TrustPicture {
  readonly height: number;
  readonly question: string;
  readonly zones: readonly TrustZone[];
  /** One for each zone, and one for the name asked about, which has a type. */
  readonly verdicts: readonly { readonly zone: string; readonly type?: string; readonly verdict: string; readonly mark: Mark }[];
  readonly checks: { readonly zone: string; readonly rows: readonly Check[] };
  readonly sentence: string;
}

const COLUMNS = [
  { x: 460, width: 146 },
  { x: 672, width: 124 },
  { x: 868, width: 184 },
] as const;
/** The picture's width; its height where there is room for it, and the least that it needs. */
export const TRUST_SIZE = { width: 1068, height: 576, least: 400 } as const;
/** Where the terraces begin, and how much below them is for words. Three stand at ease; more, or a low place, bring them closer. */
const TOP = 24;
const BELOW = 102;

/** The latest state of the chain that was checked for a visit, up to a turn, and by whom, `high` pixels high; undefined when nothing was. */
export function trustOf(
  trace: Trace,
  visit: Visit | undefined,
  turn: TurnId,
  high?: number,
): { readonly picture: TrustPicture; readonly checker: HostRecord } | undefined {
  if (!visit) return undefined;
  const { stimulus } = causesOf(trace);
  for (let id = Math.min(turn, visit.endTurn ?? turn, trace.turns.length - 1); id >= visit.turn; id--) {
    const done = trace.turns[id] as Turn;
    const record = recordIn(done);
    // Two visits may be on their way at once.
    if (!record || record.chain.length === 0 || stimulus[id] !== visit.stimulus) continue;
    return { picture: pictureOf(record, high), checker: hostOf(trace, done.host) };
  }
  return undefined;
}

function recordIn({ effects }: Turn): TrustRecord | undefined {
  for (const effect of effects)
    if (effect.kind === 'decide' && effect.decision.about === 'validate') return effect.decision.detail as TrustRecord;
  return undefined;
}

/** What one judgement of the chain looks like. */
export function pictureOf({ chain, question, status }: TrustRecord, high: number = TRUST_SIZE.height): TrustPicture {
  const gap = 30;
  const height = Math.min(130, (high - BELOW - TOP - gap * (chain.length - 1)) / chain.length);
  const zones = chain.map((link, i) => zoneOf(link, chain[i + 1], i, chain.length, TOP + i * (height + gap), height));
  const lowest = zones.at(-1);
  if (lowest && status === 'bogus' && !chain.at(-1)?.signs) zones.splice(-1, 1, withAnswerUnread(lowest, question));
  const last = chain.at(-1) as ChainLink;
  const subject = `${question.name} ${question.type}`;
  const end = {
    secure: 'secure',
    bogus: 'not handed out',
    insecure: 'not signed',
    indeterminate: 'nobody vouches',
    open: 'being checked',
  }[status];
  return {
    height: high,
    question: subject,
    zones,
    verdicts: [
      ...chain.map((link) => ({
        zone: link.zone,
        verdict: link.status === 'unchecked' ? 'being checked' : link.status,
        mark: markOfStatus(link.status),
      })),
      {
        zone: question.name,
        type: question.type,
        verdict: end,
        mark: status === 'secure' ? 'holds' : status === 'bogus' ? 'broken' : 'open',
      },
    ],
    checks: { zone: last.zone, rows: zoneChecks(last) },
    sentence: SENTENCES[status],
  };
}

const SENTENCES: Readonly<Record<TrustRecord['status'], string>> = {
  secure: 'Each link holds, from the key that the resolver was shipped with down to the answer.',
  bogus: 'One link does not fit. What hangs below it proves nothing, so nothing is handed out.',
  insecure: 'It is proven that nobody vouches for a key here, so this part is taken unchecked.',
  indeterminate: 'The resolver has no key to begin with.',
  open: 'The resolver fetches the keys that it needs, one zone after the other.',
};

/** What was asked for has come, but no key that is vouched for leads to it. */
function withAnswerUnread(zone: TrustZone, { name, type }: TrustRecord['question']): TrustZone {
  const [ksk, zsk, answer] = zone.boxes as [TrustBox, TrustBox, TrustBox];
  const lines = [`${type} of ${name}`, 'not checked', 'no trusted key leads here'] as const;
  return { ...zone, boxes: [ksk, zsk, { ...answer, lines, brief: [lines[0], lines[2]] }] };
}

const markOfStatus = (status: ChainLink['status']): Mark =>
  status === 'secure' ? 'holds' : status === 'bogus' ? 'broken' : 'open';

function zoneOf(link: ChainLink, next: ChainLink | undefined, i: number, count: number, y: number, height: number): TrustZone {
  const ksk = link.keys.find((key) => key.named) ?? link.keys.find((key) => key.role === 'KSK');
  const zsk = link.keys.find((key) => key.role === 'ZSK') ?? ksk;
  const absent = link.status === 'insecure' && link.signers.length === 0 ? 'none: not signed' : 'none shown';
  const isTop = i === 1 && link.zone.split('.').length === 2;
  const keys = signatureMark(link.keySignatures, ksk?.named === true);
  const item = link.signs === undefined ? 'open' : link.signs.holds ? 'holds' : keys === 'holds' ? 'broken' : 'open';
  const about = kskAbout(link, ksk);
  const signed = itemLines(link);
  const boxes: TrustBox[] = [
    {
      ...COLUMNS[0],
      mark: ksk?.named ? 'holds' : link.status === 'bogus' ? 'broken' : 'open',
      lines: ['KSK, flags 257', ksk ? `tag ${ksk.keyTag}, alg ${ksk.algorithm}` : absent, about],
      brief: [ksk ? `KSK ${ksk.keyTag}` : `KSK, ${absent}`, about],
    },
    {
      ...COLUMNS[1],
      mark: keys,
      lines: ['ZSK, flags 256', zsk ? `tag ${zsk.keyTag}` : absent, 'in the DNSKEY set'],
      brief: zsk ? [`ZSK ${zsk.keyTag}`, 'flags 256'] : ['ZSK', absent],
    },
    { ...COLUMNS[2], mark: item, lines: signed, brief: [signed[0], signed[2]] },
  ];
  return {
    name: link.zone,
    // While the chain is followed its lowest zone need not be the last.
    about: i === 0 ? 'root zone' : isTop ? 'top-level domain' : i === count - 1 ? 'the zone asked about' : 'on the way',
    wash: i === 0 ? 'root' : isTop ? 'tld' : 'auth',
    y,
    height,
    boxes,
    signatures: [keys, item],
    ...(next ? { down: downOf(next) } : {}),
  };
}

function signatureMark(found: readonly SignatureFinding[], named: boolean): Mark {
  if (!named || found.length === 0) return 'open';
  return found.some(({ fault }) => fault === undefined) ? 'holds' : 'broken';
}

function kskAbout(link: ChainLink, key: KeyLine | undefined): string {
  if (!key)
    return link.status === 'bogus'
      ? 'but its hash is above'
      : link.signers.length > 0
        ? 'of an unknown kind'
        : 'no hash above names one';
  if (!key.named) return 'not the key meant above';
  return link.vouchedBy === 'anchor' ? 'built in: trust anchor' : 'its hash is above';
}

function itemLines({ signs: item, status }: ChainLink): TrustBox['lines'] {
  if (!item) return status === 'insecure' ? ['The answer', 'no signature', 'taken as it is'] : ['?', '', 'not fetched yet'];
  const signer = item.signers?.[0];
  if (item.type === 'DS') {
    const digest = signer
      ? `${signer.keyTag} ${signer.algorithm} ${signer.digestType} ${hexText(signer.digest).slice(0, 4)}…`
      : 'none';
    const about = signer ? `hash of a key of ${item.name}` : item.holds ? 'proof that there is none' : 'no proof of that holds';
    return [`DS of ${item.name}`, digest, about];
  }
  const fits = item.signatures.find(({ fault }) => fault === undefined) ?? item.signatures[0];
  const about = item.holds ? 'signed by this zone' : 'signed, but by whom?';
  return [`${item.type} of ${item.name}`, fits ? `signature of key ${fits.keyTag}` : 'no signature', about];
}

function downOf(next: ChainLink): NonNullable<TrustZone['down']> {
  const fits = next.signers.find(({ names }) => names !== undefined);
  if (fits) return { mark: 'holds', words: ['same tag, algorithm and digest'] };
  if (next.status === 'bogus' && next.keys.length === 0) return { mark: 'broken', words: ['the zone shows', 'no key at all'] };
  const wanted = next.signers[0]?.signer.keyTag;
  const has = next.keys.find((key) => key.role === 'KSK')?.keyTag;
  if (next.status === 'bogus' && wanted !== undefined)
    return {
      mark: 'broken',
      words:
        has === undefined || has === wanted ? ['no key has this hash'] : [`${wanted} is not ${has}:`, 'no key has this hash'],
    };
  if (next.status !== 'insecure') return { mark: 'open', words: ['not checked yet'] };
  return { mark: 'open', words: [next.signers.length > 0 ? 'of a kind not known here' : 'proven unsigned'] };
}
