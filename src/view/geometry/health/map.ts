/** Where health stands on the map: the checkers' panel, the points that they set in the zone, and the way of their probes. */
import { formatDuration, minutes } from '../../../base/time.ts';
import type { Scene } from '../../../trace/scene.ts';
import type { HostRecord } from '../../../trace/trace.ts';
import type { Cast } from '../cast.ts';
import { clockTime } from '../clock/canvas.ts';
import type { Box, Layout } from '../layout/layout.ts';
import type { ServerPlace } from '../map/servers.ts';
import { type Choice, type Given, isAddressOf, shortValues } from './given.ts';

/** Whether the map lies on its side, so that there is room for more than the verdict. */
export const isLevel = ({ form }: Layout): boolean => form === 'wide' || form === 'tablet';

/** The panel of the checkers: in the place of the two upper terraces. */
export function checkersBox(place: Layout): Box {
  const [upper, , lower] = place.terraces;
  if (place.form === 'phone') return { x: upper.x, y: upper.y, width: upper.width, height: lower.y - upper.y - 12 };
  if (place.form === 'presenter') return { x: 1010, y: 60, width: 860, height: 400 };
  const x = Math.max(place.hub.x + 100, upper.x - 208);
  const y = isLevel(place) && place.height >= 520 ? 76 : 34;
  return { x, y, width: place.width - x, height: lower.y - 20 - y };
}

/** Why the zones in whose place the checkers stand are not asked, and for how long. */
export function unasked({ caches }: Scene, { resolver, zones }: Cast): string {
  const entries = caches.find(({ cache }) => cache === resolver?.id)?.entries ?? [];
  const referral = entries.find(
    ({ entry, expired }) => !expired && entry.learnedFrom !== undefined && entry.type === 'NS' && entry.name === zones[2].zone,
  );
  if (!referral) return 'not asked';
  const whole = minutes(Math.floor(referral.left / 6e7));
  return `not asked, their referrals are in the cache for ${formatDuration(whole)}`;
}

/** What the zone gives, in a few words, where there is no room for more; empty when it has no choice. */
export function givenInShort({ choices, at }: Given): string {
  const values = choices.filter(({ live }) => live).flatMap((choice) => choice.values);
  if (values.length === 0 || choices.length < 2) return '';
  const said =
    values.length > 2
      ? `${values.length} of ${choices.flatMap((choice) => choice.values).length} addresses`
      : values.join(' or ');
  return `${said}${at > 0 ? ` since ${clockTime(at)}` : ''}`;
}

/** One of the record sets that the zone's track may lead to. */
export interface GivenPoint {
  readonly choice: Choice;
  readonly label: string;
  readonly value: string;
  readonly state: string;
  readonly y: number;
}

/** The record sets that share a name, under the zone's capsule; of many, one that is out and one that is given. */
export function givenPoints({ choices, at }: Given, hasChanged: boolean, { terraces: [, , zone] }: Layout): GivenPoint[] {
  const isMany = choices.length > 2;
  const out = choices.filter(({ live }) => !live);
  const live = choices.filter((choice) => choice.live);
  const values = choices.flatMap((choice) => choice.values);
  const since = at > 0 && hasChanged ? `since ${clockTime(at)}` : 'given';
  const shown = isMany ? [...out.slice(0, 1), ...live.slice(0, 1)] : choices;
  const under = zone.capsule.y + zone.capsule.height;
  // Two rows and a margin share what the terrace has left.
  const room = zone.y + zone.height - under;
  return shown.map((choice, i) => {
    const { id, role } = choice;
    const rest = isMany && choice.live ? live.length - 1 : 0;
    const own = zone.width < 290 ? shortValues(choice.values, values) : choice.values;
    return {
      choice,
      label: rest > 0 ? `${id} and ${rest} more` : role === 'primary' || role === 'secondary' ? role : id || role,
      value: rest > 0 ? '' : own.join(', '),
      state: stateOf(choice, since),
      y: under + room * (0.37 + 0.41 * i),
    };
  });
}

function stateOf({ live, healthy }: Choice, since: string): string {
  if (live) return healthy ? since : 'all fail, so given';
  return healthy ? 'in reserve' : 'failing';
}

/** From the checkers down beside the zone, along the foot and up to each server that they probe. */
export function probePath(box: Box, { terraces: [, , zone], height }: Layout, probed: readonly ServerPlace[]): string {
  const x = zone.x - 26;
  const y = height - 9;
  const middle = ({ sign }: ServerPlace): number => sign.x + sign.width / 2;
  const ends = probed.map((server) => `M${middle(server)} ${y}V${server.sign.y + server.sign.height + 6}`);
  return `M${x} ${box.y + box.height}V${y - 6}Q${x} ${y} ${x + 6} ${y}H${Math.max(...probed.map(middle))}${ends.join('')}`;
}

/** The address of a server that the zone gives, short where there is little room beside the sign. */
export function addressOf(host: HostRecord, given: Given | undefined, { width, web }: Layout): string {
  const values = given?.choices.flatMap((choice) => choice.values) ?? [];
  const own = values.find((value) => isAddressOf(host, value)) ?? host.addresses[0] ?? '';
  return width - web.sign.x < 270 ? (shortValues([own], [...values, own])[0] ?? own) : own;
}
