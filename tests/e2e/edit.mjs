// An operation changed on its page: edit.mjs MASAR ROOT WORK SHOTS. WORK has the folder store with the operation niamey-2024.
// What is wrong is said at its field in the reader's language, of two editors the second is told, nothing is half-saved.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, focusIs, freePort, laidOut, openBrowser, sized, startMasar, stop, themed, until } from './browser.mjs';

const [masar, root, work, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

const SAID = {
    en: { negative: /-5.* is negative; it is 0 or more/, base: /ZZZZ.* is no base of this operation/, author: /needs a name/, faster: /Somebody was faster: .*Amina/, needed: /This is needed/, undo: /Somebody was faster|not there any more/, markup: /holds markup/ },
    fr: { negative: /-5.* est négatif/, base: /ZZZZ.* n’est pas une base/, author: /porte un nom/, faster: /Quelqu’un a été plus rapide.*Amina/, needed: /Ce champ est requis/, undo: /plus rapide|n’existe plus/, markup: /balisage/ },
    ar: { negative: /-5.* عدد سالب/, base: /ZZZZ.* ليست من قواعد/, author: /يحمل اسماً/, faster: /سبقك غيرك.*Amina/, needed: /هذا مطلوب/, undo: /سبقك غيرك|لم يعد/, markup: /وسوم/ },
};

async function looks(page, what, name) {
    await laidOut(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    check(`${what}: nothing is inaccessible`, violations.length === 0, violations.map((v) => `${v.id} (${v.nodes.slice(0, 2).map((n) => n.target.join(' ')).join('; ')})`).join(', '));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`${what}: nothing scrolls sideways`, wide <= 0, wide);
    await page.screenshot({ path: join(shots, `${name}.png`) });
}

const items = async (origin, kind) => (await fetch(`${origin}/api/v1/operations/niamey-2024/items-${kind}`)).json();
const log = async (origin) => (await fetch(`${origin}/api/v1/operations/niamey-2024/log`)).json();
const wrongAt = (page, field) => page.waitForSelector(`.editform[aria-busy=false] .fld:has([name=${field}]) .bad`, { timeout: 30000 }).then((e) => e.textContent(), () => '');
const closed = (page) => page.waitForSelector('.editform', { state: 'detached', timeout: 30000 });

async function readOnly(page, l, origin) {
    await page.goto(`${origin}/#page=operation&name=niamey-2024&show=edit&kind=line`);
    await page.waitForSelector('.data tbody tr', { timeout: 30000 });
    check(`${l}: without the token there is nothing to change with`, (await page.$$('.editform, .cardacts a.btn, .card button:text-matches("^(Undo|Annuler|تراجع)$")')).length === 0);
    check(`${l}: and all there is to read`, (await page.$$('.data tbody tr')).length > 10);
    await looks(page, `${l}: reading what may be changed`, `edit-read-${l}`);
    await page.goto(`${origin}/#page=operation&name=niamey-2024`);
    await page.waitForSelector('.headline', { timeout: 30000 });
    check(`${l}: the board offers no change either`, (await page.$$('.editlink')).length === 0);
}

async function addLine(page, l, s, origin, token) {
    const before = (await log(origin)).length;
    await page.goto(`${origin}/#page=operation&name=niamey-2024&show=edit&kind=line`);
    await page.fill('#watch-token', 'not it');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.cardacts a.btn');
    await page.click('.cardacts a.btn');
    await page.waitForSelector('.editform');
    await page.fill('[name=key]', 'TEST');
    await page.click('.editform button[type=submit]');
    await page.waitForSelector('#watch-token', { timeout: 30000 }); // the server knows it is not the token
    await page.fill('#watch-token', token);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.editform');
    check(`${l}: the needed fields are said to be`, (await page.$$('.editform [aria-required=true]')).length === 4);
    await page.fill('[name=key]', 'TEST');
    await page.click('.editform button[type=submit]');
    check(`${l}: a change without a name beside it is not taken`, s.author.test(await wrongAt(page, 'author')), await wrongAt(page, 'author'));
    check(`${l}: the field that is wrong is the one written in next`, await focusIs(page, 'author'));
    await page.keyboard.type('Layla');
    await page.keyboard.press('Enter');
    check(`${l}: what is missing is asked for`, s.needed.test(await wrongAt(page, 'what')), await wrongAt(page, 'what'));
    await page.fill('[name=what]', 'a <b>bold</b> thing');
    await page.fill('[name=quantity]', '-5');
    await page.selectOption('[name=unit]', 't');
    await page.fill('[name=from]', 'zzzz');
    await page.keyboard.press('Enter');
    check(`${l}: markup is not taken`, s.markup.test(await wrongAt(page, 'what')), await wrongAt(page, 'what'));
    await page.fill('[name=what]', 'generators');
    await page.keyboard.press('Enter');
    check(`${l}: nor a negative quantity`, s.negative.test(await wrongAt(page, 'quantity')), await wrongAt(page, 'quantity'));
    check(`${l}: the sentence belongs to its field`, await page.$eval('[name=quantity]', (e) => e.getAttribute('aria-invalid') === 'true' && document.getElementById(e.getAttribute('aria-describedby'))?.getAttribute('role') === 'alert'));
    await looks(page, `${l}: a form with a field that is wrong`, `edit-wrong-${l}`);
    await page.fill('[name=quantity]', l === 'fr' ? '40,5' : '40.5');
    await page.keyboard.press('Enter');
    check(`${l}: nor a base that is none`, s.base.test(await wrongAt(page, 'from')), await wrongAt(page, 'from'));
    check(`${l}: so far nothing was saved`, (await log(origin)).length === before && !(await items(origin, 'line')).some((i) => i.item.key === 'TEST'));
    await page.fill('[name=from]', 'drrn');
    await page.fill('[name=reason]', 'found on the list');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.data a:has-text("TEST")', { timeout: 30000 });
    check(`${l}: the form is closed`, await until(page, () => !document.querySelector('.editform') && !location.hash.includes('add=')));
    const line = (await items(origin, 'line')).find((i) => i.item.key === 'TEST');
    check(`${l}: then it is`, line?.item.quantity === 40.5 && line.item.unit === 't' && line.item.from === 'DRRN', JSON.stringify(line));
    const [first] = await log(origin);
    check(`${l}: with author, time and reason`, first.author === 'Layla' && first.reason === 'found on the list' && /^20\d\d-/.test(first.at), JSON.stringify(first));
}

/* Amina changes the line while Layla writes. */
async function faster(page, l, s, origin, token) {
    const change = (body) => fetch(`${origin}/api/v1/operations/niamey-2024/line`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
    await page.click('.data a:has-text("TEST")');
    await page.waitForSelector('.editform [name=quantity]');
    const { version } = (await items(origin, 'line')).find((i) => i.item.key === 'TEST');
    await page.fill('[name=quantity]', '60');
    const amina = await change({ author: 'Amina', key: 'TEST', version, fields: { quantity: '50', priority: '3' } });
    check(`${l}: Amina’s change is taken`, amina.ok, amina.status);
    await page.focus('[name=quantity]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.conflictbox', { timeout: 30000 });
    const said = await page.textContent('.editform [data-wrong]');
    check(`${l}: Layla is told who was faster`, s.faster.test(said), said);
    check(`${l}: what is there stands beside what she wrote`, /50/.test(await page.textContent('.conflictbox')) && /60/.test(await page.textContent('.conflictbox')));
    await looks(page, `${l}: two editors at once`, `edit-conflict-${l}`);
    await page.click('.conflictbox .btn:nth-child(2)');
    await closed(page);
    const line = (await items(origin, 'line')).find((i) => i.item.key === 'TEST').item;
    check(`${l}: hers then stands, and Amina’s other field with it`, line.quantity === 60 && line.priority === 3, JSON.stringify(line));
}

async function undo(page, l, s, origin) {
    const [last, amina] = await log(origin);
    const press = (n) => page.click(`.card:last-child .data tbody tr:has(td:first-child bdi:text-is("${n}")) button`);
    await page.waitForSelector(`.card:last-child .data td:first-child bdi:text-is("${last.change}")`, { timeout: 30000 });
    await looks(page, `${l}: what was changed`, `edit-log-${l}`);
    await press(amina.change);
    const refusal = await page.waitForSelector('#log-wrong', { timeout: 30000 }).then((e) => e.textContent());
    check(`${l}: what was changed since is not taken back`, s.undo.test(refusal), refusal);
    await press(last.change);
    await page.waitForFunction(async (n) => (await (await fetch('api/v1/operations/niamey-2024/log')).json())[0].undoes === n, last.change, { timeout: 30000 });
    const line = (await items(origin, 'line')).find((i) => i.item.key === 'TEST').item;
    check(`${l}: the last change is, as a change of its own`, line.quantity === 50 && (await log(origin))[0].author === 'Layla', JSON.stringify(line));
}

/* A flight is taken out by hand from the list of flights, by keys alone, and a base's state is changed. */
async function correct(page, l, origin) {
    await page.goto(`${origin}/#page=operation&name=niamey-2024&show=flights`);
    await page.waitForSelector('.data a[href*="kind=correction"]', { timeout: 30000 });
    const flight = await page.$eval('.data a[href*="kind=correction"]', (a) => decodeURIComponent(a.getAttribute('href')).match(/key=(\S+)$/)[1]);
    await page.focus('.data a[href*="kind=correction"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.editform [name=action]');
    check(`${l}: the flight stands in the form`, (await page.inputValue('[name=key]')) === flight, await page.inputValue('[name=key]'));
    await page.selectOption('[name=action]', 'exclude');
    await page.focus('[name=reason]');
    await page.keyboard.type('a training flight');
    await page.focus('.editform button[type=submit]');
    await page.keyboard.press('Enter');
    await closed(page);
    const [c] = await items(origin, 'correction');
    check(`${l}: it is out, for a reason`, c?.item.key === flight && c.item.action === 'exclude' && c.item.reason === 'a training flight', JSON.stringify(c));
    await page.goto(`${origin}/#page=operation&name=niamey-2024`);
    await page.waitForSelector('.data .editlink[href*="kind=base"]', { timeout: 30000 });
    await page.click('.data .editlink[href*="kind=base"]');
    await page.waitForSelector('.editform [name=notice]');
    await page.fill('[name=notice]', 'runway lights out');
    await page.keyboard.press('Enter');
    await closed(page);
    check(`${l}: a base’s notice is kept`, (await items(origin, 'base')).some((b) => b.item.notice === 'runway lights out'));
}

/* Every kind's form in every theme and on a phone. */
async function forms(page, l, origin) {
    for (const [kind, theme] of [['operation', 'light'], ['clearance', 'contrast'], ['claim', 'phone'], ['rule', 'dark']]) {
        await themed(page, theme === 'light' ? 'light' : 'dark');
        await page.evaluate((more) => (more ? (document.documentElement.dataset.contrast = 'more') : delete document.documentElement.dataset.contrast), theme === 'contrast');
        await (theme === 'phone' ? sized(page, 390, 844) : sized(page, 1440, 900));
        const [first] = await items(origin, kind);
        await page.goto(`${origin}/#page=operation&name=niamey-2024&show=edit&kind=${kind}&key=${encodeURIComponent(first.item.key)}`);
        await page.waitForSelector(`.editform [name=${{ operation: 'deadline', clearance: 'state', claim: 'event', rule: 'mode' }[kind]}]`, { timeout: 30000 });
        check(`${l}: the form has what is kept of the ${kind}`, (await page.inputValue(`[name=${{ operation: 'name', clearance: 'country', claim: 'text', rule: 'source' }[kind]}]`)) !== '');
        await looks(page, `${l}, ${theme}: the form of a ${kind}`, `edit-${kind}-${l}-${theme}`);
    }
}

const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const token = join(work, 'token');
const input = `sim:scenario=${join(root, 'scenarios/niamey-2024')},start=2024-06-07T20:00:00Z,speed=2`;
const server = await startMasar(masar, ['serve', '--in', input, '--store', join(work, 'store'), '--token-file', token, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
try {
    for (const language of (process.env.MASAR_LANGUAGES ?? 'ar').split(',')) {
        const s = SAID[language];
        const secret = readFileSync(token, 'utf8').trim();
        const browser = await openBrowser(root, origin, /movement|aircraft\/|operations|flights/, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: language });
        try {
            const page = await browser.context.newPage();
            await readOnly(page, language, origin);
            await addLine(page, language, s, origin, secret);
            await faster(page, language, s, origin, secret);
            await undo(page, language, s, origin);
            await correct(page, language, origin);
            await forms(page, language, origin);
            check(`${language}: nothing went wrong in the page`, browser.errors.length === 0, browser.errors.join(' | '));
            check(`${language}: no request left this machine`, browser.foreign.length === 0, browser.foreign.join(' '));
        } finally {
            await browser.close();
        }
    }
} finally {
    await stop(server);
}
finish();
