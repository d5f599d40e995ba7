// Numbers, times and ages as they are printed. Digits are Latin in every language.
import type { Aircraft } from './data/aircraft';
import { t } from './words';

export const NONE = '–';

export function grouped(n: number, decimals = 0): string {
    const [whole, part] = Math.abs(n).toFixed(decimals).split('.');
    const sign = n < 0 && Number(whole + (part ?? '')) !== 0 ? '−' : '';
    const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
    return sign + (part ? `${text}.${part}` : text);
}

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
    const d = new Date(epoch * 1000);
    const hm = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
    return seconds ? `${hm}:${two(d.getUTCSeconds())}Z` : `${hm}Z`;
}

/* Day before month in every language: the figures stand in one order. */
const DATE_LOCALES: Record<string, string> = { en: 'en-GB' };
const dates = new Map<string, Intl.DateTimeFormat>();

export function zDate(epoch: number, language: string): string {
    let f = dates.get(language);
    if (!f) {
        f = new Intl.DateTimeFormat(`${DATE_LOCALES[language] ?? language}-u-nu-latn`, {
            weekday: 'short', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC',
        });
        dates.set(language, f);
    }
    return f.format(epoch * 1000).replace(/^(\p{L}+),/u, '$1');
}

const part = (v: number, decimals: number, plus: string, minus: string) =>
    `${Math.abs(v).toFixed(decimals)}° ${v < 0 ? minus : plus}`;

export const latitude = (lat: number, decimals = 5) => part(lat, decimals, 'N', 'S');
export const longitude = (lon: number, decimals = 5) => part(lon, decimals, 'E', 'W');

/* 6.467° N 0.682° E */
export const position = (lat: number, lon: number, decimals = 5) =>
    `${latitude(lat, decimals)} ${longitude(lon, decimals)}`;

export function flightLevel(ft: number): string {
    return `FL${String(Math.round(ft / 100)).padStart(3, '0')}`;
}

const LEVELS_FROM_FT = 10_000;

/* Type, height and speed in one line: what the tag on the map says under the call sign. */
export function summary(a: Aircraft): string {
    const height =
        a.ground ? t('state.ground')
        : a.alt !== a.alt ? ''
        : a.alt >= LEVELS_FROM_FT && !a.geometric ? flightLevel(a.alt)
        : `${grouped(a.alt)} ${t('unit.ft')}`;
    const speed = a.gs === a.gs ? `${Math.round(a.gs)} ${t('unit.kt')}` : '';
    return [a.type || a.category, height, speed].filter(Boolean).join('  ');
}
