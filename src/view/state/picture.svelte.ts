/** The picture: what the map and the chart show, derived step by step from the trace, the playhead and the size of the screen. */
import { between, formatDuration, START } from '../../base/time.ts';
import { type Name, ROOT } from '../../dns/name.ts';
import { describeMessage, hostOf, zoneName } from '../../trace/describe.ts';
import { lineAt, narrate, type Telling } from '../../trace/narration.ts';
import { messagesUpTo, type Scene, sceneAt } from '../../trace/scene.ts';
import { STEP_NUMBERS, type StepNumber, type StepState } from '../../trace/steps.ts';
import { timelineOf } from '../../trace/timeline.ts';
import type { Trace } from '../../trace/trace.ts';
import { visitsOf } from '../../trace/visits.ts';
import { type Axis, axisAt, spanText, xOf } from '../geometry/axis.ts';
import { castOf, nameInHand } from '../geometry/cast.ts';
import { hopStories, HOPS, railInk } from '../geometry/hops.ts';
import { type Layout, layout } from '../geometry/layout.ts';
import { ledger, timeLeftInWords } from '../geometry/ledger.ts';
import { shortened, textWidth } from '../geometry/measure.ts';
import { messageOfMoment, nextWords, plainTelling, timeSaved, triesOf } from '../geometry/moment.ts';
import { clientPlate, goalPlate, resolverPlate } from '../geometry/plates.ts';
import { pastSigns, type StepNames, signsOf, stepNames } from '../geometry/signs.ts';
import { bare } from '../geometry/slipText.ts';
import { placesOf, slipsOf } from '../geometry/slips.ts';
import { chart, quietPlace, type RowPlan } from '../geometry/stringline.ts';
import { type DrawnZone, drawnZones, handOvers } from '../geometry/terraces.ts';
import { fittingSize, nameWalk } from '../geometry/walk.ts';
import { PACE, type Player } from './player.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Screen, Selection } from './screen.svelte.ts';

/** Milliseconds on screen that printing and feeding take (`--m-print`). */
const PRINT = 240;

/** Where a picture comes from. */
export interface Source {
  readonly trace: () => Trace;
  readonly tellings: () => readonly Telling[];
  readonly whatIfs: () => number;
}

export class Picture {
  /** The size of the map's box, measured. */
  width = $state(1068);
  height = $state(576);
  #trace: () => Trace;
  #tellings: () => readonly Telling[];
  #whatIfs: () => number;
  #player: Player;
  #preferences: Preferences;
  #screen: Screen;

  constructor(source: Source, player: Player, preferences: Preferences, screen: Screen) {
    this.#trace = source.trace;
    this.#tellings = source.tellings;
    this.#whatIfs = source.whatIfs;
    this.#player = player;
    this.#preferences = preferences;
    this.#screen = screen;
  }

  trace = $derived.by(() => this.#trace());
  visits = $derived(visitsOf(this.trace));
  timeline = $derived(timelineOf(this.trace));
  scene: Scene = $derived.by(() => sceneAt(this.trace, this.#player.position));
  /** The visit at hand; before anything has happened, the one to come. */
  visit = $derived(this.scene.visit ?? this.visits[0]);
  layout: Layout = $derived.by(() => layout(this.#screen.form, this.width, this.height));
  #sent = $derived.by(() => {
    const { visit } = this;
    if (!this.scene.visit || !visit) return [];
    const turn = visit.turn;
    return messagesUpTo(this.trace, this.#player.position).filter((id) => (this.trace.messages[id]?.turn ?? 0) >= turn);
  });
  name = $derived(nameInHand(this.trace, this.visit, this.#sent) ?? ROOT);
  cast = $derived(castOf(this.trace, this.visit, this.name));
  stories = $derived(hopStories(this.trace, this.scene, this.cast));
  places = $derived.by(() =>
    placesOf(this.scene, { print: PRINT * PACE * this.#player.speed, stepped: this.#preferences.stepped }),
  );
  inks = $derived(
    HOPS.filter((hop) => hop !== 'web' || this.layout.form !== 'presenter' || this.httpShown).map((hop) => ({ hop, ink: railInk(this.layout, this.stories[hop], (leg) => this.places.get(leg.packet.id)?.inked) })),
  );
  slips = $derived(slipsOf(this.trace, this.scene, this.cast, this.layout, this.stories, this.places));
  nameSize = $derived(fittingSize(this.name, this.layout.name.size, this.layout.name.room));
  walk = $derived(nameWalk(this.scene, this.cast, this.stories, this.layout.name.x, this.nameSize, this.layout.form === 'presenter' ? 30 : 12.5));
  zones = $derived(drawnZones(this.trace, this.scene, this.cast, this.stories, this.layout.compact));
  handOvers = $derived(handOvers(this.scene, this.cast, this.stories));
  ledger = $derived.by(() => {
    const { ledger: place } = this.layout;
    const most = Math.max(1, Math.floor((place.height - place.head) / place.row));
    return ledger(this.trace, this.scene, this.cast, this.stories, Math.min(this.#noteDue ? 3 : 6, this.layout.form === 'presenter' && this.httpShown ? 2 : most), this.layout.form === 'presenter' ? 12 : Math.max(6, Math.floor((place.width - (place.width < 250 ? 152 : 178)) / 6.9)));
  });
  clientPlate = $derived(clientPlate(this.scene, this.cast));
  resolverPlate = $derived(resolverPlate(this.trace, this.scene, this.cast, this.stories));
  goalPlate = $derived(goalPlate(this.scene, this.cast, this.stories.web));
  clientHost = $derived(hostOf(this.trace, this.cast.client.id));

  /** Whether the visit at hand is over at the playhead. */
  ended = $derived.by(() => {
    const { visit, turn } = this.scene;
    return visit?.to !== undefined && (turn?.id ?? -1) >= (visit.endTurn ?? Number.POSITIVE_INFINITY);
  });
  goalKnown = $derived.by(() => {
    const { visit } = this.scene;
    if (!visit) return false;
    const reached = this.scene.steps.some(({ step, state }) => step.number === 8 && state !== 'pending' && state !== 'skipped');
    return reached || (visit.addressAt !== undefined && visit.addressAt <= this.now && visit.conclusion?.kind === 'page') || this.#goalMet;
  });
  /** An earlier visit went there already. */
  #goalMet = $derived.by(() => {
    const { visit } = this.scene;
    return visit !== undefined && this.visits.some((v) => v.number < visit.number && v.conclusion?.kind === 'page');
  });
  goalTitle = $derived(this.cast.goal?.role === 'mail' ? 'Mail server' : 'Web server');
  goalText = $derived.by(() => {
    if (this.goalKnown) return this.#goalAddress ?? this.cast.goal?.addresses[0] ?? '';
    const { visit, steps } = this.scene;
    const eighth = steps.find(({ step }) => step.number === 8);
    if (visit?.action === 'ask') return `not wanted: this was a question for ${visit.type ?? 'records'}`;
    if (eighth?.state === 'skipped') return this.#webRoom < 250 ? 'never reached' : 'never reached: there is no address to go to';
    return this.#webRoom < 238 ? 'address not known yet' : 'at an address nobody on the left knows yet';
  });
  #webRoom = $derived.by(() => this.layout.width - this.layout.web.label.x - 8);
  #goalAddress = $derived.by(() => {
    const leg = this.stories.web.ask;
    if (leg) return leg.packet.to.address;
    const { conclusion } = this.scene.visit ?? {};
    return conclusion?.kind === 'page' ? conclusion.address : undefined;
  });
  /** Presenting, the road to the web server appears when it is taken. */
  httpShown = $derived(this.scene.steps.some(({ step, state }) => step.number === 8 && (state === 'active' || state === 'done' || state === 'failed')));

  /** What the browser's page says while there is none. */
  clientText = $derived.by(() => {
    const { visit } = this.scene;
    if (!visit) return '';
    if (visit.action !== 'visit') return `Asks for the ${visit.type ?? ''} records of ${bareOf(visit.name)}`;
    const address = this.#goalAddress;
    if (visit.addressAt !== undefined && visit.addressAt <= this.now && address) return `The address is ${address}`;
    return `Looking up ${bareOf(visit.name) || visit.subject.replace(/^visits /, '')}`;
  });
  phonePlate = $derived(this.clientPlate?.text.split(' ')[0] ?? '');
  /** How much is left of what runs out first, for the phone's one bar. */
  cacheLeft = $derived(Math.min(1, ...this.ledger.rows.flatMap((row) => (row.state === 'kept' && row.fraction !== undefined ? [row.fraction] : []))));
  cacheCount = $derived(this.ledger.rows.length + this.ledger.hidden);
  phoneFoot = (zone: DrawnZone): string => {
    const server = this.stories[`zone${zone.role.index}`].ask?.server;
    if (server === undefined) return zone.state === 'skipped' ? 'not asked' : zone.foot;
    const title = hostOf(this.trace, server).title.split('.')[0] ?? server;
    if (zone.role.kind === 'root') return `root server ${title}`;
    return zone.role.kind === 'top-level' && title.length < 3 ? `.${(zone.role.zone ?? '').replace(/\.$/, '')} server ${title}` : title;
  };

  /** The timer that runs, as the part of a dial that is gone; only while waiting is the news. */
  dial = $derived.by(() => {
    const timer = this.#timer;
    if (!timer) return undefined;
    const { hub } = this.layout;
    const r = hub.inner * 0.595;
    const angle = Math.min(0.9999, Math.max(0.0001, timer.fraction)) * 2 * Math.PI;
    return `M${hub.x} ${hub.y - r}A${r} ${r} 0 ${angle > Math.PI ? 1 : 0} 1 ${(hub.x + r * Math.sin(angle)).toFixed(2)} ${(hub.y - r * Math.cos(angle)).toFixed(2)}`;
  });
  #timer = $derived.by(() => {
    const timer = this.scene.timers.find((t) => t.timer === 'retryTimer' && t.instance.startsWith(`${this.cast.resolver?.id}/`));
    const retried = (['zone0', 'zone1', 'zone2'] as const).some((hop) => this.stories[hop].state === 'live' && this.stories[hop].asks.some((leg) => leg.lostAt !== undefined));
    const waiting = this.scene.flights.length === 0 && this.scene.readings.length === 0;
    return timer && (retried || waiting) ? timer : undefined;
  });
  /** Whether room must be kept under the cache for a note. */
  #noteDue = $derived.by(() => {
    if (this.layout.form !== 'wide' || this.layout.compact) return false;
    const no = this.scene.steps[6]?.state === 'active' && (this.scene.steps[4]?.step.because === 'no-such-name' || this.scene.steps[4]?.step.because === 'no-such-type');
    return this.#timer !== undefined || no || this.#cutShort;
  });
  #cutShort = $derived(this.slips.some((slip) => slip.kind === 'cut' && slip.tied !== undefined));
  /** One line under the cache, when a clock needs a word. */
  ledgerNote = $derived.by(() => {
    if (!this.#noteDue) return undefined;
    const timer = this.#timer;
    if (timer) {
      const whole = Math.round((timer.due - timer.setAt) / 1000);
      return `Not a TTL, a timer: the dial in the ring turns once in ${whole} ms. ${Math.max(0, Math.floor((timer.due - this.now) / 1000))} ms left.`;
    }
    const no = this.ledger.rows.find((row) => row.negative && row.used);
    if (no) return `The “no” has a clock of its own. A “yes” published now would not be heard here before it ends.`;
    if (this.#cutShort) return 'A cut-short answer is never kept.';
    return undefined;
  });

  // --- the chart

  /** The width of the chart's box, measured. */
  chartWidth = $state(1440);
  chartPlan: RowPlan = $derived.by(() => (this.#screen.low ? { top: 40, pitch: 17, room: 85 } : { top: 42, pitch: 27, room: 135 }));
  /** As text, so that the chart is laid out anew only when the axis says something else. */
  #axisText = $derived.by(() => {
    const left = this.#screen.form === 'wide' ? 176 : 140;
    return JSON.stringify(axisAt(this.timeline, this.visits, this.now, left, Math.max(left + 200, this.chartWidth - 28)));
  });
  axis = $derived(JSON.parse(this.#axisText) as Axis);
  chart = $derived(chart(this.trace, this.visits, this.axis, this.chartPlan));
  turnNow = $derived(this.scene.turn?.id ?? -1);
  stepNames: StepNames = $derived.by(() => stepNames(this.scene, this.cast));
  topLevelName = $derived(this.cast.zones[1].zone === undefined ? 'TLD' : zoneName(this.cast.zones[1].zone));
  signs = $derived.by(() => (this.scene.visit ? signsOf(this.axis, this.scene, this.stepNames, (step) => this.#rowOf(step)) : []));
  pastSigns = $derived.by(() => pastSigns(this.axis, this.visits, this.scene, this.stepNames));
  firstComing = $derived(this.signs.find((sign) => sign.place === 'coming' && sign.left > xOf(this.axis, this.now) + 66));
  #rowOf(step: StepNumber): number | undefined {
    const zone = step === 3 ? this.cast.zones[0].zone : step === 4 ? this.cast.zones[1].zone : step === 5 || step === 6 ? this.cast.zones[2].zone : undefined;
    return step === 6 || zone === undefined ? undefined : this.chart.rows.find((row) => row.id === `zone ${zone}`)?.y;
  }
  railSteps = $derived.by(() =>
    STEP_NUMBERS.map((number) => {
      const at = this.scene.steps[number - 1];
      const title = this.stepNames.full(number)[0] ?? '';
      return { number, title, state: this.stepState(number), ...(at?.why === undefined ? {} : { why: at.why }) };
    }),
  );
  /** "no need to ask", "answered from cache, 47 h 54 m left". */
  whyShort(step: StepNumber): string {
    const at = this.scene.steps[step - 1];
    const kept = at?.step.kept;
    if (!kept) return lowered(at?.why ?? 'not needed');
    const left = timeLeftInWords(kept.left);
    const deeper = step === 3 && this.scene.steps[3]?.state === 'skipped';
    if (at?.step.because === 'delegation') return deeper ? `no need to ask where ${this.cast.zones[1].zone ?? 'it'} is` : `answered from cache, ${left} left`;
    if (at?.step.because === 'no-such-name' || at?.step.because === 'no-such-type') return `the “no” is still kept, ${left} left`;
    return `answered from cache, ${left} left`;
  }
  /** Where the words about a skipped step stand on the row that stayed silent. */
  whyPlace(step: StepNumber): number {
    const y = this.#rowOf(step) ?? 0;
    const { visit } = this.scene;
    const own = this.chart.strokes.filter((stroke) => visit !== undefined && stroke.packet.turn >= visit.turn);
    const from = xOf(this.axis, visit?.from ?? START) + 30;
    return quietPlace(own, y, from, this.axis.right, textWidth(`${step} skipped: ${this.whyShort(step)}`, 11.5) + 8);
  }
  /** What-ifs at their instants. */
  flags = $derived.by(() =>
    this.trace.stimuli.flatMap((stimulus) => {
      if (!stimulus.whatIf || stimulus.action === 'visit' || stimulus.action === 'wait' || stimulus.at > this.now) return [];
      const x = xOf(this.axis, stimulus.at);
      const text = `what if: ${stimulus.text}`;
      const width = Math.min(260, textWidth(text, 12) + 18);
      const row = this.chart.rows.at(-2)?.y ?? 150;
      return [{ id: stimulus.id, x: Math.min(x, this.axis.right - width), y: row, top: 30, width, text: shortened(text, width - 14, 12) }];
    }),
  );
  /** Beside the lesson's name: how things stand at the visit at hand. */
  setting = $derived.by(() => {
    const changed = this.#whatIfs();
    if (changed > 0) return changed === 1 ? 'one what-if' : `${changed} what-ifs`;
    const { visit } = this.scene;
    const first = this.visits[0];
    return visit && first && visit.number > 1 ? `${spanText(visit.from - first.from)} later` : 'every cache empty';
  });
  clock = $derived.by(() => formatDuration(between(START, this.now)));
  clockWords = $derived.by(() => {
    const { visit } = this.scene;
    if (!visit) return 'nothing has happened yet';
    const since = visit.action === 'visit' ? 'since Enter' : 'since the question';
    if (visit.number === 1) return since;
    const ordinal = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'][visit.number - 1];
    const what = visit.action === 'visit' ? 'visit' : 'question';
    if (this.ended && this.now - (visit.to ?? this.now) > 1e6) return `${spanText(this.now - (visit.to ?? this.now))} after the ${ordinal ?? `${visit.number}th`} ${what}`;
    return `${ordinal ?? `${visit.number}th`} ${what}: ${formatDuration(between(visit.from, this.now))} ${since}`;
  });
  timeText = $derived.by(() => (this.scene.visit ? `Step ${this.step} of 9, ${this.clock}. ${this.told.headline}` : 'Before anything has happened'));

  // --- the words of the moment

  lines = $derived.by(() => narrate(this.trace, this.#tellings()));
  told: Told = $derived.by(() => {
    if (!this.scene.visit) return beginningOf(this.visit?.name);
    const last = lineAt(this.trace, this.lines, this.#player.position).line;
    // Where several open at once, the lesson's own comes first, and what is special to the moment before what happens each time.
    const rivals = this.lines.filter((one) => one.turn === last?.turn);
    const line = rivals.find((one) => one.standing === undefined) ?? rivals.find((one) => (one.standing ?? 0) >= 10) ?? last;
    if (line && (line.turn === this.turnNow || this.now < line.until)) return { plain: '', ...line };
    return this.plain ?? (line ? { plain: '', ...line } : beginningOf(this.visit?.name));
  });
  stepWords = $derived.by(() => {
    if (!this.scene.visit) return 'of 9, ready';
    const skipped = this.scene.steps.filter(({ state }) => state === 'skipped').map(({ step }) => step.number);
    const at = this.scene.steps[this.step - 1];
    const passes = at?.step.passes.slice(0, at.pass) ?? [];
    if (passes.some((pass) => pass.purpose === 'tcp')) return 'of 9, asked twice';
    if (passes.length > 1 && passes.at(-1)?.purpose === 'retry') return `of 9, ${['', 'second', 'third', 'fourth', 'fifth'][passes.length - 1] ?? 'another'} try`;
    if (skipped.length === 0) return 'of 9';
    return `of 9, ${skipped.length === 1 ? 'step' : 'steps'} ${listed(skipped)} skipped`;
  });
  spoken = $derived.by(() => (this.scene.visit ? `Step ${this.step} of 9. ${this.told.headline} ${this.told.plain}`.trim() : ''));
  endWords = $derived.by(() => {
    const { visit } = this.scene;
    if (!visit || !this.ended) return undefined;
    const upcoming = this.visits.some((v) => v.number > visit.number);
    if (upcoming) return 'This visit is over. Play on, and time passes until the next.';
    return 'This visit is over. Let time pass, ask again, or go back and break something.';
  });

  now = $derived.by(() => this.#player.now);
  stepping = $derived.by(() => this.#player.playing);
  stepState(number: number): StepState {
    if (!this.scene.visit) return number === 1 ? 'active' : 'pending';
    return this.scene.steps[number - 1]?.state ?? 'pending';
  }
  /** The step at hand: the last active one; between two, the one just done. */
  step: StepNumber = $derived.by(() => {
    const { steps } = this.scene;
    const active = steps.findLast(({ state }) => state === 'active');
    if (active) return active.step.number;
    const done = steps.filter(({ state }) => state === 'done' || state === 'failed').sort((a, b) => (a.step.to ?? 0) - (b.step.to ?? 0) || a.step.number - b.step.number);
    return done.at(-1)?.step.number ?? 1;
  });
  message = $derived.by(() => this.slips.find((slip) => slip.kind === 'cut' && slip.tied)?.packet.message ?? messageOfMoment(this.trace, this.#sent));
  cutShort = $derived.by(() => this.#cutShort);
  next = $derived(nextWords(this.trace, this.scene, this.cast));
  tries = $derived(triesOf(this.trace, this.scene, this.stories));
  saved = $derived(timeSaved(this.visits, this.scene, 316));
  plain = $derived(plainTelling(this.trace, this.scene, this.cast));

  /** The map's text twin: every hop so far, in order. */
  hopsSoFar = $derived(this.#sent.map((id) => describeMessage(this.trace, id).title));

  /** What is under a point of the map, for "What if?". */
  thingAt(x: number, y: number): Selection | undefined {
    const slip = this.slips.findLast((s) => inside(x, y, s.x + s.shape.left, s.y + s.shape.top, s.shape.width, s.shape.height));
    if (slip) return { packet: slip.packet.id, x: slip.x + slip.shape.left + slip.shape.width / 2, y: slip.y + slip.shape.top + slip.shape.height };
    const { hub, terraces, ledger: book } = this.layout;
    if (Math.hypot(x - hub.x, y - hub.y) < hub.radius + 4 || inside(x, y, book.x, book.y, book.width, book.height)) {
      const resolver = this.cast.resolver?.id;
      return resolver === undefined ? undefined : { host: resolver, x: hub.x, y: hub.y + hub.radius };
    }
    for (const [i, place] of terraces.entries()) {
      if (!inside(x, y, place.x, place.y, place.width, place.height)) continue;
      const role = this.cast.zones[i];
      const host = this.stories[`zone${i as 0 | 1 | 2}`].ask?.server ?? role?.servers[0]?.host;
      if (host !== undefined) return { host, x: place.station.x, y: place.station.y + 16 };
    }
    const { sign } = this.layout.web;
    if (inside(x, y, sign.x - 10, sign.y - 10, 240, 50) && this.cast.goal) return { host: this.cast.goal.id, x: sign.x, y: sign.y };
    return undefined;
  }

  /** What "What if?" is about when nothing was pointed at: what is flying, else whom the resolver asks. */
  thingOfMoment(): Selection | undefined {
    const slip = this.slips.findLast((s) => !s.tied);
    if (slip) return { packet: slip.packet.id, x: slip.x + slip.shape.left + slip.shape.width / 2, y: slip.y + slip.shape.top + slip.shape.height };
    const resolver = this.cast.resolver?.id;
    return resolver === undefined ? undefined : { host: resolver, x: this.layout.hub.x, y: this.layout.hub.y + this.layout.hub.radius };
  }
}

/** Headline, plain words, the protocol's term. */
export interface Told {
  readonly headline: string;
  readonly plain: string;
  readonly term?: string;
  /** Whether the term is a sentence of its own. */
  readonly sentence?: boolean;
}

function beginningOf(name: Name | undefined): Told {
  const what = name === undefined ? 'that name' : bare(name);
  return {
    headline: 'You type a name. The network needs a number.',
    plain: `Your computer does not know where ${what} is. Nor does the resolver. It knows only where to begin: at the root servers. Press Enter.`,
  };
}

/** "3 and 4", "3 to 6". */
function listed(numbers: readonly number[]): string {
  const first = numbers[0] as number;
  const last = numbers.at(-1) as number;
  if (numbers.length > 2 && last - first === numbers.length - 1) return `${first} to ${last}`;
  return numbers.length === 1 ? String(first) : `${numbers.slice(0, -1).join(', ')} and ${last}`;
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');

const bareOf = (name: Name | undefined): string => (name === undefined ? '' : bare(name));
const inside = (x: number, y: number, left: number, top: number, width: number, height: number): boolean =>
  x >= left && x <= left + width && y >= top && y <= top + height;
