// The search: a combobox over what is heard now, places, instants, and all of history.
import { useEffect, useRef, useState } from 'preact/hooks';
import { cell, useCell } from '../cell';
import { airports, cityOf, type Airport } from '../data/airports';
import { goTo } from '../data/past';
import { findNow, findPast, type Found } from '../data/search';
import { sky } from '../data/sky';
import { select } from '../desk';
import { dateAndTime } from '../format';
import { countryName } from '../names';
import { goToDesk, goToPage, route } from '../route';
import { theMap } from '../stage';
import { t } from '../words';
import { Search as SearchSign, Silhouette } from './icons';
import { Id, Ltr } from './parts';

const TYPED_MS = 300;
const searching = cell('');

/* On the desk the map goes there; on a page the reader stays among pages. */
function open(f: Found): void {
    searching.set('');
    const [isOnPage, hex] = [route.get().page !== null, f.flown?.hex ?? f.aircraft?.hex];
    if (f.operator) return goToPage('ledger', { what: 'flights', operator: f.operator.code });
    if (isOnPage && f.airport) return goToPage('airport', { airport: f.airport.icao });
    if (isOnPage && hex) return goToPage('aircraft', { hex });
    if (isOnPage) goToDesk();
    if (f.instant !== undefined) goTo(f.instant, 0);
    else if (f.flown) {
        select(f.flown.hex);
        goTo((f.flown.from + f.flown.to) / 2, 0);
    } else if (f.aircraft) {
        select(f.aircraft.hex);
        theMap()?.reveal();
    } else if (f.airport) theMap()?.show(f.airport.lat, f.airport.lon, 9.5);
}

/* History answers a little later than the picture. */
function usePast(q: string): { past: Found[]; asking: boolean } {
    const [state, set] = useState<{ past: Found[]; asking: boolean }>({ past: [], asking: false });
    useEffect(() => {
        if (q.trim().length < 3) return set({ past: [], asking: false });
        const stop = new AbortController();
        set({ past: [], asking: true });
        const timer = setTimeout(() => void findPast(q, stop.signal).then((past) => !stop.signal.aborted && set({ past, asking: false })), TYPED_MS);
        return () => {
            clearTimeout(timer);
            stop.abort();
        };
    }, [q]);
    return state;
}

function Shown({ f }: { f: Found }) {
    if (f.instant !== undefined) return <span>{t('search.goTo', dateAndTime(f.instant))}</span>;
    if (f.operator) return <><Id>{f.operator.code}</Id><bdi class="cut">{f.operator.name}</bdi><span class="mut">{t('search.flightsOf')}</span></>;
    if (f.flown) return <><Id>{f.flown.flight || f.flown.hex}</Id><Ltr muted>{f.flown.hex}</Ltr><span class="mut">{t('search.heardFrom', dateAndTime(f.flown.from))}</span></>;
    if (f.aircraft) return <><Silhouette shape={f.aircraft.shape} size={16} /><bdi class="id">{f.aircraft.flight || t('value.noFlight')}</bdi><Ltr muted>{f.aircraft.registration || f.aircraft.hex}</Ltr><Ltr muted>{f.aircraft.type}</Ltr></>;
    const a = f.airport!;
    return <><i class="apt" /><bdi class="st">{cityOf(a)}</bdi><bdi class="mut cut">{a.name}</bdi><span class="mut">{countryName(a.country)}</span><Ltr muted>{a.icao}</Ltr></>;
}

export function SearchBox() {
    const q = useCell(searching);
    useCell(sky.version);
    const [places, setPlaces] = useState<Airport[]>([]);
    const [focused, setFocused] = useState(false);
    const [at, setAt] = useState(0);
    const input = useRef<HTMLInputElement>(null);
    const { past, asking } = usePast(focused ? q : '');
    const list = [...findNow(q, places), ...past];
    const shown = focused && q.trim() !== '';
    const onKeyDown = (e: KeyboardEvent) => {
        if (e.key === 'ArrowDown') setAt(Math.min(list.length - 1, at + 1));
        else if (e.key === 'ArrowUp') setAt(Math.max(0, at - 1));
        else if (e.key === 'Enter' && list[at]) {
            open(list[at]);
            input.current!.blur();
        } else if (e.key === 'Escape') {
            searching.set('');
            input.current!.blur();
        } else return;
        e.preventDefault();
        e.stopPropagation();
    };
    return (
        <div class="search" role="search">
            <SearchSign />
            <input
                id="search" ref={input} type="text" role="combobox" dir="auto" autocomplete="off" spellcheck={false} aria-autocomplete="list"
                placeholder={t('search.hint')} aria-label={t('search.label')} aria-expanded={shown} aria-controls="found"
                aria-activedescendant={shown && list[at] ? list[at].id : undefined} value={q}
                onInput={(e) => { searching.set(e.currentTarget.value); setAt(0); }}
                onFocus={() => { setFocused(true); void airports().then(setPlaces, () => undefined); }}
                onBlur={() => setTimeout(() => setFocused(false), 120)}
                onKeyDown={onKeyDown}
            />
            <kbd aria-hidden="true">/</kbd>
            <ul class="found" id="found" role="listbox" aria-label={t('search.label')} hidden={!shown}>
                {shown && list.map((f, i) => (
                    <li key={f.id} id={f.id} role="option" aria-selected={i === at} onMouseDown={() => open(f)} onMouseEnter={() => setAt(i)}><Shown f={f} /></li>
                ))}
                {shown && list.length === 0 && <li class="mut" role="option" aria-selected={false} aria-disabled="true">{t(asking ? 'search.asking' : 'search.none')}</li>}
            </ul>
        </div>
    );
}
