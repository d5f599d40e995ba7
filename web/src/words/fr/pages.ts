// Texts of the pages, French.
import type { pages as english } from '../en/pages';

export const pages: typeof english = {
    'page.loading': 'Demande en cours',
    'page.failed': 'Ceci n’a pu être lu\u202f:',
    'page.again': 'Réessayer',
    'page.link': 'Lien',
    'page.export': 'Exporter ce qui est montré',
    'page.none': 'Rien ici.',
    'page.unknown': (name: string) => `Il n’y a pas de page «\u202f${name}\u202f» ici.`,
    'page.toDesk': 'Vers le suivi',
    'page.lost': 'Cette page n’a pu être chargée. Le serveur a peut-être été renouvelé.',
    'page.receivers': 'Récepteurs',
    'receivers.who': 'Qui entend, et ce que ce serveur écoute',
    'receivers.name': 'Récepteur',
    'receivers.place': 'Lieu',
    'receivers.frames': 'Trames',
    'receivers.last': 'Dernière réception',
    'receivers.source': 'Entrée',
    'receivers.sources': 'Entrées',
    'receivers.state': 'État',
    'receivers.noPlace': 'non indiqué',
    'receivers.never': 'jamais',
    'receivers.simulated': 'simulé',
};
