/**
 * The recorded log of a run: the one thing that passes between the simulator and everything that shows it.
 *
 * Plain data, append-only, in order of time. The unit is the turn: one host is handed one thing, its machines
 * move, some effects leave. Nothing here is computed for a view; `scene.ts` and `steps.ts` derive what views need.
 */
import type { Address, Endpoint } from '../base/address.ts';
import type { Reason } from '../base/reason.ts';
import type { Duration, Instant } from '../base/time.ts';
import type { Rcode } from '../dns/message.ts';
import type { Name } from '../dns/name.ts';
import type { RecordType, ResourceRecord } from '../dns/record.ts';
import type { Fate, Packet, PacketId } from '../sim/packet.ts';

export type HostId = string;
/** Path of a machine instance: its host's id, or that and the child's name: "isp", "isp/q3". */
export type InstancePath = string;
export type TurnId = number;
export type MessageId = number;
export type StimulusId = number;

export interface Trace {
  readonly version: 1;
  readonly scenario: { readonly name: string; readonly title: string; readonly seed: number };
  readonly hosts: readonly HostRecord[];
  /** Index = `Turn.id`. */
  readonly turns: readonly Turn[];
  /** Index = `PacketRecord.id`. */
  readonly packets: readonly PacketRecord[];
  /** Index = `MessageRecord.id`. */
  readonly messages: readonly MessageRecord[];
  /** Index = `StimulusRecord.id`; the scenario's lines first, then those of "What if". */
  readonly stimuli: readonly StimulusRecord[];
  /** What caches were born with: a resolver's list of root servers. */
  readonly kept?: readonly CacheEntry[];
  /** What the zones' servers held at the start, and every later change, so that a view can show zone data at any instant. */
  readonly zoneChanges: readonly ZoneChange[];
  /** When the run ended: no stimulus and no client's work was left. */
  readonly end: Instant;
}

export type Role =
  | 'browser'
  | 'program'
  | 'resolver'
  | 'authoritative'
  | 'web'
  | 'mail'
  | 'health-checker'
  | 'service'
  | 'attacker';

export interface HostRecord {
  readonly id: HostId;
  readonly role: Role;
  /** As a person calls it: "Browser", "ISP resolver", "f.root-servers.net". */
  readonly title: string;
  readonly addresses: readonly Address[];
  readonly place: string;
  /** The zones an authoritative server has, shortest name first. */
  readonly zones?: readonly Name[];
  /** The resolvers a client asks, in order. */
  readonly resolvers?: readonly Address[];
  /** The first machine of the host and the others, by path, as they stand at the start. */
  readonly instances: readonly { readonly path: InstancePath; readonly machine: MachineId; readonly state: StateValue }[];
  /** How long the host thinks between a packet's arrival and its turn. */
  readonly thinking: Duration;
}

/** Which chart an instance follows: "browser", "stub", "resolver", "resolution", "authoritative", "webserver" ... */
export type MachineId = string;

/** XState's value of a snapshot: a state's name, or nested names. */
export type StateValue = string | { readonly [region: string]: StateValue };

/** One host is handed one thing, its machines move, and some effects leave. */
export interface Turn {
  readonly id: TurnId;
  readonly at: Instant;
  readonly host: HostId;
  readonly cause: Cause;
  /** The turn that sent the packet, set the timer or led to this one; absent for a stimulus. */
  readonly causedBy?: TurnId;
  readonly moves: readonly Move[];
  readonly effects: readonly Effect[];
}

export type Cause =
  | {
      readonly kind: 'packet';
      readonly packet: PacketId /** When it arrived; the host thought from then to `Turn.at`. */;
      readonly arrived: Instant;
    }
  | { readonly kind: 'timer'; readonly instance: InstancePath; readonly timer: string }
  | { readonly kind: 'stimulus'; readonly stimulus: StimulusId };

/** One microstep of one machine. */
export interface Move {
  readonly instance: InstancePath;
  readonly machine: MachineId;
  readonly event: string;
  readonly from: StateValue;
  readonly to: StateValue;
  readonly transitions: readonly TransitionTaken[];
  /** How many effects of the turn had been asked for when this move ended. */
  readonly effectsSoFar: number;
}

export interface TransitionTaken {
  /** Id of the state node it leaves: "resolution.reading". */
  readonly source: string;
  /** Event descriptor, "" for an eventless one. */
  readonly event: string;
  /** Index among the source's transitions for that event, which names one arrow of the chart. */
  readonly index: number;
  readonly guard?: string;
  readonly targets: readonly string[];
}

/** What left a machine in a turn, in the order in which it was asked for. */
export type Effect =
  | {
      readonly kind: 'start';
      readonly instance: InstancePath;
      readonly machine: MachineId;
      readonly state: StateValue;
      readonly title: string;
      readonly by: InstancePath;
    }
  | { readonly kind: 'stop'; readonly instance: InstancePath }
  | { readonly kind: 'transmit'; readonly instance: InstancePath; readonly message: MessageId }
  /** A packet that carries no message of its own: SYN, ACK, FIN, RST, or a segment sent again. */
  | { readonly kind: 'segment'; readonly packet: PacketId }
  | { readonly kind: 'open' | 'close'; readonly instance: InstancePath; readonly connection: string; readonly to: Endpoint }
  | { readonly kind: 'tell'; readonly instance: InstancePath; readonly to: InstancePath; readonly event: string }
  | { readonly kind: 'decide'; readonly instance: InstancePath; readonly decision: DecisionRecord }
  | { readonly kind: 'remember'; readonly instance: InstancePath; readonly entry: CacheEntry }
  | {
      readonly kind: 'forget';
      readonly instance: InstancePath;
      readonly cache: CacheId;
      readonly key?: string;
      readonly reason: Reason;
    }
  | { readonly kind: 'timer'; readonly instance: InstancePath; readonly timer: string; readonly due: Instant }
  | { readonly kind: 'cancel'; readonly instance: InstancePath; readonly timer: string }
  | { readonly kind: 'conclude'; readonly instance: InstancePath; readonly conclusion: Conclusion };

/** A decision with the questions that led to it, as the statechart's side panel and "Why this answer" show it. */
export interface DecisionRecord {
  /** What was decided: "classify", "choose-server", "find", "route", "accept". */
  readonly about: string;
  /** In one phrase: "referral, nearer to the name". */
  readonly outcome: string;
  /** The questions asked, in order; the last with `yes` decided. */
  readonly asked: readonly { readonly question: string; readonly found: string; readonly yes: boolean }[];
  readonly reasons: readonly Reason[];
  /** The packet or message it is about. */
  readonly packet?: PacketId;
  readonly message?: MessageId;
  /** A richer record for a view of its own (Route 53's Decision, a chain of trust), as plain data. */
  readonly detail?: unknown;
}

/** Whose cache: the resolver's by its host id, "laptop/browser", "laptop/os". */
export type CacheId = string;

/** Something a cache keeps from `storedAt` until `expiresAt`, or until a later entry of the same key, or `forget`. */
export interface CacheEntry {
  readonly cache: CacheId;
  /** Identity inside the cache: a new entry of the same key takes the place of the old one. */
  readonly key: string;
  readonly kind: 'rrset' | 'negative' | 'failure' | 'delegation';
  readonly name: Name;
  /** For a no that holds for every type (NXDOMAIN): "ANY". */
  readonly type: RecordType;
  readonly rcode: Rcode;
  readonly records: readonly ResourceRecord[];
  /** Seconds as stored, after caps. */
  readonly ttl: number;
  readonly storedAt: Instant;
  readonly expiresAt: Instant;
  /** The message it was learned from; absent for what was built in. */
  readonly learnedFrom?: MessageId;
  /** RFC 2181 §5.4.1, in words: "answer of the zone's server", "glue". */
  readonly trust: string;
  readonly reasons: readonly Reason[];
}

/** How something that a client or a visitor asked for ended. */
export type Conclusion =
  | {
      readonly kind: 'answered';
      readonly question: string;
      readonly rcode: Rcode;
      readonly records: readonly ResourceRecord[];
      readonly source: 'network' | 'cache' | 'local' | 'stale';
    }
  | { readonly kind: 'failed'; readonly question: string; readonly rcode?: Rcode; readonly reasons: readonly Reason[] }
  | {
      readonly kind: 'page';
      readonly url: string;
      readonly status: number;
      readonly title: string;
      readonly body: string;
      readonly address: Address;
    }
  | { readonly kind: 'error-page'; readonly url: string; readonly code: string; readonly headline: string; readonly text: string }
  | { readonly kind: 'delivered'; readonly to: string; readonly host: Name; readonly address: Address };

/** One packet on the network, and what became of it. */
export interface PacketRecord extends Packet {
  /** The turn that sent it. */
  readonly turn: TurnId;
  readonly fate: Fate;
  /** The message whose octets it carries, if any. */
  readonly message?: MessageId;
}

/** One application message: a DNS message, an HTTP request or response, a line of SMTP. */
export interface MessageRecord {
  readonly id: MessageId;
  readonly protocol: 'dns' | 'http' | 'smtp' | 'tls';
  readonly transport: 'udp' | 'tcp';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly fromHost: HostId;
  /** Absent when no host has the address. */
  readonly toHost?: HostId;
  /** The message itself, without TCP's length prefix. */
  readonly bytes: Uint8Array;
  readonly turn: TurnId;
  readonly sentAt: Instant;
  /** The packets that first carried it; the last one's arrival completes it. */
  readonly packets: readonly PacketId[];
  /** For a response: the message it answers, as its sender saw it. */
  readonly answers?: MessageId;
}

export interface StimulusRecord {
  readonly id: StimulusId;
  readonly at: Instant;
  /** "visit", "ask", "stop", "drop" ... */
  readonly action: string;
  readonly host?: HostId;
  /** As the transcript and the flag on the timetable word it: "visits www.example.com". */
  readonly text: string;
  /** Whether it was added as a "What if". */
  readonly whatIf: boolean;
  /** The line of the scenario as plain data. */
  readonly line: unknown;
}

/** The whole data of one zone from this instant on. */
export interface ZoneChange {
  readonly at: Instant;
  readonly zone: Name;
  /** The hosts that answer from this data. */
  readonly servers: readonly HostId[];
  readonly records: readonly ResourceRecord[];
  readonly stimulus?: StimulusId;
  /** More about a hosted zone, as plain data: its record sets in the API's shape, and when each server has the change. */
  readonly detail?: unknown;
}
