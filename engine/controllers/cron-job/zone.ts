// Time zones for CronJob; a small table instead of the tz database; not modelled: all other zones, and rules of former years.
import { civilOf } from "../../api/time.ts";

/** Standard offset in minutes, and the rule of summer time. */
export interface Zone {
  readonly minutes: number;
  readonly summer?: "europe" | "america";
}

/** Source: IANA tz database 2025b, for the zones that the labs use. */
const ZONES: Readonly<Record<string, Zone>> = {
  UTC: { minutes: 0 },
  "Etc/UTC": { minutes: 0 },
  GMT: { minutes: 0 },
  "Europe/London": { minutes: 0, summer: "europe" },
  "Europe/Lisbon": { minutes: 0, summer: "europe" },
  "Europe/Berlin": { minutes: 60, summer: "europe" },
  "Europe/Paris": { minutes: 60, summer: "europe" },
  "Europe/Madrid": { minutes: 60, summer: "europe" },
  "Europe/Rome": { minutes: 60, summer: "europe" },
  "Europe/Amsterdam": { minutes: 60, summer: "europe" },
  "Europe/Vienna": { minutes: 60, summer: "europe" },
  "Europe/Zurich": { minutes: 60, summer: "europe" },
  "Europe/Warsaw": { minutes: 60, summer: "europe" },
  "Europe/Stockholm": { minutes: 60, summer: "europe" },
  "Europe/Athens": { minutes: 120, summer: "europe" },
  "Europe/Helsinki": { minutes: 120, summer: "europe" },
  "Europe/Moscow": { minutes: 180 },
  "Europe/Istanbul": { minutes: 180 },
  "America/New_York": { minutes: -300, summer: "america" },
  "America/Chicago": { minutes: -360, summer: "america" },
  "America/Denver": { minutes: -420, summer: "america" },
  "America/Los_Angeles": { minutes: -480, summer: "america" },
  "America/Toronto": { minutes: -300, summer: "america" },
  "America/Sao_Paulo": { minutes: -180 },
  "Asia/Dubai": { minutes: 240 },
  "Asia/Kolkata": { minutes: 330 },
  "Asia/Singapore": { minutes: 480 },
  "Asia/Shanghai": { minutes: 480 },
  "Asia/Hong_Kong": { minutes: 480 },
  "Asia/Tokyo": { minutes: 540 },
  "Asia/Seoul": { minutes: 540 },
};

export const UTC: Zone = { minutes: 0 };

/** The zone, or undefined where this model does not know it. */
export function zoneNamed(name: string): Zone | undefined {
  const fixed = /^Etc\/GMT([+-])(\d{1,2})$/.exec(name);
  // The sign is the wrong way round, as POSIX has it.
  if (fixed !== null) return { minutes: (fixed[1] === "+" ? -60 : 60) * Number(fixed[2]) };
  return ZONES[name];
}

export function offsetMillisAt(zone: Zone, date: number): number {
  const isSummer = zone.summer !== undefined && isSummerTime(zone, date);
  return (zone.minutes + (isSummer ? 60 : 0)) * 60_000;
}

/** Europe changes at 01:00 UTC, America at 02:00 local time. */
function isSummerTime(zone: Zone, date: number): boolean {
  const local = date + zone.minutes * 60_000;
  const { year } = civilOf(local);
  if (zone.summer === "europe") {
    return date >= lastSunday(year, 3) + 3_600_000 && date < lastSunday(year, 10) + 3_600_000;
  }
  return local >= nthSunday(year, 3, 2) + 7_200_000 && local < nthSunday(year, 11, 1) + 3_600_000;
}

const DAY_MILLIS = 86_400_000;

function dayAt(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * DAY_MILLIS;
}

function weekdayOf(date: number): number {
  return (((Math.floor(date / DAY_MILLIS) + 4) % 7) + 7) % 7;
}

function lastSunday(year: number, month: number): number {
  const last = dayAt(year, month, 31);
  return last - weekdayOf(last) * DAY_MILLIS;
}

function nthSunday(year: number, month: number, count: number): number {
  const first = dayAt(year, month, 1);
  return first + (((7 - weekdayOf(first)) % 7) + (count - 1) * 7) * DAY_MILLIS;
}
