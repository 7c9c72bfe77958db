/** One replay file's whole story as text: every message in the order in which it crossed the stage, and what was decided. */
import { endpointText } from '../base/address.ts';
import { between, formatDuration, START } from '../base/time.ts';
import { decode } from '../dns/wire/decode.ts';
import { digLines } from '../trace/dig.ts';
import type { MessageRecord, Trace, Turn } from '../trace/trace.ts';

/** The story of a run on the stage, from its trace. */
export function story(trace: Trace): string {
  return trace.turns.flatMap((turn) => turnLines(trace, turn)).join('\n');
}

function turnLines(trace: Trace, turn: Turn): string[] {
  const lines: string[] = [];
  const { cause } = turn;
  const came = cause.kind === 'packet' ? trace.packets[cause.packet]?.message : undefined;
  const message = came === undefined ? undefined : trace.messages[came];
  if (message) lines.push(...messageLines(message));
  else if (cause.kind === 'timer')
    lines.push(`${formatDuration(between(START, turn.at))}  the timer "${cause.timer}" of ${cause.instance} rings`);
  for (const effect of turn.effects) {
    if (effect.kind === 'decide') {
      lines.push(`    ${effect.instance}: ${effect.decision.about}: ${effect.decision.outcome}`);
      lines.push(
        ...effect.decision.reasons.map(({ text, source }) => `        ${text}${source === undefined ? '' : ` (${source})`}`),
      );
    } else if (effect.kind === 'transmit') {
      const sent = trace.messages[effect.message];
      if (sent) lines.push(...messageLines(sent));
    }
  }
  return lines;
}

function messageLines({ from, to, transport, bytes, sentAt }: MessageRecord): string[] {
  const decoded = decode(bytes);
  const head = `${formatDuration(between(START, sentAt))}  ${endpointText(from)} to ${endpointText(to)}, ${transport.toUpperCase()}, ${bytes.length} bytes`;
  const body = decoded.ok ? digLines(decoded.message) : [`no DNS message: ${decoded.error.problem}`];
  return [head, ...body.map((line) => `    ${line}`)];
}
