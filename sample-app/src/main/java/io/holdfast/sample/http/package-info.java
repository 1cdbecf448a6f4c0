// SPDX-License-Identifier: Apache-2.0
/** The HTTP API of a node: one class for each group of routes, put together by {@code Api}. */
@NullMarked
package io.holdfast.sample.http;

import org.jspecify.annotations.NullMarked;
