// The picture: every aircraft heard, the server's clock, and what the server says of itself. Feeds
// write it; table, map and panel read it. `version` changes once a picture.
import { cell } from '../cell';
import { learnWith, type Aircraft } from './aircraft';
import { ServerClock } from './clock';

export type Link = 'starting' | 'live' | 'away';

export interface Source {
    name: string;
    state: string;
    simulated?: boolean;
}
export interface Receiver {
    number: number;
    name: string;
    simulated?: boolean;
}
export interface About {
    simulation: boolean;
    sources: Source[];
    receivers: Receiver[];
    place: { lat: number; lon: number } | null;
    history: { recording: boolean; why: string } | null; // null: none is kept
}

export const sky = {
    aircraft: new Map<string, Aircraft>(),
    clock: new ServerClock(),
    version: cell(0),
    link: cell<Link>('starting'),
    lostAt: NaN, // server's time of the last picture before the link went away
    about: cell<About>({ simulation: false, sources: [], receivers: [], place: null, history: null }),
};

learnWith(() => sky.aircraft.values());

export const serverNow = () => sky.clock.read(performance.now());

/* A picture is complete: tell those who watch. */
export function published(now: number): void {
    sky.clock.hear(now, performance.now());
    sky.link.set('live');
    sky.version.set(sky.version.get() + 1);
}

export function lost(): void {
    if (sky.link.get() === 'away') return;
    sky.lostAt = sky.clock.known ? serverNow() : NaN;
    sky.link.set('away');
}
