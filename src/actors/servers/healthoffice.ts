/** Where health checks are created and deleted while a run goes on: each is a machine of its own, with its checkers. */
import { setup } from 'xstate';
import type { InstancePath } from '../../trace/trace.ts';
import { effectActions, type Given } from '../effects.ts';
import type { AlarmInput } from './alarm.ts';
import type { HealthCheckInput } from './healthcheck.ts';

type OfficeEvent = (
  | { readonly type: 'create'; readonly check: HealthCheckInput; readonly alarm?: AlarmInput }
  | { readonly type: 'delete'; readonly paths: readonly InstancePath[] }
) & { readonly given: Given };

const base = setup({ types: { events: {} as OfficeEvent }, actions: effectActions });

/** The chart of the office. */
export const healthoffice = base
  .extend({
    actions: {
      createCheck: base.enqueueActions(({ enqueue, event }) => {
        if (event.type !== 'create') return;
        const { check, alarm } = event;
        const title = `Health check ${check.check.name}`;
        enqueue({ type: 'start', params: { path: check.path, machine: 'healthcheck', title, input: check } });
        if (alarm)
          enqueue({
            type: 'start',
            params: { path: alarm.path, machine: 'alarm', title: `Alarm of ${alarm.name}`, input: alarm },
          });
      }),
      deleteCheck: base.enqueueActions(({ enqueue, event }) => {
        if (event.type !== 'delete') return;
        for (const path of event.paths) enqueue({ type: 'stop', params: { path } });
      }),
    },
  })
  .createMachine({
    id: 'healthoffice',
    description: 'Creates health checks and deletes them.',
    options: { maxIterations: 100 },
    initial: 'open',
    states: {
      open: {
        description: 'ready',
        meta: {
          note: 'Waits for somebody who wants another health check, or one less.',
          ref: 'API Reference, CreateHealthCheck',
        },
        on: {
          create: { actions: 'createCheck', description: 'one more check' },
          delete: { actions: 'deleteCheck', description: 'one check less' },
        },
      },
    },
  });
