// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.sample.http;

import org.jspecify.annotations.NullMarked;
