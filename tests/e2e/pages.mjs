// The pages about movements in each language: pages.mjs MASAR ROOT WORK SHOTS. WORK has a store and the folder data of reference
// data. What a page shows is held against what the server answers; figures, orders and files are the same in all languages.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, freePort, laidOut, openBrowser, sized, startMasar, stop, themed, until } from './browser.mjs';

const [masar, root, work, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');
const DAYS = 'from=2024-06-07&to=2024-06-09';
const NIAMEY = { en: 'Niamey', fr: 'Niamey', ar: 'نيامي' };

const plain = (s) => s.replace(/[\u2066-\u2069\s\u202f]+/g, ' ').trim();
const column = (page, caption, n) => page.$$eval(`${caption} tbody tr:not(.detail) td:nth-child(${n})`, (all) => all.map((c) => c.textContent.trim()));
const ask = async (origin, path) => (await fetch(`${origin}/api/v1/${path}`)).json();

const settled = (page) => page.waitForFunction(() => !document.querySelector('.page .loading, .page[data-asking=true]'), null, { timeout: 30000 });

async function open(page, origin, hash) {
    await page.goto('about:blank');
    await page.goto(`${origin}/#${hash}`);
    await page.waitForSelector('.page[aria-busy=false] .card', { timeout: 30000 });
    await settled(page);
}

/* In every theme nothing is inaccessible, nothing scrolls sideways. */
async function looks(page, l, name, hash, origin) {
    await open(page, origin, hash);
    for (const theme of ['dark', 'light', 'contrast', 'phone']) {
        await themed(page, theme === 'light' ? 'light' : 'dark');
        if (theme === 'contrast') await page.evaluate(() => (document.documentElement.dataset.contrast = 'more'));
        if (theme === 'phone') {
            await page.evaluate(() => delete document.documentElement.dataset.contrast);
            await sized(page, 390, 844);
        }
        await laidOut(page);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        check(`${l}, ${theme}, ${name}: nothing is inaccessible`, violations.length === 0, violations.map((v) => `${v.id} (${v.nodes.slice(0, 2).map((n) => n.target.join(' ')).join('; ')})`).join(', '));
        const wide = await page.evaluate(() => Math.max(...[document.documentElement, document.querySelector('.page')].map((e) => e.scrollWidth - e.clientWidth)));
        check(`${l}, ${theme}, ${name}: nothing scrolls sideways`, wide <= 0, wide);
        await page.screenshot({ path: join(shots, `${name}-${l}-${theme}.png`) });
    }
    await sized(page, 1440, 900);
}

/* Open the airport by its name and list the day's military arrivals, with keys alone. */
async function arrivals(page, l, origin) {
    await open(page, origin, `page=airport&${DAYS}`);
    await page.locator('.page .fld input').focus();
    await page.keyboard.type(NIAMEY[l]);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.hash.includes('airport=DRRN') || document.querySelector('.foundlist a'), null, { timeout: 30000 });
    if (!(await page.evaluate(() => location.hash)).includes('DRRN')) {
        await page.locator('.foundlist a').first().focus();
        await page.keyboard.press('Enter');
    }
    await page.waitForSelector('.pm', { timeout: 30000 });
    check(`${l}: the airport is found by its name`, (await page.textContent('.page h1')).includes('DRRN'), await page.textContent('.page h1'));
    for (const [button, key] of [['.pageacts > .seg button:nth-child(2)', 'mil=1'], ['.period .seg button:nth-child(1)', 'from=2024-06-08&to=2024-06-09'], ['.cardacts .seg button:nth-child(2)', 'which=arrivals']]) {
        await page.locator(button).first().focus();
        await page.keyboard.press('Enter');
        check(`${l}: ${key} stands in the link`, await until(page, (k) => location.hash.includes(k), key), await page.evaluate(() => location.hash));
    }
    const told = await ask(origin, 'arrivals?airport=DRRN&military=1&from=2024-06-08&to=2024-06-09');
    const expected = told.arrivals.filter((r) => r.p >= 0.4).map((r) => r.callsign).sort();
    const listed = await until(page, (want) => JSON.stringify([...document.querySelectorAll('.card.wide tbody tr:not(.detail) td:nth-child(5)')].map((c) => c.textContent.trim()).sort()) === want, JSON.stringify(expected));
    check(`${l}: the day's military arrivals are listed`, expected.length > 0 && listed, `${await column(page, '.card.wide', 5)} for ${expected}`);
    const figure = plain(await page.textContent('.figures > div:first-child'));
    const sum = told.sum.expected.toFixed(1).replace('.', l === 'fr' ? ',' : '.');
    check(`${l}: with how many were observed and expected`, figure.includes(String(told.sum.observed)) && figure.includes(sum), figure);
    await page.locator('.card.wide button[aria-expanded]').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.evidence .tablebox tbody tr', { timeout: 30000 });
    const receivers = await page.$$eval('.evidence .tablebox tbody td:nth-child(6)', (all) => all.map((c) => c.textContent));
    check(`${l}: the evidence goes down to positions and receivers`, receivers.length > 2 && receivers.every((r) => r.includes('SIMULATION')), receivers.slice(0, 3).join(' '));
    await page.screenshot({ path: join(shots, `evidence-${l}.png`) });
}

/* The ledger says what the server says, in the order chosen, and its file is what is shown. */
async function ledger(page, l, origin) {
    await open(page, origin, `page=ledger&what=arrivals&${DAYS}&p=0.4&sort=-callsign`);
    const told = await ask(origin, 'arrivals?from=2024-06-07&to=2024-06-09&p=0.4&limit=2000');
    const names = (list) => list.map((r) => r.callsign ?? '').filter(Boolean);
    const expected = names(told.arrivals).sort().reverse();
    const seen = await column(page, '.card.wide', 6);
    check(`${l}: rows in the order of the link`, seen.length === told.arrivals.length && JSON.stringify(seen.filter((s) => expected.includes(s))) === JSON.stringify(expected), `${seen.length} of ${told.arrivals.length}`);
    const figures = plain(await page.textContent('.figures'));
    const wanted = [told.sum.counted, told.sum.observed, told.sum.expected.toFixed(1).replace('.', l === 'fr' ? ',' : '.'), told.sum.low, told.sum.high].map(String);
    check(`${l}: sums and their interval as the server has them`, wanted.every((w) => figures.includes(w)), `${wanted} in ${figures}`);
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.saves button').first().click()]);
    const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
    const at = lines[0].split(',').indexOf('callsign');
    check(`${l}: the file is what is shown, in its order`, JSON.stringify(lines.slice(1).map((x) => x.split(',')[at]).filter(Boolean)) === JSON.stringify(expected), lines.slice(0, 2).join(' '));
    await page.locator('.card.wide thead button').first().click();
    await page.waitForFunction(() => location.hash.includes('sort=day'), null, { timeout: 30000 });
    await page.locator('.fields .fld input').first().fill('nonsense here');
    await page.locator('.fields .fld input').first().press('Enter');
    await page.waitForSelector('.fld [role=alert]');
    check(`${l}: a code that is none is said beneath its field, and not asked`, !(await page.evaluate(() => location.hash)).includes('nonsense'));
}

/* Who it is, its flight on a map above altitude and speed, every instant by keys. */
async function aircraft(page, l, origin) {
    await open(page, origin, `page=aircraft&hex=aefc10&${DAYS}`);
    await page.waitForSelector('.uplot canvas', { timeout: 30000 });
    check(`${l}: who it is and from where that is known`, plain(await page.textContent('.facts')).includes('C17') && (await page.textContent('.cols')).includes('own'));
    const { flights } = await ask(origin, 'flights?hex=aefc10&from=2024-06-07&to=2024-06-09');
    check(`${l}: every flight the ledger has`, (await column(page, '.card.wide', 3)).length === flights.length, flights.length);
    const before = await page.textContent('.readout');
    await page.locator('.slide').focus();
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowRight');
    check(`${l}: keys lead to other instants of the flight`, await until(page, (b) => document.querySelector('.readout').textContent !== b, before), before);
    const shown = await page.textContent('.cols .cardhead');
    await page.locator('.card.wide button[aria-pressed=false]').first().click();
    await page.waitForFunction(() => location.hash.includes('leg='), null, { timeout: 30000 });
    check(`${l}: another flight is shown, and stands in the link`, flights.length === 1 || (await until(page, (b) => ![b, undefined].includes(document.querySelector('.cols .cardhead')?.textContent), shown)), shown);
}

/* What is not there, and what is not understood, is said. */
async function wrong(page, l, origin) {
    await page.goto(`${origin}/#page=airport&airport=QQQQ&${DAYS}&mil=maybe`);
    await page.waitForSelector('.page [role=alert]', { timeout: 30000 });
    check(`${l}: an airport that is not there is named`, (await page.textContent('.page [role=alert]')).includes('QQQQ'), await page.textContent('.page [role=alert]'));
    check(`${l}: what a link does not say well is quoted`, await until(page, () => document.querySelector('.strip')?.textContent.includes('maybe')));
    await open(page, origin, `page=airport&airport=DRRN&${DAYS}`);
    await page.locator('.period input').first().fill('7 June');
    await page.locator('.period input').first().press('Enter');
    await page.waitForSelector('.period [role=alert]');
    check(`${l}: days that are none are said`, (await page.textContent('.period [role=alert]')).includes('2024-06-07'));
    await open(page, origin, 'page=airport&airport=DRRN&from=2023-01-01&to=2023-01-02');
    check(`${l}: days without record say so, nothing is blank`, (await page.$$eval('.page .card', (all) => all.filter((c) => c.textContent.trim() === '').length)) === 0 && (await page.$$eval('.page .empty', (all) => all.length)) >= 3);
}

const PAGES = [
    ['airports', `page=airport&${DAYS}`], ['airport', `page=airport&airport=DRRN&${DAYS}`], ['country', `page=country&country=NE&${DAYS}`],
    ['area', `page=area&area=circle=13.48,2.18,60NM&${DAYS}`], ['ledger', `page=ledger&what=flights&${DAYS}`], ['aircraft', `page=aircraft&hex=aefc10&${DAYS}`],
];

async function tell(l, origin) {
    const browser = await openBrowser(root, origin, /movement|arrivals|departures|stays/, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: l, acceptDownloads: true });
    try {
        const page = await browser.context.newPage();
        await arrivals(page, l, origin);
        await ledger(page, l, origin);
        await aircraft(page, l, origin);
        await wrong(page, l, origin);
        for (const [name, hash] of PAGES) await looks(page, l, name, hash, origin);
        check(`${l}: nothing went wrong in the page`, browser.errors.length === 0, browser.errors.join(' | '));
        check(`${l}: no request left this machine`, browser.foreign.length === 0, browser.foreign.join(' '));
    } finally {
        await browser.close();
    }
}

const port = await freePort();
const server = await startMasar(masar, ['serve', '--store', join(work, 'store'), '--data', join(work, 'data'), '--web', join(root, 'web/dist'), '--http', `127.0.0.1:${port}`], port);
try {
    for (const l of (process.env.MASAR_LANGUAGES ?? 'ar').split(',')) await tell(l, `http://127.0.0.1:${port}`);
} catch (e) {
    check('the pages are read to their end', false, e.stack);
} finally {
    await stop(server);
}
finish();
