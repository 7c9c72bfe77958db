/**
 * The health checkers on the map: what each has found of late, and what that comes to. One check is told in full, the one
 * in question; the others in a line each. A function of the story, the turn and the instant.
 */
import type { Instant } from '../../../base/time.ts';
import type { Trace, TurnId } from '../../../trace/trace.ts';
import { clockTime } from '../clock/canvas.ts';
import type { Box } from '../layout/layout.ts';
import { tenth } from '../stringline/axis.ts';
import { type CheckStory, countAt, type HealthStory, mindAt, probesBetween, REGION_NAMES, statusAt } from './health.ts';

/** One Region's two checkers. */
export interface RegionRow {
  readonly name: string;
  readonly code: string;
  readonly y: number;
  readonly says: readonly { readonly x: number; readonly healthy: boolean }[];
}

/** A check told in one line. */
export interface OtherCheck {
  readonly id: string;
  readonly why: string;
  readonly healthy: boolean;
}

export interface CheckersPanel {
  readonly title: string;
  readonly about: string;
  readonly rows: readonly RegionRow[];
  /** Base lines of the ticks, the ticks that passed, missed, and were counted and not sent; as paths. */
  readonly lines: string;
  readonly passed: string;
  readonly missed: string;
  readonly counted: string;
  readonly numbers: readonly { readonly x: number; readonly y: number; readonly text: string }[];
  /** Where the world last changed, in each column. */
  readonly cuts: readonly number[];
  /** "2 of 16 say healthy: 12.5 %. Healthy would need more than 18 %." */
  readonly verdict: string;
  readonly healthy: boolean;
  /** One for each checker, healthy ones first. */
  readonly cells: readonly boolean[];
  readonly others: readonly OtherCheck[];
  /** Who was told of what, and which functions ran. */
  readonly told: readonly string[];
  /** All rows in one sentence, for those who hear the map. */
  readonly spoken: string;
  /** Base line of the verdict. */
  readonly verdictY: number;
  /** Room for Region codes. */
  readonly coded: boolean;
}

/** As wide as five and a half probes of a checker. */
const SHOWN = 5.6;
const LANE = 92;
/** Rows are no nearer to one another than this, and this is left for the verdict. */
const CLOSEST = 13;
const FOOT = 28;

/** The check that the map is about: the one that changed last, else one that is probed. */
export function checkInQuestion({ checks }: HealthStory, turn: TurnId): CheckStory | undefined {
  const probed = checks.filter(({ checkers }) => checkers.length > 0);
  const changed = probed
    .flatMap((check) => check.statuses.filter((status) => status.turn <= turn).map((status) => ({ check, turn: status.turn })))
    .sort((a, b) => b.turn - a.turn)[0];
  const missing = probed.find((check) => countAt(check, turn) < check.checkers.length);
  return changed?.check ?? missing ?? probed[0];
}

export function checkersPanel(trace: Trace, story: HealthStory, turn: TurnId, now: Instant, box: Box): CheckersPanel {
  const check = checkInQuestion(story, turn);
  const compact = box.height < 240;
  const line = compact ? 15 : 18;
  const head = compact ? 20 : 34;
  const regions = [...new Set(check?.checkers.map(({ region }) => region))];
  // Lines below the checkers' take no more room than those leave when they stand as close as they can be read.
  const room = Math.floor((box.height - head - FOOT - regions.length * CLOSEST) / line);
  const most = Math.max(1, Math.min(check ? 3 : Number.POSITIVE_INFINITY, room));
  const told = story.news
    .filter((one) => one.turn <= turn)
    .slice(-Math.min(2, most))
    .map(({ text, at }) => toldWords(text, at));
  const all = story.checks.filter((one) => one !== check).map((one) => otherOf(one, turn));
  const others = mattering(all, Math.max(0, most - told.length));
  const below = (others.length + told.length) * line;
  if (!check) return { ...EMPTY, ...unprobed(all), others, told, verdictY: 34 + below + 20 };
  const pitch = Math.min(22, (box.height - head - FOOT - below) / Math.max(1, regions.length));
  const coded = box.width > 504;
  const lanes = [box.width - 316, box.width - 158].map((x) => Math.max(coded ? 160 : 76, x));
  const window = windowAt(trace, check, now);
  const rows = regions.map((region, i): RegionRow => {
    const own = check.checkers.filter((checker) => checker.region === region);
    return {
      name: REGION_NAMES[region] ?? region,
      code: region,
      y: Math.round(head + pitch * (i + 0.75)),
      says: own.map((checker, k) => ({ x: (lanes[k] ?? 0) + LANE + 8, healthy: mindAt(checker, turn) })),
    };
  });
  const well = countAt(check, turn);
  const whole = check.checkers.length;
  const { healthy } = statusAt(check, turn);
  return {
    title: 'Health checkers',
    about: `${whole} in ${regions.length} Regions, each asks every ${check.every} s by itself`,
    rows,
    ...ticksIn(check, rows, lanes, pitch, window.from, now),
    cuts: window.cut === undefined ? [] : lanes.map((lane) => xIn(check, lane, window.from, window.cut ?? 0)),
    verdict: verdictWords(well, whole, healthy, box.width < 480),
    healthy,
    cells: check.checkers.map((_, i) => i < well),
    others,
    told,
    spoken: rows.map(({ name, says }) => `${name}: ${says.map((one) => said(one.healthy)).join(', ')}`).join('; '),
    verdictY: Math.round(box.height - 9 - below),
    coded,
  };
}

/** What is said of checks when none of them is made now. */
function unprobed(
  checks: readonly OtherCheck[],
): Pick<CheckersPanel, 'title' | 'about' | 'verdict' | 'healthy' | 'cells' | 'spoken'> {
  const sick = checks.filter(({ healthy }) => !healthy);
  const failing = sick.length > 0 ? `; ${sick.map(({ id }) => id).join(', ')} failing` : '';
  return {
    title: 'Health checks',
    about: 'none is made now: they are known from before',
    verdict: `${checks.length - sick.length} of ${checks.length} healthy${failing}`,
    healthy: sick.length === 0,
    cells: checks.map(({ healthy }) => healthy).sort((a, b) => Number(b) - Number(a)),
    spoken: checks.map(({ id, healthy }) => `${id}: ${said(healthy)}`).join('; '),
  };
}

/** The probes of every checker from an instant until now: a tick each on its lane, up when it passed and down when it missed. */
function ticksIn(
  check: CheckStory,
  rows: readonly RegionRow[],
  lanes: readonly number[],
  pitch: number,
  from: number,
  now: Instant,
): Pick<CheckersPanel, 'lines' | 'passed' | 'missed' | 'counted' | 'numbers'> {
  const marks = { lines: '', passed: '', missed: '', counted: '' };
  const numbers: { x: number; y: number; text: string }[] = [];
  const tick = Math.min(8, pitch * 0.36);
  for (const { code, y } of rows)
    for (const [k, checker] of check.checkers.filter(({ region }) => region === code).entries()) {
      const lane = lanes[k] ?? 0;
      marks.lines += `M${lane} ${y - 3.5}h${LANE}`;
      for (const probe of probesBetween(check, checker, from, now)) {
        const x = xIn(check, lane, from, probe.at);
        const kind = probe.counted ? 'counted' : probe.passes ? 'passed' : 'missed';
        marks[kind] += `M${x} ${y - 4}v${tenth(probe.passes ? -tick : tick)}`;
        const first = probe.at - (probe.miss - 1) * check.interval;
        if (kind === 'missed' && probe.miss <= (check.threshold || 3) && pitch > 17 && first >= from)
          numbers.push({ x, y: y - 7, text: String(probe.miss) });
      }
    }
  return { ...marks, numbers };
}

/** The place of an instant on a lane that begins at `from`. */
const xIn = ({ interval }: CheckStory, lane: number, from: number, at: number): number =>
  tenth(lane + ((at - from) / (SHOWN * interval)) * LANE);

const EMPTY = { rows: [], lines: '', passed: '', missed: '', counted: '', numbers: [], cuts: [], coded: false } as const;

/** "failing" is what the console says of a check that is unhealthy. */
const said = (healthy: boolean): string => (healthy ? 'healthy' : 'failing');

/** The share in per cent, with the rule that decides (dns-failover-determining-health-of-endpoints: more than 18 %). */
export function verdictWords(well: number, whole: number, healthy: boolean, short = false): string {
  const share = `${Math.round((well * 1000) / whole) / 10} %`;
  if (short) return `${well} of ${whole} say healthy: ${share}; more than 18 % needed.`;
  return healthy
    ? `${well} of ${whole} say healthy: ${share}. More than 18 % is enough.`
    : `${well} of ${whole} say healthy: ${share}. Healthy would need more than 18 %.`;
}

function otherOf(check: CheckStory, turn: TurnId): OtherCheck {
  const { healthy, why } = statusAt(check, turn);
  const { checkers } = check;
  const words =
    checkers.length > 0
      ? `${countAt(check, turn)} of ${checkers.length} checkers say healthy`
      : (why ?? 'as it was at the beginning');
  return { id: check.id, why: words.replace(/; more than.*$/, ''), healthy };
}

/** The sick first: of many well ones nothing need be said. */
const mattering = (others: readonly OtherCheck[], most: number): readonly OtherCheck[] =>
  [...others].sort((a, b) => Number(a.healthy) - Number(b.healthy)).slice(0, most);

/** "Ana was told at 1 min 38 s: ALARM", "A function ran at 1 min 18 s: edit example.com". */
function toldWords(text: string, at: Instant): string {
  const [, who, state] = /^(.*) is told: (\w+)/.exec(text) ?? [];
  if (who !== undefined) return `${who} was told at ${clockTime(at)}: ${state}`;
  return text.replace(/^A function runs:/, `A function ran at ${clockTime(at)}:`);
}

/** What the ticks show: from about two probes before the world last changed, and always up to now. */
function windowAt(trace: Trace, { interval }: CheckStory, now: number): { readonly from: number; readonly cut?: number } {
  const cut = trace.stimuli.findLast(
    ({ at, action }) => at <= now && !['visit', 'ask', 'mail', 'wait', 'edit'].includes(action),
  )?.at;
  const begin = cut === undefined ? -0.4 * interval : cut - 2.4 * interval;
  const late = Math.max(0, Math.ceil((now - begin) / interval - (SHOWN - 0.2)));
  const from = begin + late * interval;
  return { from, ...(cut !== undefined && cut > from ? { cut } : {}) };
}
