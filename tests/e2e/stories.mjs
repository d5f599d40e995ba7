// The stories of the desk in each language: stories.mjs MASAR ROOT WORK SHOTS. WORK has the stores june8
// and june19 and the folder data of reference data.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, freePort, laidOut, openBrowser, sized, startMasar, stop, themed, until } from './browser.mjs';

const [masar, root, work, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');
const web = ['--data', join(work, 'data'), '--web', join(root, 'web/dist')];

/* What is said, in each language; figures and codes are the same in all. */
const SAID = {
    en: { dir: 'ltr', bound: /en route to|not established/i, types: 'Type, exactly', heard: /heard now/, turned: 'Next event of the selection', language: 'en' },
    fr: { dir: 'ltr', bound: /en route vers|non établie/i, types: 'Type, exactement', heard: /reçu/, turned: 'Événement suivant de la sélection', language: 'fr' },
    ar: { dir: 'rtl', bound: /في طريقها إلى|غير محددة/, types: 'الطراز تماماً', heard: /مرصودة الآن/, turned: 'الحدث التالي للطائرة المختارة', language: 'ar' },
};

const painted = (page) => page.waitForFunction(() => window.__masar?.firstAircraftMs, null, { timeout: 30000 });
const rowTexts = (page, column) => page.$$eval(`.rows .td.${column}`, (all) => all.map((c) => c.textContent.trim()));

async function accessible(page, what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    check(`${what}: nothing is inaccessible`, violations.length === 0, violations.map((v) => `${v.id} (${v.nodes.slice(0, 2).map((n) => n.target.join(' ')).join('; ')})`).join(', '));
}

/* Nothing is cut off, and nothing scrolls sideways but tables in their own box. */
async function fits(page, what) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`${what}: nothing scrolls sideways`, wide <= 0, wide);
}

async function shot(page, name) {
    await page.screenshot({ path: join(shots, `${name}.png`) });
}

/* Find the C-17, read where it is going and how sure that is. */
async function whereTo(page, s, origin) {
    await page.goto(`${origin}/`);
    await painted(page);
    check(`${s.language}: the page speaks it by the browser's wish`, (await page.getAttribute('html', 'lang')) === s.language && (await page.getAttribute('html', 'dir')) === s.dir);
    check(`${s.language}: the heading counts`, s.heard.test(await page.textContent('.sh')), await page.textContent('.sh'));
    await page.keyboard.press('/');
    await page.keyboard.type('RCH115');
    await page.waitForSelector('#found [role=option]:has-text("RCH115")', { timeout: 30000 });
    await page.keyboard.press('Enter');
    await page.waitForSelector('.panel:has-text("RCH115")');
    await page.waitForSelector('.bound .lead', { timeout: 30000 });
    check(`${s.language}: it is said whither and how surely`, s.bound.test(await page.textContent('.bound .lead')), await page.textContent('.bound .lead'));
    const parts = await page.$$eval('.bars dd.n', (all) => all.map((d) => d.textContent.replace(/\s/g, '')));
    check(`${s.language}: every candidate has its percent, and what is on no list too`, parts.length >= 2 && parts.every((p) => /^[\u2066]?<?\d+[%]/.test(p)), parts.join(' '));
    const apart = await until(page, () => {
        const { map, scene } = window.__masar.map();
        const { a, x, y } = scene.selected;
        const p = map.project([a.lon, a.lat]);
        return Math.hypot(p.x - x, p.y - y) < 6;
    });
    check(`${s.language}: beside its panel the aircraft stands on the ground it is over`, apart);
    const sign = await page.$eval('.panel .cs bdi', (b) => getComputedStyle(b).direction);
    check(`${s.language}: the call sign runs left to right`, sign === 'ltr');
    await laidOut(page);
    await shot(page, `where-${s.language}`);
}

/* What the table's column of destinations is read from. */
async function bounds(origin) {
    const { movements } = await (await fetch(`${origin}/api/v1/movements?hex=aefc15,000001`)).json();
    check('the server says in short where it is bound for, and nothing of whom it does not know', movements.length === 1 && movements[0].hex === 'aefc15' && movements[0].place?.p > 0, JSON.stringify(movements));
    check('a list that is none is told so', (await fetch(`${origin}/api/v1/movements?hex=no`)).status === 400);
}

const onlyType = (page, type) => until(page, (x) => {
    const seen = [...document.querySelectorAll('.rows .td.c-type')].map((c) => c.textContent.trim());
    return seen.length > 0 && seen.every((s) => s === x);
}, type);

/* C17 is not C172. */
async function exactType(page, s) {
    const before = await page.evaluate(() => window.__masar.aircraft());
    await page.click('#filter-button');
    await page.getByLabel(s.types).fill('C17');
    await page.keyboard.press('Escape');
    check(`${s.language}: the filter C17 leaves C17s alone`, await onlyType(page, 'C17'), (await rowTexts(page, 'c-type')).join(' '));
    await until(page, () => location.hash.includes('type=C17')); // the link follows the view a moment later
    await page.goto(page.url().replace('type=C17', 'type=C172'));
    const only = await onlyType(page, 'C172');
    const small = await rowTexts(page, 'c-type');
    check(`${s.language}: C172s are in the air and are no C17s`, only && small.length < before, `${small.length} of ${before}`);
}

/* The same link in another language: the same figures. */
async function sameLink(browser, page, other, origin) {
    await page.goto(`${origin}/#type=C17,C172&sel=aefc15&sort=-alt&layers=airports,fan,labels,night,rings&map=10,2,4.5`);
    await page.waitForSelector('.panel:has-text("aefc15")', { timeout: 30000 });
    const read = (p) => p.evaluate(() => ({
        rows: [...document.querySelectorAll('.rows .tr')].length, chips: document.querySelectorAll('.filters .chip').length, selected: document.querySelector('.panel .ph')?.textContent.includes('aefc15'),
        first: document.querySelector('.th[aria-sort=descending]')?.className, layers: location.hash.includes('night'),
    }));
    const listed = (p, n) => until(p, (m) => Math.abs(document.querySelectorAll('.rows .tr').length - m.n) <= m.by && document.querySelector('.th[aria-sort=descending]'), n);
    await listed(page, { n: 6, by: 5 });
    const mine = await read(page);
    const theirs = await other.newPage();
    await theirs.goto(page.url());
    await theirs.waitForSelector('.panel:has-text("aefc15")', { timeout: 30000 });
    const alike = await listed(theirs, { n: mine.rows, by: 2 });
    const same = await read(theirs);
    check('the link opens the same view in another language', alike && mine.chips === same.chips && same.selected && mine.first === same.first && same.layers, JSON.stringify([mine, same]));
    await theirs.close();
}

/* Everything by keyboard: filter, layers, measuring, settings, pages. */
async function byKeyboard(page, s, origin) {
    await page.goto(`${origin}/#map=20,0,3.5`);
    await until(page, () => Math.abs((window.__masar?.map?.()?.map.getZoom() ?? 0) - 3.5) < 0.01);
    await page.keyboard.press('c');
    await page.waitForFunction(() => location.hash.includes('coverage'), null, { timeout: 30000 });
    check(`${s.language}: C shows how well places were heard`, true);
    await page.keyboard.press('m');
    await page.keyboard.press('r');
    await page.waitForSelector('.hint');
    await page.click('.hint .btn');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog.help[open]');
    await accessible(page, `${s.language}: settings`);
    await shot(page, `settings-${s.language}`);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog.help[open]'));
}

/* Back to 19 June: the turn-back. */
async function turnBack(page, s, origin) {
    const { flights } = await (await fetch(`${origin}/api/v1/flights?hex=aefc16`)).json();
    check('the ledger has the flight of 19 June that came back', flights.some((f) => f.from === 'LERT' && f.to === 'LERT'), JSON.stringify(flights.map((f) => [f.from, f.to])));
    await page.goto(`${origin}/#sel=aefc16&at=2024-06-19T18:40:00Z&map=36,-2,5.5`);
    await page.waitForSelector('.pastbadge', { timeout: 30000 });
    await page.waitForSelector('.panel:has-text("aefc16")', { timeout: 30000 });
    await page.waitForFunction(() => window.__masar?.map()?.trail.points.length > 20, null, { timeout: 30000 });
    check(`${s.language}: the past is shown at its instant`, await until(page, () => document.getElementById('instant')?.value.startsWith('2024-06-19 18:40')), await page.inputValue('#instant'));
    const value = await page.inputValue('#instant');
    await page.click(`[aria-label="${s.turned}"]`);
    await page.waitForFunction((v) => document.getElementById('instant')?.value !== v, value, { timeout: 30000 });
    check(`${s.language}: one press leads to the next event`, (await page.inputValue('#instant')) > value, await page.inputValue('#instant'));
    await laidOut(page);
    await shot(page, `turnback-${s.language}`);
}

/* Every theme, every page, phone and desk. */
async function looks(page, s, origin) {
    for (const scheme of ['dark', 'light']) {
        await themed(page, scheme);
        for (const [name, hash, sign] of [['desk', '#sel=aefc15', '.panel:has-text("aefc15") .vals tbody'], ['receivers', '#page=receivers', '.data tbody tr']]) {
            await page.goto(`${origin}/${hash}`);
            await page.waitForSelector(sign, { timeout: 30000 });
            await laidOut(page);
            await accessible(page, `${s.language}, ${scheme}, ${name}`);
            await fits(page, `${s.language}, ${scheme}, ${name}`);
            await shot(page, `${name}-${s.language}-${scheme}`);
        }
    }
    await themed(page, 'dark');
    await sized(page, 390, 844);
    await page.goto(`${origin}/#sel=aefc15`);
    await page.waitForSelector('.panel:has-text("aefc15") .vals tbody', { timeout: 30000 });
    await laidOut(page);
    await accessible(page, `${s.language}, phone`);
    await fits(page, `${s.language}, phone`);
    await shot(page, `phone-${s.language}`);
    await sized(page, 1440, 900);
    await page.keyboard.press('h');
    await until(page, () => document.documentElement.dataset.contrast === 'more');
    await laidOut(page);
    await accessible(page, `${s.language}, high contrast`);
    await shot(page, `contrast-${s.language}`);
    await page.keyboard.press('h');
}

/* A link with markup and nonsense is named, quoted, and does no harm. */
async function badLink(page, s, origin) {
    await page.goto(`${origin}/#q=<img src=x onerror=alert(1)>&alt=9~1&page=nowhere&type=C-17`);
    check(`${s.language}: a page that is not there is named`, await until(page, () => document.querySelector('.page h1')?.textContent.includes('nowhere')));
    await page.goto(`${origin}/#q=%3Cb%3Ex&alt=9~1&colour=%3Cscript%3E`);
    const quoted = await until(page, () => ['alt=9~1', '<script>'].every((w) => document.querySelector('.strip')?.textContent.includes(w)));
    check(`${s.language}: what a link does not say well is quoted`, quoted, await page.evaluate(() => document.querySelector('.strip')?.textContent));
}

async function tell(language, live, history) {
    const s = SAID[language];
    const options = { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: language };
    const browser = await openBrowser(root, live, /movement|aircraft\/|flights\?registration/, options);
    try {
        const page = await browser.context.newPage();
        await whereTo(page, s, live);
        await bounds(live);
        await exactType(page, s);
        if (language === 'ar') {
            const french = await openBrowser(root, live, /movement|aircraft\//, { ...options, locale: 'fr' });
            await sameLink(browser, page, french.context, live);
            await french.close();
        }
        await byKeyboard(page, s, live);
        await looks(page, s, live);
        await badLink(page, s, live);
        check(`${language}: nothing went wrong in the page`, browser.errors.length === 0, browser.errors.join(' | '));
        check(`${language}: no request left this machine`, browser.foreign.length === 0, browser.foreign.join(' '));
    } finally {
        await browser.close();
    }
    const past = await openBrowser(root, history, /movement|aircraft\//, options);
    try {
        await turnBack(await past.context.newPage(), s, history);
    } finally {
        await past.close();
    }
}

const [livePort, pastPort] = [await freePort(), await freePort()];
const sim = `sim:scenario=${join(root, 'scenarios/niamey-2024')},start=2024-06-08T16:00:00Z,speed=2`;
const servers = [
    await startMasar(masar, ['serve', '--in', sim, '--store', join(work, 'june8'), '--http', `127.0.0.1:${livePort}`, ...web], livePort),
    await startMasar(masar, ['serve', '--store', join(work, 'june19'), '--http', `127.0.0.1:${pastPort}`, ...web], pastPort),
];
try {
    for (const language of (process.env.MASAR_LANGUAGES ?? 'ar').split(',')) await tell(language, `http://127.0.0.1:${livePort}`, `http://127.0.0.1:${pastPort}`);
} catch (e) {
    check('the stories are told to their end', false, e.stack);
} finally {
    for (const s of servers) await stop(s);
}
finish();
