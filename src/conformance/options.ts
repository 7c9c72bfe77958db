/**
 * Resolver settings from a file's configuration, with the defaults of its dialect.
 *
 * Every option is a setting of our resolver; one that is neither known nor known to be without effect here is a mistake.
 */
import type { Address, Cidr } from '../base/address.ts';
import { address } from '../base/address.ts';
import type { Mistake } from '../base/mistake.ts';
import { milliseconds, seconds } from '../base/time.ts';
import { readTrustAnchors } from '../dns/dnssec/anchors.ts';
import type { Name } from '../dns/name.ts';
import { ROOT } from '../dns/name.ts';
import { signatureTimeSeconds } from '../dns/presentation/signatureTime.ts';
import type { Access, ConfiguredServer, ForwardZone, ResolverSettings, StubZone } from '../dns/resolve/settings.ts';
import { DEFAULT_SETTINGS } from '../dns/resolve/settings.ts';
import type { Dialect } from './lines.ts';
import type { ConfigurationLine, Replay } from './rpl.ts';
import { addressOf, blockOf, type Complaints, nameOf, numberOf, refuse, yes } from './values.ts';

/** What the configuration says: the settings, and what only the runner needs. */
export interface Configured {
  readonly settings: ResolverSettings;
  /** The system clock at the start, in seconds since 1970 (Deckard), or 0. */
  readonly clock: number;
  readonly mistakes: readonly Mistake[];
}

/** Makes settings of a file's configuration; `minimise` overrides query-minimization where a file leaves it open (Deckard). */
export function configure(replay: Replay, file: string, minimise?: boolean): Configured {
  const c: Draft = {
    file,
    settings: defaultsOf(replay.dialect),
    clock: 0,
    mistakes: [],
    clause: 'server',
    zone: undefined,
    validating: true,
  };
  if (replay.dialect === 'deckard' && minimise !== undefined) c.settings.minimisation = minimise ? 'relaxed' : 'off';
  for (const line of replay.configuration) {
    if (CLAUSES.has(line.key)) openClause(c, line.key);
    else if (replay.dialect === 'unbound' && c.clause !== 'server') zoneOption(c, line);
    else option(c, line, replay.dialect);
  }
  closeZone(c);
  if (!c.validating) validation(c, { trustAnchors: [] });
  if (c.settings.rootHints.length === 0) c.settings.rootHints = ROOT_SERVERS;
  return { settings: c.settings, clock: c.clock, mistakes: c.mistakes };
}

/** Where a resolver begins that nobody has told where: any root server stands for all of them. */
const ROOT_SERVERS: readonly ConfiguredServer[] = [{ addresses: [address('198.41.0.4')] }];

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Draft extends Complaints {
  readonly settings: Writable<ResolverSettings>;
  clock: number;
  clause: string;
  /** Whether module-config names a validator; without one, trust anchors count for nothing. */
  validating: boolean;
  zone:
    | { name: Name; addresses: Address[]; hosts: Name[]; first: boolean; prime: boolean; tcp: boolean; noCache: boolean }
    | undefined;
}

const CLAUSES = new Set(['server', 'stub-zone', 'forward-zone', 'remote-control', 'auth-zone', 'rpz', 'view']);

/** Settings in which the suites' reference resolvers differ from ours, where no option says otherwise. */
function defaultsOf(dialect: Dialect): Writable<ResolverSettings> {
  const common: Writable<ResolverSettings> = {
    ...DEFAULT_SETTINGS,
    accessControl: [
      { block: '127.0.0.0/8' as Cidr, access: 'allow' },
      { block: '::1/128' as Cidr, access: 'allow' },
    ],
    accessOtherwise: 'refuse',
    dnssecOk: true,
    extendedErrors: false,
    extendedErrorWhenStale: false,
    believeChains: false,
    scrubPromiscuous: true,
    maxTtl: 86_400,
    maxNegativeTtl: 3_600,
    patience: seconds(3_600),
    triesPerServer: 5,
    targetFetchPolicy: [3, 2, 1, 0, 0],
  };
  if (dialect === 'unbound') return { ...common, minimisation: 'relaxed', minimisationType: 'A', roundRobin: false };
  return {
    ...common,
    accessOtherwise: 'allow',
    priming: false,
    minimisation: 'off',
    minimisationType: 'NS',
    maxTtl: 604_800,
    targetFetchPolicy: [0, 0, 0, 0, 0],
  };
}

/** Options without effect on what is compared, or about parts that a resolver like ours does not have. */
const IGNORED =
  /^(log-.*|verbosity|val-log-level|directory|num-queries-per-thread|.*-slabs|hide-.*|identity|version|nsid|answer-cookie|cookie-secret|define-tag|access-control-tag.*|response-ip.*|zonemd-.*|edns-client-string.*|.*nat64.*|local-zone|local-data.*|trust-anchor-signaling|fake-sha1|username|chroot|pidfile|interface|port|root-key-sentinel|unblock-lan-zones|insecure-lan-zones|use-syslog|msg-buffer-size|outgoing-range|val-clean-additional|val-permissive-mode|key-cache-size|neg-cache-size|infra-.*|discard-timeout|rrset-roundrobin|harden-short-bufsize|harden-large-queries|harden-unknown-additional|val-sig-skew-.*|val-max-restart|name|feature-list)$/;

function openClause(c: Draft, key: string): void {
  closeZone(c);
  c.clause = key;
  if (key === 'stub-zone' || key === 'forward-zone')
    c.zone = { name: ROOT, addresses: [], hosts: [], first: false, prime: false, tcp: false, noCache: false };
}

function closeZone(c: Draft): void {
  const zone = c.zone;
  if (!zone) return;
  c.zone = undefined;
  const servers: ConfiguredServer[] = [
    ...(zone.addresses.length > 0 ? [{ addresses: zone.addresses }] : []),
    ...zone.hosts.map((name) => ({ name, addresses: [] })),
  ];
  if (c.clause === 'stub-zone' && zone.name === ROOT) c.settings.rootHints = [...c.settings.rootHints, ...servers];
  else if (c.clause === 'stub-zone') {
    const stub: StubZone = { zone: zone.name, servers, first: zone.first, tcp: zone.tcp, prime: zone.prime };
    c.settings.stubZones = [...c.settings.stubZones, stub];
  } else {
    const forward: ForwardZone = { zone: zone.name, servers, first: zone.first, tcp: zone.tcp, noCache: zone.noCache };
    c.settings.forwardZones = [...c.settings.forwardZones, forward];
  }
}

function zoneOption(c: Draft, line: ConfigurationLine): void {
  const zone = c.zone;
  if (!zone) return;
  const key = line.key.replace(/^(stub|forward)-/, '');
  if (key === 'name') zone.name = nameOf(c, line) ?? ROOT;
  else if (key === 'addr') {
    const address = addressOf(c, line);
    if (address) zone.addresses.push(address);
  } else if (key === 'host') {
    const host = nameOf(c, line);
    if (host) zone.hosts.push(host);
  } else if (key === 'first') zone.first = yes(c, line);
  else if (key === 'prime') zone.prime = yes(c, line);
  else if (key === 'no-cache') zone.noCache = yes(c, line);
  else if (key === 'tcp-upstream') zone.tcp = yes(c, line);
  else refuse(c, line, 'a known option of a stub or forward zone');
}

type Apply = (c: Draft, line: ConfigurationLine) => void;

const flag =
  (field: BooleanSetting): Apply =>
  (c, line) =>
    set(c, { [field]: yes(c, line) });
const count =
  (field: NumberSetting): Apply =>
  (c, line) =>
    set(c, { [field]: numberOf(c, line) });

type BooleanSetting = { [K in keyof ResolverSettings]: ResolverSettings[K] extends boolean ? K : never }[keyof ResolverSettings];
type NumberSetting = {
  [K in keyof ResolverSettings]: number extends ResolverSettings[K] ? (ResolverSettings[K] extends number ? K : never) : never;
}[keyof ResolverSettings];

const OPTIONS: Readonly<Record<string, Apply>> = {
  'target-fetch-policy': (c, line) => set(c, { targetFetchPolicy: line.value.trim().split(/\s+/).map(Number) }),
  'qname-minimisation': (c, line) => set(c, { minimisation: yes(c, line) ? 'relaxed' : 'off' }),
  'qname-minimisation-strict': (c, line) => {
    if (yes(c, line)) c.settings.minimisation = 'strict';
  },
  'minimal-responses': flag('minimalResponses'),
  'iter-scrub-promiscuous': flag('scrubPromiscuous'),
  'harden-cname-follow': (c, line) => set(c, { believeChains: !yes(c, line) }),
  'iter-scrub-ns': count('scrubNameServers'),
  'iter-scrub-cname': count('scrubAliases'),
  'iter-scrub-rrsig': count('scrubSignatures'),
  'module-config': modules,
  'trust-anchor': (c, line) => {
    if (readTrustAnchors([line.value]).mistakes.length > 0) refuse(c, line, 'a DS or DNSKEY record');
    else validation(c, { trustAnchors: [...c.settings.validation.trustAnchors, line.value] });
  },
  'val-override-date': (c, line) => date(c, line),
  'val-override-timestamp': (c, line) => date(c, line),
  'domain-insecure': (c, line) => {
    const name = nameOf(c, line);
    if (name) validation(c, { insecureZones: [...c.settings.validation.insecureZones, name] });
  },
  'harden-dnssec-stripped': (c, line) => validation(c, { hardenStripped: yes(c, line) }),
  'harden-algo-downgrade': (c, line) => validation(c, { hardenAlgorithmDowngrade: yes(c, line) }),
  'harden-below-nxdomain': (c, line) => set(c, { nxdomainCut: yes(c, line) ? 'validated' : 'off' }),
  'aggressive-nsec': (c, line) => validation(c, { aggressiveNsec: yes(c, line) }),
  'val-nsec3-keysize-iterations': (c, line) => {
    const words = line.value.trim().split(/\s+/).map(Number);
    validation(c, { nsec3Iterations: words.flatMap((bits, i) => (i % 2 === 0 ? [[bits, words[i + 1] ?? 0] as const] : [])) });
  },
  'harden-glue': flag('hardenGlue'),
  'harden-referral-path': flag('hardenReferralPath'),
  'harden-unverified-glue': flag('hardenUnverifiedGlue'),
  'private-address': (c, line) => {
    const block = blockOf(c, line, line.value);
    if (block) c.settings.privateAddresses = [...c.settings.privateAddresses, block];
  },
  'private-domain': (c, line) => {
    const name = nameOf(c, line);
    if (name) c.settings.privateDomains = [...c.settings.privateDomains, name];
  },
  'do-not-query-localhost': flag('doNotQueryLocalhost'),
  'do-not-query-address': (c, line) => {
    const block = blockOf(c, line, line.value);
    if (block) c.settings.doNotQuery = [...c.settings.doNotQuery, block];
  },
  'do-ip6': flag('useIPv6'),
  'do-ip4': flag('useIPv4'),
  'access-control': access,
  'cache-max-ttl': count('maxTtl'),
  'cache-min-ttl': count('minTtl'),
  'cache-max-negative-ttl': count('maxNegativeTtl'),
  'cache-min-negative-ttl': count('minNegativeTtl'),
  'serve-original-ttl': flag('serveOriginalTtl'),
  'serve-expired': (c, line) => set(c, { stale: yes(c, line) ? { ...STALE, ...c.settings.stale } : undefined }),
  'serve-expired-ttl': (c, line) => stale(c, { maxAge: numberOf(c, line) || Number.MAX_SAFE_INTEGER }),
  'serve-expired-ttl-reset': (c, line) => stale(c, { resetOnFailure: yes(c, line) }),
  'serve-expired-reply-ttl': (c, line) => stale(c, { replyTtl: numberOf(c, line) }),
  'serve-expired-client-timeout': (c, line) => stale(c, { clientTimeout: milliseconds(numberOf(c, line)) }),
  ede: flag('extendedErrors'),
  'dns-error-reporting': flag('errorReporting'),
  'ede-serve-expired': flag('extendedErrorWhenStale'),
  prefetch: flag('prefetch'),
  'prefetch-key': (c, line) => void yes(c, line),
  'dns64-prefix': (c, line) => {
    const prefix = blockOf(c, line, line.value);
    if (prefix) c.settings.dns64 = { prefix, ignoreAaaa: c.settings.dns64?.ignoreAaaa ?? [] };
  },
  'dns64-ignore-aaaa': (c, line) => {
    const name = nameOf(c, line);
    const policy = c.settings.dns64 ?? DNS64;
    if (name) c.settings.dns64 = { ...policy, ignoreAaaa: [...policy.ignoreAaaa, name] };
  },
  'outbound-msg-retry': count('triesPerServer'),
  'max-query-restarts': count('maxRestarts'),
  'max-global-quota': count('maxQueries'),
  'max-sent-count': count('maxSends'),
  'disable-edns-do': (c, line) => {
    c.settings.ignoreClientDo = yes(c, line);
    c.settings.dnssecOk = !c.settings.ignoreClientDo;
  },
  'tcp-upstream': flag('tcpOnly'),
  'msg-cache-size': () => {},
  'rrset-cache-size': () => {},
};

/** What Deckard's files set beside options of the same name. */
const DECKARD_OPTIONS: Readonly<Record<string, Apply>> = {
  'stub-addr': (c, line) => {
    const address = addressOf(c, line);
    if (address) c.settings.rootHints = [...c.settings.rootHints, { addresses: [address] }];
  },
  'stub-name': () => {},
  'val-override-date': runningDate,
  'val-override-timestamp': runningDate,
  'query-minimization': (c, line) => set(c, { minimisation: yes(c, line) ? 'relaxed' : 'off' }),
  'forward-addr': (c, line) => {
    const address = addressOf(c, line);
    if (address)
      c.settings.forwardZones = [{ zone: ROOT, servers: [{ addresses: [address] }], first: false, tcp: false, noCache: false }];
  },
  features: (c, line) => {
    for (const part of line.value
      .split(';')
      .map((text) => text.trim())
      .filter(Boolean)) {
      const [key, value] = part.split('=').map((text) => text.trim());
      if (key === 'min_ttl') c.settings.minTtl = Number(value);
      else if (key === 'max_ttl') c.settings.maxTtl = Number(value);
      else if (key === 'dns64') c.settings.dns64 ??= DNS64;
      else if (key === 'dns64_prefix') c.settings.dns64 = { prefix: `${value}/96` as Cidr, ignoreAaaa: [] };
      else refuse(c, { ...line, value: part }, 'min_ttl, max_ttl, dns64 or dns64_prefix');
    }
  },
};

const STALE = { maxAge: 86_400, replyTtl: 30, clientTimeout: milliseconds(1_800), resetOnFailure: false, recheck: seconds(5) };
const DNS64 = { prefix: '64:ff9b::/96' as Cidr, ignoreAaaa: [] };

function option(c: Draft, line: ConfigurationLine, dialect: Dialect): void {
  const apply = (dialect === 'deckard' ? DECKARD_OPTIONS[line.key] : undefined) ?? OPTIONS[line.key];
  if (apply) apply(c, line);
  else if (!IGNORED.test(line.key)) refuse(c, line, 'an option that this resolver has');
}

function modules(c: Draft, line: ConfigurationLine): void {
  const names = line.value.split(/\s+/);
  c.validating = names.includes('validator');
  if (names.includes('dns64')) c.settings.dns64 ??= DNS64;
  const unknown = names.find((name) => !['iterator', 'validator', 'dns64'].includes(name));
  if (unknown !== undefined) refuse(c, { ...line, value: unknown }, 'iterator, validator or dns64');
}

function access(c: Draft, line: ConfigurationLine): void {
  const [net, action] = line.value.split(/\s+/);
  const block = blockOf(c, line, net ?? '');
  const verbs: Readonly<Record<string, Access>> = { allow: 'allow', allow_snoop: 'snoop', refuse: 'refuse', deny: 'deny' };
  const verb = verbs[action ?? ''];
  if (verb === undefined) refuse(c, line, 'allow, allow_snoop, refuse or deny');
  else if (block)
    c.settings.accessControl = [...c.settings.accessControl.filter((rule) => rule.block !== block), { block, access: verb }];
}

function date(c: Draft, line: ConfigurationLine): void {
  const text = line.value.trim();
  const seconds = signatureTimeSeconds(text) ?? Number(text);
  if (!Number.isFinite(seconds)) refuse(c, line, 'an instant as YYYYMMDDHHMMSS or in seconds');
  else validation(c, { date: seconds });
  c.clock = seconds;
}

/** Deckard's date is that of the system clock, which runs on: instants are counted from 1970 there. */
function runningDate(c: Draft, line: ConfigurationLine): void {
  date(c, line);
  validation(c, { date: undefined, startDate: 0 });
}

const set = (c: Draft, change: Partial<ResolverSettings>): void => {
  Object.assign(c.settings, change);
};
const validation = (c: Draft, change: Partial<ResolverSettings['validation']>): void => {
  c.settings.validation = { ...c.settings.validation, ...change };
};
const stale = (c: Draft, change: Partial<typeof STALE>): void => {
  c.settings.stale = { ...STALE, ...c.settings.stale, ...change };
};
