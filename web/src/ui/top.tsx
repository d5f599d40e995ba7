// The bar on top: mark, pages there are, search, SIMULATION, the server's time, language, theme.
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { serverNow, sky } from '../data/sky';
import { clockDate, grouped, localTime, zoneName, zTime } from '../format';
import { themeChoice, type ThemeChoice } from '../theme';
import { PAGES, type Page } from '../pages';
import { goToDesk, hrefOf, route } from '../route';
import { chooseLanguage, LANGUAGES, language, t, type Language } from '../words';
import { Logo, Moon, Question, Sun, System } from './icons';
import { SearchBox } from './search';
import { helpOpen } from '../help';
import { theMap } from '../stage';
import { fetchPage, titleOf } from './pagehost';
import { PastBadge } from './time';

const THEMES: ThemeChoice[] = ['system', 'dark', 'light'];

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
            <span><bdi>{clockDate(now)}</bdi>{isToday(now) && <> · <bdi class="ltr">{localTime(now)} {zoneName(now)}</bdi></>}{Math.round(rate) > 1 && ` · ${t('clock.rate', grouped(shownRate(rate)))}`}</span>
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
            {all.map(([k, { short, name }]) => (
                <button type="button" key={k} lang={k} aria-pressed={k === l} title={name} onClick={() => chooseLanguage(k as Language)}>{short}</button>
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

const soon = (p: Page) => void fetchPage(p).catch(() => undefined); // where it cannot be had, its page says so

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
            {PAGES.filter((p) => p.isInBar).map((p) => <a key={p.name} href={hrefOf(p.name)} onPointerEnter={() => soon(p)} onFocus={() => soon(p)} aria-current={r.page === p.name ? 'page' : undefined}>{titleOf(p.title)}</a>)}
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
