// The WebSocket's messages into the picture (docs/WEBSOCKET.md).
import {
    DB_MILITARY, FLAG_ALTITUDE, FLAG_GEOMETRIC, FLAG_GROUND, FLAG_POSITION, FLAG_RATE, FLAG_SIMULATED, FLAG_SPEED,
    FLAG_SQUAWK, FLAG_TRACK, Picture,
} from '../wire/picture';
import { greeted, hear as hearPast, isWaiting, past, type PastAnswer } from './past';
import { clean, describe, newAircraft, place, unplace, type Aircraft } from './aircraft';
import { published, sky, type About, type Receiver, type Source } from './sky';

interface Hello {
    type: 'hello' | 'sources';
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

export class Live {
    pictures = 0;
    private readonly picture = new Picture();
    private readonly bySlot: (Aircraft | undefined)[] = [];
    private origins: string[] = [];
    private stale = false; // pictures came that were not shown

    constructor(private readonly say: (text: string) => void = () => undefined) {}

    /* Throws where the bytes are no picture: the connection is then begun anew. */
    take(data: string | ArrayBuffer): void {
        if (typeof data === 'string') this.hear(JSON.parse(data) as Hello | PastAnswer);
        else this.apply(new Uint8Array(data));
    }

    private hear(m: Hello | PastAnswer): void {
        if (m.type === 'past' || m.type === 'live' || m.type === 'error') {
            if (!hearPast(m)) throw new Error(m.error);
            return;
        }
        if (m.type !== 'hello' && m.type !== 'sources') return;
        if (m.type === 'hello') greeted(m.past ?? false, m.live ?? true, this.say);
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

    private apply(bytes: Uint8Array): void {
        const change = this.picture.apply(bytes);
        if (isWaiting()) {
            this.stale = true;
            return;
        }
        if (this.stale && !change.snapshot) throw new Error('the picture is not whole');
        this.stale = false;
        if (change.snapshot) {
            sky.aircraft.clear();
            this.bySlot.length = 0;
        }
        for (const slot of change.gone) this.forget(slot);
        for (const slot of change.changed) this.read(slot);
        this.pictures++;
        published(change.nowMs / 1000);
    }

    private forget(slot: number): void {
        const a = this.bySlot[slot];
        if (a && sky.aircraft.get(a.hex) === a) sky.aircraft.delete(a.hex);
        this.bySlot[slot] = undefined;
    }

    private read(slot: number): void {
        const p = this.picture;
        const hex = p.hex(slot);
        let a = this.bySlot[slot];
        if (a?.hex !== hex) {
            this.forget(slot);
            a = this.bySlot[slot] = newAircraft(hex);
            sky.aircraft.set(hex, a);
        }
        this.fill(a, slot, p.flags[slot]);
    }

    private fill(a: Aircraft, slot: number, flags: number): void {
        const p = this.picture;
        const known = (flag: number, value: number) => (flags & flag ? value : NaN);
        a.flight = clean(p.flight[slot]);
        describe(a, p.type[slot], CATEGORIES[p.category[slot]], p.operatorLength[slot] ? p.operator(slot) : '');
        a.registration = p.registration[slot];
        a.country = p.country[slot];
        a.military = (p.dbFlags[slot] & DB_MILITARY) !== 0;
        a.receiver = p.receiver[slot];
        a.squawk = flags & FLAG_SQUAWK ? p.squawk[slot].toString(8).padStart(4, '0') : '';
        a.emergency = EMERGENCIES[p.emergency[slot]] ?? '';
        a.origin = this.origins[p.origin[slot]] ?? 'unknown';
        a.ground = (flags & FLAG_GROUND) !== 0;
        a.geometric = (flags & FLAG_GEOMETRIC) !== 0;
        a.simulated = (flags & FLAG_SIMULATED) !== 0;
        a.alt = known(FLAG_ALTITUDE, p.altitude[slot]);
        a.gs = known(FLAG_SPEED, p.speed[slot]);
        a.track = known(FLAG_TRACK, p.track[slot]);
        if (a.track === a.track) a.pointing = a.track;
        a.rate = known(FLAG_RATE, p.rate[slot]);
        a.seenAt = (past.get() ? p.positionDs[slot] : p.seenDs[slot]) / 10;
        if (flags & FLAG_POSITION) place(a, p.lat[slot] * 1e-5, p.lon[slot] * 1e-5, p.positionDs[slot] / 10);
        else unplace(a);
    }
}
