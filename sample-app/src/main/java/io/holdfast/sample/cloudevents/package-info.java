// SPDX-License-Identifier: Apache-2.0
/** CloudEvents 1.0 in JSON, one a line, to events of the store and back. */
@NullMarked
package io.holdfast.sample.cloudevents;

import org.jspecify.annotations.NullMarked;
