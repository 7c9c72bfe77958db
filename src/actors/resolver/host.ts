/** A host that is a recursive resolver. */
import type { Address } from '../../base/address.ts';
import { type Duration, milliseconds } from '../../base/time.ts';
import type { ResolverSettings } from '../../dns/resolve/settings.ts';
import type { HostId } from '../../trace/trace.ts';
import type { HostDefinition } from '../host.ts';
import { type ResolverView, resolverMemory } from './memory.ts';
import { resolution } from './resolution.ts';
import { resolver } from './resolver.ts';
import type { ResolverInput } from './state.ts';

/** What makes one resolver differ from another. */
export interface ResolverOptions {
  readonly id: HostId;
  readonly title: string;
  readonly addresses: readonly Address[];
  readonly place: string;
  readonly settings: ResolverSettings;
  /** Whether it starts with the list of root servers in its cache, for six days. */
  readonly primed: boolean;
  /** 1 ms unless told. */
  readonly thinking?: Duration;
}

/** A resolver host. Its cache is named by its id. It asks only over the address families that it has addresses of. */
export function resolverHost(options: ResolverOptions): HostDefinition<ResolverView> {
  const { id, title, addresses, place, primed, thinking = milliseconds(1) } = options;
  const settings: ResolverSettings = {
    ...options.settings,
    useIPv4: options.settings.useIPv4 && addresses.some((own) => !own.includes(':')),
    useIPv6: options.settings.useIPv6 && addresses.some((own) => own.includes(':')),
  };
  const input: ResolverInput = { path: id, cache: id, settings, addresses };
  return {
    id,
    role: 'resolver',
    title,
    addresses,
    place,
    thinking,
    machines: [resolver, resolution],
    instances: [{ path: id, machine: resolver.id, title, input }],
    receiver: id,
    listening: [{ port: 53, framing: 'dns', instance: id }],
    memory: resolverMemory(id, settings, primed),
  };
}
