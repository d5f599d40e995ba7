// Pictures, the operation board, watches and receivers as a reader uses them: views.mjs MASAR ROOT WORK SHOTS.
// WORK has the folder store, with the operation niamey-2024 and its statements.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, freePort, gone, laidOut, openBrowser, sized, startMasar, stop, themed, until } from './browser.mjs';

const [masar, root, work, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

/* What is said, in each language; figures and codes are the same in all. */
const SAID = {
    en: { scale: /\d NM/, time: /8 June 2024 · [\u2066]?16:\d\d:\d\d Z/, caveat: /What was not heard is not shown/, source: /18 receivers/, simulation: 'SIMULATION', name: 'Withdrawal from Niger, 2024', open: 'Picture of this view', verdict: 'supported', column: /Line 1, column 16/, slip: 'a condition was expected, as' },
    fr: { scale: /\d NM/, time: /8 juin 2024 · [\u2066]?16:\d\d:\d\d Z/, caveat: /Ce qui n’a pas été reçu n’est pas montré/, source: /18 récepteurs/, simulation: 'SIMULATION', name: 'Retrait du Niger, 2024', open: 'Image de cette vue', verdict: 'étayée', column: /Ligne 1, colonne 16/, slip: 'une condition était attendue' },
    ar: { scale: /\d ميل بحري/, time: /8 يونيو 2024 · [\u2066]?16:\d\d:\d\d Z/, caveat: /ما لم يُرصد لا يظهر هنا/, source: /مستقبِلاً/, simulation: 'محاكاة', name: 'الانسحاب من النيجر، 2024', open: 'صورة لهذا المشهد', verdict: 'مؤيَّدة', column: /العمود/, slip: 'كان المنتظر شرطاً' },
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

async function saved(page, button, name) {
    const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60000 }), page.click(button)]);
    const path = join(work, name);
    await download.saveAs(path);
    return readFileSync(path);
}

/* Save the picture and find time, scale and caveat on it. */
async function picture(page, language, s, origin) {
    await page.goto(`${origin}/#sel=aefc15&map=20,5,3.6`);
    await page.waitForSelector('.panel:has-text("RCH115")', { timeout: 30000 });
    await page.click(`[aria-label="${s.open}"]`);
    await page.waitForSelector('canvas.preview[aria-label*="RCH115"]', { timeout: 30000 });
    await looks(page, `${language}: picture`, `picture-${language}`);
    const png = await saved(page, '#save-png', `picture-${language}.png`);
    check(`${language}: the PNG is one, at twice the size`, png.readUInt32BE(0) === 0x89504e47 && png.readUInt32BE(16) === 2560 && png.readUInt32BE(20) === 1600, `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`);
    const svg = (await saved(page, '#save-svg', `picture-${language}.svg`)).toString('utf8');
    const read = await page.evaluate((text) => {
        const d = new DOMParser().parseFromString(text, 'image/svg+xml');
        return { bad: d.querySelector('parsererror')?.textContent ?? '', words: [...d.querySelectorAll('text')].map((t) => t.textContent).join(' | '), lang: d.documentElement.getAttribute('xml:lang'), images: d.querySelectorAll('image, script, foreignObject').length };
    }, svg);
    check(`${language}: the SVG is well formed, of strokes and letters alone`, read.bad === '' && read.images === 0 && read.lang === language, read.bad);
    for (const [what, wanted] of [['the time', s.time], ['a scale', s.scale], ['a caveat', s.caveat], ['the source', s.source], ['SIMULATION', new RegExp(s.simulation)], ['the flight', /RCH115/], ['the link to that instant', /#map=.*sel=aefc15.*at=2024-06-08T16:/]])
        check(`${language}: the picture has ${what}`, wanted.test(read.words), read.words.slice(0, 600));
    await page.locator('select:has(option[value=light])').selectOption('light');
    check(`${language}: the paper chosen is in the link`, await until(page, () => /paper=light/.test(location.hash)));
    check(`${language}: the letters come with it`, svg.includes('@font-face') && !/(href|src)=["']http/.test(svg));
}

/* A clip of a replay. */
async function clip(page, origin) {
    const of = encodeURIComponent('#map=48,6,5&at=2024-06-07T10:00:00Z');
    await page.goto(`${origin}/#map=48,6,5&at=2024-06-07T10:00:00Z`);
    await page.waitForSelector('.pastbadge', { timeout: 30000 });
    await page.goto(`${origin}/#page=picture&form=wide&of=${of}`);
    await page.waitForSelector('canvas.preview[aria-label*="2024"]', { timeout: 30000 });
    await page.selectOption('.card select >> nth=0', '5');
    const webm = await saved(page, '#save-clip', 'clip.webm');
    check('the clip of a replay is WebM', webm.readUInt32BE(0) === 0x1a45dfa3 && webm.length > 20000, webm.length);
    const size = await page.evaluate(async (bytes) => {
        const parts = new TextDecoder('latin1').decode(new Uint8Array(bytes.slice(0, 4000)));
        return /V_VP[89]/.exec(parts)?.[0] ?? '';
    }, [...webm.subarray(0, 4000)]);
    check('its pictures are VP8 or VP9', size !== '', size);
}

async function board(page, language, s, origin) {
    await page.goto(`${origin}/#page=operation&at=2024-06-08T15:00:00Z`);
    await page.waitForSelector('.headline .lead', { timeout: 30000 });
    check(`${language}: the operation has its name`, (await page.textContent('.page h1')) === s.name, await page.textContent('.page h1'));
    const figure = await page.textContent('.headline dl div:nth-child(2) b');
    check(`${language}: the first departures are counted`, Number(figure) >= 1, figure);
    check(`${language}: the claim of the first departure is supported`, (await page.textContent('#claim-C2 .verdict')).includes(s.verdict), await page.textContent('#claim-C2'));
    check(`${language}: 766 and 776 are not known yet`, (await page.locator('#claim-C10').count()) === 0);
    check(`${language}: three charts share one axis`, await until(page, () => document.querySelectorAll('.charts .chart').length === 3));
    for (const scheme of ['dark', 'light']) {
        await themed(page, scheme);
        await looks(page, `${language}, ${scheme}: board`, `board-${language}-${scheme}`);
    }
    const hash = await page.getAttribute('.list a[href^="api/v1/statements/"]', 'href');
    const answer = await fetch(`${origin}/${hash}`);
    check(`${language}: its statement opens`, answer.status === 200 && (await answer.text()).includes('id="hash"'), answer.status);
    await page.focus('.headline dl a');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.data td:has-text("RCH103")', { timeout: 30000 });
    const flights = await page.evaluate(() => location.hash);
    check(`${language}: a number opens to its flights as of that instant, by keyboard`, /at=2024-06-08T15:00:00Z.*show=flights/.test(flights), flights);
    const csv = (await saved(page, '.saves button', 'flights.csv')).toString('utf8');
    check(`${language}: and they are saved as shown`, csv.split('\r\n').length - 2 === (await page.$$('.data tbody tr')).length && csv.includes('aefc10'), csv.slice(0, 200));
    await looks(page, `${language}: flights`, `board-flights-${language}`);
    await sized(page, 390, 844);
    await page.goto(`${origin}/#page=operation&at=2024-06-08T15:00:00Z`);
    await page.waitForSelector('.headline .lead');
    await looks(page, `${language}, phone: board`, `board-phone-${language}`);
    await sized(page, 1440, 900);
}

/* How it could go, with the aircraft the reader names; and the chart as a file that stands alone. */
async function planned(page, language, origin) {
    await page.goto(`${origin}/#page=operation&name=niamey-2024&show=plan`);
    await page.waitForSelector('.plansentence, .page [role=alert]', { timeout: 30000 });
    if (await page.$('.plansentence')) {
        const ask = async () => (await fetch(`${origin}/api/v1/operations/niamey-2024/plan?${await page.evaluate(() => new URLSearchParams([...new URLSearchParams(location.hash.slice(1))].filter(([k]) => k === 'fleet' || k === 'hours')).toString())}`)).json();
        check(`${language}: the plan’s sentence is in the language`, (await page.textContent('.plansentence')).trim() === (await ask()).sentence[language], await page.textContent('.plansentence'));
        await page.fill('.planask input >> nth=0', 'c17');
        await page.keyboard.press('Enter');
        check(`${language}: what is no fleet is said to be none`, (await page.textContent('.planask [role=alert]')).includes('C17:6'));
        await page.fill('.planask input >> nth=0', 'c17:1');
        await page.keyboard.press('Enter');
        await page.waitForFunction(() => /fleet=C17:1/.test(decodeURIComponent(location.hash)) && document.querySelector('.page[data-asking=false]') && document.querySelector('.plansentence'), null, { timeout: 30000 });
        const p = await ask();
        await page.waitForFunction((n) => document.querySelector('.figures b')?.textContent.trim() === String(n), p.departures, { timeout: 30000 }).catch(() => undefined);
        check(`${language}: with one aircraft it is another plan, and what binds is marked`, (await page.textContent('.figures b')).trim() === String(p.departures) && (p.binds === '' || (await page.$$('.data .flag')).length > 0), `${await page.textContent('.figures b')} for ${p.departures}`);
        await looks(page, `${language}: plan`, `plan-${language}`);
    } else check(`${language}: without GLPK the page says so`, /GLPK|glpk/.test(await page.textContent('.page [role=alert]')), await page.textContent('.page [role=alert]'));
    await page.goto(`${origin}/#page=operation&name=niamey-2024`);
    await page.waitForSelector('.charts .saves button', { timeout: 30000 });
    const svg = (await saved(page, '.charts .saves button:nth-child(2)', `figure-${language}.svg`)).toString('utf8');
    const read = await page.evaluate((text) => {
        const d = new DOMParser().parseFromString(text, 'image/svg+xml');
        return { bad: d.querySelector('parsererror')?.textContent ?? '', words: [...d.querySelectorAll('text')].map((t) => t.textContent).join(' | '), lang: d.documentElement.getAttribute('xml:lang'), paths: d.querySelectorAll('svg svg path').length, classes: d.querySelectorAll('[class], script, foreignObject').length };
    }, svg);
    check(`${language}: a chart as SVG is well formed and stands alone`, read.bad === '' && read.classes === 0 && read.paths > 20 && read.lang === language && svg.includes('@font-face') && !/(href|src)=["']http/.test(svg), JSON.stringify({ ...read, words: '' }));
    const ground = /<rect [^>]*fill="rgb\((\d+)/.exec(svg)?.[1];
    check(`${language}: it is on the light paper chosen for pictures, whatever the desk wears`, Number(ground) > 200, ground);
    for (const [what, wanted] of [['its title', SAID[language].name], ['SIMULATION', SAID[language].simulation], ['its link', '#page=operation&name=niamey-2024'], ['its source', '18']]) check(`${language}: the chart’s picture has ${what}`, read.words.includes(wanted), read.words.slice(-400));
    check(`${language}: with the time in Z`, /\d\d:\d\d:\d\dZ/.test(read.words), read.words.slice(-400));
    const png = await saved(page, '.charts .saves button:nth-child(1)', `figure-${language}.png`);
    check(`${language}: and as PNG twice as fine`, png.readUInt32BE(0) === 0x89504e47 && png.readUInt32BE(16) > 1400, png.readUInt32BE(16));
    const inks = await page.evaluate(async (base64) => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/png' }));
        const c = new OffscreenCanvas(bitmap.width, 88).getContext('2d');
        c.drawImage(bitmap, 0, 0);
        return new Set(new Uint32Array(c.getImageData(0, 0, bitmap.width, 88).data.buffer)).size;
    }, png.toString('base64'));
    check(`${language}: its letters are painted too`, inks > 10, inks);
    check(`${language}: nothing of it stays on the page`, await gone(page, '.page.figure'));
}

async function watches(page, language, s, origin, token) {
    await page.goto(`${origin}/#page=watches`);
    await page.waitForSelector('#watch-token', { timeout: 30000 });
    await page.fill('#watch-token', 'not it');
    await page.keyboard.press('Enter');
    await page.goto(`${origin}/#page=watches&show=edit`);
    await page.fill('#watch-name', `${language} <b>C-17</b>`);
    await page.fill('#watch-rule', 'squawk 7700 and');
    await page.waitForSelector('.complaint');
    check(`${language}: a slip is named by its place`, s.column.test(await page.textContent('.complaint')), await page.textContent('.complaint'));
    check(`${language}: and said in its language`, (await page.textContent('.complaint')).includes(s.slip), await page.textContent('.complaint'));
    await page.fill('#watch-rule', 'country US and lands DRRN');
    await page.waitForSelector('.alerts .alert', { timeout: 40000 });
    check(`${language}: it is tried before it is armed`, (await page.textContent('.trial')).match(/\d|واحد/) !== null && (await page.textContent('.alerts')).includes('RCH103'), await page.textContent('.alerts'));
    await looks(page, `${language}: watch`, `watch-${language}`);
    await page.click('#watch-save');
    await page.waitForSelector('#watch-token');
    check(`${language}: without the token nothing is armed`, (await page.textContent('.watchform [role=alert]')) !== '');
    await page.fill('#watch-token', token);
    await page.keyboard.press('Enter');
    await page.click('#watch-save');
    await page.waitForSelector(`.data td:has-text("${language} <b>C-17</b>")`, { timeout: 30000 });
    check(`${language}: then it is in the list, its name as written`, (await page.$$('.data tbody tr')).length === 1);
    await page.selectOption('.data select.pick', 'day');
    await page.waitForSelector('.data td:has-text("2024")', { timeout: 30000 });
    await looks(page, `${language}: watches`, `watches-${language}`);
    const remove = page.locator('.data .rowacts button').last();
    await remove.click();
    await remove.click();
    await page.waitForFunction(() => !document.querySelector('.data tbody tr'), null, { timeout: 30000 });
    check(`${language}: removed at the second press`, true);
    for (const show of ['log', 'expected']) {
        await page.goto(`${origin}/#page=watches&show=${show}`);
        await page.waitForFunction(() => document.querySelector('.page[aria-busy=false]') && !document.querySelector('.page .loading, .page[data-asking=true]'), null, { timeout: 30000 });
        await looks(page, `${language}: ${show}`, `watches-${show}-${language}`);
    }
}

async function receivers(page, language, origin) {
    await page.goto(`${origin}/#page=receivers`);
    await page.waitForSelector('.rose .chart, .one', { timeout: 30000 });
    check(`${language}: receivers are listed, one is told of`, await until(page, () => document.querySelectorAll('.data tbody tr').length >= 12 && document.querySelectorAll('.one').length === 1));
    await looks(page, `${language}: receivers`, `receivers-${language}`);
}

const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const token = join(work, 'token');
const input = `sim:scenario=${join(root, 'scenarios/niamey-2024')},start=2024-06-08T16:00:00Z,speed=2`;
const server = await startMasar(masar, ['serve', '--in', input, '--store', join(work, 'store'), '--token-file', token, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
try {
    for (const language of (process.env.MASAR_LANGUAGES ?? 'ar').split(',')) {
        const s = SAID[language];
        const browser = await openBrowser(root, origin, /movement|aircraft\/|watches|flights/, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: language, acceptDownloads: true });
        try {
            const page = await browser.context.newPage();
            await picture(page, language, s, origin);
            await board(page, language, s, origin);
            await planned(page, language, origin);
            await watches(page, language, s, origin, readFileSync(token, 'utf8').trim());
            await receivers(page, language, origin);
            if (language === 'ar') await clip(page, origin);
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
