// Moments of time as text, as finely as is known or wanted.

const DAY = 86400000;

export type TimeUnit = "hour" | "day" | "week" | "month" | "quarter" | "year" | "decade";

const date = new Intl.DateTimeFormat("en-CA", { timeZone: "UTC" });

/** 2026, 2026 Q1, 2026-01 or 2026-01-05; with "hour" the time of day too, where it is not midnight. */
export function momentName(ms: number, unit: TimeUnit = "hour"): string {
  const at = new Date(ms);
  const day = date.format(ms);
  const year = day.slice(0, -6);
  switch (unit) {
    case "decade":
      return `${Math.floor(at.getUTCFullYear() / 10) * 10}s`;
    case "year":
      return year;
    case "quarter":
      return `${year} Q${Math.floor(at.getUTCMonth() / 3) + 1}`;
    case "month":
      return day.slice(0, -3);
    case "hour":
      return ms % DAY === 0 ? day : `${day} ${at.toISOString().slice(11, 16)}`;
    default:
      return day;
  }
}

/** The coarsest of year, month, day and hour that tells the moments apart as well as they were given:
 * years alone are all on a first of January. */
export function resolutionOf(moments: ArrayLike<number>): TimeUnit {
  let areYears = true;
  let areMonths = true;
  for (let i = 0; i < moments.length; i++) {
    const ms = moments[i]!;
    if (Number.isNaN(ms)) continue;
    if (ms % DAY !== 0) return "hour";
    if (!areMonths) continue;
    const at = new Date(ms);
    areMonths = at.getUTCDate() === 1;
    areYears &&= areMonths && at.getUTCMonth() === 0;
  }
  return areMonths ? (areYears ? "year" : "month") : "day";
}
