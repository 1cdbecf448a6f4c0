// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.checker;

/**
 * Something that was broken for a while.
 *
 * @param to {@link Op#NEVER} if no end was recorded
 */
public record Fault(long from, long to, String kind, String where, String detail) {}
