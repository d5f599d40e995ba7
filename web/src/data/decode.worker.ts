// Decodes pictures beside the page, one connection after the other. It takes over from the page, which
// decodes what comes before this is loaded: then the whole state comes with the first message.
import { Picture } from '../wire/picture';
import { decode, type Told } from './decoded';

export interface ToWorker {
    connection: number;
    state?: { picture: Picture; told: Told };
    bytes: ArrayBuffer;
}
/* A buffer comes back. */
export interface Emptied {
    room: ArrayBuffer;
}

let picture = new Picture();
let told: Told = [];
let connection = 0;
let room: ArrayBuffer | undefined;

addEventListener('message', (e: MessageEvent<ToWorker | Emptied>) => {
    const m = e.data;
    if ('room' in m) {
        room = m.room;
        return;
    }
    if (m.state) {
        picture = Object.assign(new Picture(), m.state.picture);
        told = m.state.told;
    }
    connection = m.connection;
    try {
        const decoded = decode(picture, new Uint8Array(m.bytes), told, room).is;
        room = undefined;
        postMessage({ connection, decoded }, { transfer: [decoded.buffer] });
    } catch (error) {
        postMessage({ connection, error: String(error) });
    }
});
postMessage({ connection: 0 }); // ready
