/** A host that is the Resolver of a house: one that sorts questions, and behind it a resolver that walks and one that hands on. */
import type { Address } from '../../base/address.ts';
import type { ForwardZone, StubZone } from '../../dns/resolve/settings.ts';
import type { HostDefinition } from '../host.ts';
import { type ResolverOptions, resolverHost } from './host.ts';
import { type House, type HouseInput, houseresolver } from './houseresolver.ts';
import type { ResolverView } from './memory.ts';
import type { ResolverInput } from './state.ts';

export interface HouseOptions extends ResolverOptions {
  readonly house: House;
  /** From which questions are handed on; without any, none are. */
  readonly outbound: readonly Address[];
  /** From which it asks on the Internet. */
  readonly outside: readonly Address[];
  readonly forwardZones: readonly ForwardZone[];
  readonly stubZones: readonly StubZone[];
}

/** The host. Its machines share one cache, named by its id. */
export function houseHost(options: HouseOptions): HostDefinition<ResolverView> {
  const { id, title, house, outbound, outside, forwardZones, stubZones } = options;
  const inner = resolverHost({ ...options, addresses: outside });
  const [walking] = inner.instances;
  if (!walking) throw new Error('a resolver has a machine');
  const { settings } = walking.input as ResolverInput;
  const paths = { internet: `${id}/internet`, forward: `${id}/forward` };
  const input: HouseInput = { path: id, ...paths, outbound, house };
  const resolverInput = (path: string, addresses: readonly Address[], more: object): ResolverInput => ({
    path,
    cache: id,
    addresses,
    settings: { ...settings, ...more },
  });
  return {
    ...inner,
    addresses: options.addresses,
    machines: [houseresolver, ...inner.machines],
    instances: [
      { path: id, machine: houseresolver.id, title, input },
      {
        path: paths.internet,
        machine: 'resolver',
        title: `${title}, walking`,
        input: resolverInput(paths.internet, outside, {}),
      },
      ...(outbound.length === 0
        ? []
        : [
            {
              path: paths.forward,
              machine: 'resolver',
              title: `${title}, handing on`,
              input: resolverInput(paths.forward, outbound, { forwardZones, stubZones }),
            },
          ]),
    ],
  };
}
