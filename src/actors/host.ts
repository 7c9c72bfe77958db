/**
 * A host: addresses, a memory, and machines that move when the host is handed something.
 *
 * HOW A HOST WORKS
 *
 * - **What it is handed.** A packet, a timer of one of its machines, or a stimulus of the scenario. Each makes one turn.
 *   All UDP datagrams go to the instance `receiver`; a TCP connection belongs to the instance that `open`ed it, or to the one
 *   that listens on the port (`listening`). A stimulus names its instance.
 * - **Thinking.** A message (datagram or whole TCP message) is handed to its machine `thinking` after it arrived. Timers,
 *   stimuli, `connected` and `disconnected` need no thinking; TCP's own segments are handled at arrival, by no machine.
 * - **What a machine is told.** Every event carries `given`: the instant, the host's memory as a read-only `view`, and
 *   `draw(label)`. The events of XState's own `after` carry it too, and so does the input of a started child: read it with
 *   `givenOf(event)`, which serves for `xstate.init` as well. Events that a machine raises itself carry what it puts there.
 * - **What a machine asks for.** Effects, as actions whose `params` have the shapes of `effects.ts`; spread `effectActions`
 *   into `setup({ actions })`. They are performed after the macrostep, in the order asked for. `tell`s and `start`s wait in
 *   line until then and are delivered first-in first-out in the same turn, when all effects of that macrostep have been
 *   performed: so a told machine sees what was remembered before. A `tell` to an instance that is gone is dropped.
 *   XState performs exit actions before those of the transition: close a connection in the next state's entry, not on exit,
 *   when the transition still sends on it.
 * - **Memory.** `view` is the object that `Memory.view` holds; machines and their guards only read it. `remember` and
 *   `forget` reach `Memory.remember` and `Memory.forget`, which change it, after the macrostep. A cache forgets what has
 *   expired lazily, comparing with `given.at`.
 * - **Waiting** is `after` with a named delay; the delay's implementation returns a `Duration`, in microseconds (not
 *   milliseconds). The timer is recorded under the delay's name. Numeric keys in `after` are not allowed.
 * - **Ending.** An instance that reaches its top-level final state is ended by the host when its effects have been
 *   performed; `stop` ends another instance early. Timers end with their instance, connections are closed.
 *
 * Paths: the first machine of a host has the host's id as its path ("isp"), others that and a name ("isp/q3").
 */
import type { AnyStateMachine } from 'xstate';
import type { Address } from '../base/address.ts';
import type { Reason } from '../base/reason.ts';
import type { Duration, Instant } from '../base/time.ts';
import type { Name } from '../dns/name.ts';
import type { CacheEntry, CacheId, HostId, InstancePath, MachineId, Role } from '../trace/trace.ts';
import type { Framing } from './effects.ts';

/** Everything that makes a host. `View` is what its machines see as `given.view`. */
export interface HostDefinition<View = unknown> {
  readonly id: HostId;
  readonly role: Role;
  readonly title: string;
  readonly addresses: readonly Address[];
  readonly place: string;
  /** Between the arrival of a message and the turn that handles it. */
  readonly thinking: Duration;
  /** Every machine that runs here, those of children too; `machine.id` names it. */
  readonly machines: readonly AnyStateMachine[];
  /** What runs from the start, in this order. */
  readonly instances: readonly InstanceDefinition[];
  /** Who gets the UDP datagrams; without one they are swallowed. */
  readonly receiver?: InstancePath;
  readonly listening?: readonly Listening[];
  readonly memory?: Memory<View>;
  /** Names of timers that recur for ever: what they cause does not prolong a run. */
  readonly background?: readonly string[];
  /** For the record only. */
  readonly zones?: readonly Name[];
  readonly resolvers?: readonly Address[];
}

/** A machine instance: `input` is what the machine's context is made from; the host adds `given` to it. */
export interface InstanceDefinition {
  readonly path: InstancePath;
  readonly machine: MachineId;
  readonly title: string;
  readonly input: object;
}

/** A TCP port, the instance that gets its connections, and how their octets are cut into messages. */
export interface Listening {
  readonly port: number;
  readonly framing: Framing;
  readonly instance: InstancePath;
}

/** What a host keeps: caches, zones. The host alone changes it, between macrosteps. */
export interface Memory<View> {
  readonly view: View;
  remember?(entry: CacheEntry, store: unknown, at: Instant): void;
  /** Without a key: the whole cache. */
  forget?(cache: CacheId, key: string | undefined, why: Reason, at: Instant): void;
}
