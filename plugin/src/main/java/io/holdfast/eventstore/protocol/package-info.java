// SPDX-License-Identifier: Apache-2.0
/**
 * The message protocol of a stream: what actors send to a stream through Cluster Sharding, and what
 * it answers.
 *
 * <pre>{@code
 * StreamSharding streams = StreamSharding.start(system, StreamEntitySettings.of(system), Clock.systemUTC());
 * streams.entityRef("Order|17").tell(new StreamCommand.GetVersion(replyTo));
 * }</pre>
 *
 * <p>Messages cross the network in a versioned binary format, {@link StreamProtocolSerializer}.
 */
@NullMarked
package io.holdfast.eventstore.protocol;

import org.jspecify.annotations.NullMarked;
