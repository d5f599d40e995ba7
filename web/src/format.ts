// Numbers, times, ages and measures as they are printed. Digits are Latin in every language; a reader
// of Arabic may choose others for counts and dates in prose.
import type { Aircraft } from './data/aircraft';
import { units } from './settings';
import { wholePercent } from './sure';
import { language, number, spoken, t } from './words';
import { isolate } from './words/speak';

export const NONE = '–';

export const grouped = number;

export const degrees3 = (d: number) => `${String(Math.round(d) % 360).padStart(3, '0')}°`;

export function age(seconds: number): string {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 100) return t('age.s', s);
    const m = Math.floor(s / 60);
    return m < 100 ? t('age.min', m) : t('age.h', Math.floor(m / 60), m % 60);
}

const two = (n: number) => String(n).padStart(2, '0');

/* 15:54:10Z of epoch seconds. */
export function zTime(epoch: number, seconds = true): string {
    if (epoch !== epoch) return NONE;
    const d = new Date(epoch * 1000);
    const hm = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
    return seconds ? `${hm}:${two(d.getUTCSeconds())}Z` : `${hm}Z`;
}

/* 16:54 of this device, 16 h 54 in French. */
export function localTime(epoch: number): string {
    const d = new Date(epoch * 1000);
    return language.get() === 'fr' ? `${d.getHours()} h ${two(d.getMinutes())}` : `${two(d.getHours())}:${two(d.getMinutes())}`;
}

/* UTC+1: this device's zone at that time. */
export function zoneName(epoch: number): string {
    const minutes = -new Date(epoch * 1000).getTimezoneOffset();
    const rest = Math.abs(minutes) % 60;
    return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${two(rest)}` : ''}`;
}

const DATE_OPTIONS = { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' } as const;
const CLOCK_OPTIONS = { ...DATE_OPTIONS, month: 'short' } as const;
const dates = new Map<string, Intl.DateTimeFormat>();

/* Parts of a date, UTC, as the language orders and names them. */
export function dateText(epoch: number, options: Intl.DateTimeFormatOptions): string {
    if (epoch !== epoch) return NONE; // a time nobody told is no reason to show nothing
    const key = spoken().dates() + JSON.stringify(options);
    let f = dates.get(key);
    if (!f) dates.set(key, (f = new Intl.DateTimeFormat(spoken().dates(), { ...options, timeZone: 'UTC' })));
    return f.format(epoch * 1000);
}

/* Sat 8 June 2024: the day before the month in every language. */
const withoutComma = (s: string) => s.replace(/^(\p{L}+)[,،]/u, '$1');
export const zDate = (epoch: number) => withoutComma(dateText(epoch, DATE_OPTIONS));
export const clockDate = (epoch: number) => withoutComma(dateText(epoch, CLOCK_OPTIONS)); // where there is little room

/* 8 Jun 2024, 8 Jun */
export const shortDate = (epoch: number) => dateText(epoch, { day: 'numeric', month: 'short', year: 'numeric' });
export const dayMonth = (epoch: number) => dateText(epoch, { day: 'numeric', month: 'short' });

/* 8 June 2024, 15:54Z */
export const dateAndTime = (epoch: number, seconds = false) => `${shortDate(epoch)} ${isolated(zTime(epoch, seconds))}`;

/* 17:05–17:22Z; with their days where they differ. */
export function zSpan(lo: number, hi: number): string {
    if (Math.floor(lo / 60) === Math.floor(hi / 60)) return zTime(lo, false);
    if (Math.floor(lo / 86_400) === Math.floor(hi / 86_400)) return `${zTime(lo, false).slice(0, 5)}–${zTime(hi, false)}`;
    const text = `${dayMonth(lo)} ${isolated(zTime(lo, false))} – ${dayMonth(hi)} ${isolated(zTime(hi, false))}`;
    return spoken().dir === 'rtl' ? `\u2067${text}\u2069` : text; // digits after Arabic letters would change places
}

/* A token of another script inside a sentence keeps its own order. */
export const isolated = (s: string) => (spoken().dir === 'rtl' ? isolate(s) : s);

/* 74 %; what is not nothing is not printed as 0. */
export const percent = (p: number) => t('unit.percent', p > 0 && p < 0.01 ? '<1' : String(wholePercent(p)));

const part = (v: number, decimals: number, plus: string, minus: string) => `${number(Math.abs(v), decimals)}° ${v < 0 ? minus : plus}`;

export const latitude = (lat: number, decimals = 5) => part(lat, decimals, 'N', 'S');
export const longitude = (lon: number, decimals = 5) => part(lon, decimals, 'E', 'W');

/* 6.467° N 0.682° E */
export const position = (lat: number, lon: number, decimals = 5) =>
    `${latitude(lat, decimals)} ${longitude(lon, decimals)}`;

export function flightLevel(ft: number): string {
    return `FL${String(Math.round(ft / 100)).padStart(3, '0')}`;
}

const LEVELS_FROM_FT = 10_000;

/* Type, height and speed in one line. */
export function summary(a: Aircraft, written: (m: Measured) => string = (m) => m.join(' ')): string {
    const height =
        a.ground ? t('state.ground')
        : a.alt !== a.alt ? ''
        : a.alt >= LEVELS_FROM_FT && !a.geometric ? flightLevel(a.alt)
        : written(altitude(a.alt));
    const motion = a.gs === a.gs ? written(speed(a.gs)) : '';
    return [a.type || a.category, height, motion].filter(Boolean).map(isolated).join('  ');
}

/* The same under a call sign on the map, where units stand in Latin letters, as on every chart. */
export function tagLine(a: Aircraft): string {
    const latin: Record<string, string> = { [t('unit.ft')]: 'ft', [t('unit.m')]: 'm', [t('unit.kt')]: 'kt', [t('unit.kmh')]: 'km/h' };
    return summary(a, ([value, unit]) => `${value} ${latin[unit] ?? unit}`);
}

const KM = 1000;
const NM_M = 1852;
const FT_M = 0.3048;
const KT_KMH = 1.852;

/* Value and unit as the reader reads them. */
export type Measured = [value: string, unit: string];
const isMetric = () => units.get() === 'metric';
export const altitudeUnit = () => t(isMetric() ? 'unit.m' : 'unit.ft');
export const distanceUnit = () => t(isMetric() ? 'unit.km' : 'unit.nm');
export const speedUnit = () => t(isMetric() ? 'unit.kmh' : 'unit.kt');
export const altitudeOf = (ft: number) => (isMetric() ? Math.round(ft * FT_M) : Math.round(ft));
export const feetOf = (shown: number) => (isMetric() ? shown / FT_M : shown);
export const speedOf = (kt: number) => Math.round(isMetric() ? kt * KT_KMH : kt);
export const altitude = (ft: number): Measured => [number(altitudeOf(ft)), altitudeUnit()];
export const speed = (kt: number): Measured => [number(speedOf(kt)), speedUnit()];
export const rate = (fpm: number): Measured =>
    isMetric() ? [number((fpm * FT_M) / 60, 1), t('unit.mps')] : [number(fpm), t('unit.fpm')];
export function distance(m: number): Measured {
    const value = isMetric() ? m / KM : m / NM_M;
    return [number(value, value < 10 ? 1 : 0), distanceUnit()];
}
