/**
 * A client: a computer in front of which somebody sits. It runs a browser, a program that asks for names and sends letters,
 * and beneath them the operating system's stub resolver.
 */
import type { Address } from '../../base/address.ts';
import { type Duration, milliseconds, seconds } from '../../base/time.ts';
import type { NameKey } from '../../dns/name.ts';
import type { HostId } from '../../trace/trace.ts';
import type { HostDefinition } from '../host.ts';
import { makeAddressCache } from './addressCache.ts';
import { browser } from './browser.ts';
import type { BrowserInput, BrowserView } from './browsing.ts';
import { lookup, type StubSettings } from './lookup.ts';
import { mailer } from './mailer.ts';
import type { MailerInput } from './mailing.ts';
import { type ProgramInput, program } from './program.ts';
import { type StubInput, type StubView, stub } from './stub.ts';

/** What makes one client differ from another. */
export interface ClientOptions {
  readonly id: HostId;
  readonly title: string;
  readonly addresses: readonly Address[];
  readonly place: string;
  /** The recursive resolvers that the operating system asks, in order. */
  readonly resolvers: readonly Address[];
  /** Whether it has a browser; its first machine is the browser then, and the program otherwise. */
  readonly hasBrowser: boolean;
  /** 2 ms unless told. */
  readonly thinking?: Duration;
  /** The UDP payload that the stub announces by EDNS; no EDNS unless told. */
  readonly edns?: number;
  /** Whether the operating system keeps what it has learned; it does not unless told. */
  readonly osCache?: boolean;
  /** How long the browser keeps an address; 60 s unless told. */
  readonly browserKeeps?: Duration;
  readonly hostsFile?: ReadonlyMap<NameKey, readonly Address[]>;
}

/** Where a client's machines are found: a scenario hands `visit` to the browser, `ask` to the program, `send` to the mailer. */
export const clientPaths = (id: HostId, hasBrowser: boolean) => ({
  browser: id,
  program: hasBrowser ? `${id}/program` : id,
  mailer: `${id}/mail`,
  stub: `${id}/stub`,
});

type ClientView = BrowserView & StubView;

/** A client host. Its caches are named "<id>/browser" and "<id>/os". */
export function clientHost(options: ClientOptions): HostDefinition<ClientView> {
  const { id, title, addresses, place, resolvers, hasBrowser, edns, osCache = false } = options;
  const { thinking = milliseconds(2), browserKeeps: keeps = seconds(60), hostsFile = new Map() } = options;
  const paths = clientPaths(id, hasBrowser);
  const cacheIds = { browser: `${id}/browser`, os: `${id}/os` };
  const caches = { [cacheIds.browser]: makeAddressCache(), ...(osCache ? { [cacheIds.os]: makeAddressCache() } : {}) };
  const settings: StubSettings = { addresses, resolvers, patience: seconds(5), attempts: 2, ...(edns ? { edns } : {}) };
  const browserInput: BrowserInput = {
    self: paths.browser,
    stub: paths.stub,
    cache: cacheIds.browser,
    addresses,
    thinking,
    keeps,
  };
  const programInput: ProgramInput = { self: paths.program, stub: paths.stub, thinking };
  const mailerInput: MailerInput = { self: paths.mailer, stub: paths.stub, own: addresses, thinking };
  const stubInput: StubInput = { path: paths.stub, settings, ...(osCache ? { cache: cacheIds.os } : {}) };
  const os = caches[cacheIds.os];
  return {
    id,
    role: hasBrowser ? 'browser' : 'program',
    title,
    addresses,
    place,
    thinking,
    resolvers,
    machines: [browser, program, mailer, stub, lookup],
    instances: [
      ...(hasBrowser ? [{ path: paths.browser, machine: 'browser', title: 'Browser', input: browserInput }] : []),
      { path: paths.program, machine: 'program', title: 'Program', input: programInput },
      { path: paths.mailer, machine: 'mailer', title: 'Mail program', input: mailerInput },
      { path: paths.stub, machine: 'stub', title: 'Operating system', input: stubInput },
    ],
    receiver: paths.stub,
    memory: {
      view: { hostsFile, browser: caches[cacheIds.browser] ?? makeAddressCache(), ...(os ? { os } : {}) },
      remember: (entry) => caches[entry.cache]?.remember(entry),
      forget: (cache, key) => caches[cache]?.forget(key),
    },
  };
}
