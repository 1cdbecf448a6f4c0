// SPDX-License-Identifier: Apache-2.0
package io.holdfast.eventstore.protocol;

/**
 * Whatever goes to a stream or comes from it. {@link StreamProtocolSerializer} is bound to this
 * type.
 */
public sealed interface StreamMessage permits StreamCommand, StreamReply {}
