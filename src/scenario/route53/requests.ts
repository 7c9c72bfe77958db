/** A request to the control plane: who asks for what, whether that person may, and what the service makes of it. */
import type { ControlRequest, Verdict } from '../../actors/servers/controlplane.ts';
import type { World as ActorWorld } from '../../actors/world.ts';
import type { Instant } from '../../base/time.ts';
import { noSuchZone } from '../../route53/account.ts';
import type { Fault } from '../../route53/faults.ts';
import type { HostedZone } from '../../route53/hostedZone.ts';
import { type Action, checkPermission, type Person, type Role } from '../../route53/permissions.ts';
import { newest, throttled } from '../../route53/publication.ts';
import type { HostId } from '../../trace/trace.ts';
import type { World } from '../schema.ts';
import { type Commit, commitZone, type Living, type LivingZone, pendingChange, withVersion, zoneCalled } from './living.ts';

/** The host of the control plane. */
export const CONTROL_HOST: HostId = 'route53';

/** The people of a world, by the word that lines use for them. */
export type People = ReadonlyMap<string, Person>;

/** One person of each role, whom every world has. */
export const ROLES: readonly Role[] = ['administrator', 'zone editor', 'reader'];

export const peopleOf = (layers: readonly World[], living: Living): People =>
  new Map([
    ...ROLES.map((role): [string, Person] => [role, { name: role.replace(' ', '-'), role }]),
    ...layers
      .flatMap((world) => Object.entries(world.people ?? {}))
      .map(([name, { role, zones }]): [string, Person] => {
        const zoneIds = zones?.flatMap((zone) => zoneCalled(living, zone)?.id ?? []);
        return [name, { name, role, ...(zoneIds ? { zoneIds } : {}) }];
      }),
  ]);

/** A request as a line makes it. */
export interface Asked {
  readonly person: Person;
  /** What the person must be allowed; asked for when the request is made. */
  readonly action: Action | (() => Action);
  /** The word for the zone that is to be changed. */
  readonly zone?: string;
  /** What the person does, for the flag: "edit example.com: …". */
  readonly stimulus: string;
  /** What is judged, for the answer: "Change of example.com". */
  readonly text: string;
  judge(at: Instant, random: () => number): Judgement;
}

/** A request before it is known who makes it. */
export type Request = Omit<Asked, 'person'>;

/** What the service makes of a request: faults, or what to do. */
export type Judgement =
  | { readonly ok: false; readonly faults: readonly Fault[] }
  | {
      readonly ok: true;
      readonly outcome: string;
      /** The zone that gets a new version. */
      readonly held?: LivingZone;
      /** Carried out before the zone's new version is there. */
      readonly commit?: Commit;
      /** What the account holds from now on, for the trace. */
      readonly detail?: unknown;
    };

/** Asks the control plane: the person's permission first, then whether there were too many requests, then the request. */
export function ask(living: Living, { person, action, zone, text, judge }: Asked): (actors: ActorWorld) => void {
  return (actors) => {
    const earlier = [...living.requests];
    const request: ControlRequest = {
      type: 'request',
      text,
      judge(at, random): Verdict {
        const denied =
          checkPermission(
            person,
            typeof action === 'string' ? action : action(),
            zone === undefined ? undefined : zoneCalled(living, zone)?.id,
          ) ?? throttled(earlier, at);
        if (denied) return { ok: false, faults: [denied] };
        const judged = judge(at, random);
        if (!judged.ok) return judged;
        const { outcome, held, commit, detail } = judged;
        const change = held && pendingChange(held);
        const all: Commit = (world) => {
          commit?.(world);
          if (held) commitZone(living, held)(world);
        };
        return { ok: true, outcome, commit: all, ...(change ? { change } : {}), ...(detail === undefined ? {} : { detail }) };
      },
    };
    living.requests.push(actors.at);
    actors.tell(CONTROL_HOST, CONTROL_HOST, request);
  };
}

const PENDING = 'accepted, PENDING';

/** A request that makes a new version of a zone. */
export function ofZone(
  living: Living,
  word: string,
  about: Pick<Asked, 'stimulus'> & { readonly action?: Action; readonly comment?: string | undefined },
  make: (
    zone: HostedZone,
    held: LivingZone,
  ) => { readonly ok: true; readonly zone: HostedZone } | { readonly ok: false; readonly faults: readonly Fault[] },
): Request {
  return {
    action: about.action ?? 'route53:ChangeResourceRecordSets',
    zone: word,
    stimulus: about.stimulus,
    text: `Change of ${word}`,
    judge(at, random) {
      const held = zoneCalled(living, word);
      const zone = held && newest(held.publication);
      if (!held || !zone) return noSuchZoneJudgement(word);
      const made = make(zone, held);
      return made.ok
        ? { ok: true, outcome: PENDING, held: withVersion(living, held, made.zone, at, random, about.comment) }
        : { ok: false, faults: made.faults };
    },
  };
}

export function noSuchZoneJudgement(word: string): Judgement {
  const result = noSuchZone(word);
  return result.ok ? { ok: true, outcome: '' } : result;
}
