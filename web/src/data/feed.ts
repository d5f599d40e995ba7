// Keeps the picture coming: over the WebSocket; where none can be had, by asking for aircraft.json.
// After a failure it tries again at 1, 2, 4 … 30 s.
import { Live } from './live';
import { past, unplugged } from './past';
import { readPicture, type AircraftJson } from './readsb';
import { lost, sky } from './sky';

const RETRY_MAX_MS = 30_000;
const POLL_MS = 1000;
const SILENT_MS = 15_000; // a connection that says nothing for so long is given up
const TRIES_BEFORE_POLLING = 2;

interface Boot {
    socket: WebSocket | null;
    heard: (string | ArrayBuffer)[];
}
declare global {
    interface Window {
        __masarBoot?: Boot;
    }
}

const retryAfter = (failures: number) => Math.min(RETRY_MAX_MS, 1000 * 2 ** Math.max(0, failures - 1));

function open(): WebSocket {
    const socket = new WebSocket(new URL('ws', document.baseURI).href.replace(/^http/, 'ws'));
    socket.binaryType = 'arraybuffer';
    return socket;
}

async function ask(): Promise<AircraftJson | null> {
    try {
        const r = await fetch('data/aircraft.json', { cache: 'no-store' });
        return r.ok ? ((await r.json()) as AircraftJson) : null;
    } catch {
        return null;
    }
}

function poll(): void {
    let failures = 0;
    const step = async () => {
        const json = await ask();
        if (json && Array.isArray(json.aircraft)) {
            failures = 0;
            readPicture(json);
        } else {
            failures++;
            lost();
        }
        setTimeout(() => void step(), failures ? retryAfter(failures) : POLL_MS);
    };
    void step();
}

/* One connection until it ends; tells whether it ever brought a picture. */
function listen(socket: WebSocket, heard: Boot['heard'], ended: (worked: boolean) => void): void {
    const broken = (e: unknown) => {
        if (done) return;
        console.warn('masar: the picture cannot be read', e);
        end();
    };
    const live = new Live((text) => socket.readyState === WebSocket.OPEN && socket.send(text), broken);
    let timer = 0;
    let done = false;
    const end = () => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        socket.onmessage = socket.onclose = socket.onerror = null;
        socket.close();
        unplugged();
        ended(live.pictures > 0);
    };
    /* Where time stands still nothing comes, and nothing is wrong. */
    const silent = () => {
        if (past.get()?.speed === 0) timer = window.setTimeout(silent, SILENT_MS);
        else end();
    };
    const take = (data: string | ArrayBuffer) => {
        clearTimeout(timer);
        try {
            live.take(data);
        } catch (e) {
            broken(e);
            return;
        }
        timer = window.setTimeout(silent, SILENT_MS);
    };
    timer = window.setTimeout(end, SILENT_MS);
    socket.onmessage = (e) => take(e.data as string | ArrayBuffer);
    socket.onclose = socket.onerror = end;
    for (const data of heard.splice(0)) if (!done) take(data);
    if (socket.readyState >= WebSocket.CLOSING) end();
}

export function follow(): void {
    let failures = 0;
    let everWorked = false;
    const again = (worked: boolean) => {
        everWorked ||= worked;
        failures = worked ? 1 : failures + 1;
        if (!everWorked && failures >= TRIES_BEFORE_POLLING) {
            poll();
            return;
        }
        if (everWorked || sky.link.get() === 'live') lost();
        setTimeout(() => listen(open(), [], again), everWorked ? retryAfter(failures) : 50);
    };
    const boot = window.__masarBoot;
    listen(boot?.socket ?? open(), boot?.heard ?? [], again);
}
