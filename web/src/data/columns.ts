// The numbers of every aircraft, column by column: a loop over 20,000 of them reads memory in its order,
// and an update writes it so. An aircraft is a row here; a row that was let go is not used again, so that
// who still holds the aircraft reads what was last known of it. Where too many are gone the living move
// to new columns.
import type { Aircraft } from './aircraft';

/* Bits of a row's marks. */
export const ALIVE = 1;
export const GROUND = 2;
export const EMERGENCY = 4;
export const GEOMETRIC = 8;
export const SIMULATED = 16;

/* Words that many rows share, each by its number. */
export class Words {
    readonly list: string[] = [];
    private readonly numbers = new Map<string, number>();

    number(word: string): number {
        let n = this.numbers.get(word);
        if (n === undefined) this.numbers.set(word, (n = this.list.push(word) - 1));
        return n;
    }
}
export const origins = new Words();
export const UNKNOWN_ORIGIN = origins.number('unknown');
export const CATEGORIES = Array.from({ length: 256 }, (_, i) => (i ? i.toString(16).toUpperCase().padStart(2, '0') : ''));
export const EMERGENCIES = ['none', 'general', 'lifeguard', 'minfuel', 'nordo', 'unlawful', 'downed', 'reserved', ''];
export const NO_EMERGENCY = EMERGENCIES.indexOf('');
export const NO_SQUAWK = 4096;
export const SQUAWKS = Array.from({ length: NO_SQUAWK + 1 }, (_, i) => (i < NO_SQUAWK ? i.toString(8).padStart(4, '0') : ''));
const DISTRESS: ReadonlySet<number> = new Set([0o7500, 0o7600, 0o7700]);

export const isDistress = (emergency: number, squawk: number) => (emergency > 0 && emergency < NO_EMERGENCY) || (squawk >= 0o7500 && DISTRESS.has(squawk));

const FIRST = 256;
const GONE_LEAST = 1024;

const NUMBERS = ['lat', 'lon', 'x', 'y', 'vx', 'vy', 'alt', 'gs', 'track', 'pointing', 'rate', 'posAt', 'seenAt'] as const;
type Numbers = (typeof NUMBERS)[number];
const SMALL = ['marks', 'shape', 'category', 'emergency', 'origin', 'squawk', 'receiver', 'address'] as const;

export class Columns implements Record<Numbers, Float64Array> {
    length = 0;
    gone = 0;
    readonly owner: Aircraft[] = [];
    lat = new Float64Array(FIRST);
    lon = new Float64Array(FIRST);
    x = new Float64Array(FIRST); // the map's plane; NaN: not placed
    y = new Float64Array(FIRST);
    vx = new Float64Array(FIRST); // plane units a second
    vy = new Float64Array(FIRST);
    alt = new Float64Array(FIRST);
    gs = new Float64Array(FIRST);
    track = new Float64Array(FIRST);
    pointing = new Float64Array(FIRST);
    rate = new Float64Array(FIRST);
    posAt = new Float64Array(FIRST);
    seenAt = new Float64Array(FIRST);
    marks = new Uint8Array(FIRST);
    shape = new Uint8Array(FIRST);
    category = new Uint8Array(FIRST); // by CATEGORIES
    emergency = new Uint8Array(FIRST); // by EMERGENCIES
    origin = new Uint16Array(FIRST); // by origins
    squawk = new Uint16Array(FIRST); // by SQUAWKS
    receiver = new Uint16Array(FIRST);
    address = new Int32Array(FIRST); // as the binary picture has it; -1 by another way

    add(a: Aircraft): number {
        if (this.length === this.marks.length) this.grow();
        const row = this.length++;
        for (const n of NUMBERS) this[n][row] = NaN;
        this.vx[row] = this.vy[row] = this.seenAt[row] = 0;
        this.marks[row] = ALIVE;
        this.emergency[row] = NO_EMERGENCY;
        this.origin[row] = UNKNOWN_ORIGIN;
        this.squawk[row] = NO_SQUAWK;
        this.address[row] = -1;
        this.owner[row] = a;
        return row;
    }

    private grow(): void {
        const columns = this as unknown as Record<string, Float64Array>;
        for (const n of [...NUMBERS, ...SMALL]) {
            const of = columns[n];
            columns[n] = new (of.constructor as Float64ArrayConstructor)(of.length * 2);
            columns[n].set(of);
        }
    }

    /* The living, in columns of their own. */
    living(): Columns {
        const to = new Columns();
        for (let row = 0; row < this.length; row++) {
            if (!(this.marks[row] & ALIVE)) continue;
            const a = this.owner[row];
            const next = to.add(a);
            for (const n of [...NUMBERS, ...SMALL]) to[n][next] = this[n][row];
            a.stand(to, next);
        }
        return to;
    }
}

export const fleet = { columns: new Columns() };

/* No aircraft of before is among the living. */
export function clearFleet(): void {
    fleet.columns = new Columns();
}

export function release(a: Aircraft): void {
    const c = fleet.columns;
    if (a.columns !== c || !(c.marks[a.slot] & ALIVE)) return;
    c.marks[a.slot] &= ~ALIVE;
    c.gone++;
    if (c.gone > GONE_LEAST && c.gone > c.length / 2) fleet.columns = c.living();
}
