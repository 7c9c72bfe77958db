/** The map as it is drawn: stations and states from the moment, slips and clocks from the playhead. */
import { untrack } from 'svelte';
import type { Instant } from '../../base/time.ts';
import { hostOf } from '../../trace/describe.ts';
import type { Scene } from '../../trace/scene.ts';
import type { Visit } from '../../trace/steps.ts';
import type { Trace } from '../../trace/trace.ts';
import { visitable } from '../geometry/cast.ts';
import type { Layout } from '../geometry/layout/layout.ts';
import { layout } from '../geometry/layout/layouts.ts';
import type { copyIn } from '../geometry/map/copies.ts';
import { HOPS, railInk } from '../geometry/map/hops.ts';
import { ledger } from '../geometry/map/ledger.ts';
import { outcomeOf } from '../geometry/map/outcome.ts';
import { clientPlate, goalPlate, resolverPlate } from '../geometry/map/plates.ts';
import { roadTo, serverPlaces, serversOf } from '../geometry/map/servers.ts';
import { type DrawnZone, drawnZones, handOvers } from '../geometry/map/terraces.ts';
import { fittingSize, nameWalk } from '../geometry/map/walk.ts';
import { flyingSlips } from '../geometry/slips/flying.ts';
import { lyingSlips } from '../geometry/slips/lying.ts';
import { type DrawnSlip, placesOf, sameSlips } from '../geometry/slips/slips.ts';
import { bare } from '../geometry/slips/text.ts';
import type { Moment } from './moment.svelte.ts';
import { PACE, type Player } from './player.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Screen, Selection } from './screen.svelte.ts';
import { inSteps, type Seldom } from './seldom.svelte.ts';

/** Milliseconds on screen that printing and feeding take (`--m-print`). */
const PRINT = 240;
/** How long after a visit the map still shows it whole, in microseconds. */
const LINGER = 1_000_000;
/** While playing, times left are read anew after so many microseconds of network time. */
const GLANCE = 10_000;

export class Picture {
  /** The size of the map's box, measured; on a wall it is drawn once for all sizes. */
  width = $state.raw(1068);
  height = $state.raw(576);
  #moment: Moment;
  #player: Player;
  #preferences: Preferences;
  #screen: Screen;
  #glanced: Seldom<number>;

  constructor(moment: Moment, player: Player, preferences: Preferences, screen: Screen) {
    this.#moment = moment;
    this.#player = player;
    this.#preferences = preferences;
    this.#screen = screen;
    this.#glanced = player.seldom((now) => inSteps(now, GLANCE, player.playing));
  }

  get trace(): Trace {
    return this.#moment.trace;
  }
  get scene(): Scene {
    return this.#moment.scene;
  }

  get visit(): Visit | undefined {
    return this.#moment.visit;
  }

  measured(width: number, height: number): void {
    if (this.#screen.form === 'presenter') return;
    this.width = width;
    this.height = height;
  }

  /** The map as it is without a second web server. */
  plain: Layout = $derived.by(() => layout(this.#screen.form, this.width, this.height));
  layout: Layout = $derived.by(() => roadTo(this.plain, this.servers, this.#road));

  // --- where health is checked

  /** Whether health checkers stand on this map. */
  watched = $derived.by(() => this.trace.hosts.some((host) => host.role === 'health-checker'));
  /** Whether they have the place of the two upper terraces: nobody visits, or the visit at hand asks neither. */
  cleared = $derived.by(() => {
    if (!this.watched) return false;
    const { visit } = this.scene;
    if (!visit || (this.#moment.ended && this.#moment.read - (visit.to ?? 0) > LINGER)) return true;
    return visit.steps[2]?.passes.length === 0 && visit.steps[3]?.passes.length === 0;
  });
  /** Two web servers, where the name has two and somebody checks their health; else none. */
  servers = $derived.by(() =>
    this.watched ? serversOf(this.trace, this.#moment.visit?.name ?? this.#moment.name, this.#moment.cast.goal) : [],
  );
  /** Whether the zone's terrace shows which record sets it gives, instead of which server was asked. */
  pointed = $derived.by(
    () =>
      this.watched &&
      this.zones[2]?.role.zone !== undefined &&
      this.servers.length > 1 &&
      this.layout.form !== 'phone' &&
      this.layout.form !== 'presenter',
  );
  /** Which of the two the road leads to: the one at the address that the browser has. */
  #road = $derived.by(() =>
    this.#hasAddress && this.#moment.cast.goal ? Math.max(0, this.servers.indexOf(this.#moment.cast.goal)) : 0,
  );
  // --- what moves: worked out in every frame, so what is drawn of it is told apart from where it is

  #places = $derived.by(() =>
    placesOf(this.scene, this.#moment.now, { print: PRINT * PACE * this.#player.speed, stepped: this.#preferences.stepped }),
  );
  #lying = $derived.by(() => lyingSlips(this.trace, this.scene, this.#moment.cast, this.layout, this.#moment.stories));
  /** Every slip at its exact place. */
  moving: readonly DrawnSlip[] = $derived.by(() => [
    ...this.#lying,
    ...flyingSlips(this.trace, this.scene, this.#moment.cast, this.layout, this.#moment.stories, this.#places),
  ]);
  /** Where a slip on its way is now. */
  spot(slip: DrawnSlip): DrawnSlip {
    return this.moving.find((one) => one.packet === slip.packet && !one.tied) ?? slip;
  }
  #slips: readonly DrawnSlip[] = [];
  /** The slips to draw: the same list as long as nothing but their places changes. */
  slips = $derived.by(() => {
    if (!sameSlips(this.#slips, this.moving)) this.#slips = this.moving;
    return this.#slips;
  });
  /** How far the rails are inked, apart from how far exactly. */
  #inking = $derived.by(() => [...this.#places].map(([id, { inked }]) => `${id} ${inked < 1}`).join());
  inks = $derived.by(() => {
    void this.#inking;
    const places = untrack(() => this.#places);
    return HOPS.filter(
      (hop) =>
        (hop !== 'web' || this.layout.form !== 'presenter' || this.httpShown) &&
        !(this.cleared && (hop === 'zone0' || hop === 'zone1')),
    ).map((hop) => ({
      hop,
      ink: railInk(this.layout, this.#moment.stories[hop], (leg) => places.get(leg.packet.id)?.inked),
    }));
  });
  /** How much of its rail is behind a packet on its way, 0 to 1. */
  inked(packet: number): number {
    return this.#places.get(packet)?.inked ?? 1;
  }
  nameSize = $derived.by(() => fittingSize(this.#moment.name, this.layout.name.size, this.layout.name.room));
  walk = $derived.by(() =>
    nameWalk(
      this.scene,
      this.#moment.cast,
      this.#moment.stories,
      this.layout.name.x,
      this.nameSize,
      this.layout.form === 'presenter' ? 30 : 12.5,
      this.#oldCopy,
    ),
  );
  /** Whether a server's line has no room for its name in full: its first label stands for it. */
  #brief = $derived.by(() => this.layout.compact || this.layout.terraces[0].width < 290);
  zones = $derived.by(() => drawnZones(this.trace, this.scene, this.#moment.cast, this.#moment.stories, this.#brief));
  handOvers = $derived.by(() => handOvers(this.scene, this.#moment.cast, this.#moment.stories));
  clientPlate = $derived.by(() => clientPlate(this.scene, this.#moment.cast));
  resolverPlate = $derived.by(() => resolverPlate(this.trace, this.scene, this.#moment.cast, this.#moment.stories));
  goalPlate = $derived.by(() => goalPlate(this.scene, this.#moment.cast, this.#moment.stories.web));

  // --- the resolver's cache and its clocks

  #glance = $derived.by(() => Math.max(this.#moment.at, this.#glanced.value) as Instant);
  ledger = $derived.by(() => {
    const { ledger: place, form } = this.layout;
    const room = Math.max(1, Math.floor((place.height - place.head) / place.row));
    const most = this.#noteDue ? (this.#onlyOld ? 4 : 3) : form === 'presenter' && this.httpShown ? 1 : room;
    const characters = form === 'presenter' ? 12 : Math.max(6, Math.floor((place.width - (place.width < 250 ? 152 : 178)) / 6.9));
    return ledger(this.trace, this.scene, this.#moment.cast, this.#moment.stories, this.#glance, Math.min(6, most), characters);
  });
  /** Finds copies of an answer; fetched where there is more to see than one visit, for only then can one be used again or be old. */
  copyIn = $state.raw<typeof copyIn | undefined>();
  async learn(): Promise<void> {
    this.copyIn ??= (await import('../geometry/map/copies.ts')).copyIn;
  }
  /** Whether the resolver holds an answer that the zone would no longer give. */
  #oldCopy = $derived.by(() => {
    const { cast, name } = this.#moment;
    return this.copyIn?.(this.trace, this.scene, cast.resolver?.id, name, this.#glance)?.old === true;
  });
  /** The browser's own copy, where it is in use, or is old. */
  ownCopy = $derived.by(() => {
    const { cast, name } = this.#moment;
    const copy = this.copyIn?.(this.trace, this.scene, `${cast.client.id}/browser`, name, this.#glance);
    return copy && (copy.old || this.scene.steps[1]?.step.because === 'browser-cache') ? copy : undefined;
  });
  /** How much is left of what runs out first, for the phone's one bar. */
  cacheLeft = $derived(
    Math.min(1, ...this.ledger.rows.flatMap((row) => (row.state === 'kept' && row.fraction !== undefined ? [row.fraction] : []))),
  );
  cacheCount = $derived(this.ledger.rows.length + this.ledger.hidden);
  /** The timer that runs; only while waiting is the news. */
  #timer = $derived.by(() => {
    const { cast, stories } = this.#moment;
    const timer = this.scene.timers.find((t) => t.timer === 'retryTimer' && t.instance.startsWith(`${cast.resolver?.id}/`));
    const retried = (['zone0', 'zone1', 'zone2'] as const).some(
      (hop) => stories[hop].state === 'live' && stories[hop].asks.some((leg) => leg.lostAt !== undefined),
    );
    const waiting = this.scene.flights.length === 0 && this.scene.readings.length === 0;
    return timer && (retried || waiting) ? timer : undefined;
  });
  /** The part of the dial in the ring that is gone, as a path. */
  dial = $derived.by(() => {
    const timer = this.#timer;
    if (!timer) return undefined;
    const { hub } = this.layout;
    const r = hub.inner * 0.595;
    const part = (this.#moment.now - timer.setAt) / (timer.due - timer.setAt);
    const angle = Math.min(0.9999, Math.max(0.0001, part)) * 2 * Math.PI;
    return `M${hub.x} ${hub.y - r}A${r} ${r} 0 ${angle > Math.PI ? 1 : 0} 1 ${(hub.x + r * Math.sin(angle)).toFixed(2)} ${(hub.y - r * Math.cos(angle)).toFixed(2)}`;
  });
  cutShort = $derived(this.slips.some((slip) => slip.kind === 'cut' && slip.tied !== undefined));
  #kept = $derived(this.scene.steps[4]?.step.because);
  /** Whether room must be kept under the cache for a note. */
  #noteDue = $derived.by(() => {
    if (this.layout.form !== 'wide' || this.layout.compact) return false;
    const no = this.scene.steps[6]?.state === 'active' && (this.#kept === 'no-such-name' || this.#kept === 'no-such-type');
    return this.#timer !== undefined || no || this.cutShort || this.#oldCopy;
  });
  /** An old copy takes one line to say, the others two. */
  #onlyOld = $derived(this.#timer === undefined && !this.cutShort && this.#oldCopy);
  /** One line under the cache, when a clock needs a word. */
  ledgerNote = $derived.by(() => {
    if (!this.#noteDue) return undefined;
    const timer = this.#timer;
    if (timer) {
      const left = Math.max(0, Math.floor((timer.due - this.#moment.read) / 1000));
      return `Not a TTL, a timer: the dial in the ring turns once in ${Math.round((timer.due - timer.setAt) / 1000)} ms. ${left} ms left.`;
    }
    if (this.#onlyOld) return 'The old answer. Nobody can call it back.';
    if (this.cutShort) return 'A cut-short answer is never kept.';
    return 'The “no” has a clock of its own. A “yes” published now would not be heard here before it ends.';
  });

  // --- where the visit begins and ends

  /** The height of the client's window, measured: what it shows makes it grow. */
  clientHeight = $state.raw(0);
  clientHost = $derived.by(() => hostOf(this.trace, this.#moment.cast.client.id));
  phonePlate = $derived(this.clientPlate?.text.split(' ')[0] ?? '');
  conclusion = $derived.by(() => (this.#moment.ended ? this.scene.visit?.conclusion : undefined));
  /** What a program has found out, there being no page to show. */
  outcome = $derived.by(() => outcomeOf(this.conclusion, this.scene.visit?.type));
  /** What a program is busy with, where a browser has its address bar. */
  clientTask = $derived.by(() => {
    const { visit } = this.scene;
    const text = visit && this.trace.stimuli[visit.stimulus]?.text;
    return visit?.action === 'mail' ? (text?.split(' ').at(-1) ?? 'a letter') : 'a program';
  });
  /** For the page that says a name does not exist: those that do. */
  otherNames = $derived.by(() => {
    const { conclusion } = this;
    return conclusion?.kind === 'error-page' && conclusion.code.includes('NXDOMAIN')
      ? visitable(this.trace).slice(0, 3).map(bare)
      : [];
  });
  /** What the browser's page says while there is none. */
  clientText = $derived.by(() => {
    const { visit } = this.scene;
    if (!visit) return '';
    const name = bare(this.#moment.visit?.name ?? this.#moment.name);
    if (visit.action !== 'visit') return `Asks for the ${visit.type ?? ''} records of ${name}`;
    return this.#hasAddress && this.#goalAddress ? `The address is ${this.#goalAddress}` : `Looking up ${name}`;
  });
  #hasAddress = $derived.by(() => {
    const { visit } = this.scene;
    return visit?.addressAt !== undefined && visit.addressAt <= this.#moment.at;
  });
  #goalAddress = $derived.by(() => {
    const leg = this.#moment.stories.web.ask;
    const { conclusion } = this.scene.visit ?? {};
    return leg?.packet.to.address ?? (conclusion?.kind === 'page' ? conclusion.address : undefined);
  });
  #eighth = $derived(this.scene.steps[7]?.state ?? 'pending');
  goalKnown = $derived.by(() => {
    const { visit } = this.scene;
    if (!visit) return false;
    const addresses: readonly string[] = this.#moment.cast.goal?.addresses ?? [];
    const before = this.#moment.visits.some(
      (v) => (v.to ?? visit.from) < visit.from && v.conclusion?.kind === 'page' && addresses.includes(v.conclusion.address),
    );
    return (
      before ||
      this.#moment.stories.web.ask !== undefined ||
      (this.#eighth !== 'pending' && this.#eighth !== 'skipped') ||
      (this.#hasAddress && visit.conclusion?.kind === 'page')
    );
  });
  goalTitle = $derived.by(() => {
    const { goal } = this.#moment.cast;
    if (goal && this.servers.includes(goal)) return goal.title;
    return goal?.role === 'mail' ? 'Mail server' : 'Web server';
  });
  goalText = $derived.by(() => {
    if (this.goalKnown) return this.#goalAddress ?? this.#moment.cast.goal?.addresses[0] ?? '';
    const room = this.layout.width - this.layout.web.label.x - 8;
    const { visit } = this.scene;
    if (visit?.action === 'ask')
      return room < 226
        ? `not wanted: asked for ${visit.type ?? 'records'}`
        : `not wanted: this was a question for ${visit.type ?? 'records'}`;
    if (this.#eighth === 'skipped') return room < 250 ? 'never reached' : 'never reached: there is no address to go to';
    return room < 232 ? 'address not known yet' : 'at an address nobody on the left knows yet';
  });
  /** Presenting, the road to the web server appears when it is taken. */
  httpShown = $derived(this.#eighth === 'active' || this.#eighth === 'done' || this.#eighth === 'failed');

  phoneFoot(zone: DrawnZone): string {
    const server = this.#moment.stories[`zone${zone.role.index}`].ask?.server;
    if (server === undefined) return zone.state === 'skipped' ? 'not asked' : zone.foot;
    const title = hostOf(this.trace, server).title.split('.')[0] ?? server;
    if (zone.role.kind === 'root') return `root server ${title}`;
    return zone.role.kind === 'top-level' && title.length < 3
      ? `.${bare(zone.role.zone ?? zone.role.wanted)} server ${title}`
      : title;
  }

  // --- what one can point at

  /** What is under a point of the map, for "What if?". */
  thingAt(x: number, y: number): Selection | undefined {
    const { cast, stories } = this.#moment;
    const slip = this.moving.findLast((s) => inside(x, y, s.x + s.shape.left, s.y + s.shape.top, s.shape.width, s.shape.height));
    if (slip) return aboutSlip(slip);
    const { hub, terraces, ledger: book, web } = this.layout;
    if (Math.hypot(x - hub.x, y - hub.y) < hub.radius + 4 || inside(x, y, book.x, book.y, book.width, book.height))
      return this.#aboutResolver();
    for (const [i, place] of terraces.entries()) {
      if (!inside(x, y, place.x, place.y, place.width, place.height)) continue;
      const host = stories[`zone${i as 0 | 1 | 2}`].ask?.server ?? cast.zones[i]?.servers[0]?.host;
      if (host !== undefined) return { host, x: place.station.x, y: place.station.y + 16 };
    }
    const { form } = this.layout;
    const server =
      form === 'wide' || form === 'tablet'
        ? serverPlaces(this.plain, this.servers).findIndex(({ sign }) => inside(x, y, sign.x - 8, sign.y - 8, 140, 42))
        : -1;
    const host = this.servers[server];
    const stands = serverPlaces(this.plain, this.servers)[server]?.sign;
    if (host && stands) return { host: host.id, x: stands.x, y: stands.y };
    if (inside(x, y, web.sign.x - 10, web.sign.y - 10, 240, 50) && cast.goal)
      return { host: cast.goal.id, x: web.sign.x, y: web.sign.y };
    return undefined;
  }

  /** What "What if?" is about when nothing was pointed at: what is flying, else the resolver. */
  thingOfMoment(): Selection | undefined {
    const slip = this.moving.findLast((s) => !s.tied);
    return slip ? aboutSlip(slip) : this.#aboutResolver();
  }

  #aboutResolver(): Selection | undefined {
    const { hub } = this.layout;
    const resolver = this.#moment.cast.resolver?.id;
    return resolver === undefined ? undefined : { host: resolver, x: hub.x, y: hub.y + hub.radius };
  }
}

const aboutSlip = ({ packet, shape, x, y }: DrawnSlip): Selection => ({
  packet: packet.id,
  half: shape.width / 2,
  x: x + shape.left + shape.width / 2,
  y: y + shape.top + shape.height,
});
const inside = (x: number, y: number, left: number, top: number, width: number, height: number): boolean =>
  x >= left && x <= left + width && y >= top && y <= top + height;
