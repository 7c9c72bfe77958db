/** Every machine there is, in the order in which a reader meets them. */
import type { AnyStateMachine } from 'xstate';
import type { MachineId } from '../trace/trace.ts';
import { attacker } from './attacker.ts';
import { type Chart, chartOf } from './chart.ts';
import { browser } from './clients/browser.ts';
import { lookup } from './clients/lookup.ts';
import { mailer } from './clients/mailer.ts';
import { program } from './clients/program.ts';
import { stub } from './clients/stub.ts';
import { houseresolver } from './resolver/houseresolver.ts';
import { resolution } from './resolver/resolution.ts';
import { resolver } from './resolver/resolver.ts';
import { alarm } from './servers/alarm.ts';
import { authoritative } from './servers/authoritative.ts';
import { contact } from './servers/contact.ts';
import { controlplane, zonechange } from './servers/controlplane.ts';
import { healthcheck } from './servers/healthcheck.ts';
import { healthchecker } from './servers/healthchecker.ts';
import { healthoffice } from './servers/healthoffice.ts';
import { mailserver } from './servers/mailserver.ts';
import { mailsession } from './servers/mailsession.ts';
import { registrar, registration } from './servers/registrar.ts';
import { webserver } from './servers/webserver.ts';

export const MACHINES: readonly AnyStateMachine[] = [
  browser,
  program,
  mailer,
  stub,
  lookup,
  resolver,
  resolution,
  houseresolver,
  authoritative,
  webserver,
  mailserver,
  mailsession,
  attacker,
  controlplane,
  zonechange,
  healthoffice,
  healthcheck,
  healthchecker,
  alarm,
  registrar,
  registration,
  contact,
];

/** The charts of all machines, by the machine's id. */
export const CHARTS: ReadonlyMap<MachineId, Chart> = new Map(MACHINES.map((machine) => [machine.id, chartOf(machine)]));
