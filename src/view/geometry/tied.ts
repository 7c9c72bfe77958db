/** A number and its unit belong on one line. */

/** What follows a number and means nothing without it. */
const UNIT = /(\d) (?=(?:µs|us|ms|s|min|m|h|d|days?|hours?|minutes?|seconds?|km|bytes|B|kB|%)(?![\w’]))/g;

/** `text` with a no-break space between each number and its unit: "15 s" is never the end of one line and the start of the next. */
export const tied = (text: string): string => text.replace(UNIT, '$1\u00a0');
