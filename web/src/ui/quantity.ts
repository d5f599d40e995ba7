// A quantity's value as printed: text and unit, by its key where it has a form of its own.
import { clean } from '../data/aircraft';
import { altitude, degrees3, grouped, NONE, rate, speed, type Measured } from '../format';
import { t, tOr } from '../words';

const UNIT_KEYS: Record<string, 'unit.ft' | 'unit.kt' | 'unit.fpm' | 'unit.deg/s' | 'unit.hPa' | 'unit.C' | 'unit.m' | 'unit.%'> = {
    ft: 'unit.ft', kt: 'unit.kt', fpm: 'unit.fpm', 'deg/s': 'unit.deg/s', hPa: 'unit.hPa', C: 'unit.C', m: 'unit.m', '%': 'unit.%',
};

/* Digits after the point where the stored exactness is finer than what the sender knows. */
const DECIMALS: Record<string, number> = { gs: 0, mach: 3, nav_qnh: 1, oat: 1, tat: 1, humidity: 0, track_rate: 2, roll: 1 };

const AS_DIRECTION = new Set(['track', 'calc_track', 'mag_heading', 'true_heading', 'nav_heading', 'wd']);
const SIGNED = new Set(['baro_rate', 'geom_rate', 'roll', 'track_rate', 'geom_minus_baro']);

/* Quantities the reader's choice of units changes. */
const CONVERTED: Record<string, (v: number) => Measured> = { ft: altitude, kt: speed, fpm: rate };

function numeric(key: string, v: number, unit: string): Measured {
    if (AS_DIRECTION.has(key)) return [degrees3(v), ''];
    if (CONVERTED[unit]) {
        const [value, of] = CONVERTED[unit](v);
        return [SIGNED.has(key) && v > 0 ? `+${value}` : value, of];
    }
    const text = grouped(v, DECIMALS[key] ?? (Number.isInteger(v) ? 0 : 2));
    const signed = SIGNED.has(key) && v > 0 ? `+${text}` : text;
    if (unit === 'deg') return [`${signed}°`, ''];
    return [signed, UNIT_KEYS[unit] ? t(UNIT_KEYS[unit]) : unit];
}

const NAV_MODES: Record<string, string> = { autopilot: 'AP', vnav: 'VNAV', althold: 'ALT', approach: 'APP', lnav: 'LNAV', tcas: 'TCAS' };

/* Many words stand on two lines. */
function inTwo(words: string[]): string {
    const half = words.length > 2 ? Math.ceil(words.length / 2) : words.length;
    return [words.slice(0, half), words.slice(half)].filter((l) => l.length).map((l) => l.join(' ')).join('\n');
}

export function printed(key: string, value: unknown, unit: string): Measured {
    if (typeof value === 'number') return numeric(key, value, unit);
    if (typeof value === 'boolean') return [t(value ? 'flag.yes' : 'flag.no'), ''];
    if (Array.isArray(value)) return [value.length ? inTwo(value.map((w) => NAV_MODES[String(w)] ?? String(w))) : t('word.none'), ''];
    if (typeof value !== 'string' || value === '') return [NONE, ''];
    if (key === 'emergency') return [value === 'none' ? t('word.none') : tOr(`emergency.${value}`, value), ''];
    return [tOr(`word.${value}`, clean(value)), ''];
}
