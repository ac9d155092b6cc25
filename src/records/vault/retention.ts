/**
 * Studies delete themselves after the site's number of days, on a locked tablet too. A clock that
 * suddenly stands far ahead (an empty battery resets some tablets) deletes nothing on its first day.
 */
const DAY = 86_400_000;
/** A tablet that was off for longer is not told from one whose clock jumped: both wait a day. */
const JUMP_DAYS = 14;

export interface Clock {
  readonly seen: number;
  readonly jumpedAt: number | null;
}

export function dayOf(moment: number): number {
  return Math.floor(moment / DAY);
}

/** What the clock's record becomes now. */
export function clockAt(now: number, { seen, jumpedAt }: Clock): Clock {
  // Put back again: the jump was a mistake.
  if (now < seen) return { seen: now, jumpedAt: null };
  if (now - seen > JUMP_DAYS * DAY) return { seen: now, jumpedAt: now };
  const over = jumpedAt !== null && now - jumpedAt >= DAY;
  return { seen: now, jumpedAt: over ? null : jumpedAt };
}

/** Studies kept on this day or before are to go; null: none are, now. */
export function lastExpiredDay(
  now: number,
  retentionDays: number | null,
  { jumpedAt }: Clock,
): number | null {
  return retentionDays === null || jumpedAt !== null ? null : dayOf(now) - retentionDays - 1;
}
