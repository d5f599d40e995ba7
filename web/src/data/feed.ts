// Keeps the picture coming: asks again, and after a failure at 1, 2, 4 … 30 s.
import { readPicture, type AircraftJson } from './readsb';
import { lost, sky } from './sky';

const EVERY_MS = 1000;
const RETRY_MAX_MS = 30_000;

interface Boot {
    picture: Promise<AircraftJson | null>;
    receiver: Promise<{ lat?: number; lon?: number } | null>;
}
declare global {
    interface Window {
        __masarBoot?: Boot;
    }
}

async function ask(): Promise<AircraftJson | null> {
    try {
        const r = await fetch('data/aircraft.json', { cache: 'no-store' });
        return r.ok ? ((await r.json()) as AircraftJson) : null;
    } catch {
        return null;
    }
}

export function follow(): void {
    let failures = 0;
    const take = (json: AircraftJson | null) => {
        if (json && Array.isArray(json.aircraft)) {
            failures = 0;
            readPicture(json);
        } else {
            failures++;
            lost();
        }
        const wait = failures ? Math.min(RETRY_MAX_MS, EVERY_MS * 2 ** (failures - 1)) : EVERY_MS;
        setTimeout(() => void ask().then(take), wait);
    };
    void (window.__masarBoot?.picture ?? ask()).then(take);
    void window.__masarBoot?.receiver.then((r) => {
        if (r && typeof r.lat === 'number' && typeof r.lon === 'number')
            sky.about.set({ ...sky.about.get(), place: { lat: r.lat, lon: r.lon } });
    });
}
