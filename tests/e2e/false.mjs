// A reporter who never saw ADS-B meets a track that is false: false.mjs MASAR ROOT WORK SHOTS. WORK has the store ghost (an aircraft
// that is not there), perhaps the store misled (one that was, led astray), and the folder data.
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, freePort, laidOut, openBrowser, shown, sized, startMasar, stop } from './browser.mjs';

const [masar, root, work, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');
const SAID = {
    ar: { title: 'مواقعها مزيَّفة', how: 'باللاسلكي', jump: 'قفزت أبعد', row: 'موقع مزيَّف', so: 'ولا يُستنتج منه هبوط', was: 'كانت مواقعها مزيَّفة' },
    en: { title: 'Its positions are false', how: 'say by radio where they are', jump: 'jumped farther', row: 'position false', so: 'No landing and no destination is concluded', was: 'Its positions were false' },
    fr: { title: 'Ses positions sont fausses', how: 'dit par radio où il est', jump: 'sauté plus loin', row: 'position fausse', so: 'n’en conclut ni atterrissage', was: 'Ses positions étaient fausses' },
};

async function looks(page, what, name) {
    await laidOut(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    check(`${what}: nothing is inaccessible`, violations.length === 0, violations.map((v) => `${v.id} (${v.nodes.slice(0, 2).map((n) => n.target.join(' ')).join('; ')})`).join(', '));
    await page.screenshot({ path: join(shots, `${name}.png`) });
}
const says = (page, selector, text) => shown(page, `${selector}:has-text("${text}")`, 60000);
const told = (page) => page.evaluate(() => document.querySelector('.bound')?.textContent ?? 'nothing');

/* What the panel says of one whose positions are false, and what it does not say. */
async function doubts(page, l, s, hex, name, reason) {
    check(`${l}, ${name}: its positions are said to be false`, await says(page, '.bound.false h3', s.title), await told(page));
    const text = await told(page);
    check(`${l}, ${name}: how that can be, why, since when and what follows`, [s.how, reason, s.so].every((w) => text.includes(w)) && /\d\d:\d\d.*Z/.test(text), text);
    check(`${l}, ${name}: no destination, no candidates, no landing`, (await page.$$('.bound .bars, .bound .g.cert')).length === 0);
    check(`${l}, ${name}: the table says it too`, await says(page, `#row-${hex} .spoofed`, s.row), await page.textContent('.rows'));
    await looks(page, `${l}, ${name}`, `false-${name}-${l}`);
}

async function past(origin, l, s, hex, at, map, name, reason) {
    const browser = await openBrowser(root, origin, /aircraft\//, { viewport: { width: 1440, height: 900 }, colorScheme: l === 'fr' ? 'light' : 'dark', locale: l });
    try {
        const page = await browser.context.newPage();
        await page.goto(`${origin}/#sel=${hex}&at=${at}&map=${map}`);
        await page.waitForSelector(`.panel:has-text("${hex}")`, { timeout: 30000 });
        await doubts(page, l, s, hex, name, reason);
    } finally {
        check(`${l}, ${name}: nothing went wrong in the page`, browser.errors.length === 0, browser.errors.join(' | '));
        check(`${l}, ${name}: no request left this machine`, browser.foreign.length === 0, browser.foreign.join(' '));
        await browser.close();
    }
}

async function live(origin, l, s) {
    const browser = await openBrowser(root, origin, /movement|aircraft\//, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: l });
    try {
        const page = await browser.context.newPage();
        await page.goto(`${origin}/#sel=aefc1c&map=10.5,0.5,6`);
        await page.waitForSelector('.panel:has-text("aefc1c")', { timeout: 30000 });
        await doubts(page, l, s, 'aefc1c', 'live', s.jump);
        await sized(page, 390, 844);
        check(`${l}, phone: it is said there as well`, await says(page, '.bound.false h3', s.title), await told(page));
        await looks(page, `${l}, phone`, `false-phone-${l}`);
    } finally {
        check(`${l}, live: nothing went wrong in the page`, browser.errors.length === 0, browser.errors.join(' | '));
        await browser.close();
    }
}

async function served(args, tell) {
    const port = await freePort();
    const server = await startMasar(masar, ['serve', ...args, '--data', join(work, 'data'), '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
    try {
        for (const l of (process.env.MASAR_LANGUAGES ?? 'ar').split(',')) await tell(`http://127.0.0.1:${port}`, l, SAID[l]);
    } finally {
        await stop(server);
    }
}

const scenario = `sim:scenario=${join(root, 'scenarios/niamey-2024')},start=2024-07-02T10:02:00Z,speed=1`;
try {
    await served(['--store', join(work, 'ghost')], (origin, l, s) => past(origin, l, s, 'aefc1c', '2024-07-02T09:45:00Z', '10,0,6', 'ghost', s.jump));
    await served(['--in', scenario, '--store', join(work, 'ghost')], live);
    if (existsSync(join(work, 'misled')))
        await served(['--store', join(work, 'misled')], (origin, l, s) => past(origin, l, s, '4baac6', '2024-09-17T09:40:00Z', '48,25,5', 'misled', s.title));
} catch (e) {
    check('the story is told to its end', false, e.stack);
}
finish();
