// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.sample.deploy;

import org.jspecify.annotations.NullMarked;
