import { expect, test } from "vitest";
import { rfc3339 } from "../../api/time.ts";
import { nextTime, parseSchedule } from "./schedule.ts";
import { UTC, type Zone, zoneNamed } from "./zone.ts";

function next(schedule: string, after: string, zone: Zone = UTC): string {
  const parsed = parseSchedule(schedule);
  if (typeof parsed === "string") return parsed;
  const time = nextTime(parsed, Date.parse(after), zone);
  return time === undefined ? "never" : rfc3339(time);
}

test.each([
  ["every minute means the next full one", "* * * * *", "2026-11-20T12:18:59Z", "2026-11-20T12:19:00Z"],
  ["a step starts at the lowest value", "*/20 * * * *", "2026-11-20T12:20:00Z", "2026-11-20T12:40:00Z"],
  ["a range and a list", "0 9-11,14 * * *", "2026-11-20T11:00:00Z", "2026-11-20T14:00:00Z"],
  ["weekdays by name", "30 8 * * mon", "2026-11-20T12:00:00Z", "2026-11-23T08:30:00Z"],
  ["day and weekday: one of them is enough", "0 0 13 * fri", "2026-11-14T00:00:00Z", "2026-11-20T00:00:00Z"],
  ["the last day of a leap February", "0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"],
  ["a day that never comes", "0 0 31 2 *", "2026-01-01T00:00:00Z", "never"],
  ["a descriptor", "@hourly", "2026-11-20T12:18:59Z", "2026-11-20T13:00:00Z"],
  ["an interval", "@every 1h30m", "2026-11-20T12:00:00Z", "2026-11-20T13:30:00Z"],
])("%s", (_, schedule, after, expected) => {
  expect(next(schedule, after)).toBe(expected);
});

test.each([
  ["Europe/Berlin", "2026-07-01T00:00:00Z", "2026-07-01T04:00:00Z"],
  ["Europe/Berlin", "2026-12-01T00:00:00Z", "2026-12-01T05:00:00Z"],
  ["America/New_York", "2026-07-01T00:00:00Z", "2026-07-01T10:00:00Z"],
  ["Asia/Kolkata", "2026-07-01T00:00:00Z", "2026-07-01T00:30:00Z"],
  ["Etc/GMT+3", "2026-07-01T00:00:00Z", "2026-07-01T09:00:00Z"],
])("six o'clock in %s after %s", (zone, after, expected) => {
  expect(next("0 6 * * *", after, zoneNamed(zone))).toBe(expected);
});

test("what does not parse says why", () => {
  expect(parseSchedule("* * * *")).toBe("expected exactly 5 fields, found 4: [* * * *]");
  expect(parseSchedule("61 * * * *")).toBe("end of range (61) above maximum (59): 61");
  expect(zoneNamed("Mars/Olympus")).toBeUndefined();
});
