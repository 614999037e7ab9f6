/**
 * Dates without a clock: a date is a number of milliseconds since 1970 (`epochMillis + now`), and this file writes and
 * reads it. The calendar is the proleptic Gregorian one; see H. Hinnant, "chrono-compatible low-level date algorithms".
 */

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

const DAY_MILLIS = 86_400_000;

/** A date in its parts, in UTC. */
export function civilOf(epochMillis: number): Civil {
  const days = Math.floor(epochMillis / DAY_MILLIS);
  const rest = epochMillis - days * DAY_MILLIS;
  const { year, month, day } = dateOfDays(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    millisecond: rest % 1000,
    weekday: (((days + 4) % 7) + 7) % 7,
  };
}

function dateOfDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Days since 1970 of a date; months from 1. */
export function daysOfDate(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

/** A metav1.Time: `2026-11-20T13:21:00Z`. Fractions of a second are cut off. */
export function rfc3339(epochMillis: number): string {
  return `${secondsPart(epochMillis)}Z`;
}

/** A metav1.MicroTime: `2026-11-20T13:21:00.250000Z`. */
export function rfc3339Micro(epochMillis: number): string {
  const millisecond = ((epochMillis % 1000) + 1000) % 1000;
  return `${secondsPart(epochMillis)}.${digits(millisecond, 3)}000Z`;
}

function secondsPart(epochMillis: number): string {
  const { year, month, day, hour, minute, second } = civilOf(epochMillis);
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  return `${date}T${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}`;
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** The date that an RFC 3339 text means, in milliseconds since 1970, or undefined. */
export function parseTime(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", sign, offsetHours = "0", offsetMinutes = "0"] = match;
  const isDate =
    Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= daysIn(Number(year), Number(month));
  if (!isDate || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === "-" ? -60 : 60);
  const millis = Number(`${fraction}000`.slice(0, 3));
  return daysOfDate(Number(year), Number(month), Number(day)) * DAY_MILLIS + (seconds - offset) * 1000 + millis;
}

/** How many days a month has; months from 1. */
export function daysIn(year: number, month: number): number {
  const next = month === 12 ? daysOfDate(year + 1, 1, 1) : daysOfDate(year, month + 1, 1);
  return next - daysOfDate(year, month, 1);
}

/** An age as tables print it. Source: apimachinery/pkg/util/duration HumanDuration. */
export function humanDuration(millis: number): string {
  const seconds = Math.trunc(millis / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return twoUnits(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return twoUnits(hours, "h", minutes % 60, "m");
  return hours < 48 ? `${hours}h` : humanDays(hours);
}

function humanDays(hours: number): string {
  const days = Math.floor(hours / 24);
  if (hours < 24 * 8) return twoUnits(days, "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return hours < 24 * 365 * 8 ? twoUnits(years, "y", days % 365, "d") : `${years}y`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** The age of something with that timestamp: `<unknown>` without one. */
export function ageOf(timestamp: string | null | undefined, epochMillis: number): string {
  const then = timestamp === undefined || timestamp === null ? undefined : parseTime(timestamp);
  return then === undefined ? "<unknown>" : humanDuration(epochMillis - then);
}
