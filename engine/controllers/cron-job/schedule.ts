// After github.com/robfig/cron/v3 parser.go, spec.go and kubernetes v1.36 pkg/controller/cronjob/utils.go; time zones: see zone.ts.
import { civilOf } from "../../api/time.ts";
import { offsetMillisAt, type Zone } from "./zone.ts";

/** When a CronJob runs: sets of minutes, hours and days, or a fixed interval. */
export type Schedule =
  | {
      readonly kind: "calendar";
      readonly minutes: ReadonlySet<number>;
      readonly hours: ReadonlySet<number>;
      readonly days: ReadonlySet<number>;
      readonly months: ReadonlySet<number>;
      readonly weekdays: ReadonlySet<number>;
      /** Whether day or weekday was `*`: then both must fit; otherwise one is enough. */
      readonly isAnyDay: boolean;
      readonly isAnyWeekday: boolean;
    }
  | { readonly kind: "every"; readonly millis: number };

const DESCRIPTORS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** The schedule, or what is wrong with it. */
export function parseSchedule(text: string): Schedule | string {
  if (text.startsWith("@every ")) {
    const millis = parseInterval(text.slice("@every ".length));
    return millis === undefined
      ? `failed to parse duration ${text}`
      : { kind: "every", millis: Math.max(1000, millis) };
  }
  if (text.startsWith("@") && DESCRIPTORS[text] === undefined) return `unrecognized descriptor: ${text}`;
  const fields = (DESCRIPTORS[text] ?? text).trim().split(/\s+/);
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`;
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const minutes = parseField(minute, { low: 0, high: 59 });
  const hours = parseField(hour, { low: 0, high: 23 });
  const days = parseField(day, { low: 1, high: 31 });
  const months = parseField(month, { low: 1, high: 12, names: MONTHS, base: 1 });
  const weekdays = parseField(weekday, { low: 0, high: 6, names: WEEKDAYS, base: 0 });
  for (const field of [minutes, hours, days, months, weekdays]) if (typeof field === "string") return field;
  return {
    kind: "calendar",
    minutes: minutes as ReadonlySet<number>,
    hours: hours as ReadonlySet<number>,
    days: days as ReadonlySet<number>,
    months: months as ReadonlySet<number>,
    weekdays: weekdays as ReadonlySet<number>,
    isAnyDay: /^[*?]/.test(day),
    isAnyWeekday: /^[*?]/.test(weekday),
  };
}

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
  readonly base?: number;
}

function parseField(text: string, bounds: Bounds): ReadonlySet<number> | string {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step] = part.split("/");
    const every = step === undefined ? 1 : Number(step);
    if (!Number.isInteger(every) || every < 1)
      return `failed to parse int from ${step ?? ""}: strconv.Atoi: parsing "${step ?? ""}": invalid syntax`;
    const ends = endsOf(range, step !== undefined, bounds);
    if (typeof ends === "string") return ends;
    for (let value = ends.first; value <= ends.last; value += every) found.add(value);
  }
  return found;
}

function endsOf(
  range: string,
  hasStep: boolean,
  bounds: Bounds,
): { readonly first: number; readonly last: number } | string {
  if (range === "*" || range === "?") return { first: bounds.low, last: bounds.high };
  const [from = "", to] = range.split("-");
  const first = parseValue(from, bounds);
  const last = to === undefined ? first : parseValue(to, bounds);
  if (first === undefined || last === undefined) {
    return `failed to parse int from ${from}: strconv.Atoi: parsing "${from}": invalid syntax`;
  }
  const end = to === undefined && hasStep ? bounds.high : last;
  if (first < bounds.low) return `beginning of range (${first}) below minimum (${bounds.low}): ${range}`;
  if (end > bounds.high) return `end of range (${end}) above maximum (${bounds.high}): ${range}`;
  if (first > end) return `beginning of range (${first}) beyond end of range (${end}): ${range}`;
  return { first, last: end };
}

function parseValue(text: string, { names, base = 0 }: Bounds): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + base;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `1h30m`. */
function parseInterval(text: string): number | undefined {
  let millis = 0;
  let rest = text.trim();
  while (rest !== "") {
    const match = /^(\d+)(h|m|s)/.exec(rest);
    if (match === null) return undefined;
    millis += Number(match[1]) * (match[2] === "h" ? 3_600_000 : match[2] === "m" ? 60_000 : 1000);
    rest = rest.slice(match[0].length);
  }
  return millis;
}

const DAY_MILLIS = 86_400_000;

/** A search for the next time ends after five years: the schedule never comes. Source: spec.go Next. */
const DAYS_MAX = 5 * 366;

/** The first time after `date` (milliseconds since 1970), or undefined. */
export function nextTime(schedule: Schedule, date: number, zone: Zone): number | undefined {
  if (schedule.kind === "every") return Math.floor(date / 1000) * 1000 + schedule.millis;
  const offset = offsetMillisAt(zone, date);
  const local = (Math.floor((date + offset) / 60_000) + 1) * 60_000;
  let dayStart = Math.floor(local / DAY_MILLIS) * DAY_MILLIS;
  let from = local - dayStart;
  for (let count = 0; count < DAYS_MAX; count++) {
    if (fitsDay(schedule, dayStart)) {
      const minute = firstMinute(schedule, from / 60_000);
      if (minute !== undefined) return toUtc(dayStart + minute * 60_000, zone);
    }
    dayStart += DAY_MILLIS;
    from = 0;
  }
  return undefined;
}

type Calendar = Extract<Schedule, { readonly kind: "calendar" }>;

function fitsDay(schedule: Calendar, dayStart: number): boolean {
  const { month, day } = civilOf(dayStart);
  if (!schedule.months.has(month)) return false;
  const weekday = (((Math.floor(dayStart / DAY_MILLIS) + 4) % 7) + 7) % 7;
  const hasDay = schedule.days.has(day);
  const hasWeekday = schedule.weekdays.has(weekday);
  return schedule.isAnyDay || schedule.isAnyWeekday ? hasDay && hasWeekday : hasDay || hasWeekday;
}

function firstMinute(schedule: Calendar, from: number): number | undefined {
  for (let hour = Math.floor(from / 60); hour < 24; hour++) {
    if (!schedule.hours.has(hour)) continue;
    for (let minute = hour * 60 === from - (from % 60) ? from % 60 : 0; minute < 60; minute++) {
      if (schedule.minutes.has(minute)) return hour * 60 + minute;
    }
  }
  return undefined;
}

function toUtc(local: number, zone: Zone): number {
  const guess = local - offsetMillisAt(zone, local);
  return local - offsetMillisAt(zone, guess);
}
