/** EDNS Client Subnet (RFC 7871): answers that hold for some clients only, and are kept apart for them. */
import type { Address, Cidr } from '../../base/address.ts';
import { cidr, cidrBase, cidrPrefix, contains, isIPv6 } from '../../base/address.ts';
import type { EdnsOption, Message } from '../message.ts';
import type { Name } from '../name.ts';
import { isSubdomain } from '../name.ts';
import type { CacheView, MessageKey } from './cache.ts';
import type { SetKey } from './sets.ts';
import type { ClientSubnetPolicy } from './settings.ts';

type SubnetOption = Extract<EdnsOption, { option: 'client-subnet' }>;

const optionOf = (message: Message): SubnetOption | undefined =>
  message.edns?.options.find((option) => option.option === 'client-subnet');

/**
 * The part of a client's address that may be passed on: of the network that the query itself names, else of where it came
 * from; undefined when the client wants none to be (a source length of 0, RFC 7871 §7.1.2).
 */
export function clientSubnet(query: Message, from: Address, policy: ClientSubnetPolicy): Cidr | undefined {
  const own = optionOf(query);
  if (own && cidrPrefix(own.subnet) === 0) return undefined;
  const base = own ? cidrBase(own.subnet) : from;
  const most = isIPv6(base) ? policy.bitsIPv6 : policy.bitsIPv4;
  return cidr(base, own ? Math.min(cidrPrefix(own.subnet), most) : most);
}

/** Whether a server is one that gets it: the whole Internet need not know who asks (RFC 7871 §7.1). */
export const getsSubnet = (server: Address, zone: Name, policy: ClientSubnetPolicy): boolean =>
  policy.servers.some((block) => contains(block, server)) || policy.zones.some((known) => isSubdomain(zone, known));

/**
 * The network for which a response holds (RFC 7871 §7.3.1); undefined: for everyone. `mismatch` when it speaks of another
 * network than was asked about, which must not be believed.
 */
export function scopeOfResponse(response: Message, sent: Cidr | undefined): Cidr | 'mismatch' | undefined {
  const option = optionOf(response);
  if (!option || !sent) return undefined;
  if (option.subnet !== sent) return 'mismatch';
  return option.scope === 0 ? undefined : cidr(cidrBase(sent), Math.min(option.scope, cidrPrefix(sent)));
}

/** Keys of what holds for one network only: "www.example.com. A @198.18.2.0/24". */
export const scopedKey = <K extends SetKey | MessageKey>(plain: K, scope: Cidr | undefined): K =>
  (scope === undefined ? plain : `${plain} @${scope}`) as K;

/** The scope that a key tells: 0 for everyone. */
export function scopeOf(scoped: SetKey | MessageKey): number {
  const at = scoped.lastIndexOf(' @');
  return at < 0 ? 0 : cidrPrefix(scoped.slice(at + 2) as Cidr);
}

/** The cache as a client of that network may use it: the narrowest network that has it first, then what holds for all (RFC 7871 §7.3.2). */
export function scopedView(view: CacheView, subnet: Cidr): CacheView {
  const base = cidrBase(subnet);
  const narrowest = cidrPrefix(subnet);
  const find = <K extends SetKey | MessageKey, V>(get: (k: K) => V | undefined, plain: K): V | undefined => {
    for (let bits = narrowest; bits > 0; bits--) {
      const found = get(scopedKey(plain, cidr(base, bits)));
      if (found) return found;
    }
    return get(plain);
  };
  return { set: (k) => find(view.set, k), message: (k) => find(view.message, k) };
}

/** What a response tells a client that named its network (RFC 7871 §7.2.2). */
export function subnetOption(query: Message, scope: number | undefined): SubnetOption | undefined {
  const own = optionOf(query);
  return own && { option: 'client-subnet', subnet: own.subnet, scope: scope ?? 0 };
}
