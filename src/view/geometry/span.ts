/** How time goes by: in words, and to the eye. */

/** "5 min", "47 h", "2 days": how long nothing happened, roughly. */
export function spanText(micros: number): string {
  const s = micros / 1e6;
  if (s < 1) return `${Math.round(s * 1000)} ms`;
  if (s < 90) return `${Math.round(s)} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  if (s < 129_600) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86_400)} days`;
}

/** Slow, quick, slow: the smoothstep nearest to the jump's curve. */
export const eased = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);
