// The WebSocket's messages into the picture (docs/WEBSOCKET.md).
import {
    DB_MILITARY, FLAG_ALTITUDE, FLAG_GEOMETRIC, FLAG_GROUND, FLAG_POSITION, FLAG_RATE, FLAG_SIMULATED, FLAG_SPEED,
    FLAG_SQUAWK, FLAG_TRACK,
} from '../wire/picture';
import { greeted, hear as hearPast, isWaiting, past, type PastAnswer } from './past';
import { clean, describe, newAircraft, type Aircraft } from './aircraft';
import {
    ALIVE, CATEGORIES, clearFleet, EMERGENCY, fleet, GEOMETRIC, GROUND, isDistress, NO_SQUAWK, origins, release, SIMULATED, UNKNOWN_ORIGIN, type Columns,
} from './columns';
import { took } from '../took';
import type { Decoded, Who } from './decoded';
import { beginWorker, Decoder } from './decoder';
import { published, sky, type About, type Receiver, type Source } from './sky';

interface Hello {
    type: 'hello' | 'sources' | 'receivers';
    simulation?: boolean;
    sources?: Source[];
    receivers?: Receiver[];
    origins?: { type: string; label: string }[];
    place?: { lat: number; lon: number };
    past?: boolean; // there is history to go back to
    live?: boolean; // there are inputs
    history?: { recording: boolean; why: string } | null;
}

const NON_ICAO = 0x1000000;
const hexOf = (address: number) => (address & NON_ICAO ? '~' : '') + (address & 0xffffff).toString(16).padStart(6, '0');

export class Live {
    pictures = 0;
    private readonly decoder: Decoder;
    private readonly bySlot: (Aircraft | undefined)[] = [];
    private rows: number[] = []; // by slot, the row of the columns; -1: none
    private columns: Columns | null = null;
    private origins: number[] = []; // of the server's numbers, ours
    private stale = false; // pictures came that were not shown

    /* `failed`: the connection is of no use and is to be begun anew. */
    constructor(
        private readonly say: (text: string) => void = () => undefined,
        failed: (error: unknown) => void = () => undefined,
    ) {
        this.decoder = new Decoder((d) => this.apply(d), (text) => this.hear(JSON.parse(text) as Hello | PastAnswer), failed);
    }

    /* Throws where the bytes are no picture. */
    take(data: string | ArrayBuffer): void {
        this.decoder.take(data);
    }

    private hear(m: Hello | PastAnswer): void {
        if (m.type === 'past' || m.type === 'live' || m.type === 'error') {
            if (!hearPast(m)) throw new Error(m.error);
            return;
        }
        if (m.type === 'hello') greeted(m.past ?? false, m.live ?? true, this.say);
        if (m.type !== 'hello' && m.type !== 'sources' && m.type !== 'receivers') return;
        if (m.origins) this.origins = m.origins.map((o) => origins.number(o.type));
        const was = sky.about.get();
        const next: About = {
            simulation: m.simulation ?? was.simulation,
            sources: m.sources ?? was.sources,
            receivers: m.receivers ?? was.receivers,
            place: m.place ?? was.place,
            history: m.history === undefined ? was.history : m.history,
        };
        sky.about.set(next);
    }

    private apply(d: Decoded): void {
        if (isWaiting()) {
            this.stale = true;
            return;
        }
        if (this.stale && !d.is.snapshot) throw new Error('the picture is not whole');
        this.stale = false;
        if (d.is.snapshot) {
            sky.aircraft.clear();
            clearFleet();
            this.bySlot.length = 0;
        }
        took('update', () => this.write(d));
        this.pictures++;
        published(d.is.nowMs / 1000);
        beginWorker();
    }

    private write(d: Decoded): void {
        for (const slot of d.is.gone) this.forget(slot);
        let c = this.stand();
        const { who } = d.is;
        let next = 0;
        const isPast = past.get() !== null;
        for (let i = 0; i < d.slots.length; i++) {
            const slot = d.slots[i];
            let row = slot < this.rows.length ? this.rows[slot] : -1;
            const isNew = next < who.length && who[next].i === i;
            if (row < 0 || isNew || c.address[row] !== d.address[i] || c.category[row] !== d.category[i]) {
                const a = this.at(slot, d.address[i]);
                if (isNew) identify(a, who[next++], d.category[i]);
                else describe(a, a.type, CATEGORIES[d.category[i]], a.operatorCode);
                c = a.columns;
                row = a.slot;
            }
            fill(c, row, d, i, this.origins, isPast);
        }
    }

    /* Where the columns are new, the rows of what is known already. */
    private stand(): Columns {
        if (this.columns !== fleet.columns) {
            this.columns = fleet.columns;
            this.rows = Array.from(this.bySlot, (a) => (a?.columns === this.columns ? a.slot : -1));
        }
        return this.columns;
    }

    private at(slot: number, address: number): Aircraft {
        const known = this.bySlot[slot];
        if (known?.address === address) return known;
        this.forget(slot);
        this.stand();
        const hex = hexOf(address);
        const a = newAircraft(hex);
        a.address = address;
        this.bySlot[slot] = a;
        while (this.rows.length <= slot) this.rows.push(-1);
        this.rows[slot] = a.slot;
        sky.aircraft.set(hex, a);
        return a;
    }

    private forget(slot: number): void {
        const a = this.bySlot[slot];
        if (a && sky.aircraft.get(a.hex) === a) sky.aircraft.delete(a.hex);
        if (a) release(a);
        this.bySlot[slot] = undefined;
        if (slot < this.rows.length) this.rows[slot] = -1;
    }
}

function identify(a: Aircraft, w: Who, category: number): void {
    a.flight = clean(w.flight);
    a.registration = w.registration;
    a.country = w.country;
    a.military = (w.dbFlags & DB_MILITARY) !== 0;
    describe(a, w.type, CATEGORIES[category], w.operatorLength ? w.flight.slice(0, w.operatorLength) : '');
}

function fill(c: Columns, row: number, d: Decoded, i: number, known: number[], isPast: boolean): void {
    const flags = d.flags[i];
    const squawk = flags & FLAG_SQUAWK ? d.squawk[i] : NO_SQUAWK;
    c.squawk[row] = squawk;
    c.emergency[row] = d.emergency[i];
    c.origin[row] = known[d.origin[i]] ?? UNKNOWN_ORIGIN;
    c.receiver[row] = d.receiver[i];
    c.marks[row] = ALIVE | (flags & FLAG_GROUND ? GROUND : 0) | (flags & FLAG_GEOMETRIC ? GEOMETRIC : 0) |
        (flags & FLAG_SIMULATED ? SIMULATED : 0) | (isDistress(d.emergency[i], squawk) ? EMERGENCY : 0);
    c.alt[row] = flags & FLAG_ALTITUDE ? d.altitude[i] : NaN;
    c.gs[row] = flags & FLAG_SPEED ? d.speed[i] : NaN;
    c.track[row] = flags & FLAG_TRACK ? d.track[i] : NaN;
    if (flags & FLAG_TRACK) c.pointing[row] = d.track[i];
    c.rate[row] = flags & FLAG_RATE ? d.rate[i] : NaN;
    c.seenAt[row] = isPast ? d.positionAt[i] : d.seenAt[i];
    const isPlaced = (flags & FLAG_POSITION) !== 0;
    c.lat[row] = isPlaced ? d.lat[i] : NaN;
    c.lon[row] = isPlaced ? d.lon[i] : NaN;
    c.x[row] = isPlaced ? d.x[i] : NaN;
    c.y[row] = isPlaced ? d.y[i] : NaN;
    c.vx[row] = d.vx[i];
    c.vy[row] = d.vy[i];
    c.posAt[row] = isPlaced ? d.positionAt[i] : NaN;
}
