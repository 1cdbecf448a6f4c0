// SPDX-License-Identifier: Apache-2.0
/**
 * The checker: from a history alone, it finds what no store that keeps its promises can have
 * answered. It knows nothing of the product, and needs no more than some passes over the sorted
 * records of each stream, because events carry unique ids and a stream is a list that only grows.
 *
 * <p>{@link io.holdfast.chaos.checker.Checker} is the entry. For each stream, {@code OrderCheck}
 * puts together which event stands at which version. From then on, what an answer says is a bound
 * on numbers that only grow: the version, the first version that is kept, and whether the stream is
 * closed ({@code Register}). {@code MomentCheck} decides whether there are moments for all of them;
 * the others look at what answers hold.
 *
 * <p>The promises: acknowledged events are there once, at the version told; refused ones are not;
 * unknown ones are once or not at all; a batch is there whole or not; versions have no gaps;
 * answers are linearizable in real time, those of an owner were true at some moment before; nothing
 * vanishes but by a deletion that may have taken place; consumers are given each stream's events in
 * order, without gap, at least once; a snapshot holds what its stream holds. An event that an
 * answer of an owner or a delivery has shown was seen, and every linearizable answer to a later
 * question has it. An operation that was answered has no effect afterwards, unless its outcome is
 * unknown.
 *
 * <p>It raises no false alarm, so where a history does not tell, it believes the store. Not checked
 * are:
 *
 * <ul>
 *   <li>events that a deletion of unknown outcome, or a {@code maxCount} that was set at any time,
 *       may have deleted;
 *   <li>an event that was stored and deleted before anybody saw it;
 *   <li>the order of different streams, of which nothing is promised;
 *   <li>how old an owner's answer is;
 *   <li>whether the moments of answers that say several things suit each other as well, where each
 *       has one for itself (see {@code MomentCheck});
 *   <li>limits by age, which histories cannot record.
 * </ul>
 *
 * A store that forgets the ids of old events, as it is allowed to, is found guilty of doubling
 * them: a history must repeat an append within the time in which its store knows the ids.
 */
@NullMarked
package io.holdfast.chaos.checker;

import org.jspecify.annotations.NullMarked;
