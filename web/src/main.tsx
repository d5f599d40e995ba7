// Start: picture and code are already on their way (boot.js); the shell stands at once, the map as
// soon as it knows where to look.
import './style/fonts.css';
import './style/tokens.css';
import './style/desk.css';
import './style/pages.css';
import { render } from 'preact';
import { detail, followSelection, trail } from './data/detail';
import { follow } from './data/feed';
import { followBounds } from './data/bound';
import { followFalsehoods } from './data/falsehoods';
import { followMovement } from './data/movement';
import { watchDensity } from './data/density';
import { sky } from './data/sky';
import { selection } from './desk';
import { firstExtent, startOf } from './extent';
import { mercX, mercY } from './geo/mercator';
import { listenForKeys } from './keys';
import { AircraftMap } from './map/map';
import { followLinks, keepLink, openLink } from './share';
import { setMap, theMap } from './stage';
import { tookList } from './took';
import { App } from './ui/app';
import { firstLanguage, speak } from './words';

declare global {
    interface Window {
        __masar?: { firstAircraftMs?: number; took?: ReturnType<typeof tookList>; aircraft?: () => number; map?: typeof theMap };
    }
}

const WAIT_FOR_PICTURE_MS = 400;

const link = openLink(location.search, location.hash);
function firstDrawn(): void {
    performance.mark('masar:first-aircraft');
    window.__masar = { ...window.__masar, firstAircraftMs: performance.now() };
}

/* The map needs a place to look at: the link's, else what is heard, else the receiver's. */
async function stand(box: HTMLElement): Promise<void> {
    const map = new AircraftMap(box, firstDrawn);
    if (!link.map && !sky.clock.known)
        await new Promise<void>((done) => {
            const stop = sky.version.watch(() => { stop(); done(); });
            setTimeout(done, WAIT_FOR_PICTURE_MS);
        });
    const start = link.map ?? startOf(firstExtent(), box, sky.about.get().place);
    await map.stand(start);
    setMap(map);
    trail.watch((points) => {
        map.trail.points = points;
        map.again();
    });
    detail.watch((d) => {
        map.trail.crosses = (d?.rejected ?? []).map((r) => ({ x: mercX(r.lon), y: mercY(r.lat) }));
    });
    if (!link.map && selection.get()) requestAnimationFrame(() => map.reveal());
}

/* The page is not shown in one language only to turn into another. (Not awaited by the module itself:
   the texts are a module that needs this one.) */
async function start(): Promise<void> {
    window.__masar = { took: tookList(), aircraft: () => sky.aircraft.size, map: () => theMap() };
    follow();
    await speak(link.language ?? firstLanguage()).catch((e) => console.warn('masar: the language cannot be read', e));
    followLinks();
    keepLink();
    render(<App stand={(box) => void stand(box)} />, document.getElementById('root')!);
    followSelection();
    followMovement();
    followFalsehoods();
    followBounds();
    watchDensity();
    listenForKeys();
    selection.watch((hex) => {
        if (hex) requestAnimationFrame(() => theMap()?.reveal());
    });
}
void start();
