// The desk's view as a picture for print and air: shown as it will be, saved as PNG or SVG, or recorded
// as a clip of what moves. The link in it opens the same view.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { chosenSpeed, hasHistory, instant, past, setSpeed, SPEEDS } from '../data/past';
import { serverNow, sky } from '../data/sky';
import { selection, view } from '../desk';
import { firstExtent, startOf } from '../extent';
import { writeInstant } from '../instant';
import { readLink } from '../link';
import { changeArgs, goToDesk } from '../route';
import { saveFile } from '../save';
import { openDesk, say } from '../share';
import { latOf, lonOf } from '../geo/mercator';
import { paper, PAPERS } from '../settings';
import { theMap } from '../stage';
import { contrastMore, palette } from '../theme';
import { grouped } from '../format';
import { language, t } from '../words';
import { movement } from '../data/movement';
import { trail } from '../data/detail';
import { Card, PageHead } from '../ui/parts';
import { Choice } from '../ui/form';
import { LinkButton } from '../ui/acts';
import { Save } from '../ui/icons';
import type { PageProps } from './index';
import { canRecord, record } from './picture/clip';
import { draw, FORMS, png, prepare, svg, type Paint, type Sheet, type Wish } from './picture/sheet';

const firstForm = () => (matchMedia('(max-width: 599px)').matches ? 'tall' : 'wide');
const AGAIN_MS = 500; // the preview is no video
const CLIP_SECONDS = ['5', '10', '20', '30'];

/* Opened from a link alone there is no desk yet: it is set as the link says. */
function useDeskOf(of: string): void {
    useEffect(() => {
        if (!theMap()) openDesk(readLink('', of).state);
    }, []);
}

function wishOf(args: PageProps['args']): Wish {
    const of = args.of ?? '#';
    const asked = readLink('', of).state.map;
    const v = view.get();
    const form = FORMS[args.form ?? firstForm()];
    const desk = v ? { width: v.width, height: v.height } : { width: 1000, height: 720 };
    const box = { clientWidth: desk.width, clientHeight: desk.height } as HTMLElement;
    const center = asked ?? (v ? { lat: latOf(v.y), lon: lonOf(v.x), zoom: v.zoom } : startOf(firstExtent(), box, sky.about.get().place));
    const on = args.paper ?? paper.get();
    const link = location.origin + location.pathname + of;
    return { form, paint: (on === 'desk' ? document.documentElement.dataset.theme : on) as Paint, center, desk, link };
}

/* What was read for the picture; asked again when the view, the form or the language changes. */
function useSheet(args: PageProps['args']): { sheet: Sheet | null; failed: string } {
    const [sheet, set] = useState<Sheet | null>(null);
    const [failed, setFailed] = useState('');
    const l = useCell(language);
    const isKnown = useCell(sky.version) > 0;
    useEffect(() => {
        if (!isKnown) return;
        let isOld = false;
        setFailed('');
        prepare(wishOf(args)).then((s) => !isOld && set(s), (e: Error) => !isOld && setFailed(e.message));
        return () => {
            isOld = true;
        };
    }, [args.of, args.form, args.paper, useCell(paper), l, isKnown, useCell(palette)]);
    return { sheet, failed };
}

/* For this picture, and for those of cards from now on. */
function choosePaper(v: string): void {
    paper.set(v as typeof PAPERS[number]);
    changeArgs({ paper: v === 'desk' ? '' : v });
}

const isoName = (ending: string) => `masar-${writeInstant(serverNow()).replaceAll(':', '').replaceAll('-', '')}${selection.get() ? `-${selection.get()}` : ''}.${ending}`;

function Preview({ sheet, isStill }: { sheet: Sheet; isStill: boolean }) {
    const canvas = useRef<HTMLCanvasElement>(null);
    const [words, setWords] = useState('');
    const version = useCell(sky.version);
    const m = useCell(movement);
    const points = useCell(trail);
    const last = useRef(0);
    useEffect(() => {
        if (isStill) return;
        const wait = Math.max(0, last.current + AGAIN_MS - performance.now());
        const timer = setTimeout(() => {
            last.current = performance.now();
            if (canvas.current) setWords(draw(canvas.current, sheet, Math.min(2, devicePixelRatio)));
        }, wait);
        return () => clearTimeout(timer);
    }, [sheet, version, m, points, isStill]);
    return <canvas class="preview" ref={canvas} role="img" aria-label={words || t('page.picture')} width={sheet.wish.form[0]} height={sheet.wish.form[1]} />;
}

function Clip({ sheet, busy, setBusy }: { sheet: Sheet; busy: boolean; setBusy: (on: boolean) => void }) {
    const p = useCell(past);
    const can = useCell(hasHistory);
    const [seconds, setSeconds] = useState('10');
    const [speed, choose] = useState(String(chosenSpeed()));
    const [part, went] = useState(0);
    const stop = useRef<AbortController | null>(null);
    useEffect(() => () => stop.current?.abort(), []);
    if (!canRecord()) return <p class="mut sm">{t('picture.noClip')}</p>;
    const go = async () => {
        setBusy(true);
        stop.current = new AbortController();
        const name = isoName('webm');
        if (p) setSpeed(Number(speed));
        try {
            const clip = await record(sheet, Number(seconds), stop.current.signal, went);
            saveFile(name, 'video/webm', clip);
            say(t('picture.saved', name));
        } catch (e) {
            say(t('picture.failed', (e as Error).message));
        } finally {
            if (past.get()) setSpeed(0);
            setBusy(false);
            went(0);
        }
    };
    return (
        <div class="row wrap">
            <Choice label={t('picture.length')} value={seconds} take={setSeconds} options={CLIP_SECONDS.map((s) => ({ value: s, text: t('age.s', Number(s)) }))} />
            {p && <Choice label={t('time.speed')} value={speed} take={choose} options={SPEEDS.map((s) => ({ value: String(s), text: t('time.times', grouped(s)) }))} />}
            {busy && stop.current
                ? <button type="button" class="btn" onClick={() => stop.current?.abort()}>{t('picture.stop')}</button>
                : <button type="button" class="btn" id="save-clip" disabled={busy} onClick={() => void go()}><Save /><bdi>{t('picture.record')}</bdi></button>}
            {busy && stop.current && <progress max={1} value={part} aria-label={t('picture.record')} />}
            <p class="mut sm">{p ? t('picture.clipPast', writeInstant(instant()).replace('T', ' ')) : can ? t('picture.clipLive') : t('picture.clipOnlyLive')}</p>
        </div>
    );
}

export default function Picture({ args }: PageProps) {
    useDeskOf(args.of ?? '#');
    useCell(contrastMore);
    const { sheet, failed } = useSheet(args);
    const [busy, setBusy] = useState(false);
    const save = async (make: (s: Sheet) => Promise<Blob>, ending: string) => {
        setBusy(true);
        const name = isoName(ending);
        try {
            saveFile(name, '', await make(sheet!));
            say(t('picture.saved', name));
        } catch (e) {
            say(t('picture.failed', (e as Error).message));
        } finally {
            setBusy(false);
        }
    };
    const form = args.form ?? firstForm();
    const kept = useCell(paper);
    const on = args.paper ?? kept;
    return (
        <>
            <PageHead title={t('page.picture')} sub={t('picture.sub')}>
                <button type="button" class="btn" id="save-png" disabled={!sheet || busy} onClick={() => void save(png, 'png')}><Save /><bdi class="ltr">PNG</bdi></button>
                <button type="button" class="btn" id="save-svg" disabled={!sheet || busy} onClick={() => void save(svg, 'svg')}><Save /><bdi class="ltr">SVG</bdi></button>
                <LinkButton />
                <button type="button" class="btn" onClick={() => goToDesk(args.of && !theMap() ? args.of : '#')}>{t('page.toDesk')}</button>
            </PageHead>
            <div class="picture">
                <div class="row wrap">
                    <Choice label={t('picture.form')} value={form} take={(v) => changeArgs({ form: v })} options={Object.entries(FORMS).map(([k, [w, h]]) => ({ value: k, text: `${t(`picture.form.${k}` as 'picture.form.wide')} \u2066${w}×${h}\u2069` }))} />
                    <Choice label={t('picture.paper')} value={on} take={choosePaper} options={PAPERS.map((k) => ({ value: k, text: k === 'desk' ? t('picture.asDesk') : t(`settings.${k}`) }))} />
                </div>
                {failed && <p class="empty" role="alert">{t('page.failed')} <bdi class="quoted">{failed}</bdi></p>}
                {sheet ? <Preview sheet={sheet} isStill={busy} /> : !failed && <p class="empty loading mut" role="status">{t('page.loading')}</p>}
            </div>
            {sheet && <Card title={t('picture.clip')} note={t('picture.clipNote')}><Clip sheet={sheet} busy={busy} setBusy={setBusy} /></Card>}
        </>
    );
}
