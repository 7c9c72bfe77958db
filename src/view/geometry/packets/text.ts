/** Layout of the text protocols, HTTP and SMTP, as spans: the same tree and the same octets as a DNS message has. */
import { around, leaf, type Span } from '../../../dns/wire/span.ts';

/** Lines of HTTP: a start line, fields, an empty line, the content (RFC 9112 §2.1). Leaves tile every octet. */
export function httpLayout(bytes: Uint8Array): Span {
  const lines = linesOf(bytes);
  const empty = lines.findIndex(({ start, text }) => text === start);
  const head = empty < 0 ? lines : lines.slice(0, empty);
  const [first, ...fields] = head;
  const children: Span[] = [];
  if (first) children.push(startLine(bytes, first));
  const end = lines[empty];
  const parts = [...fields.map((line) => fieldLine(bytes, line)), ...(end ? [emptyLine(end)] : [])];
  if (parts.length > 0)
    children.push(around('header', parts, { label: 'Fields', about: 'What goes with it, a line each', source: 'RFC 9112 §5' }));
  if (end && end.end < bytes.length) children.push(content(bytes, end.end));
  return whole(bytes, children, 'RFC 9112 §2.1');
}

/** Lines of SMTP: a command or a reply each, and the letter itself (RFC 5321 §2.3.7). */
export function smtpLayout(bytes: Uint8Array): Span {
  const children = linesOf(bytes).map((line) => smtpLine(bytes, line));
  return whole(bytes, children, 'RFC 5321 §2.3.7');
}

/** Octets that Rootwalk does not take apart. */
export const opaqueLayout = (bytes: Uint8Array): Span => whole(bytes, bytes.length > 0 ? [content(bytes, 0)] : [], '');

const whole = (bytes: Uint8Array, children: readonly Span[], source: string): Span => ({
  ...leaf('message', 0, bytes.length, { label: 'Message', source }),
  children,
});

const emptyLine = ({ start, end }: Line): Span =>
  leaf('field', start, end, {
    label: 'Empty line',
    about: 'The fields end here; what follows is the content',
    source: 'RFC 9112 §2.1',
  });

function content(bytes: Uint8Array, start: number): Span {
  const source = 'RFC 9110 §6.4';
  const lines = linesOf(bytes.subarray(start)).map((line) =>
    leaf('field', start + line.start, start + line.end, {
      label: 'Line',
      value: textOf(bytes, start + line.start, start + line.text),
      about: 'A line of the content',
      source,
    }),
  );
  return around('data', lines, { label: 'Content', about: 'What was asked for', source });
}

/** A line: its first octet, the octet behind its text, and the octet behind its end of line. */
interface Line {
  readonly start: number;
  readonly text: number;
  readonly end: number;
}

function linesOf(bytes: Uint8Array): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    const text = feed > start && bytes[feed - 1] === 0x0d ? feed - 1 : feed < 0 ? end : feed;
    lines.push({ start, text, end });
    start = end;
  }
  return lines;
}

const textOf = (bytes: Uint8Array, start: number, end: number): string => new TextDecoder().decode(bytes.subarray(start, end));

/** Pieces of a line one after the other, each with its caption; the last takes the end of the line along. */
function pieces(
  line: Line,
  cuts: readonly number[],
  captions: readonly { label: string; value: string; about: string }[],
  source: string,
): Span[] {
  return captions.flatMap((caption, i) => {
    const from = cuts[i] ?? line.start;
    const to = i === captions.length - 1 ? line.end : (cuts[i + 1] ?? line.end);
    return to > from ? [leaf('field', from, to, { ...caption, source })] : [];
  });
}

function startLine(bytes: Uint8Array, line: Line): Span {
  const text = textOf(bytes, line.start, line.text);
  const reply = text.startsWith('HTTP/');
  const source = reply ? 'RFC 9112 §4' : 'RFC 9112 §3';
  const [one = '', two = '', ...rest] = text.split(' ');
  const three = rest.join(' ');
  const space = bytes.indexOf(SPACE, line.start);
  const second = space < 0 || space >= line.text ? line.text : space + 1;
  const after = bytes.indexOf(SPACE, second);
  const cuts = [line.start, second, after < 0 || after >= line.text ? line.text : after + 1];
  const captions = reply
    ? [
        { label: 'Version', value: one, about: 'The version of HTTP that the server speaks' },
        { label: 'Status', value: two, about: statusWords(two) },
        { label: 'Reason', value: three, about: 'The status in words, for people' },
      ]
    : [
        { label: 'Method', value: one, about: one === 'GET' ? 'Send me this page' : 'What is wanted' },
        { label: 'Path', value: two, about: 'Which page of the site' },
        { label: 'Version', value: three, about: 'The version of HTTP that the browser speaks' },
      ];
  return around('record', pieces(line, cuts, captions, source), {
    label: reply ? 'Status line' : 'Request line',
    value: text,
    about: reply ? 'How it went' : 'What is asked for',
    source,
  });
}

const SPACE = 0x20;

function statusWords(code: string): string {
  const known: Readonly<Record<string, string>> = {
    '200': 'Here it is',
    '301': 'It has moved for good; ask there',
    '302': 'It is elsewhere for now; ask there',
    '400': 'The server could not read the request',
    '404': 'There is no such page here',
    '405': 'This cannot be done with that page',
  };
  return known[code] ?? 'How it went, as a number';
}

function fieldLine(bytes: Uint8Array, line: Line): Span {
  const text = textOf(bytes, line.start, line.text);
  const colon = text.indexOf(':');
  if (colon < 0)
    return leaf('unparsed', line.start, line.end, {
      label: 'Line',
      value: text,
      about: 'Not a field: it has no colon',
      source: 'RFC 9112 §5',
    });
  const name = text.slice(0, colon);
  const value = text.slice(colon + 1).trim();
  const [about, source] = FIELDS[name.toLowerCase()] ?? ['A field of the header', 'RFC 9110 §5'];
  return leaf('field', line.start, line.end, { label: name, value, about, source });
}

const FIELDS: Readonly<Record<string, readonly [about: string, source: string]>> = {
  host: ['Which of the names at this address is meant: many sites may share one', 'RFC 9110 §7.2'],
  'user-agent': ['Which program asks', 'RFC 9110 §10.1.5'],
  accept: ['What kinds of content it can show', 'RFC 9110 §12.5.1'],
  connection: ['Whether the connection stays open', 'RFC 9110 §7.6.1'],
  'content-length': ['How many octets of content follow', 'RFC 9110 §8.6'],
  'content-type': ['What the content is', 'RFC 9110 §8.3'],
  location: ['Where to ask in its place', 'RFC 9110 §10.2.2'],
  server: ['Which program answers', 'RFC 9110 §10.2.4'],
};

function smtpLine(bytes: Uint8Array, line: Line): Span {
  const text = textOf(bytes, line.start, line.text);
  const reply = /^(\d{3})([ -])(.*)$/.exec(text);
  if (reply) {
    const [, code = '', , rest = ''] = reply;
    const captions = [
      { label: 'Code', value: code, about: replyWords(code) },
      { label: 'Text', value: rest, about: 'The same for people' },
    ];
    return around('record', pieces(line, [line.start, line.start + 4], captions, 'RFC 5321 §4.2'), {
      label: 'Reply',
      value: text,
      about: 'A number for programs, and words for people',
      source: 'RFC 5321 §4.2',
    });
  }
  const verb = /^[A-Za-z]{4}\b/.exec(text)?.[0].toUpperCase() ?? '';
  const [label, about, source] = COMMANDS[verb] ?? (text === '.' ? END : text === '' ? EMPTY : HEADING.test(text) ? FIELD : LINE);
  return leaf('field', line.start, line.end, { label, value: text, about, source });
}

const replyWords = (code: string): string =>
  code === '220'
    ? 'Ready'
    : code === '221'
      ? 'Goodbye'
      : code.startsWith('2')
        ? 'Done'
        : code.startsWith('3')
          ? 'Go on'
          : code.startsWith('4')
            ? 'Not now; try again later'
            : 'Refused';

const LINE = ['Line', 'A line of the letter', 'RFC 5322 §2.3'] as const;
const FIELD = ['Line', 'A line of the letter’s head: from whom, to whom, about what', 'RFC 5322 §2.2'] as const;
const EMPTY = ['Empty line', 'The letter’s head ends here; what follows is its body', 'RFC 5322 §2.1'] as const;
const HEADING = /^(From|To|Subject|Date|Message-ID): /i;
const END = ['End', 'A dot alone ends the letter', 'RFC 5321 §4.1.1.4'] as const;
const COMMANDS: Readonly<Record<string, readonly [label: string, about: string, source: string]>> = {
  EHLO: ['Command', 'Who is speaking', 'RFC 5321 §4.1.1.1'],
  HELO: ['Command', 'Who is speaking', 'RFC 5321 §4.1.1.1'],
  MAIL: ['Command', 'From whom the letter is', 'RFC 5321 §4.1.1.2'],
  RCPT: ['Command', 'For whom it is', 'RFC 5321 §4.1.1.3'],
  DATA: ['Command', 'The letter follows', 'RFC 5321 §4.1.1.4'],
  QUIT: ['Command', 'Goodbye', 'RFC 5321 §4.1.1.10'],
};
