/** What the trace is told of a host when the run begins. */
import type { HostRecord } from '../../trace/trace.ts';
import { beginsQuietly, initialState } from '../chart.ts';
import type { HostDefinition } from '../host.ts';
import type { RunningHost } from './running.ts';

/** Whether nothing tells the time at which a host's machines are made. */
const canWait = ({ instances, machines }: HostDefinition): boolean =>
  instances.every(({ machine: id }) => {
    const machine = machines.find((one) => one.id === id);
    return machine !== undefined && beginsQuietly(machine);
  });

type StartedInstance = HostRecord['instances'][number];

const statesAtStart = ({ instances, machines }: HostDefinition): StartedInstance[] =>
  instances.map(({ path, machine: id }) => ({
    path,
    machine: id,
    state: initialState(machines.find((machine) => machine.id === id) as HostDefinition['machines'][number]),
  }));

const statesOf = ({ instances }: RunningHost): StartedInstance[] =>
  instances.running().map(({ path, machine, snapshot }) => ({ path, machine: machine.id, state: snapshot.value }));

/**
 * A host at the start. Only where a machine does something of itself at once are the host's machines made for it; most hosts of
 * a world are never handed anything.
 */
export function hostRecord(definition: HostDefinition, running: () => RunningHost): HostRecord {
  const instances = canWait(definition) ? statesAtStart(definition) : statesOf(running());
  const { id, role, title, addresses, place, zones, resolvers, thinking } = definition;
  return {
    id,
    role,
    title,
    addresses,
    place,
    thinking,
    ...(zones ? { zones } : {}),
    ...(resolvers ? { resolvers } : {}),
    instances,
  };
}
