/**
 * Which of a zone's servers to ask next: among those that may be asked, one of the fast ones, at random.
 *
 * All within 400 ms of the fastest count as equally good (Unbound's band), so that load spreads and a forger cannot
 * foretell which server is asked (RFC 5452 §4.4).
 */
import type { Address } from '../../base/address.ts';
import { address, cidr, contains, isIPv6 } from '../../base/address.ts';
import type { Explained, Reason } from '../../base/reason.ts';
import { reason } from '../../base/reason.ts';
import type { Instant } from '../../base/time.ts';
import type { Name } from '../name.ts';
import { key } from '../name.ts';
import type { Delegation, NameServer } from './delegation.ts';
import type { Standing, Standings } from './rtt.ts';
import { LONGEST_TIMEOUT, RTT_BAND, standingOf } from './rtt.ts';
import type { ResolverSettings } from './settings.ts';

/** One address of one server. */
export interface Target {
  readonly server: Name;
  readonly address: Address;
  readonly standing: Standing;
}

/** What has happened so far to the addresses of this delegation. */
export type Tries = Readonly<Record<Address, Tried>>;

export interface Tried {
  readonly times: number;
  /** It is not asked any more, and why. */
  readonly out?: Reason;
  /** It is asked again when all others have failed: its reply was empty, or without signatures, or it is a resolver and wants RD 1. */
  readonly aside?: 'empty' | 'unsigned' | 'recursive';
}

/** The servers that were put aside are asked again; undefined when there are none. */
export function takeBack(tries: Tries): Tries | undefined {
  let some = false;
  const out: Record<Address, Tried> = {};
  for (const [server, tried] of Object.entries(tries) as [Address, Tried][]) {
    if (tried.aside && tried.out) {
      some = true;
      out[server] = { times: tried.times, aside: tried.aside };
    } else out[server] = tried;
  }
  return some ? out : undefined;
}

export interface Choice {
  /** Undefined when none may be asked. */
  readonly target: Target | undefined;
  /** Servers without a known address, in the order of the list. */
  readonly unknown: readonly Name[];
}

export interface Chooser {
  readonly delegation: Delegation;
  readonly tries: Tries;
  readonly standings: Standings;
  readonly at: Instant;
  readonly settings: ResolverSettings;
  /** Chance, in [0, 1). */
  readonly draw: () => number;
}

/** Chooses the next server (RFC 1034 §5.3.3 step 3). A server whose address is known is preferred to one that must be found. */
export function chooseServer(chooser: Chooser): Explained<Choice> {
  const { delegation, tries, settings } = chooser;
  const unknown: Name[] = [];
  const usable: Target[] = [];
  for (const server of delegation.servers) {
    if (server.addresses.length === 0) unknown.push(server.name);
    for (const address of server.addresses)
      if (isUsable(address, server, chooser)) usable.push(targetOf(address, server, chooser));
  }
  if (usable.length === 0) return { value: { target: undefined, unknown }, reasons: [NONE_LEFT] };
  const sound = usable.filter((target) => !isLame(target, delegation));
  const pool = sound.length > 0 ? sound : usable;
  let fewest = settings.triesPerServer;
  for (const target of pool) fewest = Math.min(fewest, tries[target.address]?.times ?? 0);
  const candidates = fewest === 0 && noneTried(tries) ? pool : pool.filter((t) => (tries[t.address]?.times ?? 0) === fewest);
  let fastest: number = LONGEST_TIMEOUT;
  for (const target of candidates) fastest = Math.min(fastest, target.standing.timeout);
  const band = candidates.filter((target) => target.standing.timeout <= fastest + RTT_BAND);
  const picked = band.length === 1 ? 0 : Math.floor(chooser.draw() * band.length);
  return { value: { target: band[picked] as Target, unknown }, reasons: [band.length === 1 ? ONLY_ONE : EQUALS] };
}

const targetOf = (address: Address, server: NameServer, { standings, at, settings }: Chooser): Target => ({
  server: server.name,
  address,
  standing: standingOf(standings, address, at, settings.unknownServerTimeout),
});

function isUsable(address: Address, server: NameServer, { delegation, tries, settings }: Chooser): boolean {
  const tried = tries[address];
  if (tried && (tried.out || tried.times >= settings.triesPerServer)) return false;
  if (isIPv6(address) ? !settings.useIPv6 : !settings.useIPv4) return false;
  // The ban on localhost concerns what was learned from the network, not what was configured here.
  const learned = delegation.origin === 'cache' || delegation.origin === 'referral' || server.name !== '.';
  if (learned && settings.doNotQueryLocalhost && isLoopback(address)) return false;
  return !settings.doNotQuery.some((block) => contains(block, address));
}

const noneTried = (tries: Tries): boolean => {
  for (const _ in tries) return false;
  return true;
};

const LOOPBACK = [cidr(address('127.0.0.0'), 8), cidr(address('::1'), 128)];
const isLoopback = (a: Address): boolean => (a.startsWith('127.') || a === '::1') && LOOPBACK.some((block) => contains(block, a));

const isLame = (target: Target, delegation: Delegation): boolean =>
  target.standing.lameFor?.includes(key(delegation.zone)) ?? false;

const NONE_LEFT = reason('no-server-left', 'None of the zone’s servers is left to be asked.', 'RFC 1034 §5.3.3 step 3');
const ONLY_ONE = reason('only-server', 'Only one server is known by address and fit to be asked.', 'RFC 1034 §5.3.3 step 3');
const EQUALS = reason(
  'server-draw',
  'Among servers that are about as fast, within 400 ms of the fastest, chance decides: a forger cannot foretell which is asked.',
  'RFC 5452 §4.4',
);
