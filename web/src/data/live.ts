// The WebSocket's messages into the picture (docs/WEBSOCKET.md).
import {
    DB_MILITARY, FLAG_ALTITUDE, FLAG_GEOMETRIC, FLAG_GROUND, FLAG_POSITION, FLAG_RATE, FLAG_SIMULATED, FLAG_SPEED,
    FLAG_SQUAWK, FLAG_TRACK,
} from '../wire/picture';
import { greeted, hear as hearPast, isWaiting, past, type PastAnswer } from './past';
import { clean, describe, newAircraft, unplace, type Aircraft } from './aircraft';
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

const CATEGORIES = Array.from({ length: 256 }, (_, i) => (i ? i.toString(16).toUpperCase().padStart(2, '0') : ''));
const EMERGENCIES = ['none', 'general', 'lifeguard', 'minfuel', 'nordo', 'unlawful', 'downed', 'reserved'];

const NON_ICAO = 0x1000000;
const hexOf = (address: number) => (address & NON_ICAO ? '~' : '') + (address & 0xffffff).toString(16).padStart(6, '0');

export class Live {
    pictures = 0;
    private readonly decoder: Decoder;
    private readonly bySlot: (Aircraft | undefined)[] = [];
    private origins: string[] = [];
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
        if (m.origins) this.origins = m.origins.map((o) => o.type);
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
        if (this.stale && !d.snapshot) throw new Error('the picture is not whole');
        this.stale = false;
        if (d.snapshot) {
            sky.aircraft.clear();
            this.bySlot.length = 0;
        }
        took('update', () => this.write(d));
        this.pictures++;
        published(d.nowMs / 1000);
        beginWorker();
    }

    private write(d: Decoded): void {
        for (const slot of d.gone) this.forget(slot);
        let next = 0;
        const isPast = past.get() !== null;
        for (let i = 0; i < d.slots.length; i++) {
            const a = this.at(d.slots[i], d.address[i]);
            if (next < d.who.length && d.who[next].i === i) identify(a, d.who[next++], d.category[i]);
            else if (CATEGORIES[d.category[i]] !== a.category) describe(a, a.type, CATEGORIES[d.category[i]], a.operatorCode);
            fill(a, d, i, this.origins, isPast);
        }
    }

    private at(slot: number, address: number): Aircraft {
        const known = this.bySlot[slot];
        if (known?.address === address) return known;
        this.forget(slot);
        const hex = hexOf(address);
        const a = newAircraft(hex);
        a.address = address;
        this.bySlot[slot] = a;
        sky.aircraft.set(hex, a);
        return a;
    }

    private forget(slot: number): void {
        const a = this.bySlot[slot];
        if (a && sky.aircraft.get(a.hex) === a) sky.aircraft.delete(a.hex);
        this.bySlot[slot] = undefined;
    }
}

function identify(a: Aircraft, w: Who, category: number): void {
    a.flight = clean(w.flight);
    a.registration = w.registration;
    a.country = w.country;
    a.military = (w.dbFlags & DB_MILITARY) !== 0;
    describe(a, w.type, CATEGORIES[category], w.operatorLength ? w.flight.slice(0, w.operatorLength) : '');
}

const SQUAWKS = Array.from({ length: 4096 }, (_, i) => i.toString(8).padStart(4, '0'));

function fill(a: Aircraft, d: Decoded, i: number, origins: string[], isPast: boolean): void {
    const flags = d.flags[i];
    a.squawk = flags & FLAG_SQUAWK ? SQUAWKS[d.squawk[i]] : '';
    a.emergency = EMERGENCIES[d.emergency[i]] ?? '';
    a.origin = origins[d.origin[i]] ?? 'unknown';
    a.receiver = d.receiver[i];
    a.ground = (flags & FLAG_GROUND) !== 0;
    a.geometric = (flags & FLAG_GEOMETRIC) !== 0;
    a.simulated = (flags & FLAG_SIMULATED) !== 0;
    a.alt = flags & FLAG_ALTITUDE ? d.altitude[i] : NaN;
    a.gs = flags & FLAG_SPEED ? d.speed[i] : NaN;
    a.track = flags & FLAG_TRACK ? d.track[i] : NaN;
    if (flags & FLAG_TRACK) a.pointing = a.track;
    a.rate = flags & FLAG_RATE ? d.rate[i] : NaN;
    a.seenAt = isPast ? d.positionAt[i] : d.seenAt[i];
    if (!(flags & FLAG_POSITION)) {
        unplace(a);
        return;
    }
    a.lat = d.lat[i];
    a.lon = d.lon[i];
    a.x = d.x[i];
    a.y = d.y[i];
    a.posAt = d.positionAt[i];
}
