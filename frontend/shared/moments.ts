// An instant as all pages write it: 2026年12月3日 8:52, 3 December 2026, 8:52. By the site's time zone, or the reader's.

export function moment(time: number, language: string, timeZone?: string): string {
  const style: Intl.DateTimeFormatOptions = {
    year: "numeric", month: "long", day: "numeric",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone,
  };
  const isEnglish = language === "en";
  const found = new Intl.DateTimeFormat(isEnglish ? "en-GB" : "zh-CN", style).formatToParts(time);
  const part = (type: string): string => found.find((one) => one.type === type)?.value ?? "";
  const clock = `${Number(part("hour"))}:${part("minute")}`;
  if (isEnglish) return `${part("day")} ${part("month")} ${part("year")}, ${clock}`;
  return `${part("year")}年${part("month").replace("月", "")}月${part("day")}日 ${clock}`;
}
