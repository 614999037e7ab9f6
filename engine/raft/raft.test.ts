import { describe, expect, test } from "vitest";
import { drawBelow, type Prng, stream } from "../kernel/prng.ts";
import { get, values } from "../kernel/sorted-map.ts";
import { campaign } from "./election.ts";
import { propose, readIndex, transfer } from "./lead.ts";
import { compactTo, lastTerm, termAt } from "./log.ts";
import { type Config, type Disk, freshDisk, type Member, startMember } from "./member.ts";
import type { Entry, Message } from "./message.ts";
import { applyMembership, type MembershipChange } from "./membership.ts";
import { done, ready } from "./ready.ts";
import { step } from "./step.ts";
import { tick } from "./tick.ts";

const config: Config = {
  electionTicks: 10,
  heartbeatTicks: 1,
  isPreVoting: true,
  isCheckingQuorum: true,
  entriesMax: 8,
};

/** A group on a bad network: messages wait in a bag, from which they are taken in any order, twice, or never. */
interface Group {
  members: (Member | undefined)[];
  disks: Disk[];
  applied: Entry[][];
  bag: Message[];
  prng: Prng;
  /** By term: who led it. */
  leaders: Map<number, number>;
  cut: Set<number>;
  reads: { readonly id: number; readonly context: number; readonly index: number }[];
}

function newGroup(size: number, seed: number, chosen: Config = config): Group {
  const ids = Array.from({ length: size }, (_, index) => index + 1);
  const disks = ids.map(() => freshDisk(ids));
  const members = ids.map((id, index) => start(id, disks[index] as Disk, seed, chosen));
  return {
    members,
    disks,
    applied: ids.map(() => []),
    bag: [],
    prng: stream(seed, "network"),
    leaders: new Map(),
    cut: new Set(),
    reads: [],
  };
}

function start(id: number, disk: Disk, seed: number, chosen: Config): Member {
  return startMember(id, disk, { config: chosen, prng: stream(seed, `member-${id}-${disk.hardState.term}`) });
}

function chance(group: Group, bound: number): number {
  const draw = drawBelow(group.prng, bound);
  group.prng = draw.prng;
  return draw.value;
}

/** Does what `ready` says, in its order. */
function settle(group: Group, id: number): void {
  for (let member = group.members[id - 1]; member !== undefined; member = group.members[id - 1]) {
    const todo = ready(member);
    if (todo === undefined) break;
    const disk = group.disks[id - 1] as Disk;
    const firstNew = todo.entries[0]?.index ?? Number.POSITIVE_INFINITY;
    const kept = todo.snapshot === undefined ? disk.entries.filter((entry) => entry.index < firstNew) : [];
    group.disks[id - 1] = {
      hardState: todo.hardState ?? disk.hardState,
      snapshot: todo.snapshot ?? disk.snapshot,
      entries: [...kept, ...todo.entries],
    };
    group.bag.push(...todo.messages);
    group.reads.push(...todo.reads.map((read) => ({ id, ...read })));
    let next = done(member);
    for (const entry of todo.committed) {
      group.applied[id - 1]?.push(entry);
      if (entry.kind === "membership") next = applyMembership(next, entry.data as MembershipChange);
    }
    group.members[id - 1] = next;
  }
  note(group);
}

function change(group: Group, id: number, edit: (member: Member) => Member): void {
  const member = group.members[id - 1];
  if (member === undefined) return;
  group.members[id - 1] = edit(member);
  settle(group, id);
}

function note(group: Group): void {
  for (const member of group.members) {
    if (member?.role !== "leader") continue;
    const known = group.leaders.get(member.term);
    expect(known ?? member.id, `two leaders in term ${member.term}`).toBe(member.id);
    group.leaders.set(member.term, member.id);
  }
}

function deliver(group: Group, at: number): void {
  const [message] = group.bag.splice(at, 1);
  if (message === undefined || group.cut.has(message.to) || group.cut.has(message.from)) return;
  change(group, message.to, (member) => step(member, message));
}

function tickAll(group: Group): void {
  for (const [index] of group.members.entries()) change(group, index + 1, tick);
}

/** Time passes on a good network until nothing is on its way. */
function calm(group: Group, ticks: number): void {
  for (let count = 0; count < ticks; count++) {
    tickAll(group);
    for (let guard = 0; group.bag.length > 0 && guard < 10_000; guard++) deliver(group, 0);
  }
}

function leaderOf(group: Group): Member | undefined {
  return group.members
    .filter((member) => member?.role === "leader" && !group.cut.has(member.id))
    .toSorted((one, other) => (other?.term ?? 0) - (one?.term ?? 0))[0];
}

function elected(group: Group): Member {
  calm(group, 60);
  const leader = leaderOf(group);
  if (leader === undefined) throw new Error("no leader");
  return leader;
}

function write(group: Group, data: string): void {
  const leader = leaderOf(group);
  if (leader === undefined) return;
  change(group, leader.id, (member) => propose(member, [{ kind: "normal", data }]) ?? member);
}

function dataOf(group: Group, id: number): unknown[] {
  return (group.applied[id - 1] ?? []).flatMap((entry) =>
    entry.data === null || entry.kind !== "normal" ? [] : [entry.data],
  );
}

/** Figure 3 of the Raft paper: what must hold at every moment. */
function checkSafety(group: Group): void {
  const members = group.members.filter((member) => member !== undefined);
  for (const one of members) for (const other of members) checkLogMatching(one, other);
  const longest = group.applied.toSorted((one, other) => other.length - one.length)[0] ?? [];
  for (const applied of group.applied) {
    expect(applied, "state machine safety").toEqual(longest.slice(0, applied.length));
  }
}

/** Where two logs have an entry of one term at one index, they are the same up to there. */
function checkLogMatching(one: Member, other: Member): void {
  const indexes = values(one.log.entries).map((entry) => entry.index);
  const match = indexes.findLast((index) => get(other.log.entries, index)?.term === termAt(one.log, index));
  const upToMatch = (member: Member): Entry[] =>
    values(member.log.entries).filter((entry) => entry.index <= (match ?? 0));
  expect(upToMatch(one), "log matching").toEqual(upToMatch(other));
}

describe("elections (Raft paper, section 5.2)", () => {
  test("a group elects one leader, and all know it", () => {
    const group = newGroup(5, 1);
    const leader = elected(group);
    expect(group.members.map((member) => member?.leader)).toEqual([1, 2, 3, 4, 5].map(() => leader.id));
  });

  test("one member alone leads itself", () => {
    expect(elected(newGroup(1, 1)).id).toBe(1);
  });

  test("a minority elects nobody, and its old leader steps down", () => {
    const group = newGroup(5, 2);
    const leader = elected(group);
    const others = [1, 2, 3, 4, 5].filter((id) => id !== leader.id);
    for (const id of others.slice(0, 3)) group.cut.add(id);
    calm(group, 60);
    expect(leaderOf(group)).toBeUndefined();
    expect(group.members[leader.id - 1]?.role).not.toBe("leader");
  });

  test("a member that was cut off does not depose the leader when it returns (dissertation, section 9.6)", () => {
    const group = newGroup(3, 3);
    const leader = elected(group);
    const lonely = leader.id === 1 ? 2 : 1;
    group.cut.add(lonely);
    calm(group, 100);
    group.cut.clear();
    calm(group, 40);
    expect(leaderOf(group)).toMatchObject({ id: leader.id, term: leader.term });
  });

  test("a candidate with an old log is not elected (section 5.4.1)", () => {
    const group = newGroup(3, 4, { ...config, isPreVoting: false });
    const leader = elected(group);
    const behind = leader.id === 1 ? 2 : 1;
    group.cut.add(behind);
    write(group, "a");
    calm(group, 5);
    group.cut.clear();
    group.cut.add(leader.id);
    calm(group, 80);
    expect(leaderOf(group)?.id).not.toBe(behind);
    expect(dataOf(group, leaderOf(group)?.id ?? 0)).toEqual(["a"]);
  });
});

describe("replication (section 5.3)", () => {
  test("what is committed is applied by everybody, in one order", () => {
    const group = newGroup(3, 5);
    elected(group);
    for (const data of ["a", "b", "c"]) write(group, data);
    calm(group, 5);
    for (const id of [1, 2, 3]) expect(dataOf(group, id)).toEqual(["a", "b", "c"]);
  });

  test("nothing is committed without a majority, and what a lone leader took in is lost", () => {
    const group = newGroup(3, 6);
    const old = elected(group);
    for (const id of [1, 2, 3]) if (id !== old.id) group.cut.add(id);
    write(group, "lost");
    calm(group, 3);
    expect(dataOf(group, old.id)).toEqual([]);
    group.cut.clear();
    group.cut.add(old.id);
    calm(group, 60);
    write(group, "kept");
    calm(group, 5);
    group.cut.clear();
    calm(group, 60);
    for (const id of [1, 2, 3]) expect(dataOf(group, id)).toEqual(["kept"]);
  });

  test("a leader brings logs of any shape to agree with its own (figure 7)", () => {
    const shapes: readonly (readonly number[])[] = [
      [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
      [1, 1, 1, 4, 4, 5, 5, 6, 6],
      [1, 1, 1, 4],
      [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
      [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
      [1, 1, 1, 4, 4, 4, 4],
      [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    const group = newGroup(7, 7);
    for (const [index, terms] of shapes.entries()) {
      const entries = terms.map((term, at): Entry => ({
        index: at + 1,
        term,
        kind: "normal",
        data: `${term}.${at + 1}`,
      }));
      const disk = group.disks[index] as Disk;
      const hardState = { term: Math.max(...terms), vote: 0, commit: 3 };
      group.disks[index] = { ...disk, hardState, entries };
      group.members[index] = start(index + 1, { ...disk, hardState, entries }, 7, config);
    }
    calm(group, 120);
    write(group, "end");
    calm(group, 20);
    const leader = leaderOf(group);
    expect(leader).toBeDefined();
    for (const member of group.members) {
      expect([member?.log.last, member === undefined ? 0 : lastTerm(member.log)]).toEqual([
        leader?.log.last,
        leader?.term,
      ]);
    }
    checkSafety(group);
  });
});

describe("commitment (figure 8)", () => {
  test("an entry of an older term is not committed by counting, only by one of the leader's own term", () => {
    const entries: readonly Entry[] = [{ index: 1, term: 2, kind: "normal", data: "old" }];
    const disk = { ...freshDisk([1, 2, 3]), hardState: { term: 3, vote: 0, commit: 0 }, entries };
    const standing = campaign(start(1, disk, 8, config), "stand");
    const leading = step(standing, { from: 2, to: 1, term: 4, kind: "vote-answer", isGranted: true });
    expect(leading).toMatchObject({ role: "leader", term: 4 });
    const has = {
      from: 2,
      to: 1,
      term: 4,
      kind: "append-answer",
      isAccepted: true,
      hintIndex: 0,
      hintTerm: 0,
    } as const;
    const counted = step(leading, { ...has, index: 1 });
    expect(counted.log.committed).toBe(0);
    expect(step(counted, { ...has, index: 2 }).log.committed).toBe(2);
  });
});

describe("snapshots (section 7)", () => {
  test("a member that was away gets a snapshot where the log no longer reaches", () => {
    const group = newGroup(3, 15);
    const leader = elected(group);
    const away = leader.id === 1 ? 2 : 1;
    group.cut.add(away);
    for (const data of ["a", "b", "c"]) write(group, data);
    calm(group, 5);
    change(group, leader.id, (member) => {
      const { applied } = member.log;
      const term = termAt(member.log, applied) ?? 0;
      const snapshot = { index: applied, term, membership: member.membership, data: "abc" };
      return { ...member, log: compactTo(member.log, snapshot) };
    });
    group.cut.clear();
    calm(group, 60);
    expect(group.members[away - 1]?.log.snapshot.data).toBe("abc");
    write(group, "d");
    calm(group, 10);
    expect(dataOf(group, away).at(-1)).toBe("d");
  });
});

describe("reads and leadership", () => {
  test("a linearizable read waits until a majority confirms the leader (dissertation, section 6.4)", () => {
    const group = newGroup(3, 9);
    const leader = elected(group);
    write(group, "a");
    calm(group, 3);
    change(group, leader.id, (member) => readIndex(member, { context: 77, asker: member.id }));
    expect(group.reads).toEqual([]);
    calm(group, 2);
    expect(group.reads).toEqual([{ id: leader.id, context: 77, index: leaderOf(group)?.log.committed }]);
  });

  test("a leader that was cut off never answers a read", () => {
    const group = newGroup(3, 10);
    const leader = elected(group);
    for (const id of [1, 2, 3]) if (id !== leader.id) group.cut.add(id);
    change(group, leader.id, (member) => readIndex(member, { context: 5, asker: member.id }));
    calm(group, 5);
    expect(group.reads).toEqual([]);
  });

  test("one confirmation of four is not enough to answer a read", () => {
    const group = newGroup(5, 14);
    const leader = elected(group);
    const others = [1, 2, 3, 4, 5].filter((id) => id !== leader.id);
    for (const id of others.slice(1)) group.cut.add(id);
    change(group, leader.id, (member) => readIndex(member, { context: 6, asker: member.id }));
    calm(group, 3);
    expect(group.reads).toEqual([]);
  });

  test("leadership is handed over at once to a member that is up to date (section 3.10)", () => {
    const group = newGroup(3, 11);
    const leader = elected(group);
    const heir = leader.id === 1 ? 2 : 1;
    change(group, leader.id, (member) => transfer(member, heir));
    calm(group, 2);
    expect(leaderOf(group)?.id).toBe(heir);
  });
});

describe("membership (dissertation, chapter 4)", () => {
  test("a removed leader steps down once the change is committed, and the rest elect another", () => {
    const group = newGroup(3, 12);
    const leader = elected(group);
    const change_: MembershipChange = { kind: "remove", id: leader.id };
    change(group, leader.id, (member) => propose(member, [{ kind: "membership", data: change_ }]) ?? member);
    calm(group, 80);
    group.members[leader.id - 1] = undefined;
    calm(group, 60);
    expect(leaderOf(group)?.id).not.toBe(leader.id);
    expect(leaderOf(group)?.membership.voters).toHaveLength(2);
  });

  test("only one change of membership is under way at a time", () => {
    const group = newGroup(3, 13);
    const leader = elected(group);
    const proposal = { kind: "membership", data: { kind: "add-learner", id: 9 } } as const;
    const once = propose(leader, [proposal]);
    expect(once).toBeDefined();
    expect(propose(once as Member, [proposal])).toBeUndefined();
  });
});

/** How many random schedules run here; `test/swarm` runs more. */
const SCHEDULES = 150;

test(`${SCHEDULES} schedules of crashes, cuts, losses and reordering keep every promise, and then a leader is found`, () => {
  for (let seed = 1; seed <= SCHEDULES; seed++) runSchedule(seed);
});

function runSchedule(seed: number): void {
  const group = newGroup(seed % 2 === 0 ? 3 : 5, seed);
  for (let action = 0; action < 300; action++) {
    act(group, seed, action);
    if (action % 10 === 0) checkSafety(group);
  }
  group.cut.clear();
  for (const [index, member] of group.members.entries()) {
    if (member === undefined) group.members[index] = start(index + 1, group.disks[index] as Disk, seed, config);
    if (member === undefined) group.applied[index] = [];
  }
  calm(group, 120);
  write(group, "last");
  calm(group, 20);
  expect(leaderOf(group), `seed ${seed}: a leader within ten election timeouts`).toBeDefined();
  for (const member of group.members) expect(dataOf(group, member?.id ?? 0).at(-1), `seed ${seed}`).toBe("last");
  checkSafety(group);
}

function act(group: Group, seed: number, action: number): void {
  const choice = chance(group, 100);
  const id = chance(group, group.members.length) + 1;
  if (choice < 40) deliver(group, chance(group, group.bag.length || 1));
  else if (choice < 65) tickAll(group);
  else if (choice < 80) write(group, `${seed}/${action}`);
  else if (choice < 84) group.bag.splice(chance(group, group.bag.length || 1), 1);
  else if (choice < 88) group.bag.push(...group.bag.slice(0, 1));
  else if (choice < 91) group.cut.add(id);
  else if (choice < 95) group.cut.delete(id);
  else if (choice < 97) group.members[id - 1] = undefined;
  else if (group.members[id - 1] === undefined) {
    group.members[id - 1] = start(id, group.disks[id - 1] as Disk, seed, config);
    group.applied[id - 1] = [];
  }
}

test("a started member has what its disk has", () => {
  const member = start(1, freshDisk([1, 2, 3]), 1, config);
  expect(values(member.log.entries)).toEqual([]);
  expect(member.electionTimeout).toBeGreaterThanOrEqual(config.electionTicks);
});
