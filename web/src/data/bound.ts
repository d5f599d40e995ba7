// Where each aircraft is bound for or stands, as the ledger says: asked for a hundred at a time, those whose
// rows are in sight first, the others in turn, so that the table can be sorted and filtered by it.
import { placeShort } from '../places';
import { bandOf, type Band } from '../sure';
import type { Aircraft } from './aircraft';
import { ask } from './ask';
import { ALIVE, fleet } from './columns';
import { hasHistory, past } from './past';
import { sky } from './sky';

export interface Bound {
    airport: string; // '' not established
    p: number;
    band: Band;
    isFlying: boolean;
    isSpoofed: boolean; // its positions are false now
}
interface Brief {
    hex: string;
    state: string;
    as_of: string | null;
    spoofed_until: string | null;
    place: { airport: string; p: number; method: string } | null;
}

const EVERY_MS = 5000;
const FIRST_MS = 2500;
const RARELY_MS = 60_000; // the longest wait after questions that failed; the first is FIRST_MS
const AT_ONCE = 100;
const SPOOFED_MS = 5 * 60_000;

let inSight: readonly Aircraft[] = [];
export const showsRows = (rows: readonly Aircraft[]) => {
    inSight = rows;
};

const isSpoofed = (b: Brief) => b.spoofed_until !== null && Date.parse(b.as_of ?? '') - Date.parse(b.spoofed_until) < SPOOFED_MS;

function read(b: Brief): Bound {
    const { airport = '', p = 0, method = '' } = b.place ?? {};
    return { airport, p, band: bandOf(p, method === 'observed'), isFlying: b.state === 'flying', isSpoofed: isSpoofed(b) };
}

let next = 0; // row of the columns

/* Whom to ask about now. */
function turn(): string[] {
    const list = new Set(inSight.filter((a) => sky.aircraft.get(a.hex) === a).map((a) => a.hex));
    const c = fleet.columns;
    for (let tried = 0; tried < c.length && list.size < AT_ONCE; tried++) {
        next = (next + 1) % c.length;
        if (c.marks[next] & ALIVE) list.add(c.owner[next].hex);
    }
    return [...list].slice(0, AT_ONCE);
}

let failures = 0; // one after the other

async function step(): Promise<number> {
    if (!hasHistory.get() || past.get() || document.hidden || sky.link.get() !== 'live') return EVERY_MS;
    const list = turn();
    if (!list.length) return EVERY_MS;
    try {
        const { movements } = await ask<{ movements: Brief[] }>(`api/v1/movements?hex=${list.join(',')}`);
        for (const b of movements) {
            const a = sky.aircraft.get(b.hex);
            if (a) a.bound = read(b);
        }
        failures = 0;
        return EVERY_MS;
    } catch {
        return Math.min(RARELY_MS, FIRST_MS * 2 ** failures++);
    }
}

export function followBounds(): void {
    const go = async () => setTimeout(() => void go(), await step());
    setTimeout(() => void go(), FIRST_MS);
}

export const boundName = (b: Bound | null): string => (b && b.airport && b.band !== 'unknown' ? placeShort(b.airport) : '');
