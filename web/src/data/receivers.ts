// Where receivers stand: asked once, and again when the list of them changes.
import { cell } from '../cell';
import { clean } from './aircraft';
import { ask } from './ask';
import { sky } from './sky';

export interface PlacedReceiver {
    number: number;
    name: string;
    lat: number;
    lon: number;
}
interface Row {
    number: number;
    name: string;
    lat?: number;
    lon?: number;
}

const receivers = cell<PlacedReceiver[]>([]);
let asked = -1; // receivers there were when it was asked

async function askPlaces(): Promise<void> {
    try {
        const { receivers: rows } = await ask<{ receivers: Row[] }>('api/v1/receivers');
        receivers.set(rows.filter((r): r is PlacedReceiver => r.lat !== undefined && r.lon !== undefined).map((r) => ({ ...r, name: clean(r.name) })));
    } catch {
        asked = -1; // with the next frame that wants them
    }
}

/* Receivers that have a place; the server's own (number 0) where none has. */
export function placedReceivers(): PlacedReceiver[] {
    const about = sky.about.get();
    if (asked !== about.receivers.length) {
        asked = about.receivers.length;
        void askPlaces();
    }
    const list = receivers.get();
    return list.length || !about.place ? list : [{ number: 0, name: '', ...about.place }];
}
