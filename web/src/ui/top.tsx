// The bar on top: mark, pages there are, search, SIMULATION, the server's time, language, theme.
import { useEffect, useRef, useState } from 'preact/hooks';
import { cell, useCell } from '../cell';
import { airports, cityOf, findAirports, type Airport } from '../data/airports';
import type { Aircraft } from '../data/aircraft';
import { serverNow, sky } from '../data/sky';
import { NO_FILTER, predicate, select } from '../desk';
import { grouped, localTime, zDate, zoneName, zTime } from '../format';
import { shapeFor } from '../map/silhouettes';
import { themeChoice, type ThemeChoice } from '../theme';
import { PAGES } from '../pages';
import { goToDesk, hrefOf, route } from '../route';
import { chooseLanguage, LANGUAGES, language, t, type Language } from '../words';
import { Logo, Moon, Question, Search as SearchSign, Silhouette, Sun, System } from './icons';
import { helpOpen } from '../help';
import { theMap } from '../stage';
import { titleOf } from './pagehost';
import { PastBadge } from './time';

const THEMES: ThemeChoice[] = ['system', 'dark', 'light'];
const MOST = 6;

/* Local time says something only of today. */
const isToday = (now: number) => Math.abs(now - Date.now() / 1000) < 86_400;

/* Pictures come a little early or late: above 10 the rate is told to the nearest 5. */
const shownRate = (rate: number) => (rate < 10 ? Math.round(rate) : Math.round(rate / 5) * 5);

export function Clock() {
    useCell(sky.version);
    const link = useCell(sky.link);
    const [, tick] = useState(0);
    useEffect(() => {
        const timer = setInterval(() => tick((n) => n + 1), 1000);
        return () => clearInterval(timer);
    }, []);
    if (!sky.clock.known) return <div class="clock" />;
    const now = link === 'away' ? sky.lostAt : serverNow();
    const rate = sky.clock.rate;
    return (
        <div class={`clock${link === 'away' ? ' stopped' : ''}`} role="group" aria-label={t('clock.label')}>
            <b><bdi class="ltr">{zTime(now).replace('Z', ' Z')}</bdi></b>
            <span><bdi>{zDate(now)}</bdi>{isToday(now) && <> · <bdi class="ltr">{localTime(now)} {zoneName(now)}</bdi></>}{Math.round(rate) > 1 && ` · ${t('clock.rate', grouped(shownRate(rate)))}`}</span>
        </div>
    );
}

const searching = cell('');

interface Found {
    id: string;
    aircraft?: Aircraft;
    airport?: Airport;
}

function find(q: string, places: Airport[]): Found[] {
    if (!q.trim()) return [];
    const fits = predicate({ ...NO_FILTER, text: q });
    const planes: Found[] = [];
    for (const a of sky.aircraft.values()) {
        if (fits(a)) planes.push({ id: `f-${a.hex.replace('~', 'x')}`, aircraft: a });
        if (planes.length === MOST) break;
    }
    return [...planes, ...findAirports(places, q, MOST).map((p) => ({ id: `f-${p.icao}`, airport: p }))];
}

function open(f: Found): void {
    searching.set('');
    if (route.get().page) goToDesk();
    if (f.aircraft) {
        select(f.aircraft.hex);
        theMap()?.reveal();
    } else if (f.airport) theMap()?.show(f.airport.lat, f.airport.lon, 9.5);
}

export function SearchBox() {
    const q = useCell(searching);
    useCell(sky.version);
    const [places, setPlaces] = useState<Airport[]>([]);
    const [focused, setFocused] = useState(false);
    const [at, setAt] = useState(0);
    const input = useRef<HTMLInputElement>(null);
    const list = find(q, places);
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
                id="search" ref={input} type="text" role="combobox" autocomplete="off" spellcheck={false}
                placeholder={t('search.hint')} aria-label={t('search.label')} aria-expanded={shown} aria-controls="found"
                aria-activedescendant={shown && list[at] ? list[at].id : undefined} value={q}
                onInput={(e) => { searching.set(e.currentTarget.value); setAt(0); }}
                onFocus={() => { setFocused(true); void airports().then(setPlaces); }}
                onBlur={() => setTimeout(() => setFocused(false), 120)}
                onKeyDown={onKeyDown}
            />
            <kbd aria-hidden="true">/</kbd>
            <ul class="found" id="found" role="listbox" aria-label={t('search.label')} hidden={!shown}>
                {shown && list.map((f, i) => (
                    <li key={f.id} id={f.id} role="option" aria-selected={i === at} onMouseDown={() => open(f)} onMouseEnter={() => setAt(i)}>
                        {f.aircraft ? (
                            <><Silhouette shape={shapeFor(f.aircraft.type, f.aircraft.category)} size={16} /><bdi class="id">{f.aircraft.flight || t('value.noFlight')}</bdi><bdi class="ltr mut">{f.aircraft.hex}</bdi></>
                        ) : (
                            <><i class="apt" /><bdi class="st">{cityOf(f.airport!)}</bdi><span class="mut cut"><bdi>{f.airport!.name}</bdi></span><bdi class="ltr mut">{f.airport!.icao}</bdi></>
                        )}
                    </li>
                ))}
                {shown && list.length === 0 && <li class="mut" role="option" aria-selected={false} aria-disabled="true">{t('search.none')}</li>}
            </ul>
        </div>
    );
}

function ThemeButton() {
    const choice = useCell(themeChoice);
    const next = THEMES[(THEMES.indexOf(choice) + 1) % THEMES.length];
    const Sign = { system: System, dark: Moon, light: Sun }[choice];
    const label = t(`theme.${choice}` as 'theme.dark');
    return <button type="button" class="ib" aria-label={label} title={label} onClick={() => themeChoice.set(next)}><Sign /></button>;
}

function Languages() {
    const l = useCell(language);
    const all = Object.entries(LANGUAGES);
    return (
        <div class="seg" role="group" aria-label={t('language.label')}>
            {all.map(([k, { short, words }]) => (
                <button type="button" key={k} lang={k} aria-pressed={k === l} title={words['lang.name']} onClick={() => chooseLanguage(k as Language)}>{short}</button>
            ))}
        </div>
    );
}

export function Simulation() {
    const { simulation } = useCell(sky.about);
    return simulation ? <span class="sim" title={t('sim.title')}><i />{t('sim.badge')}</span> : null;
}

/* An alarm: what is heard now is not being written. */
export function Recording() {
    const { history } = useCell(sky.about);
    return history && !history.recording ? <span class="sim" role="alert" title={history.why}><i />{t('history.stopped')}</span> : null;
}

/* The desk and the pages there are. */
export function Nav() {
    const r = useCell(route);
    const toDesk = (e: Event) => {
        e.preventDefault();
        if (r.page) goToDesk();
    };
    return (
        <nav class="nav" aria-label={t('nav.main')}>
            <a href="#" aria-current={r.page ? undefined : 'page'} onClick={toDesk}>{t('nav.desk')}</a>
            {PAGES.filter((p) => p.isInBar).map((p) => <a key={p.name} href={hrefOf(p.name)} aria-current={r.page === p.name ? 'page' : undefined}>{titleOf(p.title)}</a>)}
        </nav>
    );
}

export function TopBar() {
    return (
        <header class="top">
            <a class="brand" href="#" title={t('nav.desk')} onClick={(e) => { e.preventDefault(); if (route.get().page) goToDesk(); else theMap()?.home(); }}>
                <Logo /><span dir="ltr">masar</span><span class="mut" lang="ar" dir="rtl">مسار</span>
            </a>
            <Nav />
            <SearchBox />
            <Simulation />
            <PastBadge />
            <Recording />
            <span class="grow" />
            <Clock />
            <Languages />
            <ThemeButton />
            <button type="button" class="ib" aria-label={t('help.open')} title={t('help.open')} aria-haspopup="dialog" onClick={() => helpOpen.set(true)}><Question /></button>
        </header>
    );
}
