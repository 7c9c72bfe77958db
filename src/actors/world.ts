/** What may be done to a world from outside its hosts: by a line of the scenario, and by what a machine triggers. */
import type { Duration, Instant } from '../base/time.ts';
import type { Network } from '../sim/network.ts';
import type { HostId, InstancePath, StimulusRecord, ZoneChange } from '../trace/trace.ts';
import type { EffectParams } from './effects.ts';

/** A line of the scenario: something that people do, or that happens to the world. */
export interface Stimulus extends Omit<StimulusRecord, 'id' | 'at'> {
  /** An instant, or a time after the end of what the stimulus before it began. */
  readonly at: Instant | { readonly after: Duration };
  apply(world: World): void;
}

/** What the world does when a machine has triggered it; `about` is what the machine said with it. */
export type Reaction = (world: World, about: unknown) => void;

/** What a stimulus or reaction may do. Whatever it does to a host is a turn of that host. */
export interface World {
  readonly at: Instant;
  /** Rules can be added and taken away, packets on their way intercepted. Hosts are stopped by `stop`, not here. */
  readonly network: Network;
  /**
   * Hands an event to an instance, which `conclude`s something once for each. The stimulus ends when all that it handed out
   * is concluded; one without `hand` at once.
   */
  hand(host: HostId, instance: InstancePath, event: { readonly type: string }): void;
  /** Hands an event to an instance, if there is one; nothing waits for what comes of it. */
  tell(host: HostId, instance: InstancePath, event: { readonly type: string }): void;
  /** Takes something out of a host's memory. */
  forget(host: HostId, what: EffectParams['forget']): void;
  /** Switches a host off ('down'), or only its programs, so that TCP connections to it are refused ('refusing'). */
  stop(host: HostId, how: 'down' | 'refusing'): void;
  /** Starts a host again: its machines begin anew, its memory is as it was. */
  start(host: HostId): void;
  /** Writes down that a zone's data is another from now on. */
  zoneChanged(change: Omit<ZoneChange, 'at' | 'stimulus'>): void;
}
