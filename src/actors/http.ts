/** As much of HTTP/1.1 as a page takes (RFC 9112): requests and responses as text, and a page as HTML. */

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** The name in the Host field, without port; "" when there is none. */
  readonly host: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly reason: string;
  readonly location?: string;
  readonly title: string;
  /** The page as text, without tags. */
  readonly text: string;
}

/** A GET request for a path, naming the host as the user typed it: that is how one server serves many names (§3.2). */
export const getRequest = (host: string, path: string, agent = 'Rootwalk/1.0'): Uint8Array =>
  encoder.encode(
    [`GET ${path} HTTP/1.1`, `Host: ${host}`, `User-Agent: ${agent}`, 'Accept: text/html', 'Connection: close', '', ''].join(
      CRLF,
    ),
  );

/** Reads a request; undefined when it is none (RFC 9112 §3). */
export function readRequest(bytes: Uint8Array): HttpRequest | undefined {
  const [first = '', ...fields] = decoder.decode(bytes).split(CRLF);
  const line = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(first);
  if (!line) return undefined;
  const host = fieldOf(fields, 'host')?.replace(/:\d+$/, '').toLowerCase() ?? '';
  return { method: line[1] as string, path: line[2] as string, host };
}

/** A whole response with a page; with `location` it says that the page is elsewhere. */
export function responseBytes(page: { status: number; title: string; body: string; location?: string }): Uint8Array {
  const content = encoder.encode(html(page.title, page.body));
  const head = [
    `HTTP/1.1 ${page.status} ${REASONS[page.status] ?? 'Unknown'}`,
    ...(page.location === undefined ? [] : [`Location: ${page.location}`]),
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${content.length}`,
    'Connection: close',
    '',
    '',
  ].join(CRLF);
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(encoder.encode(head));
  bytes.set(content, head.length);
  return bytes;
}

/** Reads a response; undefined when it is none (RFC 9112 §4). */
export function readResponse(bytes: Uint8Array): HttpResponse | undefined {
  const whole = decoder.decode(bytes);
  const end = whole.indexOf(CRLF + CRLF);
  const [first = '', ...fields] = whole.slice(0, end).split(CRLF);
  const line = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(first);
  if (end < 0 || !line) return undefined;
  const location = fieldOf(fields, 'location');
  const content = whole.slice(end + 4);
  return {
    status: Number(line[1]),
    reason: line[2] as string,
    ...(location === undefined ? {} : { location }),
    title: unescapeText(/<title>([^<]*)<\/title>/.exec(content)?.[1] ?? ''),
    text: unescapeText(/<p>([^<]*)<\/p>/.exec(content)?.[1] ?? ''),
  };
}

const CRLF = '\r\n';
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
};
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function fieldOf(fields: readonly string[], name: string): string | undefined {
  const field = fields.find((text) => text.slice(0, text.indexOf(':')).toLowerCase() === name);
  return field?.slice(field.indexOf(':') + 1).trim();
}

const html = (title: string, body: string): string =>
  `<!doctype html>\n<title>${escapeText(title)}</title>\n<h1>${escapeText(title)}</h1>\n<p>${escapeText(body)}</p>\n`;

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const unescapeText = (text: string): string => text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
