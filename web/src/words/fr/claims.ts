// What may be said of a movement, French.
import type { Band } from '../../sure';
import type { claims as english } from '../en/claims';
import { counter, separated } from '../speak';

const thousands = (n: number) => separated(n, 0, '\u202f', ',');
const counted = counter('fr', thousands);

/* De Niamey, d’Agadez; h and y are left as foreign names mostly have them. */
const de = (x: string) => (/^[\u2066-\u2068]?[aeiouàâäéèêëîïôöùûüœ]/i.test(x) ? `d’${x}` : `de ${x}`);

const LANDED: Record<Band, (y: string) => string> = {
    observed: (y) => `a été observé à l’atterrissage à ${y}`,
    inferred: (y) => `s’est posé à ${y} (déduit)`,
    probable: (y) => `s’est probablement posé à ${y}`,
    possible: (y) => `s’est peut-être posé à ${y}`,
    unknown: (y) => `destination non établie\u202f; dernière réception près ${de(y)}`,
};
const BOUND: Record<Band, (y: string) => string> = {
    observed: (y) => `en route vers ${y} (déduit)`,
    inferred: (y) => `en route vers ${y} (déduit)`,
    probable: (y) => `probablement en route vers ${y}`,
    possible: (y) => `peut-être en route vers ${y}`,
    unknown: (y) => (y ? `destination non établie\u202f; dernière réception près ${de(y)}` : 'destination non établie'),
};
const TOOK_OFF: Record<Band, (x: string) => string> = {
    observed: (x) => `a été observé au décollage ${de(x)}`,
    inferred: (x) => `a décollé ${de(x)} (déduit)`,
    probable: (x) => `a probablement décollé ${de(x)}`,
    possible: (x) => `a peut-être décollé ${de(x)}`,
    unknown: (x) => `origine non établie, première réception près ${de(x)}`,
};

export const claims: typeof english = {
    'sure.observed': 'observé',
    'sure.inferred': 'déduit',
    'sure.probable': 'probable',
    'sure.possible': 'possible',
    'sure.unknown': 'non établi',
    'say.landed': (band: Band, place: string) => LANDED[band](place),
    'say.bound': (band: Band, place: string) => BOUND[band](place),
    'say.tookOff': (band: Band, place: string) => TOOK_OFF[band](place),
    'count.flights': (n: number) => counted(n, { one: '# vol', other: '# vols' }),
    'count.rows': (n: number) => counted(n, { one: '# ligne', other: '# lignes' }),
    'claim.first_seen': 'première réception en vol',
    'claim.took_off': 'a décollé',
    'claim.landed': 's’est posé',
    'claim.flight_ended': 'vol terminé sans témoin',
    'claim.stay': 'séjour au sol',
    'claim.leg': 'vol',
    'claim.gap': 'non reçu',
    'claim.origin': 'origine',
    'claim.destination': 'destination',
    'claim.orbit': 'orbite',
    'claim.holding': 'attente',
    'claim.survey': 'lignes parallèles',
    'claim.refueling': 'ravitaillement en vol',
    'claim.formation': 'formation',
    'claim.go_around': 'remise des gaz',
    'claim.touch_and_go': 'posé-décollé',
    'claim.turn_back': 'retour au terrain de départ',
    'claim.diversion': 'déroutement',
    'claim.spoofed': 'falsifiée',
    'claim.address_shared': 'adresse portée par deux cellules',
    'claim.ground_only': 'au sol seulement',
    'method.observed': 'reçu avant et après',
    'method.inferred_climb': 'reçu d’abord bas, en montée depuis un terrain',
    'method.inferred_lost_descent': 'perdu en descente vers un terrain',
    'method.inferred_silence': 'aurait dû être reçu depuis, s’il avait continué',
    'method.inferred_gap': 'les deux bords d’un silence indiquent un arrêt, pas un vol',
    'method.inferred_reappearance': 'là où il a été reçu ensuite',
    'method.posterior': 'pesé d’après sa trace et les vols antérieurs',
    'method.path': 'la forme de sa trace',
    'method.pair': 'deux traces côte à côte',
    'method.trust': 'ses propres messages se contredisent',
};
