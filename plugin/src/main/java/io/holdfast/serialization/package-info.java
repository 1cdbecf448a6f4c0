// SPDX-License-Identifier: Apache-2.0
/**
 * Events as bytes: what a client hands over, what is recorded, and the serializers between a
 * payload object and its bytes. Knows no actor, no table and no other package of Holdfast.
 */
@NullMarked
package io.holdfast.serialization;

import org.jspecify.annotations.NullMarked;
